"""What is compared with Stripe each hour, should events have been lost."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from app.billing import inbox, subscriptions
from app.billing.customers import UnknownCustomer
from app.billing.inbox import Settle
from app.billing.settling import settle_session, settle_subscription
from app.db import raw_statement
from app.payments import Missing, Payments
from app.services import Services

log = logging.getLogger(__name__)

_LOOK_BACK = timedelta(hours=3)
_STRIPE_KEEPS = timedelta(days=29)
_DONE_KEPT = timedelta(days=60)  # longer than Stripe can tell of them again
_STARTED_KEPT = timedelta(hours=24)

_LAST_HEARD = raw_statement("SELECT max(received_at) FROM stripe_events")
_OPEN_SESSIONS = raw_statement(
    "SELECT session_id AS id FROM checkouts WHERE state = 'open' AND session_id > $1"
    " ORDER BY session_id LIMIT 200",
    "after",
)
_UNENDED = raw_statement(
    "SELECT id FROM subscriptions WHERE status <> ALL($2::text[]) AND id > $1"
    " ORDER BY id LIMIT 200",
    "after",
    "over",
)
_FORGET_EVENTS = raw_statement(
    "DELETE FROM stripe_events WHERE state = 'done' AND received_at < $1", "before"
)
_FORGET_STARTED = raw_statement(
    "UPDATE checkouts SET state = 'expired' WHERE state = 'started' AND created_at < $1", "before"
)


async def reconcile(services: Services, payments: Payments) -> None:
    """Hear of events that did not arrive, look after all that is open, and give what is due.

    Raises DependencyUnavailable; whatever was done until then is done.
    """
    now = datetime.now(UTC)
    heard = await _hear(services, payments, now)
    if heard:
        log.warning("events had not arrived", extra={"fields": {"count": heard}})
    await inbox.take_all(services, payments)
    over = list(subscriptions.OVER)
    await _look_after(services, payments, settle_session, _OPEN_SESSIONS)
    await _look_after(services, payments, settle_subscription, _UNENDED, over=over)
    async with services.database.connection() as db:
        await db.execute(_FORGET_EVENTS, before=now - _DONE_KEPT)
        await db.execute(_FORGET_STARTED, before=now - _STARTED_KEPT)


async def give_allowances(services: Services) -> None:
    """Give the allowances of months that have begun; Stripe is not asked."""
    async with services.database.connection() as db:
        given = await subscriptions.allow_all(db, services.offers, datetime.now(UTC))
    if given:
        log.info("allowances given", extra={"fields": {"count": given}})


async def _hear(services: Services, payments: Payments, now: datetime) -> int:
    async with services.database.connection() as db:
        last: datetime | None = await db.value(_LAST_HEARD)
    since = max(now - _STRIPE_KEEPS, min(now, last or now - _STRIPE_KEEPS) - _LOOK_BACK)
    count = 0
    async for notice, payload in payments.events_since(since):
        async with services.database.connection() as db:
            new = await inbox.receive(db, notice, payload)
        count += new and inbox.settles(notice.type) is not None
    return count


async def _look_after(
    services: Services, payments: Payments, settle: Settle, page: Any, **values: Any
) -> None:
    after = ""
    while True:
        async with services.database.connection() as db:
            rows = await db.rows(page, after=after, **values)
        if not rows:
            return
        for row in rows:
            try:
                await inbox.settle_now(services, payments, settle, row["id"])
            except (Missing, UnknownCustomer, subscriptions.UnknownPrice) as error:
                fields = {"id": row["id"], "error": type(error).__name__}
                log.error("Stripe does not know this of ours", extra={"fields": fields})
        after = rows[-1]["id"]
