"""A shop: the API and its services with the fake of Stripe behind them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import ledger
from app.billing import inbox
from app.billing.offers import Cadence
from app.billing.reconcile import reconcile
from app.ledger import Wallet
from app.payments import Payments
from app.services import Services
from app.settings import Settings
from schema.types.billing import Billing, Checkout, CheckoutInput, CheckoutKind
from tests.conftest import serving
from tests.people import Person, table
from tests.stripe.fake import KEY, PRICES, SECRET, FakeStripe, serving_fake

_REAL = "STRIPE_TEST_KEY"
# Whoever has no account at Stripe has not skipped a test: there is none.
collect_ignore = [] if os.environ.get(_REAL) else ["test_real.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if collect_ignore:
        terminalreporter.write_line(f"Stripe itself was not tried: {_REAL} is not set.")


@dataclass(frozen=True, slots=True)
class Shop:
    """Where people buy. `client`: an HTTP client of its API, as Stripe would be one."""

    services: Services
    fake: FakeStripe
    client: httpx.AsyncClient

    @property
    def payments(self) -> Payments:
        assert self.services.payments is not None
        return self.services.payments

    async def person(self, username: str = "ann") -> Person:
        """Somebody with a new account, who may have no credits to begin with."""
        return await Person(self.services).signed_in(username)

    async def checkout(self, person: Person, **wanted: Any) -> Checkout:
        """The answer to a checkout: of a subscription, or of the `pack` that is wanted."""
        kind = CheckoutKind.CREDITS if "pack" in wanted else CheckoutKind.SUBSCRIPTION
        found: Checkout = await person.run(
            "create_checkout", input=CheckoutInput(kind=kind, **wanted)
        )
        return found

    async def subscribe(self, person: Person, cadence: Cadence = Cadence.MONTHLY) -> str:
        """Subscribe without a trial, and have it settled; Stripe's id of the subscription."""
        await table(
            self.services,
            "INSERT INTO trials (account_id, ends_at, how) VALUES ($1, now(), 'checkout')",
            await person.account_id(),
        )
        checkout = await self.checkout(person, cadence=cadence)
        session = self.fake.world.pay(checkout.session_id)
        await self.hear()
        found: str = session["subscription"]
        return found

    async def hear(self) -> None:
        """Have every event delivered, and taken."""
        assert set(await self.fake.deliver(self.client)) <= {200}
        await self.take()

    async def take(self) -> None:
        """Take all events that are kept, also those that wait to be tried again."""
        await table(self.services, "UPDATE stripe_events SET next_attempt_at = now()")
        await inbox.take_all(self.services, self.payments)

    async def reconcile(self) -> None:
        await reconcile(self.services, self.payments)

    async def wallet(self, person: Person) -> Wallet:
        async with self.services.database.connection() as db:
            return await ledger.wallet_of(db, await person.account_id())

    async def bought(self, person: Person) -> int:
        """Credits that were not given to begin with, less debt."""
        wallet = await self.wallet(person)
        return wallet.posted - wallet.starter - wallet.debt

    async def billing(self, person: Person) -> Billing:
        found: Billing = await person.run("billing")
        return found

    async def events(self, state: str) -> list[str]:
        """Types of the events that are in a state."""
        rows = await table(
            self.services, "SELECT type FROM stripe_events WHERE state = $1 ORDER BY id", state
        )
        return [row["type"] for row in rows]

    async def entries(self, person: Person) -> list[tuple[str, int, str]]:
        """Kind, credits and ref of the ledger's entries, without the starter grant."""
        rows = await table(
            self.services,
            "SELECT kind, delta_posted - delta_debt AS net, ref FROM ledger_entries"
            " WHERE account_id = $1 AND ref <> 'starter' ORDER BY id",
            await person.account_id(),
        )
        return [(row["kind"], row["net"], row["ref"]) for row in rows]

    async def count(self, query: str, *values: UUID | str) -> int:
        (row,) = await table(self.services, query, *values)
        found: int = row[0]
        return found


@pytest.fixture(scope="session")
async def fake_stripe() -> AsyncIterator[FakeStripe]:
    async with serving_fake() as fake:
        yield fake


@pytest.fixture(scope="session")
def selling(settings: Settings, fake_stripe: FakeStripe) -> Settings:
    """Settings of a server that sells."""
    return replace(
        settings,
        stripe_secret_key=KEY,
        stripe_webhook_secret=f"whsec_of_before,{SECRET}",
        stripe_prices=PRICES,
        stripe_api_url=fake_stripe.url,
    )


@pytest.fixture(scope="session")
async def selling_services(selling: Settings) -> AsyncIterator[Services]:
    services = Services.from_settings(selling)
    await services.open()
    yield services
    await services.close()


@pytest.fixture(scope="session")
async def selling_url(selling: Settings) -> AsyncIterator[str]:
    async with serving(selling) as url:
        yield url


@pytest.fixture
async def shop(
    services: Services, selling_services: Services, selling_url: str, fake_stripe: FakeStripe
) -> AsyncIterator[Shop]:
    """A shop without customers."""
    fake_stripe.reset()
    async with httpx.AsyncClient(base_url=selling_url, timeout=60) as client:
        yield Shop(selling_services, fake_stripe, client)
