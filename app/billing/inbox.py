"""Stripe's events: kept as they come, and taken when there is time.

An event is taken inside the transaction that marks it as done, its row locked: it has its effect
once, and one whose worker is killed is as it was. One that can't be taken now waits longer each
time, and one of a customer who is none of ours is given up after days. Nothing that an event says
is believed but which thing has changed: Stripe is asked about it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from app.billing import settling
from app.billing.answers import Answers, Outdated, Stripe, Unasked
from app.billing.customers import UnknownCustomer
from app.billing.objects import Notice, notice_of
from app.billing.settling import Settling
from app.billing.subscriptions import UnknownPrice
from app.db import Connection, raw_statement
from app.errors import DependencyUnavailable
from app.ledger import WalletFull
from app.payments import Missing, Payments
from app.services import Services

log = logging.getLogger(__name__)

Settle = Callable[[Settling, str], Awaitable[Any]]

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(hours=1)
_MOST_DOUBLINGS = 16
# Of what is broken, not away: by then somebody has seen it in the log.
_MOST_ATTEMPTS = 40
# What is parked waits for people: for a price to be named in the settings, or room in a wallet.
_PARKED_FOR = timedelta(days=30)
_LONGEST_PARKED = timedelta(days=1)
# A customer is written down before anything is sold to it, so that it is known in seconds or never.
_STRANGERS_FOR = timedelta(days=3)
_MOST_ANSWERS = 3

_RECEIVE = raw_statement(
    "INSERT INTO stripe_events (id, type, payload, state, done_at)"
    " VALUES ($1, $2, $3, CASE WHEN $4 THEN 'pending' ELSE 'done' END,"
    " CASE WHEN NOT $4 THEN now() END) ON CONFLICT (id) DO NOTHING",
    "id",
    "type",
    "payload",
    "matters",
)
_NEXT = raw_statement(
    "SELECT id, type, payload, attempts, received_at FROM stripe_events"
    " WHERE state IN ('pending', 'parked') AND next_attempt_at <= now()"
    " ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_CLOCK = raw_statement("SELECT clock_timestamp()")
_END = raw_statement(
    "UPDATE stripe_events SET state = $2, error = $3, attempts = attempts + 1,"
    " done_at = CASE WHEN $2 IN ('done', 'failed') THEN now() END,"
    " next_attempt_at = now() + $4::interval WHERE id = $1",
    "id",
    "state",
    "error",
    "pause",
)


def settles(type_: str) -> Settle | None:
    """What to do about events of this type; None: nothing."""
    if type_.startswith("checkout.session."):
        return settling.settle_session
    if type_.startswith("customer.subscription."):
        return settling.settle_subscription
    if type_.startswith("invoice.") and type_ not in _OF_OTHER_INVOICES:
        return settling.settle_invoice
    if type_.startswith(("refund.", "charge.refund", "charge.dispute.")):
        return settling.settle_charge
    return None


# There is nothing yet, or nothing any more, to ask about.
_OF_OTHER_INVOICES = ("invoice.upcoming", "invoice.deleted", "invoice.created")


async def receive(db: Connection, notice: Notice, payload: str) -> bool:
    """Keep an event, once however often it comes; whether it is new."""
    matters = settles(notice.type) is not None and notice.object_id is not None
    values = {"id": notice.id, "type": notice.type, "payload": payload, "matters": matters}
    return await db.execute(_RECEIVE, **values) > 0


async def take_all(services: Services, payments: Payments) -> int:
    """Take every event that is due; how many there were."""
    count = 0
    while await take_next(services, payments):
        count += 1
    return count


async def take_next(services: Services, payments: Payments) -> bool:
    """Take one event that is due; False: there is none."""
    async with services.database.transaction() as db:
        row = await db.row(_NEXT)
        if row is None:
            return False
        state, error = await _taken(db, services, payments, row)
        pause = _pause(state, row["attempts"])
        await db.execute(_END, id=row["id"], state=state, error=error, pause=pause)
    return True


async def _taken(
    db: Connection, services: Services, payments: Payments, row: Any
) -> tuple[str, str | None]:
    """The state that an event is in after it was tried, and what was wrong."""
    fields = {"event": row["id"], "type": row["type"], "attempt": row["attempts"] + 1}
    try:
        notice = notice_of(row["payload"])
        if notice.is_live is not None and notice.is_live is not payments.is_live:
            log.warning("an event is of Stripe's other mode", extra={"fields": fields})
            return "done", "of the other mode"
        settle, thing = settles(notice.type), notice.object_id
        if settle is settling.settle_charge and notice.charge is not None:
            thing = notice.charge
        if settle is not None and thing is not None:
            async with db.transaction():
                await settle(_settling(db, services, payments), thing)
    except (UnknownCustomer, UnknownPrice, WalletFull) as waiting:
        kept = _STRANGERS_FOR if isinstance(waiting, UnknownCustomer) else _PARKED_FOR
        error = type(waiting).__name__
        if datetime.now(UTC) < row["received_at"] + kept:
            return "parked", error
        log.error("an event is given up", extra={"fields": {**fields, "error": error}})
        return "failed", error
    except Missing:
        return "done", "Stripe has it no more"
    except DependencyUnavailable:
        log.warning("an event waits for Stripe", extra={"fields": fields})
        return "pending", "unavailable"
    except Exception as broken:  # one that breaks us must not hold up the others
        log.exception("an event has no effect", extra={"fields": fields})
        given_up = row["attempts"] + 1 >= _MOST_ATTEMPTS
        return ("failed" if given_up else "pending"), type(broken).__name__
    return "done", None


def _pause(state: str, attempts: int) -> timedelta:
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(attempts, _MOST_DOUBLINGS)
    return min(_LONGEST_PARKED if state == "parked" else _LONGEST_PAUSE, doubled)


async def settle_now(services: Services, payments: Payments, settle: Settle, thing: str) -> None:
    """Settle a session or a subscription of which no event has told; raises what `settle` raises.

    No connection is held while Stripe is asked.
    """
    for _ in range(_MOST_ANSWERS):
        async with services.database.connection() as db:
            asked_at: datetime = await db.value(_CLOCK)
        answers = Answers(payments)
        try:
            while not await _is_settled(services, answers, settle, thing, asked_at):
                await answers.ask()
        except Outdated:
            continue
        return
    raise DependencyUnavailable


async def _is_settled(
    services: Services, answers: Answers, settle: Settle, thing: str, asked_at: datetime
) -> bool:
    try:
        async with services.database.transaction() as db:
            await settle(_settling(db, services, answers, asked_at), thing)
    except Unasked:
        return False
    return True


async def park(db: Connection, type_: str, thing: str) -> None:
    """Have a thing settled as if an event had told of it, now that it can't be."""
    event = {"id": f"evt_of_{thing}", "type": type_, "data": {"object": {"id": thing}}}
    body = orjson.dumps(event)
    await receive(db, notice_of(body), body.decode())


def _settling(
    db: Connection, services: Services, stripe: Stripe, asked_at: datetime | None = None
) -> Settling:
    return Settling(db, stripe, services.offers, datetime.now(UTC), asked_at)
