"""The ledger and the usage that is billed, over HTTP and GraphQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import ledger
from app.call import Scope
from app.services import Services
from resolvers.resume_jobs import cancel_resume_job, delete_resume_job
from tests.ledger.accounts import PICTURE, STARTER, change, leave, succeed
from tests.owners import EXAMPLE, Owner
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error

LEDGER, USAGE = "/v1/me/billing/ledger", "/v1/billing/usage"
JOBS = "/v1/resume/jobs"


@pytest.fixture
async def ann(session: httpx.AsyncClient, services: Services) -> Owner:
    """Whom the client `session` is signed in as."""
    rows = await table(services, "SELECT id FROM accounts WHERE username = 'ann'")
    return Owner(services, rows[0]["id"])


async def event(owner: Owner, at: datetime, **values: Any) -> None:
    fields = {"kind": "answer", "ref": str(at), "usd": Decimal(0), **values}
    names = ", ".join(fields)
    places = ", ".join(f"${number + 3}" for number in range(len(fields)))
    await table(
        owner.services,
        f"INSERT INTO usage_events (account_id, at, {names}) VALUES ($1, $2, {places})",
        owner.id,
        at,
        *fields.values(),
    )


# The ledger


async def test_the_ledger_of_a_new_account_has_its_starter_credits(
    session: httpx.AsyncClient,
) -> None:
    answer = (await session.get(LEDGER)).json()
    [entry] = answer["items"]
    assert UUID(entry.pop("id")).version == 7
    assert entry.pop("created_at").endswith("Z")
    assert entry == {
        "kind": "grant",
        "delta_posted": STARTER,
        "delta_held": 0,
        "delta_debt": 0,
        "ref": "starter",
        "job_id": None,
    }
    assert answer["next_cursor"] is None


async def test_an_entry_names_its_job_until_that_is_deleted(
    session: httpx.AsyncClient, ann: Owner
) -> None:
    stays, goes = await ann.job("a", PICTURE), await ann.job("b", PICTURE)
    await ann.run(delete_resume_job, goes.id)
    await change(ann, "grant", 1, f"job:{36 * '-'}")
    entries = (await session.get(LEDGER)).json()["items"]
    assert [(each["kind"], each["ref"], each["job_id"]) for each in entries] == [
        ("grant", f"job:{36 * '-'}", None),
        ("release", f"job:{goes.id}", None),
        ("hold", f"job:{goes.id}", None),
        ("hold", f"job:{stays.id}", str(stays.id)),
        ("grant", "starter", None),
    ]
    document = "{ billingLedger { items { jobId } } }"
    answer = await session.post("/graphql", json={"query": document})
    found = answer.json()["data"]["billingLedger"]["items"]
    assert [each["jobId"] for each in found] == [each["job_id"] for each in entries]


async def test_every_change_is_listed_newest_first_in_pages(
    session: httpx.AsyncClient, ann: Owner
) -> None:
    done, canceled = await ann.job("a", PICTURE), await ann.job("b", PICTURE)
    await succeed(ann, done.id)
    await ann.run(cancel_resume_job, canceled.id)
    await change(ann, "reverse", STARTER, "dispute:1")
    seen: list[tuple[Any, ...]] = []
    cursor = None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await session.get(LEDGER, params=params)).json()
        deltas = ("kind", "delta_posted", "delta_held", "delta_debt", "ref")
        seen += [tuple(item[name] for name in deltas) for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [
        ("refund", 2 - STARTER, 0, 2, "dispute:1"),
        ("release", 0, -2, 0, f"job:{canceled.id}"),
        ("capture", -2, -2, 0, f"job:{done.id}"),
        ("hold", 0, 2, 0, f"job:{canceled.id}"),
        ("hold", 0, 2, 0, f"job:{done.id}"),
        ("grant", STARTER, 0, 0, "starter"),
    ]


async def test_graphql_lists_the_same(session: httpx.AsyncClient, ann: Owner) -> None:
    await ann.job("a", PICTURE)
    query = "{ billingLedger(limit: 1) { items { kind deltaHeld ref } nextCursor } }"
    answer = (await session.post("/graphql", json={"query": query})).json()
    [entry] = answer["data"]["billingLedger"]["items"]
    assert (entry["kind"], entry["deltaHeld"]) == ("HOLD", 2)
    assert answer["data"]["billingLedger"]["nextCursor"] is not None


async def test_a_ledger_is_its_owners(
    session: httpx.AsyncClient, token: httpx.AsyncClient, services: Services
) -> None:
    other = await Owner.create(services)
    await change(other, "grant", 7, "pack:1")
    assert [item["ref"] for item in (await session.get(LEDGER)).json()["items"]] == ["starter"]
    assert_error(await token.get(LEDGER), 401, "unauthenticated")
    del session.headers["authorization"]
    assert_error(await session.get(LEDGER), 401, "unauthenticated")


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 101}, {"cursor": "x"}], ids=["none", "many", "cursor"]
)
async def test_a_bad_page_is_refused(session: httpx.AsyncClient, params: dict[str, Any]) -> None:
    for path in (LEDGER, USAGE):
        answer = await session.get(path, params=params)
        assert_error(answer, 422, "validation_failed")
        assert [field["path"] for field in answer.json()["error"]["fields"]] == list(params)


# Usage


async def test_a_render_is_listed_once_it_is_delivered(
    session: httpx.AsyncClient, ann: Owner
) -> None:
    await leave(ann, 1)
    await change(ann, "grant", 5, "pack:1")
    job = await ann.job("a", PICTURE)
    await ann.job("waiting")
    assert (await session.get(USAGE)).json()["events"] == []
    await succeed(ann, job.id)
    answer = (await session.get(USAGE)).json()
    assert answer["ok"]
    [listed] = answer["events"]
    assert listed.pop("id")
    assert listed.pop("at")
    tokens = {"input_tokens": 0, "output_tokens": 0, "usd": 0.0}
    assert listed == {"kind": "render", "ref": str(job.id), **tokens, "billed_credits": 2}
    sums = {"events": 1, **tokens, "billed_credits": 2}
    assert answer["summary"] == {**sums, "by_kind": [{"kind": "render", **sums}]}
    assert answer["next_cursor"] is None


async def test_usage_of_several_kinds_adds_up_over_all_pages(
    session: httpx.AsyncClient, ann: Owner
) -> None:
    now = datetime.now(UTC)
    for number in range(3):
        tokens = {"input_tokens": 100, "output_tokens": 20, "usd": Decimal("0.000125")}
        await event(ann, now, ref=f"answer-{number}", billed_credits=1, **tokens)
    await succeed(ann, (await ann.job("a", PICTURE)).id)
    first = (await session.get(USAGE, params={"limit": 3})).json()
    cursor = first["next_cursor"]
    second = (await session.get(USAGE, params={"limit": 3, "cursor": cursor})).json()
    assert first["summary"] == second["summary"]
    assert [item["kind"] for item in first["events"] + second["events"]] == [
        "render", "answer", "answer", "answer",
    ]  # fmt: skip
    answers = {
        "events": 3, "input_tokens": 300, "output_tokens": 60, "usd": 0.000375, "billed_credits": 3,
    }  # fmt: skip
    by_kind = first["summary"]["by_kind"]
    assert by_kind[0] == {"kind": "answer", **answers}
    assert by_kind[1]["billed_credits"] == 2
    assert first["summary"]["billed_credits"] == 5
    assert second["next_cursor"] is None


async def test_only_days_of_the_range_are_counted(session: httpx.AsyncClient, ann: Owner) -> None:
    for day in (1, 2, 3, 4):
        await event(ann, datetime(2026, 3, day, tzinfo=UTC), ref=f"start-{day}")
        last_moment = datetime(2026, 3, day, 23, 59, 59, 999999, tzinfo=UTC)
        await event(ann, last_moment, ref=f"end-{day}")
    params = {"from": "2026-03-02", "to": "2026-03-03"}
    answer = (await session.get(USAGE, params=params)).json()
    assert (answer["from"], answer["to"]) == ("2026-03-02", "2026-03-03")
    assert {item["ref"] for item in answer["events"]} == {"start-2", "end-2", "start-3", "end-3"}
    assert answer["summary"]["events"] == 4


async def test_without_a_range_it_is_the_last_thirty_days(
    session: httpx.AsyncClient, ann: Owner
) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for days in (0, 29, 30):
        await event(ann, today - timedelta(days=days), ref=f"ago-{days}")
    answer = (await session.get(USAGE)).json()
    assert {item["ref"] for item in answer["events"]} == {"ago-0", "ago-29"}


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from"),
        ({"from": "2025-03-01", "to": "2026-03-02"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"to": "tomorrow"}, "to"),
        ({"since": "2026-03-01"}, "since"),
    ],
    ids=["reversed", "too-long", "no-day", "a-word", "unknown"],
)
async def test_a_range_that_can_not_be_is_refused_by_name(
    session: httpx.AsyncClient, params: dict[str, str], path: str
) -> None:
    answer = await session.get(USAGE, params=params)
    assert_error(answer, 422, "validation_failed")
    assert [field["path"] for field in answer.json()["error"]["fields"]] == [path]


async def test_usage_needs_the_scope_of_chats(
    client: httpx.AsyncClient, token: httpx.AsyncClient, services: Services
) -> None:
    assert_error(await client.get(USAGE), 401, "unauthenticated")
    assert_error(await token.get(USAGE), 403, "insufficient_scope")
    person = await Person(services).signed_in("eve")
    created = await person.new_token(Scope.CHAT_RUN)
    headers = {"authorization": f"Bearer {created.token}"}
    assert (await client.get(USAGE, headers=headers)).json()["summary"]["events"] == 0


async def test_graphql_tells_the_same_usage(session: httpx.AsyncClient, ann: Owner) -> None:
    await succeed(ann, (await ann.job("a", PICTURE)).id)
    query = (
        "{ billingUsage { from to summary { billedCredits byKind { kind events } }"
        " events { kind billedCredits } nextCursor } }"
    )
    answer = (await session.post("/graphql", json={"query": query})).json()["data"]["billingUsage"]
    assert answer["summary"] == {"billedCredits": 2, "byKind": [{"kind": "RENDER", "events": 1}]}
    assert answer["events"] == [{"kind": "RENDER", "billedCredits": 2}]


# The price, on the wire


async def test_a_job_says_its_price_and_its_second_render_costs(token: httpx.AsyncClient) -> None:
    prices = []
    for request_id in ("a", "b"):
        body = {"request_id": request_id, "cv_data": EXAMPLE}
        prices.append((await token.post(JOBS, json=body)).json()["job"]["price"])
    assert prices == [0, 1]
    assert [job["price"] for job in (await token.get(JOBS)).json()["items"]] == [1, 0]


async def test_too_few_credits_are_a_402_with_price_and_balance(
    token: httpx.AsyncClient, services: Services
) -> None:
    rows = await table(services, "SELECT id FROM accounts WHERE username = 'tom'")
    tom = Owner(services, rows[0]["id"])
    await leave(tom, 1)
    body = {"request_id": "a", "cv_data": PICTURE}
    answer = await token.post(JOBS, json=body)
    assert_error(answer, 402, "insufficient_credits")
    assert answer.json()["error"]["details"] == {"price": 2, "available": 1}
    assert (await token.get(JOBS)).json()["items"] == []
    async with services.database.connection() as db:
        await ledger.grant(db, tom.id, 1, "pack:1")
    assert (await token.post(JOBS, json=body)).status_code == 202


async def test_graphql_tells_price_and_balance_too(session: httpx.AsyncClient, ann: Owner) -> None:
    await leave(ann, 1)
    query = (
        'mutation($d: CVData!) { createResumeJob(input: {requestId: "x", cvData: $d})'
        " { job { price } } }"
    )
    body = {"query": query, "variables": {"d": PICTURE}}
    [error] = (await session.post("/graphql", json=body)).json()["errors"]
    assert error["extensions"]["code"] == "insufficient_credits"
    assert error["extensions"]["details"] == {"price": 2, "available": 1}


async def test_a_request_with_an_idempotency_key_is_held_once(
    session: httpx.AsyncClient, ann: Owner
) -> None:
    body = {"request_id": "a", "cv_data": PICTURE}
    for _ in range(2):
        answer = await session.post(JOBS, json=body, headers={"idempotency-key": "k"})
        assert answer.status_code in (200, 202)
    assert [item["kind"] for item in (await session.get(LEDGER)).json()["items"]] == [
        "hold",
        "grant",
    ]
