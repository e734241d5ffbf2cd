"""Accounts on a plan, given by hand as an operator gives it."""

from __future__ import annotations

from app.db import uuid7
from app.services import Services
from tests.people import table


async def make_pro(services: Services, username: str = "ann") -> None:
    """Have the account on the pro plan from now on."""
    await table(
        services,
        "INSERT INTO plan_grants (id, account_id, plan, reason, granted_by)"
        " SELECT $1, id, 'pro', 'a test', 'a test' FROM accounts WHERE username = $2",
        uuid7(),
        username,
    )


async def make_flex(services: Services, username: str = "ann") -> None:
    """Have the account own credits that were paid for."""
    await table(
        services,
        "INSERT INTO wallets (account_id, posted) SELECT id, 100 FROM accounts WHERE username = $1"
        " ON CONFLICT (account_id) DO UPDATE SET posted = wallets.posted + 100",
        username,
    )


async def make_free(services: Services, username: str = "ann") -> None:
    """End what conferred a plan on the account."""
    await table(
        services,
        "UPDATE plan_grants SET ended_at = now() WHERE account_id ="
        " (SELECT id FROM accounts WHERE username = $1)",
        username,
    )
    await table(
        services,
        "UPDATE wallets SET posted = starter WHERE account_id ="
        " (SELECT id FROM accounts WHERE username = $1)",
        username,
    )
