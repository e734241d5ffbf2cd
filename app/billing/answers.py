"""What Stripe is asked before a thing is settled, so that no connection waits for its answers.

A thing is settled by answers that are there already. Where one is missing, what was begun is rolled
back, Stripe is asked, and it begins anew: in no time, for what it asks is then known.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from app.billing.objects import Charge, CheckoutSession, Invoice, Subscription, Taking

T = TypeVar("T")


class Stripe(Protocol):
    """What is asked of Stripe in order to settle something. Raises Missing."""

    async def session(self, session_id: str, /) -> CheckoutSession: ...
    async def subscription(self, subscription_id: str, /) -> Subscription: ...
    async def invoice(self, invoice_id: str, /) -> Invoice: ...
    async def charge(self, charge_id: str, /) -> Charge: ...
    async def takings(self, charge_id: str, /) -> list[Taking]: ...
    async def session_of(self, payment_intent: str, /) -> CheckoutSession | None: ...
    async def invoice_of(self, payment_intent: str, /) -> Invoice | None: ...


class Unasked(Exception):
    """Stripe has to be asked something first."""


class Outdated(Exception):
    """Somebody has settled the same since Stripe was asked, perhaps by a newer answer."""


class Answers:
    """Stripe's answers so far. Raises Unasked for any other, which `ask` then gets."""

    def __init__(self, stripe: Stripe) -> None:
        self._stripe = stripe
        self._kept: dict[tuple[str, str], Any] = {}
        self._question: Callable[[], Awaitable[None]] | None = None

    async def ask(self) -> None:
        """Ask what was missing last; raises what Stripe's answer is."""
        assert self._question is not None
        await self._question()

    async def session(self, session_id: str) -> CheckoutSession:
        return self._answer("session", self._stripe.session, session_id)

    async def subscription(self, subscription_id: str) -> Subscription:
        return self._answer("subscription", self._stripe.subscription, subscription_id)

    async def invoice(self, invoice_id: str) -> Invoice:
        return self._answer("invoice", self._stripe.invoice, invoice_id)

    async def charge(self, charge_id: str) -> Charge:
        return self._answer("charge", self._stripe.charge, charge_id)

    async def takings(self, charge_id: str) -> list[Taking]:
        return self._answer("takings", self._stripe.takings, charge_id)

    async def session_of(self, payment_intent: str) -> CheckoutSession | None:
        return self._answer("session_of", self._stripe.session_of, payment_intent)

    async def invoice_of(self, payment_intent: str) -> Invoice | None:
        return self._answer("invoice_of", self._stripe.invoice_of, payment_intent)

    def _answer(self, name: str, ask: Callable[[str], Awaitable[T]], about: str) -> T:
        key = (name, about)
        if key not in self._kept:

            async def question() -> None:
                self._kept[key] = await ask(about)

            self._question = question
            raise Unasked(*key)
        found: T = self._kept[key]
        return found
