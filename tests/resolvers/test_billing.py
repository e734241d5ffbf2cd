"""How an account pays, as it is shown on every surface."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app import ledger
from app.db import uuid7
from app.errors import InsufficientScope, Unauthenticated
from app.services import Services
from app.settings import Settings
from schema.types.access import Scope
from tests.owners import EXAMPLE, request_of
from tests.people import Person, table


async def _grant(services: Services, person: Person, credits: int) -> None:
    async with services.database.connection() as db:
        await ledger.grant(db, await person.account_id(), credits, f"test:{uuid7()}")


async def test_a_new_account_is_free_with_starter_credits(
    session: httpx.AsyncClient, settings: Settings
) -> None:
    answer = (await session.get("/v1/me/billing")).json()
    starter = settings.starter_credits
    assert answer["effective_plan"] == "free"
    assert answer["entitlement_source"] == "none"
    assert answer["waitlist"] == {"signed_up": False, "signed_up_at": None}
    assert answer["wallet"] == {
        "posted": starter, "held": 0, "available": starter, "starter": starter, "debt": 0,
        "free_render": True,
    }  # fmt: skip
    state = answer["billing"]
    assert (state["checkout_available"], state["portal_available"]) == (False, False)
    assert (state["status"], state["cadence"], state["cancel_at_period_end"]) == (None, None, False)


async def test_the_free_render_is_left_until_a_job_takes_it_and_again_if_that_is_stopped(
    services: Services,
) -> None:
    ann = await Person(services).signed_in()

    async def is_left() -> bool:
        left: bool = (await ann.run("billing")).wallet.free_render
        assert (await ann.run("billing_status")).wallet.free_render == left
        return left

    assert await is_left()
    made = await ann.run("create_resume_job", input=request_of("first", EXAMPLE))
    assert not await is_left()
    await ann.run("cancel_resume_job", job_id=made.job_id)
    assert await is_left()


async def test_billing_is_of_the_owner_alone(services: Services) -> None:
    ann, ben = [await Person(services).signed_in(name) for name in ("ann", "ben")]
    await _grant(services, ann, 7)
    assert (await ann.run("billing")).effective_plan == "flex"
    assert (await ben.run("billing")).effective_plan == "free"
    with pytest.raises(Unauthenticated):
        await Person(services).run("billing")
    token = await ann.new_token()
    with pytest.raises(Unauthenticated):
        await ann.bearing(token.token).run("billing")


async def test_the_waitlist_is_joined_once_and_left(session: httpx.AsyncClient) -> None:
    first = await session.post("/v1/me/billing/waitlist")
    assert (first.status_code, first.json()["signed_up"]) == (200, True)
    assert (await session.post("/v1/me/billing/waitlist")).json() == first.json()
    assert (await session.get("/v1/me/billing")).json()["waitlist"] == first.json()
    for _ in range(2):
        assert (await session.delete("/v1/me/billing/waitlist")).status_code == 204
    assert not (await session.get("/v1/me/billing")).json()["waitlist"]["signed_up"]


async def test_plans_and_packs_are_shown_to_anybody(client: httpx.AsyncClient) -> None:
    (plan,) = (await client.get("/v1/billing/plans")).json()["items"]
    assert (plan["plan"], plan["trial_days"]) == ("pro", 14)
    assert [price["cadence"] for price in plan["prices"]] == ["monthly", "annual"]
    packs = (await client.get("/v1/billing/credit-packs")).json()["items"]
    assert [pack["pack"] for pack in packs] == ["small", "medium", "large"]
    assert not any(offer["available"] for offer in [*plan["prices"], *packs])


async def test_without_a_key_nothing_can_be_bought_and_the_answer_says_so(
    session: httpx.AsyncClient,
) -> None:
    wanted = {"kind": "credits", "pack": "small"}
    answer = await session.post("/v1/me/billing/checkout", json=wanted)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "billing_not_configured"
    answer = await session.post("/v1/me/billing/portal")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert (await session.get("/v1/me/billing/invoices")).json()["items"] == []
    answer = await session.post("/v1/billing/webhook", json={})
    assert answer.json()["error"]["code"] == "billing_not_configured"


async def test_the_status_of_a_free_account_has_no_allowance(services: Services) -> None:
    ann = await Person(services).signed_in()
    status = await ann.run("billing_status")
    assert (status.tier.value, status.tier_label) == ("free", "free")
    assert (status.real_usage, status.subscription_chat_allowance) == (False, None)


async def test_the_status_of_a_subscriber_tells_what_is_left_of_the_months_answers(
    services: Services, settings: Settings
) -> None:
    ann = await Person(services).signed_in()
    account_id = await ann.account_id()
    await table(
        services,
        "INSERT INTO plan_grants (id, account_id, plan, reason, granted_by)"
        " VALUES ($1, $2, 'pro', 'test', 'test')",
        uuid7(),
        account_id,
    )
    used = "INSERT INTO usage_events (account_id, kind, ref, at, billed_credits) VALUES"
    await table(services, f"{used} ($1, 'answer', 'a', now(), 0)", account_id)
    await table(services, f"{used} ($1, 'answer', 'b', now() - interval '40 days', 0)", account_id)
    await table(services, f"{used} ($1, 'answer', 'c', now(), 2)", account_id)
    await table(services, f"{used} ($1, 'render', 'd', now(), 0)", account_id)
    status = await ann.run("billing_status")
    allowance, now = status.subscription_chat_allowance, datetime.now(UTC)
    limit = settings.chat_allowance_pro
    assert (allowance.limit, allowance.used, allowance.remaining) == (limit, 1, limit - 1)
    assert allowance.resets_at.day == 1
    assert 0 <= (allowance.resets_at - now).days <= 31
    assert status.tier_label == "pro"


@pytest.mark.parametrize(
    ("billed", "starter", "real"),
    [(0, 0, False), (2, 2, False), (2, 1, True), (1, 0, True)],
    ids=["free", "of-starter-credits", "of-both", "of-bought-credits"],
)
async def test_usage_is_real_once_credits_of_ones_own_were_billed(
    services: Services, billed: int, starter: int, real: bool
) -> None:
    ann = await Person(services).signed_in()
    await table(
        services,
        "INSERT INTO usage_events (account_id, kind, ref, billed_credits, starter_credits)"
        " VALUES ($1, 'render', 'job', $2, $3)",
        await ann.account_id(),
        billed,
        starter,
    )
    assert (await ann.run("billing_status")).real_usage is real


async def test_the_status_asks_for_the_scope_of_chats(services: Services) -> None:
    ann = await Person(services).signed_in()
    chat, resume = [await ann.new_token(s) for s in (Scope.CHAT_RUN, Scope.RESUME_GENERATE)]
    assert (await ann.bearing(chat.token).run("billing_status")).tier_label == "free"
    with pytest.raises(InsufficientScope):
        await ann.bearing(resume.token).run("billing_status")


_OWNER = """
query ($after: String) { owner {
  profile { username }
  billing { effectivePlan entitlementSource
    billing { checkoutAvailable }
    wallet { available ledger(first: 2, after: $after) {
      items { kind deltaPosted ref } nextCursor } } }
} }
"""


async def _asked(session: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = await session.post("/graphql", json={"query": query, "variables": variables})
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


async def test_graphql_gives_an_owner_with_billing_and_ledger_in_one_document(
    session: httpx.AsyncClient, services: Services
) -> None:
    person = Person(services).bearing(session.headers["authorization"].removeprefix("Bearer "))
    for _ in range(2):
        await _grant(services, person, 5)
    owner = (await _asked(session, _OWNER))["owner"]
    assert owner["billing"]["effectivePlan"] == "flex"
    assert owner["billing"]["entitlementSource"] == "WALLET"
    first = owner["billing"]["wallet"]["ledger"]
    assert [entry["deltaPosted"] for entry in first["items"]] == [5, 5]
    rest = (await _asked(session, _OWNER, after=first["nextCursor"]))["owner"]["billing"]
    assert [entry["ref"] for entry in rest["wallet"]["ledger"]["items"]] == ["starter"]
    assert rest["wallet"]["ledger"]["nextCursor"] is None


async def test_rest_gives_an_owner_as_ever_without_what_graphql_computes(
    session: httpx.AsyncClient,
) -> None:
    assert "billing" not in (await session.get("/v1/me")).json()
    assert "ledger" not in (await session.get("/v1/me/billing")).json()["wallet"]


async def test_a_ledger_of_too_many_entries_is_refused_in_graphql(
    session: httpx.AsyncClient,
) -> None:
    query = "{ owner { billing { wallet { ledger(first: 101) { nextCursor } } } } }"
    answer = (await session.post("/graphql", json={"query": query})).json()
    assert answer["errors"][0]["extensions"]["code"] == "validation_failed"


async def test_what_graphql_reads_by_itself_costs_as_much_as_an_operation(
    session: httpx.AsyncClient,
) -> None:
    query = "{ owner { billing { wallet { ledger(first: 2) { nextCursor } } } } }"
    answer = (await session.post("/graphql", json={"query": query})).json()
    assert answer["extensions"]["cost"] == 10 + 10 + 1 + 10 + 2 * 1
