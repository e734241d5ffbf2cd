"""Stripe's objects, as far as they matter here, read from what its library answers.

No caller depends on the shape that one version of Stripe's API gives them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from app.errors import MalformedJSON

_ID = re.compile(r"[A-Za-z0-9_]{1,255}", re.ASCII)
_EVENT_ID = re.compile(r"evt_[A-Za-z0-9_]{1,250}", re.ASCII)
_EVENT_TYPE = re.compile(r"[a-z0-9_.]{1,255}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Notice:
    """That something has happened to an object at Stripe. `charge`: that of a refund or dispute.

    `object_id` is None where there is none to ask about. `is_live`: it is of the live mode, in
    which money moves; None where the event does not say.
    """

    id: str
    type: str
    object_id: str | None
    charge: str | None
    is_live: bool | None


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """A page at Stripe on which something is paid. `status`: open, complete or expired."""

    id: str
    status: str
    is_paid: bool
    url: str | None
    expires_at: datetime
    customer: str | None
    subscription: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as Stripe has it; `status` is one of Stripe's own words.

    `ends_at`: when it ends, once that is decided, or ended.
    """

    id: str
    status: str
    customer: str
    price: str
    metadata: Mapping[str, str]
    anchor: datetime
    period_start: datetime
    period_end: datetime
    ends_at: datetime | None
    trial_start: datetime | None
    trial_end: datetime | None
    latest_invoice: str | None


@dataclass(frozen=True, slots=True)
class Invoice:
    """`period`: of the subscription that it bills for, unless it bills for a change only.

    Amounts in the smallest unit of the currency.
    """

    id: str
    number: str | None
    status: str
    customer: str
    subscription: str | None
    period: tuple[datetime, datetime] | None
    amount_due: int
    amount_paid: int
    currency: str
    created_at: datetime
    url: str | None
    pdf_url: str | None


@dataclass(frozen=True, slots=True)
class Charge:
    id: str
    customer: str | None
    amount: int
    payment_intent: str | None


@dataclass(frozen=True, slots=True)
class Taking:
    """A refund or a dispute of a charge. `stands`: it has not failed, and was not won by us."""

    id: str
    amount: int
    created_at: datetime
    stands: bool


def notice_of(body: bytes | str) -> Notice:
    """What the text of an event tells; raises MalformedJSON."""
    try:
        event = orjson.loads(body)
    except ValueError:
        event = None
    id_, type_ = _field(event, "id"), _field(event, "type")
    if _text(id_, _EVENT_ID) is None or _text(type_, _EVENT_TYPE) is None:
        raise MalformedJSON("The body is not an event.")
    changed = _field(_field(event, "data"), "object")
    is_live = _field(event, "livemode")
    return Notice(
        id_,
        type_,
        _text(_field(changed, "id"), _ID),
        _text(_field(changed, "charge"), _ID),
        is_live if isinstance(is_live, bool) else None,
    )


def _field(found: Any, name: str) -> Any:
    return found.get(name) if isinstance(found, dict) else None


def _text(found: Any, form: re.Pattern[str]) -> str | None:
    return found if isinstance(found, str) and form.fullmatch(found) else None


def moment(seconds: int) -> datetime:
    """The time of so many seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def _maybe_time(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


def id_of(found: Any) -> str | None:
    """The id of what Stripe may have expanded."""
    return found if found is None or isinstance(found, str) else str(found["id"])


def maybe(found: Any, name: str) -> Any:
    """What an object has by that name; None where it has nothing, or is none itself."""
    return found[name] if found is not None and name in found else None


def _texts(found: Any) -> dict[str, str]:
    return {} if found is None else dict(found.to_dict())


def read_session(found: Any) -> CheckoutSession:
    """The session that Stripe's library calls `checkout.Session`."""
    return CheckoutSession(
        id=found["id"],
        status=found["status"],
        is_paid=found["payment_status"] in ("paid", "no_payment_required"),
        url=maybe(found, "url"),
        expires_at=moment(found["expires_at"]),
        customer=id_of(maybe(found, "customer")),
        subscription=id_of(maybe(found, "subscription")),
        metadata=_texts(maybe(found, "metadata")),
    )


def read_subscription(found: Any) -> Subscription:
    """A subscription of one item; its period is that of the item."""
    item = found["items"]["data"][0]
    period_end = moment(item["current_period_end"])
    return Subscription(
        id=found["id"],
        status=found["status"],
        customer=id_of(maybe(found, "customer")) or "",
        price=item["price"]["id"],
        metadata=_texts(maybe(found, "metadata")),
        anchor=moment(found["billing_cycle_anchor"]),
        period_start=moment(item["current_period_start"]),
        period_end=period_end,
        ends_at=_end(found, period_end),
        trial_start=_maybe_time(maybe(found, "trial_start")),
        trial_end=_maybe_time(maybe(found, "trial_end")),
        latest_invoice=id_of(maybe(found, "latest_invoice")),
    )


def _end(found: Any, period_end: datetime) -> datetime | None:
    ended = _maybe_time(maybe(found, "ended_at"))
    if ended is None and found["cancel_at_period_end"]:
        return period_end
    return ended or _maybe_time(maybe(found, "cancel_at"))


def read_invoice(found: Any) -> Invoice:
    """An invoice; what it says of changes in the middle of a period is left out of `period`."""
    parent = maybe(found, "parent")
    details = maybe(parent, "subscription_details")
    return Invoice(
        id=found["id"],
        number=maybe(found, "number"),
        status=found["status"] or "",
        customer=id_of(maybe(found, "customer")) or "",
        subscription=id_of(details["subscription"]) if details is not None else None,
        period=_billed_period(found["lines"]["data"]),
        amount_due=found["amount_due"],
        amount_paid=found["amount_paid"],
        currency=found["currency"],
        created_at=moment(found["created"]),
        url=maybe(found, "hosted_invoice_url"),
        pdf_url=maybe(found, "invoice_pdf"),
    )


def _billed_period(lines: list[Any]) -> tuple[datetime, datetime] | None:
    periods = [line["period"] for line in lines if _is_for_a_period(line)]
    if not periods:
        return None
    first = min(period["start"] for period in periods)
    return moment(first), moment(max(period["end"] for period in periods))


def _is_for_a_period(line: Any) -> bool:
    parent = maybe(line, "parent")
    details = maybe(parent, "subscription_item_details")
    return details is not None and not details["proration"]
