"""`vitae admin reconcile`."""

from __future__ import annotations

import asyncio

from app.services import Services
from tests.conftest import Servers
from tests.ledger.accounts import STARTER, wallet
from tests.owners import Owner
from tests.people import table
from tests.programs import vitae


async def test_it_tells_whose_ledger_does_not_add_up(services: Services, servers: Servers) -> None:
    owner = await Owner.create(services)
    await wallet(owner)
    done = await asyncio.to_thread(vitae, "admin", "reconcile", DATABASE_URL=servers.database_url)
    assert (done.returncode, done.stdout) == (0, "1 accounts, 0 settled, 0 do not add up\n")
    await table(services, "UPDATE wallets SET posted = posted + 1")
    done = await asyncio.to_thread(vitae, "admin", "reconcile", DATABASE_URL=servers.database_url)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "1 accounts, 0 settled, 1 do not add up",
        f"account_id {owner.id}, wallet ({STARTER + 1}, 0, 0), entries ({STARTER}, 0, 0)",
    ]
