"""How an account stands: the facts by which its plan is told (`app.plans`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.db import Connection, raw_statement
from app.plans import PAST_DUE_GRACE, Facts

# All SQL here is put together of constants of ours, at import.
# ruff: noqa: S608

_GRACE = f"interval '{int(PAST_DUE_GRACE.total_seconds())} seconds'"

# A condition on a subscription `s`: it is paid, or its payment is not late for long. One of which
# nothing is heard any more, as Stripe is no longer asked, does not go on for ever.
PAID = f"""(
    (s.status = 'active' AND s.current_period_end > now() - {_GRACE})
    OR (s.status = 'past_due' AND s.past_due_since > now() - {_GRACE})
)"""

# Likewise one that is tried.
TRIED = f"s.status = 'trialing' AND coalesce(s.trial_end, s.current_period_end) > now() - {_GRACE}"


def columns(account: str) -> str:
    """The facts of the account that the SQL `account` names, as columns that `facts` reads."""
    return f"""
EXISTS (
    SELECT FROM subscriptions AS s WHERE s.account_id = {account} AND {PAID}
) AS subscribed,
EXISTS (
    SELECT FROM subscriptions AS s WHERE s.account_id = {account} AND {TRIED}
    UNION ALL
    SELECT FROM trials AS t
    WHERE t.account_id = {account} AND t.how = 'operator' AND t.ends_at > now()
) AS on_trial,
EXISTS (
    SELECT FROM plan_grants AS g WHERE g.account_id = {account} AND g.ended_at IS NULL
    AND (g.until IS NULL OR g.until > now())
) AS granted,
coalesce(
    (SELECT w.posted - w.starter FROM wallets AS w WHERE w.account_id = {account}), 0
) AS bought_credits"""


def facts(row: Mapping[str, Any]) -> Facts:
    """The facts of a row that has their `columns`."""
    return Facts(
        subscribed=row["subscribed"],
        on_trial=row["on_trial"],
        granted=row["granted"],
        bought_credits=row["bought_credits"],
    )


_FACTS = raw_statement(f"SELECT {columns('$1::uuid')}", "account_id")


async def facts_of(db: Connection, account_id: UUID) -> Facts:
    """What is known of an account."""
    row: Any = await db.row(_FACTS, account_id=account_id)
    return facts(row)
