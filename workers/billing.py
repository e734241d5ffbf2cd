"""What a worker does about money: it takes Stripe's events, and looks after the rest each hour."""

from __future__ import annotations

import logging
from typing import Any

from app.billing import inbox
from app.billing.reconcile import give_allowances, reconcile
from app.services import Services

log = logging.getLogger(__name__)


async def take_events(ctx: dict[str, Any]) -> None:
    """Take every event of Stripe's that is due."""
    services: Services = ctx["services"]
    if services.payments is not None:
        await inbox.take_all(services, services.payments)


async def bill(services: Services) -> None:
    """Give what subscriptions bring, and compare with Stripe; neither waits for the other."""
    try:
        await give_allowances(services)
    except Exception:
        log.exception("allowances can't be given")
    if services.payments is not None:
        await reconcile(services, services.payments)
