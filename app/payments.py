"""Stripe, behind a few verbs of ours: nothing else imports its library.

What Stripe answers is read into small values, so that no caller depends on the shape of one version
of its API. Every write has an idempotency key of ours: sent again, it is done once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from app.errors import DependencyUnavailable, MalformedJSON, Unauthenticated
from app.settings import Settings

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 10.0
_SIGNED_WITHIN_SECONDS = 300
_PAGE = 100


class Missing(LookupError):
    """Stripe knows no object of this id."""


class Refused(Exception):
    """Stripe will not do what was asked; the message, its own, is for logs only."""


class Forged(Unauthenticated):
    """A webhook that Stripe has not signed, or not just now."""

    default_message = "The signature is not good, or not of this moment."


@dataclass(frozen=True, slots=True)
class Notice:
    """That something has happened to an object at Stripe. `charge`: that of a refund or dispute."""

    id: str
    type: str
    object_id: str
    charge: str | None


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

    `ends_at`: when it ends, once that is decided.
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


class Payments:
    """One account at Stripe. Raises DependencyUnavailable while Stripe can't be reached."""

    def __init__(self, key: str, url: str, webhook_secrets: list[str]) -> None:
        import stripe  # a third of a second, and half of all installations have no use for it

        self._stripe = stripe
        self._secrets = webhook_secrets
        self._http = _http_client(stripe)
        self._api = stripe.StripeClient(
            key,
            base_addresses={"api": url.rstrip("/")},
            max_network_retries=1,
            http_client=self._http,
        ).v1

    @classmethod
    def from_settings(cls, settings: Settings) -> Payments | None:
        if not settings.stripe_secret_key:
            return None
        secrets = [s for s in map(str.strip, settings.stripe_webhook_secret.split(",")) if s]
        return cls(settings.stripe_secret_key, settings.stripe_api_url, secrets)

    async def close(self) -> None:
        await self._http.close_async()

    def verified(self, body: bytes, signature: str | None) -> Notice:
        """What a webhook tells; raises Forged, MalformedJSON.

        Stripe's library takes a signature from the future, so a stolen one could be kept for later.
        """
        for secret in self._secrets:
            try:
                self._stripe.WebhookSignature.verify_header(
                    body, signature, secret, _SIGNED_WITHIN_SECONDS
                )
                signed_at = int((signature or "").split("t=", 1)[1].split(",", 1)[0])
            except (self._stripe.SignatureVerificationError, ValueError, TypeError, IndexError):
                continue
            if signed_at <= time.time() + _SIGNED_WITHIN_SECONDS:
                return notice_of(body)
        raise Forged(reason="signature")

    async def new_customer(self, account_id: str, email: str) -> str:
        """The id of the account's customer, made if there is none yet."""
        async with self._reaching():
            made = await self._api.customers.create_async(
                {"email": email, "metadata": {"account_id": account_id}},
                {"idempotency_key": f"customer:{account_id}"},
            )
        return str(made["id"])

    async def new_session(self, key: str, terms: Mapping[str, Any]) -> CheckoutSession:
        """A checkout session of these terms: one for each `key`."""
        async with self._reaching():
            made = await self._api.checkout.sessions.create_async(
                dict(terms),  # type: ignore[arg-type]
                {"idempotency_key": f"checkout:{key}"},
            )
        return _session(made)

    async def session(self, session_id: str) -> CheckoutSession:
        async with self._reaching():
            return _session(await self._api.checkout.sessions.retrieve_async(session_id))

    async def session_of(self, payment_intent: str) -> CheckoutSession | None:
        """The session in which something was paid."""
        async with self._reaching():
            found = await self._api.checkout.sessions.list_async(
                {"payment_intent": payment_intent, "limit": 1}
            )
        return next(map(_session, found.data), None)

    async def expire_session(self, session_id: str) -> bool:
        """Close a session, so that nobody pays there any more; False: it was not open."""
        try:
            async with self._reaching():
                await self._api.checkout.sessions.expire_async(
                    session_id, {}, {"idempotency_key": f"expire:{session_id}"}
                )
        except Refused:
            return False
        return True

    async def portal(self, key: str, customer: str, return_url: str) -> tuple[str, str]:
        """Id and URL of a page on which a customer manages what is paid."""
        async with self._reaching():
            made = await self._api.billing_portal.sessions.create_async(
                {"customer": customer, "return_url": return_url},
                {"idempotency_key": f"portal:{key}"},
            )
        return str(made["id"]), str(made["url"])

    async def subscription(self, subscription_id: str) -> Subscription:
        async with self._reaching():
            return _subscription(await self._api.subscriptions.retrieve_async(subscription_id))

    async def invoice(self, invoice_id: str) -> Invoice:
        async with self._reaching():
            return _invoice(await self._api.invoices.retrieve_async(invoice_id))

    async def invoices(
        self, customer: str, limit: int, after: str | None
    ) -> tuple[list[Invoice], bool]:
        """Invoices of a customer, the newest first, and whether there are more."""
        wanted: dict[str, Any] = {"customer": customer, "limit": limit}
        if after is not None:
            wanted["starting_after"] = after
        async with self._reaching():
            found = await self._api.invoices.list_async(wanted)  # type: ignore[arg-type]
        return [_invoice(item) for item in found.data], bool(found.has_more)

    async def invoice_of(self, payment_intent: str) -> Invoice | None:
        """The invoice that was paid so."""
        async with self._reaching():
            found = await self._api.invoice_payments.list_async(
                {
                    "payment": {"type": "payment_intent", "payment_intent": payment_intent},
                    "limit": 1,
                }
            )
        paid = next(iter(found.data), None)
        return None if paid is None else await self.invoice(_id(paid["invoice"]) or "")

    async def charge(self, charge_id: str) -> Charge:
        async with self._reaching():
            found = await self._api.charges.retrieve_async(charge_id)
        return Charge(
            found["id"], _id(found["customer"]), found["amount"], _id(found["payment_intent"])
        )

    async def takings(self, charge_id: str) -> list[Taking]:
        """All refunds and disputes of a charge, in the order in which they came."""
        async with self._reaching():
            refunds, disputes = await asyncio.gather(
                self._api.refunds.list_async({"charge": charge_id, "limit": _PAGE}),
                self._api.disputes.list_async({"charge": charge_id, "limit": _PAGE}),
            )
        found = [
            Taking(item["id"], item["amount"], _time(item["created"]), item["status"] not in lost)
            for items, lost in (
                (refunds.data, ("failed", "canceled")),
                (disputes.data, ("won", "prevented")),
            )
            for item in items
            if not item["status"].startswith("warning_")  # a mere inquiry takes nothing
        ]
        return sorted(found, key=lambda taking: (taking.created_at, taking.id))

    async def events_since(self, since: datetime) -> AsyncIterator[tuple[Notice, str]]:
        """What has happened, the newest first, each with its text; Stripe keeps 30 days of it."""
        wanted: dict[str, Any] = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
        while True:
            async with self._reaching():
                found = await self._api.events.list_async(wanted)  # type: ignore[arg-type]
            for event in found.data:
                body = orjson.dumps(event.to_dict(for_json=True))
                yield notice_of(body), body.decode()
            if not found.has_more:
                return
            wanted["starting_after"] = found.data[-1]["id"]

    @contextlib.asynccontextmanager
    async def _reaching(self) -> AsyncIterator[None]:
        stripe = self._stripe
        try:
            yield
        except stripe.InvalidRequestError as error:
            if error.http_status == 404:
                raise Missing(str(error)) from error
            raise Refused(str(error)) from error
        except (stripe.AuthenticationError, stripe.PermissionError) as error:
            log.error("Stripe does not take our key", extra={"fields": {"error": str(error)}})
            raise DependencyUnavailable from error
        except stripe.StripeError as error:
            raise DependencyUnavailable from error


def _http_client(stripe: Any) -> Any:
    """Stripe's own client over httpx sends bodies in a way that httpx is about to give up."""
    connections = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS)

    class Client(stripe.HTTPClient):  # type: ignore[misc]
        name = "httpx"

        async def request_async(
            self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
        ) -> tuple[bytes, int, Mapping[str, str]]:
            try:
                answer = await connections.request(
                    method, url, headers=dict(headers), content=post_data or None
                )
            except httpx.HTTPError as error:
                message = f"no answer: {type(error).__name__}"
                raise stripe.APIConnectionError(message, should_retry=True) from error
            return answer.content, answer.status_code, answer.headers

        async def sleep_async(self, secs: float) -> None:
            await asyncio.sleep(secs)

        async def close_async(self) -> None:
            await connections.aclose()

    return Client()


def notice_of(body: bytes | str) -> Notice:
    """What the text of an event tells; raises MalformedJSON."""
    try:
        event = orjson.loads(body)
        changed = event["data"]["object"]
        charge = changed.get("charge")
        found = Notice(event["id"], event["type"], changed.get("id", ""), charge)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise MalformedJSON("The body is not an event.") from None
    texts = (found.id, found.type, found.object_id)
    if not all(isinstance(text, str) for text in texts) or not found.id.startswith("evt_"):
        raise MalformedJSON("The body is not an event.")
    return found if isinstance(charge, str) else Notice(*texts, None)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _maybe_time(seconds: int | None) -> datetime | None:
    return None if seconds is None else _time(seconds)


def _id(found: Any) -> str | None:
    """The id of what Stripe may have expanded."""
    return found if found is None or isinstance(found, str) else str(found["id"])


def _texts(found: Any) -> dict[str, str]:
    return {} if found is None else dict(found.to_dict())


def _session(found: Any) -> CheckoutSession:
    return CheckoutSession(
        id=found["id"],
        status=found["status"],
        is_paid=found["payment_status"] in ("paid", "no_payment_required"),
        url=found["url"],
        expires_at=_time(found["expires_at"]),
        customer=_id(found["customer"]),
        subscription=_id(found["subscription"]),
        metadata=_texts(found["metadata"]),
    )


def _subscription(found: Any) -> Subscription:
    item = found["items"]["data"][0]
    period_end = _time(item["current_period_end"])
    return Subscription(
        id=found["id"],
        status=found["status"],
        customer=_id(found["customer"]) or "",
        price=item["price"]["id"],
        metadata=_texts(found["metadata"]),
        anchor=_time(found["billing_cycle_anchor"]),
        period_start=_time(item["current_period_start"]),
        period_end=period_end,
        ends_at=period_end if found["cancel_at_period_end"] else _maybe_time(found["cancel_at"]),
        trial_start=_maybe_time(found["trial_start"]),
        trial_end=_maybe_time(found["trial_end"]),
        latest_invoice=_id(found["latest_invoice"]),
    )


def _invoice(found: Any) -> Invoice:
    parent = found["parent"]
    details = parent["subscription_details"] if parent is not None else None
    return Invoice(
        id=found["id"],
        number=found["number"],
        status=found["status"] or "",
        customer=_id(found["customer"]) or "",
        subscription=_id(details["subscription"]) if details is not None else None,
        period=_billed_period(found["lines"]["data"]),
        amount_due=found["amount_due"],
        amount_paid=found["amount_paid"],
        currency=found["currency"],
        created_at=_time(found["created"]),
        url=found["hosted_invoice_url"],
        pdf_url=found["invoice_pdf"],
    )


def _billed_period(lines: list[Any]) -> tuple[datetime, datetime] | None:
    periods = [line["period"] for line in lines if _is_for_a_period(line)]
    if not periods:
        return None
    first = min(period["start"] for period in periods)
    return _time(first), _time(max(period["end"] for period in periods))


def _is_for_a_period(line: Any) -> bool:
    parent = line["parent"]
    details = parent["subscription_item_details"] if parent is not None else None
    return details is not None and not details["proration"]
