"""What is compared with Stripe each hour, should events have been lost.

A row that breaks, or a part, is told of in the log and does not keep the others from their turn.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from app.billing import inbox, periods, subscriptions
from app.billing.customers import UnknownCustomer
from app.billing.inbox import Settle
from app.billing.settling import settle_session, settle_subscription
from app.db import raw_statement
from app.errors import DependencyUnavailable
from app.payments import Missing, Payments
from app.services import Services

log = logging.getLogger(__name__)

Part = Callable[[], Awaitable[None]]

_LOOK_BACK = timedelta(hours=3)
_STRIPE_KEEPS = timedelta(days=29)
_TOLD_KEPT = timedelta(days=60)  # longer than Stripe can tell of them again
_STARTED_KEPT = timedelta(hours=24)
_MONEY_COMES_WITHIN = timedelta(days=30)
_AWAY_AFTER = 3  # in a row for which Stripe has no answer

_LAST_HEARD = raw_statement("SELECT began_at FROM stripe_hearings")
_HEARD = raw_statement(
    "INSERT INTO stripe_hearings AS h (id, began_at) VALUES (1, $1)"
    " ON CONFLICT (id) DO UPDATE SET began_at = greatest(h.began_at, excluded.began_at)",
    "began_at",
)
_OPEN_SESSIONS = raw_statement(
    "SELECT session_id AS id FROM checkouts WHERE session_id > $1"
    " AND (state = 'open' OR state = 'unpaid' AND created_at > $2)"
    " ORDER BY session_id LIMIT 200",
    "after",
    "since",
)
_UNENDED = raw_statement(
    "SELECT id FROM subscriptions WHERE status <> ALL($2::text[]) AND id > $1"
    " ORDER BY id LIMIT 200",
    "after",
    "over",
)
_FORGET_EVENTS = raw_statement(
    "DELETE FROM stripe_events WHERE state IN ('done', 'failed') AND received_at < $1"
    " AND done_at < $1",
    "before",
)
_FORGET_STARTED = raw_statement(
    "UPDATE checkouts SET state = 'expired' WHERE state = 'started' AND created_at < $1", "before"
)


async def reconcile(services: Services, payments: Payments) -> None:
    """Hear of events that did not arrive, look after all that is open, and forget what is old.

    Raises DependencyUnavailable at the end, if something was away meanwhile.
    """
    now = datetime.now(UTC)
    over, since = list(subscriptions.OVER), now - _MONEY_COMES_WITHIN
    look_after = partial(_look_after, services, payments)
    parts: dict[str, Part] = {
        "hear": partial(_hear, services, payments, now),
        "events": partial(_take, services, payments),
        "sessions": partial(look_after, settle_session, _OPEN_SESSIONS, since=since),
        "subscriptions": partial(look_after, settle_subscription, _UNENDED, over=over),
        "forget": partial(_forget, services, now),
    }
    away: DependencyUnavailable | None = None
    for name, part in parts.items():
        try:
            await part()
        except DependencyUnavailable as error:
            away = error
        except Exception:
            log.exception("a part of comparing with Stripe is broken", extra=_fields(part=name))
    if away is not None:
        raise away


async def give_allowances(services: Services, now: datetime | None = None) -> None:
    """Give the allowances of months that have begun; Stripe is not asked.

    Raises DependencyUnavailable.
    """
    now, after, given = now or datetime.now(UTC), "", 0
    while True:
        async with services.database.connection() as db:
            rows = await subscriptions.paid_for(db, now, after)
        if not rows:
            break
        for row in rows:
            try:
                async with services.database.transaction() as db:
                    await periods.hold(db, row["subscription_id"])
                    given += await periods.bring(db, services.offers, row["invoice_id"], now)
            except Exception:
                fields = _fields(invoice=row["invoice_id"], subscription=row["subscription_id"])
                log.exception("an allowance can't be given", extra=fields)
        after = rows[-1]["invoice_id"]
    if given:
        log.info("allowances given", extra=_fields(count=given))


async def _hear(services: Services, payments: Payments, now: datetime) -> None:
    """Hear all that was told since the last time that this came to its end."""
    async with services.database.connection() as db:
        last: datetime | None = await db.value(_LAST_HEARD)
    since = max(now - _STRIPE_KEEPS, min(now, last or now - _STRIPE_KEEPS) - _LOOK_BACK)
    count = 0
    async for notice, payload in payments.events_since(since):
        async with services.database.connection() as db:
            new = await inbox.receive(db, notice, payload)
        count += new and inbox.settles(notice.type) is not None
    async with services.database.connection() as db:
        await db.execute(_HEARD, began_at=now)
    if count:
        log.warning("events had not arrived", extra=_fields(count=count))


async def _take(services: Services, payments: Payments) -> None:
    await inbox.take_all(services, payments)


async def _forget(services: Services, now: datetime) -> None:
    async with services.database.connection() as db:
        await db.execute(_FORGET_EVENTS, before=now - _TOLD_KEPT)
        await db.execute(_FORGET_STARTED, before=now - _STARTED_KEPT)


async def _look_after(
    services: Services, payments: Payments, settle: Settle, page: Any, **values: Any
) -> None:
    after, unanswered = "", 0
    while True:
        async with services.database.connection() as db:
            rows = await db.rows(page, after=after, **values)
        if not rows:
            return
        for row in rows:
            fields = _fields(id=row["id"])
            try:
                await inbox.settle_now(services, payments, settle, row["id"])
                unanswered = 0
            except DependencyUnavailable:
                unanswered += 1
                log.warning("can't be looked after now", extra=fields)
                if unanswered == _AWAY_AFTER:
                    raise
            except (Missing, UnknownCustomer, subscriptions.UnknownPrice) as error:
                log.error(
                    "Stripe does not know this of ours",
                    extra=_fields(id=row["id"], error=type(error).__name__),
                )
            except Exception:
                log.exception("can't be looked after", extra=fields)
        after = rows[-1]["id"]


def _fields(**fields: object) -> dict[str, object]:
    return {"fields": fields}
