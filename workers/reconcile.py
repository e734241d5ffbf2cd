"""Once an hour: does the ledger add up?"""

from __future__ import annotations

import logging

from app import reconciliation
from app.services import Services

log = logging.getLogger(__name__)


async def reconcile_ledger(services: Services) -> None:
    """Prove the ledger of every account, and say in log and metrics what does not add up."""
    async with services.database.connection() as db:
        done = await reconciliation.reconcile(db)
    for drift in done.drifts:
        log.error("the ledger does not add up", extra={"fields": drift.fields()})
    if done.settled:
        log.error(
            "what jobs had left behind was settled", extra={"fields": {"count": done.settled}}
        )
    await reconciliation.note(services.redis, done)
