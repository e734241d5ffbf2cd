"""Rates and quotas as clients meet them, over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.metering.quota import month_of
from app.services import Services
from app.settings import Settings
from schema.types.access import Scope
from tests.conftest import serving
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error
from tests.waiting import until

KEYS = "/v1/auth/api-keys"
PROFILE = "/v1/me/profile"
FIELDS = ("ratelimit-policy", "ratelimit")
QUOTA_FIELDS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@dataclass(frozen=True)
class Ann:
    """An owner with a session, an API key and clients that use them."""

    services: Services
    person: Person
    key_id: Any
    raw_key: str

    @classmethod
    async def create(cls, services: Services, username: str = "ann") -> Ann:
        person = await Person(services).signed_in(username)
        made = await person.new_key()
        return cls(services, person, made.api_key.id, made.key)

    @property
    def by_key(self) -> dict[str, str]:
        return {"x-api-key": self.raw_key}

    @property
    def in_person(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.person.credentials.bearer}"}

    async def counted(self) -> int:
        """How many operations by the key are in the database."""
        rows = await table(
            self.services,
            "SELECT sum(count) AS n FROM usage WHERE credential_id = $1",
            self.key_id,
        )
        return int(rows[0]["n"] or 0)

    async def taken(self) -> int:
        """What the account's row says is leased or used."""
        rows = await table(
            self.services,
            "SELECT taken FROM api_quotas WHERE account_id = $1",
            await self.person.account_id(),
        )
        return rows[0]["taken"] if rows else 0


@pytest.fixture
async def ann(services: Services) -> Ann:
    return await Ann.create(services)


@contextlib.asynccontextmanager
async def api(settings: Settings, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API with a rate that nobody reaches, but for `changes`."""
    changed = replace(settings, **{"api_rate_free": 1e6, "request_rate": 1e6} | changes)
    async with (
        serving(changed) as url,
        httpx.AsyncClient(base_url=url, timeout=60) as client,
    ):
        yield client


async def used_up(client: httpx.AsyncClient, ann: Ann) -> int:
    """How many reads are answered before one is refused for the quota."""
    for number in range(1000):
        answer = await client.get(KEYS, headers=ann.by_key)
        if answer.status_code != 200:
            assert_error(answer, 429, "quota_exceeded")
            return number
    raise AssertionError("there is no end of it")


async def graphql(client: httpx.AsyncClient, ann: Ann, query: str) -> httpx.Response:
    return await client.post("/graphql", headers=ann.by_key, json={"query": query})


def assert_no_limits(answer: httpx.Response) -> None:
    assert [name for name in (*FIELDS, *QUOTA_FIELDS) if name in answer.headers] == []


# The quota


async def test_a_quota_is_used_up_exactly(settings: Settings, ann: Ann) -> None:
    async with api(settings, api_quota_free=30) as client:
        assert await used_up(client, ann) == 30
        answer = await client.get(KEYS, headers=ann.by_key)
    error = answer.json()["error"]
    assert error["retryable"] is False
    _, ends_at = month_of(time.time())
    assert error["details"]["limit"] == 30
    assert error["details"]["resets_at"].startswith(
        datetime.fromtimestamp(ends_at, UTC).isoformat()[:10]
    )
    assert abs(int(answer.headers["retry-after"]) - (ends_at - time.time())) < 100
    assert answer.headers["x-ratelimit-remaining"] == "0"


async def test_a_session_uses_none_of_the_quota(settings: Settings, ann: Ann) -> None:
    async with api(settings, api_quota_free=3) as client:
        for _ in range(10):
            answer = await client.get(KEYS, headers=ann.in_person)
            assert answer.status_code == 200
            assert not [name for name in QUOTA_FIELDS if name in answer.headers]
        assert await used_up(client, ann) == 3
        assert (await client.get(KEYS, headers=ann.in_person)).status_code == 200


async def test_a_personal_token_uses_none_of_the_quota(settings: Settings, ann: Ann) -> None:
    token = (await ann.person.new_token(Scope.RESUME_GENERATE)).token
    async with api(settings, api_quota_free=1) as client:
        assert await used_up(client, ann) == 1
        answer = await client.get("/v1/resume/jobs", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert "ratelimit" in answer.headers
    assert not [name for name in QUOTA_FIELDS if name in answer.headers]


async def test_another_account_has_a_quota_of_its_own(
    settings: Settings, services: Services, ann: Ann
) -> None:
    tom = await Ann.create(services, "tom")
    async with api(settings, api_quota_free=5) as client:
        assert await used_up(client, ann) == 5
        assert await used_up(client, tom) == 5


async def test_all_keys_of_an_account_share_its_quota(settings: Settings, ann: Ann) -> None:
    other = {"x-api-key": (await ann.person.new_key("another")).key}
    async with api(settings, api_quota_free=7) as client:
        for _ in range(4):
            assert (await client.get(KEYS, headers=other)).status_code == 200
        assert await used_up(client, ann) == 3


async def test_what_is_refused_over_quota_changes_nothing(settings: Settings, ann: Ann) -> None:
    victim = (await ann.person.new_key("another")).api_key.id
    headline = "Never to be seen"
    async with api(settings, api_quota_free=2) as client:
        assert await used_up(client, ann) == 2
        before = (await client.get(PROFILE, headers=ann.in_person)).json()
        refused = [
            await client.delete(f"{KEYS}/{victim}", headers=ann.by_key),
            await client.patch(PROFILE, headers=ann.by_key, json={"headline": headline}),
        ]
        for answer in refused:
            assert_error(answer, 429, "quota_exceeded")
        mutation = f'mutation {{ updateProfile(input: {{headline: "{headline}"}}) {{ headline }} }}'
        answer = await graphql(client, ann, mutation)
        assert answer.json()["errors"][0]["extensions"]["code"] == "quota_exceeded"
        assert (await client.get(PROFILE, headers=ann.in_person)).json() == before
        listed = (await client.get(KEYS, headers=ann.in_person)).json()["items"]
    assert str(victim) in [key["id"] for key in listed]


async def test_every_operation_of_a_document_counts(settings: Settings, ann: Ann) -> None:
    three = "{ a: apiKeys { items { id } } b: apiKeys { items { id } } c: apiKeys { nextCursor } }"
    async with api(settings, api_quota_free=8) as client:
        answer = await graphql(client, ann, three)
        assert "errors" not in answer.json()
        assert answer.headers["x-ratelimit-remaining"] == "5"
        answer = await graphql(client, ann, three)
        assert answer.headers["x-ratelimit-remaining"] == "2"
        answer = (await graphql(client, ann, three)).json()
        assert len([value for value in answer["data"].values() if value is not None]) == 2
        [error] = answer["errors"]
        assert error["extensions"]["code"] == "quota_exceeded"
        assert error["extensions"]["details"]["retry_after_seconds"] > 0
        assert await used_up(client, ann) == 0


async def test_a_document_without_operations_counts_nothing(settings: Settings, ann: Ann) -> None:
    async with api(settings, api_quota_free=3) as client:
        await client.get(KEYS, headers=ann.by_key)
        for query in ("{ __typename }", "{ nonsense }", "{"):
            answer = await graphql(client, ann, query)
            assert answer.headers["x-ratelimit-remaining"] == "2"


async def test_servers_together_accept_exactly_the_quota(settings: Settings, ann: Ann) -> None:
    async with (
        api(settings, api_quota_free=100) as first,
        api(settings, api_quota_free=100) as second,
    ):

        async def read(client: httpx.AsyncClient) -> int:
            answers = [await client.get(KEYS, headers=ann.by_key) for _ in range(30)]
            return sum(answer.status_code == 200 for answer in answers)

        used = await asyncio.gather(*(read(client) for client in (first, second) * 3))
        assert sum(used) == 100


async def test_what_was_not_used_is_there_after_a_restart(settings: Settings, ann: Ann) -> None:
    async with api(settings, api_quota_free=100) as client:
        for _ in range(3):
            await client.get(KEYS, headers=ann.by_key)
    assert await ann.taken() == 3
    async with api(settings, api_quota_free=100) as client:
        answer = await client.get(KEYS, headers=ann.by_key)
    assert answer.headers["x-ratelimit-remaining"] == "96"


# Credentials that are not good


async def test_a_revoked_key_is_not_charged(settings: Settings, ann: Ann) -> None:
    async with api(settings) as client:
        assert (await client.get(KEYS, headers=ann.by_key)).status_code == 200
        await ann.person.run("revoke_api_key", key_id=ann.key_id)
        for _ in range(5):
            answer = await client.get(KEYS, headers=ann.by_key)
            assert_error(answer, 401, "unauthenticated")
            assert_no_limits(answer)
            answer = await client.patch(PROFILE, headers=ann.by_key, json={"headline": "x"})
            assert_error(answer, 401, "unauthenticated")
    assert await ann.taken() == 1
    assert await ann.counted() == 1


async def test_a_revoked_key_learns_nothing_of_a_quota_that_is_used_up(
    settings: Settings, ann: Ann
) -> None:
    async with api(settings, api_quota_free=2) as client:
        assert await used_up(client, ann) == 2
        await ann.person.run("revoke_api_key", key_id=ann.key_id)
        answer = await client.get(KEYS, headers=ann.by_key)
        assert_error(answer, 401, "unauthenticated")
        assert_no_limits(answer)


async def test_a_stranger_is_told_of_no_limits(client: httpx.AsyncClient) -> None:
    for headers in ({}, {"x-api-key": "vk_nonsense"}, {"authorization": "Bearer vt_nonsense"}):
        answer = await client.get(KEYS, headers=headers)
        assert_error(answer, 401, "unauthenticated")
        assert_no_limits(answer)


async def test_a_key_that_is_not_taken_here_is_not_charged(
    client: httpx.AsyncClient, ann: Ann
) -> None:
    await client.get(KEYS, headers=ann.by_key)
    answer = await client.get("/v1/resume/jobs", headers=ann.by_key)
    assert_error(answer, 401, "unauthenticated")
    answer = await client.get(KEYS, headers=ann.by_key)
    assert answer.headers["x-ratelimit-remaining"] == "998"


async def test_a_session_that_is_logged_out_is_not_counted(settings: Settings, ann: Ann) -> None:
    async with api(settings) as client:
        assert (await client.get(KEYS, headers=ann.in_person)).status_code == 200
        await table(ann.services, "UPDATE sessions SET revoked_at = now()")
        for _ in range(3):
            assert_error(await client.get(KEYS, headers=ann.in_person), 401, "unauthenticated")
    [row] = await table(ann.services, "SELECT count FROM usage WHERE operation = 'api_keys'")
    assert row["count"] == 1


# The rate


async def test_a_burst_over_the_rate_is_refused(settings: Settings, ann: Ann) -> None:
    async with api(settings, api_rate_free=0.01, burst_seconds=800) as client:
        for _ in range(8):
            assert (await client.get(KEYS, headers=ann.by_key)).status_code == 200
        answer = await client.get(KEYS, headers=ann.by_key)
        assert_error(answer, 429, "rate_limited")
        assert answer.json()["error"]["retryable"] is True
        assert 1 <= int(answer.headers["retry-after"]) <= 100
        assert re.match(r'"burst";r=0;t=(7[0-9][0-9]|800), "month"', answer.headers["ratelimit"])
        assert answer.headers["ratelimit-policy"].startswith('"burst";q=8;w=800, "month";q=1000;w=')
        assert answer.headers["x-ratelimit-remaining"] == "992"  # of the quota it took nothing


async def test_what_is_refused_over_the_rate_changes_nothing(settings: Settings, ann: Ann) -> None:
    async with api(settings, api_rate_free=0.01, burst_seconds=100) as client:
        before = (await client.get(PROFILE, headers=ann.by_key)).json()
        answer = await client.patch(PROFILE, headers=ann.by_key, json={"headline": "x"})
        assert_error(answer, 429, "rate_limited")
        answer = await client.delete(f"{KEYS}/{ann.key_id}", headers=ann.by_key)
        assert_error(answer, 429, "rate_limited")
        assert (await client.get(PROFILE, headers=ann.in_person)).json() == before
        assert len((await client.get(KEYS, headers=ann.in_person)).json()["items"]) == 1


async def test_rest_and_graphql_share_the_rate_of_a_credential(
    settings: Settings, ann: Ann
) -> None:
    async with api(settings, api_rate_free=0.01, burst_seconds=500) as client:
        answer = await graphql(
            client, ann, "{ a: apiKeys { nextCursor } b: apiKeys { nextCursor }}"
        )
        assert answer.headers["ratelimit"].startswith('"burst";r=3;')
        for _ in range(3):
            assert (await client.get(KEYS, headers=ann.by_key)).status_code == 200
        answer = await graphql(client, ann, "{ apiKeys { nextCursor } }")
        assert answer.json()["errors"][0]["extensions"]["code"] == "rate_limited"
        assert_error(await client.get(KEYS, headers=ann.by_key), 429, "rate_limited")


@pytest.mark.parametrize("kind", ["session", "token"])
async def test_sessions_and_tokens_have_a_rate_of_their_own(
    settings: Settings, ann: Ann, kind: str
) -> None:
    bearer = (await Person(ann.services).signed_in("tom")).credentials.bearer
    if kind == "token":
        bearer = (await ann.person.new_token(Scope.RESUME_GENERATE)).token
    headers = {"authorization": f"Bearer {bearer}"}
    async with api(settings, request_rate=0.01, burst_seconds=400) as client:
        for left in (3, 2, 1, 0):
            answer = await client.get("/v1/resume/jobs", headers=headers)
            assert answer.status_code == 200
            assert answer.headers["ratelimit-policy"] == '"burst";q=4;w=400'
            assert answer.headers["ratelimit"].startswith(f'"burst";r={left};t=')
        assert_error(await client.get("/v1/resume/jobs", headers=headers), 429, "rate_limited")
        assert (await client.get(KEYS, headers=ann.by_key)).status_code == 200


async def test_without_redis_requests_are_answered_and_limited(
    settings: Settings, ann: Ann
) -> None:
    away = "redis://127.0.0.1:1"
    async with api(settings, redis_url=away, api_rate_free=0.01, burst_seconds=300) as client:
        for _ in range(3):
            assert (await client.get(KEYS, headers=ann.by_key)).status_code == 200
        assert_error(await client.get(KEYS, headers=ann.by_key), 429, "rate_limited")


# What is shown


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", KEYS, 200),
        ("HEAD", KEYS, 200),
        ("GET", f"{KEYS}?limit=0", 422),
        ("GET", "/v1/nowhere", 404),
        ("PUT", KEYS, 405),
        ("PATCH", PROFILE, 415),
        ("POST", "/graphql", 415),
        ("GET", "/v1/resume/jobs", 401),
    ],
    ids=str,
)
async def test_every_answer_to_a_good_key_shows_what_remains(
    client: httpx.AsyncClient, ann: Ann, method: str, path: str, status: int
) -> None:
    await client.get(KEYS, headers=ann.by_key)  # the first shows that the key is good
    answer = await client.request(method, path, headers=ann.by_key)
    assert answer.status_code == status
    assert set(FIELDS + QUOTA_FIELDS) <= set(answer.headers)
    _, ends_at = month_of(time.time())
    assert int(answer.headers["x-ratelimit-reset"]) == ends_at


async def test_pages_of_other_origins_can_read_the_limits(settings: Settings, ann: Ann) -> None:
    async with api(settings, cors_origins="https://a.example") as client:
        headers = {**ann.by_key, "origin": "https://a.example"}
        answer = await client.get(KEYS, headers=headers)
    exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert set(FIELDS + QUOTA_FIELDS) <= set(exposed)


# After a crash


async def test_a_crash_loses_a_lease_and_a_second_at_most(settings: Settings, ann: Ann) -> None:
    async def all_counted() -> bool:
        return await ann.counted() == 60

    async with _killed_at_the_end(replace(settings, api_rate_free=1e4)) as client:
        for _ in range(60):
            assert (await client.get(KEYS, headers=ann.by_key)).status_code == 200
        await until(all_counted)  # within about a second
        for _ in range(10):
            assert (await client.get(KEYS, headers=ann.by_key)).status_code == 200
    assert 60 <= await ann.counted() <= 70
    assert 70 <= await ann.taken() <= 70 + 1000 // 20
    async with api(settings) as client:
        answer = await client.get(KEYS, headers=ann.by_key)
    assert 929 - 1000 // 20 <= int(answer.headers["x-ratelimit-remaining"]) <= 929


@contextlib.asynccontextmanager
async def _killed_at_the_end(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API in a process of its own, which has no time to tidy up."""
    from tests.bench.api import SERVE
    from tests.bench.harness import process, wait_for
    from tests.programs import PATIENCE_SECONDS, free_port

    port = free_port()
    with process(settings, SERVE, "vitae", str(port)) as running:
        await wait_for(port, PATIENCE_SECONDS)
        # It ends connections sooner than some of what is waited for here.
        anew = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=anew) as client:
            yield client
            running.kill()
            running.wait(PATIENCE_SECONDS)
