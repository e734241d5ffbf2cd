"""Stripe, behind a few verbs of ours: nothing else imports its library.

What it answers is read into small values (`app.billing.objects`). Every write has an idempotency
key of ours: sent again, it is done once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

import httpx
import orjson

from app.billing.objects import (
    Charge,
    CheckoutSession,
    Invoice,
    Notice,
    Subscription,
    Taking,
    id_of,
    maybe,
    moment,
    notice_of,
    read_invoice,
    read_session,
    read_subscription,
)
from app.errors import DependencyUnavailable, MalformedJSON, Unauthenticated
from app.outgoing import LIMITS
from app.settings import Settings

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 10.0
_SIGNED_WITHIN_SECONDS = 300
_PAGE = 100


class Missing(LookupError):
    """Stripe knows no object of this id."""


class NoCustomer(Missing):
    """Stripe knows this customer of ours no more: it was deleted, or the key is another's."""


class Refused(Exception):
    """Stripe will not do what was asked; the message, its own, is for logs only."""


class Forged(Unauthenticated):
    """A webhook that Stripe has not signed, or not just now."""

    default_message = "The signature is not good, or not of this moment."


class Payments:
    """One account at Stripe. Raises DependencyUnavailable while Stripe can't be reached."""

    def __init__(self, key: str, url: str, webhook_secrets: list[str]) -> None:
        import stripe  # a third of a second, and half of all installations have no use for it

        # It would tell of every request, of which our own log has what matters.
        logging.getLogger("stripe").setLevel(logging.WARNING)
        self._stripe = stripe
        self._secrets = webhook_secrets
        self.is_live = "_live_" in key
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
                signed_at = _signed_at(signature or "")
            except (self._stripe.SignatureVerificationError, ValueError, TypeError):
                continue
            if signed_at <= time.time() + _SIGNED_WITHIN_SECONDS:
                return notice_of(body)
        raise Forged(reason="signature")

    async def new_customer(self, account_id: str, email: str, lost: str | None = None) -> str:
        """The id of the account's customer, made if there is none yet.

        `lost`: the one that it had before, and that Stripe has no more.
        """
        again = f":{lost}" if lost else ""
        async with self._reaching():
            made = await self._api.customers.create_async(
                {"email": email, "metadata": {"account_id": account_id}},
                {"idempotency_key": f"customer:{account_id}{again}"},
            )
        return str(made["id"])

    async def new_session(self, key: str, terms: Mapping[str, Any]) -> CheckoutSession:
        """A checkout session of these terms: one for each `key`."""
        async with self._reaching():
            made = await self._api.checkout.sessions.create_async(
                dict(terms),  # type: ignore[arg-type]
                {"idempotency_key": f"checkout:{key}"},
            )
        return read_session(made)

    async def session(self, session_id: str) -> CheckoutSession:
        async with self._reaching():
            return read_session(await self._api.checkout.sessions.retrieve_async(session_id))

    async def session_of(self, payment_intent: str) -> CheckoutSession | None:
        """The session in which something was paid."""
        async with self._reaching():
            found = await self._api.checkout.sessions.list_async(
                {"payment_intent": payment_intent, "limit": 1}
            )
        return next(map(read_session, found.data), None)

    async def expire_session(self, session_id: str) -> bool:
        """Close a session, so that nobody pays there any more; False: it was not open.

        Raises Missing.
        """
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
            return read_subscription(await self._api.subscriptions.retrieve_async(subscription_id))

    async def invoice(self, invoice_id: str) -> Invoice:
        async with self._reaching():
            return read_invoice(await self._api.invoices.retrieve_async(invoice_id))

    async def invoices(
        self, customer: str, limit: int, after: str | None
    ) -> tuple[list[Invoice], bool]:
        """Invoices of a customer, the newest first, and whether there are more."""
        wanted: dict[str, Any] = {"customer": customer, "limit": limit}
        if after is not None:
            wanted["starting_after"] = after
        async with self._reaching():
            found = await self._api.invoices.list_async(wanted)  # type: ignore[arg-type]
        return [read_invoice(item) for item in found.data], bool(found.has_more)

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
        return None if paid is None else await self.invoice(id_of(paid["invoice"]) or "")

    async def charge(self, charge_id: str) -> Charge:
        async with self._reaching():
            found = await self._api.charges.retrieve_async(charge_id)
        return Charge(
            found["id"],
            id_of(maybe(found, "customer")),
            found["amount"],
            id_of(maybe(found, "payment_intent")),
        )

    async def takings(self, charge_id: str) -> list[Taking]:
        """All refunds and disputes of a charge, in the order in which they came."""
        refunds, disputes = await asyncio.gather(
            self._all(self._api.refunds.list_async, charge_id),
            self._all(self._api.disputes.list_async, charge_id),
        )
        found = [
            Taking(
                item["id"],
                item["amount"],
                moment(item["created"]),
                maybe(item, "status") not in lost,
            )
            for items, lost in (
                (refunds, ("failed", "canceled")),
                (disputes, ("won", "prevented")),
            )
            for item in items
            if not str(maybe(item, "status")).startswith("warning_")  # a mere inquiry takes nothing
        ]
        return sorted(found, key=lambda taking: (taking.created_at, taking.id))

    async def _all(self, ask: Any, charge_id: str) -> list[Any]:
        """Every item of a charge that `ask` lists."""
        wanted: dict[str, Any] = {"charge": charge_id, "limit": _PAGE}
        items: list[Any] = []
        while True:
            async with self._reaching():
                found = await ask(dict(wanted))
            items += found.data
            if not found.has_more:
                return items
            wanted["starting_after"] = items[-1]["id"]

    async def events_since(self, since: datetime) -> AsyncIterator[tuple[Notice, str]]:
        """What has happened, the newest first, each with its text; Stripe keeps 30 days of it."""
        wanted: dict[str, Any] = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
        while True:
            async with self._reaching():
                found = await self._api.events.list_async(wanted)  # type: ignore[arg-type]
            for event in found.data:
                body = orjson.dumps(event.to_dict(for_json=True))
                try:
                    notice = notice_of(body)
                except MalformedJSON:  # it must not keep the others from being heard
                    log.error("what Stripe lists is no event of ours")
                    continue
                yield notice, body.decode()
            if not found.has_more:
                return
            wanted["starting_after"] = found.data[-1]["id"]

    @contextlib.asynccontextmanager
    async def _reaching(self) -> AsyncIterator[None]:
        stripe = self._stripe
        try:
            yield
        except stripe.InvalidRequestError as error:
            if error.code == "resource_missing" and error.param == "customer":
                raise NoCustomer(str(error)) from error
            if error.http_status == 404:
                raise Missing(str(error)) from error
            raise Refused(str(error)) from error
        except (stripe.AuthenticationError, stripe.PermissionError) as error:
            log.error("Stripe does not take our key", extra={"fields": {"error": str(error)}})
            raise DependencyUnavailable from error
        except stripe.StripeError as error:
            raise DependencyUnavailable from error


def _signed_at(signature: str) -> int:
    """The time that a signature is over, where Stripe's library reads it; raises ValueError."""
    for item in signature.split(","):
        name, _, value = item.partition("=")
        if name == "t":
            return int(value)
    raise ValueError("no time")


def _http_client(stripe: Any) -> Any:
    """Stripe's own client over httpx sends bodies in a way that httpx is about to give up."""
    connections = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, limits=LIMITS)

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
