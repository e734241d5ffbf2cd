"""The way to Stripe's pages: a checkout that is never doubled, and the portal.

The wish to pay is written down before Stripe is asked. Whoever asks again, since the answer was
lost, Stripe was away or the button was pressed twice, finds it and is sent to the same session.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.billing import inbox, subscriptions
from app.billing.customers import (
    UnknownCustomer,
    hold_account,
    made_customer,
    remade_customer,
)
from app.billing.objects import CheckoutSession
from app.billing.settling import settle_session
from app.db import raw_statement, uuid7
from app.errors import Conflict, FieldError, ValidationFailed
from app.ledger import WalletFull
from app.payments import Missing, NoCustomer, Payments
from app.services import Services

log = logging.getLogger(__name__)

SUBSCRIPTION = "subscription"
_LONGEST_PATH = 500
# What RFC 3986 allows in a path, a query and a fragment; a browser reads `//` as another server.
_OUR_PATH = re.compile(
    r"/(?!/)(?:[\w\-.~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*"
    r"(?:#(?:[\w\-.~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?",
    re.ASCII,
)
_ATTEMPTS = 4
# Who finds a payment of which nothing was heard asks Stripe several times; not too many do at once.
_settling = asyncio.Semaphore(4)
# Stripe keeps an idempotency key for a day, and an open session as long.
_SAME_FOR = timedelta(hours=23)
_LEFT_AT_LEAST = timedelta(minutes=10)

_LIVE = raw_statement(
    "SELECT true FROM subscriptions WHERE account_id = $1 AND status = ANY($2::text[]) LIMIT 1",
    "account_id",
    "live",
)
_IS_TO_END = raw_statement(
    "SELECT delete_after IS NOT NULL FROM accounts WHERE id = $1", "account_id"
)
_TRIED = raw_statement("SELECT true FROM trials WHERE account_id = $1", "account_id")
_CURRENT = raw_statement(
    "SELECT id, terms, session_id, url, expires_at, created_at FROM checkouts"
    " WHERE account_id = $1 AND slot = $2 AND state IN ('started', 'open')",
    "account_id",
    "slot",
)
_START = raw_statement(
    "INSERT INTO checkouts (id, account_id, slot, terms) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT DO NOTHING",
    "id",
    "account_id",
    "slot",
    "terms",
)
_OPEN = raw_statement(
    "UPDATE checkouts SET state = 'open', session_id = $2, url = $3, expires_at = $4"
    " WHERE id = $1 AND state IN ('started', 'open')",
    "id",
    "session_id",
    "url",
    "expires_at",
)
_GIVE_UP = raw_statement(
    "UPDATE checkouts SET state = 'expired' WHERE id = $1 AND state IN ('started', 'open')", "id"
)
_STILL_OPEN = raw_statement("SELECT true FROM checkouts WHERE id = $1 AND state = 'open'", "id")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to buy. `offer`: the plan, or the pack. `price`: Stripe's id of it."""

    kind: str
    offer: str
    price: str
    return_path: str
    cadence: str = ""
    credits: int = 0

    @property
    def slot(self) -> str:
        """What an account can have one checkout of at a time."""
        return SUBSCRIPTION if self.kind == SUBSCRIPTION else f"pack:{self.offer}"


class _Changed(Exception):
    """What was found is no more; look again."""


def checked_path(path: str) -> str:
    """`path`; raises ValidationFailed unless it is one of this server's, so that nobody can be
    sent from Stripe's page to a stranger's."""
    if len(path) <= _LONGEST_PATH and _OUR_PATH.fullmatch(path):
        return path
    message = f"Must be a path of this server, at most {_LONGEST_PATH} characters long."
    raise ValidationFailed([FieldError("return_path", "invalid", message)])


async def begin(
    services: Services, payments: Payments, account_id: UUID, wanted: Wanted
) -> CheckoutSession | None:
    """An open session to pay `wanted`; None for who subscribes already.

    Raises DependencyUnavailable, Refused, and Conflict while something else changes the same, and
    for an account that is to be deleted: it may be gone before it is paid.
    """
    customer = await made_customer(services.database, payments, account_id)
    for _ in range(_ATTEMPTS):
        if wanted.kind == SUBSCRIPTION and await _subscribes(services, account_id):
            return None
        try:
            return await _session(services, payments, account_id, customer, wanted)
        except _Changed:
            continue
        except NoCustomer:
            log.error("a customer is not at Stripe", extra={"fields": {"customer": customer}})
            customer = await remade_customer(services.database, payments, account_id, customer)
    raise Again("Another checkout of this account is under way; try again shortly.")


class Again(Conflict):
    """It may well work in a moment."""

    retryable = True


async def _subscribes(services: Services, account_id: UUID) -> bool:
    async with services.database.connection() as db:
        live = await db.value(_LIVE, account_id=account_id, live=list(subscriptions.LIVE))
    return bool(live)


async def _session(
    services: Services, payments: Payments, account_id: UUID, customer: str, wanted: Wanted
) -> CheckoutSession:
    async with services.database.transaction() as db:
        await hold_account(db, account_id)  # no operator begins its trial meanwhile
        if await db.value(_IS_TO_END, account_id=account_id):
            raise Conflict(
                "This account is about to be deleted: what is bought for it would be lost. Keep it"
                " first (DELETE /v1/me/deletion).",
                reason="deletion_asked",
            )
        trial_days = services.settings.trial_days
        if wanted.kind != SUBSCRIPTION or await db.value(_TRIED, account_id=account_id):
            trial_days = 0
        base = services.settings.public_url
        terms = _terms(base, account_id, customer, wanted, trial_days)
        row = await db.row(_CURRENT, account_id=account_id, slot=wanted.slot)
        if row is None:
            await db.execute(
                _START, id=uuid7(), account_id=account_id, slot=wanted.slot, terms=terms
            )
            row = await db.row(_CURRENT, account_id=account_id, slot=wanted.slot)
    if row is None:
        raise _Changed
    if row["terms"] != terms or datetime.now(UTC) - row["created_at"] > _SAME_FOR:
        await _put_aside(services, payments, row)
        raise _Changed
    if row["session_id"] is not None:
        return await _still_open(services, payments, row)
    return await _opened(services, payments, row)


async def _opened(services: Services, payments: Payments, row: Any) -> CheckoutSession:
    session = await payments.new_session(str(row["id"]), row["terms"])
    async with services.database.connection() as db:
        kept = await db.execute(
            _OPEN,
            id=row["id"],
            session_id=session.id,
            url=session.url,
            expires_at=session.expires_at,
        )
    if not kept:  # put aside meanwhile: nobody has been sent there
        await payments.expire_session(session.id)
        raise _Changed
    return session


async def _still_open(services: Services, payments: Payments, row: Any) -> CheckoutSession:
    try:
        session = await payments.session(row["session_id"])
    except Missing:
        await _give_up(services, row)
        raise _Changed from None
    if session.status == "open" and session.expires_at - datetime.now(UTC) > _LEFT_AT_LEAST:
        return session
    await _put_aside(services, payments, row)
    raise _Changed


async def _put_aside(services: Services, payments: Payments, row: Any) -> None:
    """See that a checkout is over: closed at Stripe or, if it was paid there, settled here.

    Raises Again while it is neither.
    """
    if row["session_id"] is not None:
        try:
            if not await payments.expire_session(row["session_id"]):
                await _settle(services, payments, row)
        except Missing:
            fields = {"session": row["session_id"]}
            log.error("a checkout is not at Stripe", extra={"fields": fields})
    await _give_up(services, row)


async def _settle(services: Services, payments: Payments, row: Any) -> None:
    """Settle what was paid, of which no event has come; raises Again if it is not over."""
    session_id = row["session_id"]
    if _settling.locked():
        raise Again("A payment of before is being looked at; try again shortly.")
    async with _settling:
        try:
            await inbox.settle_now(services, payments, settle_session, session_id)
        except (UnknownCustomer, subscriptions.UnknownPrice, WalletFull) as error:
            fields = {"session": session_id, "error": type(error).__name__}
            log.error("what was paid can't be given", extra={"fields": fields})
            async with services.database.connection() as db:
                await inbox.park(db, "checkout.session.completed", session_id)
            return
    async with services.database.connection() as db:
        if await db.value(_STILL_OPEN, id=row["id"]):
            raise Again("A payment of before is under way; try again shortly.")


async def _give_up(services: Services, row: Any) -> None:
    async with services.database.connection() as db:
        await db.execute(_GIVE_UP, id=row["id"])


def _terms(
    base: str, account_id: UUID, customer: str, wanted: Wanted, trial_days: int
) -> Mapping[str, Any]:
    """What Stripe is asked for; always the same for the same wish."""
    path, hash_, fragment = wanted.return_path.partition("#")
    back, and_ = base + path, "&" if "?" in path else "?"
    end = hash_ + fragment
    named = {
        "account_id": str(account_id),
        "kind": wanted.kind,
        "offer": wanted.offer,
        "cadence": wanted.cadence,
        "credits": str(wanted.credits),
    }
    terms: dict[str, Any] = {
        "mode": "subscription" if wanted.kind == SUBSCRIPTION else "payment",
        "customer": customer,
        "client_reference_id": str(account_id),
        "line_items": [{"price": wanted.price, "quantity": 1}],
        "success_url": f"{back}{and_}checkout=success{end}",
        "cancel_url": f"{back}{and_}checkout=canceled{end}",
        "metadata": named,
    }
    if wanted.kind == SUBSCRIPTION:
        terms["subscription_data"] = {"metadata": named}
        if trial_days:
            terms["subscription_data"]["trial_period_days"] = trial_days
    else:
        terms["payment_intent_data"] = {"metadata": named}
    return terms
