"""What owners are told of their use, over HTTP."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.db import uuid7
from app.metering.quota import month_of
from app.services import Services
from tests.owners import Owner
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error
from tests.waiting import until

USAGE, KEYS = "/v1/me/usage", "/v1/auth/api-keys"


async def insert_usage(services: Services, account_id: UUID, day: date, **line: Any) -> None:
    values = {
        "credential_id": uuid7(), "operation": "profile", "outcome": "ok", "kind": "session",
        "method": "GET", "path": "/v1/me/profile", "count": 1,
    } | line  # fmt: skip
    await table(
        services,
        "INSERT INTO usage (account_id, day, credential_id, operation, outcome, kind, method,"
        " path, count) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        account_id,
        day,
        *values.values(),
    )


async def test_figures_add_up_over_rest_and_graphql(
    client: httpx.AsyncClient, services: Services
) -> None:
    ann = await Person(services).signed_in()
    made = await ann.new_key("laptop")
    key = {"x-api-key": made.key}
    account_id = await ann.account_id()
    for _ in range(3):
        await client.get(KEYS, headers=key)
    await client.get(KEYS, params={"limit": 0}, headers=key)
    await client.delete(f"{KEYS}/{uuid7()}", headers=key)
    query = "{ a: apiKeys { nextCursor } b: apiKeys { nextCursor } tokens { nextCursor } }"
    await client.post("/graphql", headers=key, json={"query": query})
    bearer = {"authorization": f"Bearer {ann.credentials.bearer}"}

    async def written() -> bool:
        rows = await table(
            services,
            "SELECT sum(count) AS n FROM usage WHERE account_id = $1 AND kind = 'api_key'",
            account_id,
        )
        return bool(rows[0]["n"] == 8)

    await until(written)
    usage = (await client.get(USAGE, headers=bearer)).json()
    requests = usage["requests"]
    endpoints = {e["operation"]: e for e in requests["by_endpoint"]}
    assert endpoints["api_keys"] == {
        "operation": "api_keys", "method": "GET", "path": KEYS, "count": 6, "errors": 1,
    }  # fmt: skip
    assert endpoints["revoke_api_key"]["errors"] == endpoints["revoke_api_key"]["count"] == 1
    assert endpoints["tokens"]["count"] == 1
    [by_key] = [line for line in requests["by_key"] if line["kind"] == "api_key"]
    assert by_key == {
        "kind": "api_key", "id": str(made.api_key.id), "name": "laptop", "count": 8,
    }  # fmt: skip
    total = requests["total"]
    assert total == sum(requests["by_outcome"].values())
    assert total == sum(e["count"] for e in requests["by_endpoint"])
    assert total == sum(line["count"] for line in requests["by_key"])
    assert total == requests["by_day"][-1]["count"]
    assert requests["by_outcome"]["client_error"] == requests["by_day"][-1]["errors"] == 2
    assert usage["quota"]["used"] == 8
    assert usage["quota"]["remaining"] == 992


async def test_graphql_answers_the_same(client: httpx.AsyncClient, services: Services) -> None:
    ann = await Person(services).signed_in()
    await insert_usage(services, await ann.account_id(), date(2026, 3, 1), count=7)
    client.headers["authorization"] = f"Bearer {ann.credentials.bearer}"
    params = {"from": "2026-03-01", "to": "2026-03-02"}
    rest = (await client.get(USAGE, params=params)).json()
    query = """query($from: Date, $to: Date) { usage(from: $from, to: $to) {
        from to plan quota { limit used }
        requests { total byDay { date count errors } byEndpoint { operation method path count } }
        renderJobs { total byDay { date count } } } }"""
    answer = await client.post("/graphql", json={"query": query, "variables": params})
    graphql = answer.json()["data"]["usage"]
    assert graphql["from"] == rest["from"] == "2026-03-01"
    assert graphql["requests"]["byDay"] == rest["requests"]["by_day"]
    assert rest["requests"]["by_day"] == [
        {"date": "2026-03-01", "count": 7, "errors": 0},
        {"date": "2026-03-02", "count": 0, "errors": 0},
    ]
    assert graphql["renderJobs"]["byDay"] == rest["render_jobs"]["by_day"]


async def test_it_answers_a_key_as_well_and_that_counts(
    client: httpx.AsyncClient, services: Services
) -> None:
    ann = await Person(services).signed_in()
    key = {"x-api-key": (await ann.new_key()).key}
    quota = (await client.get(USAGE, headers=key)).json()["quota"]
    _, ends_at = month_of(time.time())
    resets_at = datetime.fromtimestamp(ends_at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert quota == {"limit": 1000, "used": 1, "remaining": 999, "resets_at": resets_at}
    assert (await client.get(USAGE, headers=key)).json()["quota"]["used"] == 2


async def test_figures_are_of_the_account_alone(
    client: httpx.AsyncClient, services: Services
) -> None:
    ann, tom = await Person(services).signed_in(), await Person(services).signed_in("tom")
    await insert_usage(services, await tom.account_id(), date(2026, 3, 1), count=7)
    await Owner(services, await tom.account_id()).job()
    headers = {"authorization": f"Bearer {ann.credentials.bearer}"}
    params = {"from": "2026-03-01", "to": "2026-12-31"}
    usage = (await client.get(USAGE, params=params, headers=headers)).json()
    assert usage["requests"]["by_day"][0]["count"] == 0
    assert usage["render_jobs"]["total"] == 0


async def test_days_outside_of_the_range_are_not_counted(
    session: httpx.AsyncClient, services: Services
) -> None:
    [row] = await table(services, "SELECT id FROM accounts")
    for day in range(1, 6):
        await insert_usage(services, row["id"], date(2026, 3, day), count=10**day)
    params = {"from": "2026-03-02", "to": "2026-03-04"}
    requests = (await session.get(USAGE, params=params)).json()["requests"]
    assert requests["total"] == 11_100
    assert [day["count"] for day in requests["by_day"]] == [100, 1000, 10_000]


async def test_render_jobs_are_counted_by_how_they_ended(
    session: httpx.AsyncClient, services: Services
) -> None:
    [row] = await table(services, "SELECT id FROM accounts")
    owner = Owner(services, row["id"])
    for number in range(6):
        await owner.job(f"job-{number}")
    await table(
        services,
        "UPDATE resume_jobs SET status = 'failed', error_code = 'x', finished_at = now()"
        " WHERE request_id = 'job-0'",
    )
    await table(
        services,
        "UPDATE resume_jobs SET status = 'canceled', finished_at = now()"
        " WHERE request_id IN ('job-1', 'job-2')",
    )
    await table(
        services,
        "UPDATE resume_jobs SET status = 'succeeded', artifact_key = 'x', finished_at = now(),"
        " created_at = now() - interval '3 days' WHERE request_id = 'job-3'",
    )
    await table(
        services,
        "UPDATE resume_jobs SET created_at = now() - interval '30 days' WHERE request_id = 'job-4'",
    )
    jobs = (await session.get(USAGE)).json()["render_jobs"]
    by_day = [day["count"] for day in jobs.pop("by_day")]
    assert jobs == {"total": 5, "succeeded": 1, "failed": 1, "canceled": 2}
    assert len(by_day) == 30
    assert by_day[-4:] == [1, 0, 0, 4]


async def test_without_a_range_it_is_the_last_thirty_days(session: httpx.AsyncClient) -> None:
    today = datetime.now(UTC).date()
    usage = (await session.get(USAGE)).json()
    assert usage["to"] == today.isoformat()
    assert usage["from"] == (today - timedelta(days=29)).isoformat()
    assert usage["plan"] == "free"


@pytest.mark.parametrize(
    ("params", "days"),
    [
        ({"to": "2026-03-31"}, 30),
        ({"from": "2026-03-31", "to": "2026-03-31"}, 1),
        ({"from": "2024-01-01", "to": "2024-12-31"}, 366),
        ({"to": "0001-01-03"}, 3),
        ({"from": "9999-12-31", "to": "9999-12-31"}, 1),
    ],
    ids=["last", "one", "leap-year", "first-of-all", "last-of-all"],
)
async def test_a_range_holds_its_first_and_its_last_day(
    session: httpx.AsyncClient, params: dict[str, str], days: int
) -> None:
    usage = (await session.get(USAGE, params=params)).json()
    assert len(usage["requests"]["by_day"]) == len(usage["render_jobs"]["by_day"]) == days
    assert usage["requests"]["by_day"][-1]["date"] == usage["to"] == params["to"]


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from"),
        ({"from": "2025-03-01", "to": "2026-03-02"}, "from"),
        ({"from": "9999-01-01"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"to": "20260301"}, "to"),
        ({"to": "2026-W10-1"}, "to"),
        ({"to": "tomorrow"}, "to"),
        ({"to": ""}, "to"),
        ({"since": "2026-03-01"}, "since"),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else None,
)
async def test_a_range_that_can_not_be_is_refused_by_name(
    session: httpx.AsyncClient, params: dict[str, str], path: str
) -> None:
    answer = await session.get(USAGE, params=params)
    assert_error(answer, 422, "validation_failed")
    assert [field["path"] for field in answer.json()["error"]["fields"]] == [path]


async def test_a_stranger_or_a_token_is_told_nothing(
    client: httpx.AsyncClient, token: httpx.AsyncClient
) -> None:
    assert_error(await client.get(USAGE), 401, "unauthenticated")
    assert_error(await token.get(USAGE), 401, "unauthenticated")
