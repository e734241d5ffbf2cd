"""What pages say was looked at: which of it counts."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.audience import beacons
from app.services import Services
from rest_compat import beacons as routes
from tests.audience.visiting import FIREFOX, GOOGLEBOT, counted
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error
from tests.waiting import until

PATH = "/u/ann/seen"
RECORD: dict[str, Any] = {
    "profile": {
        "bio": "Engineer.",
        "languages": [],
        "website": "https://münchen.example",
        "github_url": "https://github.com/ann",
        "linkedin_url": None,
        "email": "ann@example.com",
        "phone": "+41 44 668 18 00",
    },
    "skills": [{"name": "Rust"}],
    "experience": [],
    "projects": [
        {"url": "https://wind.example/a b?x=1#y", "repository_url": "https://github.com/ann/wind"}
    ],
    "certifications": [{"credential_url": None}],
}


@pytest.mark.parametrize(
    ("sent", "link"),
    [
        ("https://münchen.example", "https://münchen.example"),
        ("https://xn--mnchen-3ya.example/", "https://münchen.example"),
        ("HTTPS://XN--MNCHEN-3YA.example", None),
        ("https://github.com/ann", "https://github.com/ann"),
        ("https://github.com/ann/", None),
        ("https://github.com/ann/wind", "https://github.com/ann/wind"),
        ("https://wind.example/a%20b?x=1#y", "https://wind.example/a b?x=1#y"),
        ("mailto:ann@example.com", "mailto:ann@example.com"),
        ("tel:+41446681800", "tel:+41 44 668 18 00"),
        ("https://elsewhere.example/", None),
        ("javascript:alert(1)", None),
        ("https://[", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_only_links_of_the_profile_can_be_followed(sent: str, link: str | None) -> None:
    assert beacons.clicked(RECORD, [sent]) == ({link} if link else set())


def test_only_sections_that_are_shown_can_be_read() -> None:
    asked = ["summary", "skills", "projects", "languages", "experience", "secrets", "profile", ""]
    assert beacons.read(RECORD, asked) == {"summary", "skills", "projects"}


@pytest.fixture
async def ann(services: Services, client: httpx.AsyncClient) -> Person:
    """The owner of a public profile; `client` is a browser."""
    ann = await Person(services).signed_in()
    await ann_has(ann, github_url="https://github.com/ann", bio="Engineer.", visibility="public")
    client.headers["user-agent"] = FIREFOX
    return ann


async def ann_has(ann: Person, **fields: Any) -> None:
    account_id = await ann.account_id()
    for name, value in fields.items():
        await table(
            ann.services,
            f"UPDATE profiles SET {name} = $2 WHERE account_id = $1",
            account_id,
            value,
        )


async def test_what_a_page_tells_is_counted(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    told = {
        "clicks": ["https://github.com/ann", "https://github.com/ann", "https://evil.example"],
        "sections": ["summary", "summary", "skills", "nonsense"],
        "more": {"nobody": "asked"},
    }
    answer = await client.post(PATH, json=told)
    assert (answer.status_code, answer.content) == (204, b"")
    account_id = await ann.account_id()

    async def written() -> bool:
        return bool(await counted(services, account_id))

    await until(written)
    assert await counted(services, account_id) == {
        ("click", "https://github.com/ann"): 1,
        ("section", "summary"): 1,
    }


async def test_a_text_is_read_as_browsers_send_it(client: httpx.AsyncClient, ann: Person) -> None:
    headers = {"content-type": "text/plain;charset=UTF-8", "sec-fetch-site": "same-origin"}
    answer = await client.post(PATH, content=b'{"sections": ["summary"]}', headers=headers)
    assert answer.status_code == 204


@pytest.mark.parametrize(
    "headers",
    [{"dnt": "1"}, {"sec-gpc": "1"}, {"user-agent": GOOGLEBOT}],
    ids=["dnt", "gpc", "machine"],
)
async def test_nothing_is_counted_of_machines_and_of_who_asks_for_that(
    client: httpx.AsyncClient, services: Services, ann: Person, headers: dict[str, str]
) -> None:
    answer = await client.post(PATH, json={"sections": ["summary"]}, headers=headers)
    assert answer.status_code == 204
    assert await services.redis.keys("throttle:beacons*") == []  # it was not even looked up


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
    ],
    ids=lambda headers: "-".join(headers.values()),
)
async def test_pages_of_other_sites_are_refused(
    client: httpx.AsyncClient, ann: Person, headers: dict[str, str]
) -> None:
    answer = await client.post(PATH, json={"sections": ["summary"]}, headers=headers)
    assert_error(answer, 403, "origin_not_allowed")


async def test_the_page_itself_is_heard(client: httpx.AsyncClient, ann: Person) -> None:
    for origin in (str(client.base_url).rstrip("/"), "http://127.0.0.1:8000"):
        headers = {"origin": origin}
        assert (await client.post(PATH, json={}, headers=headers)).status_code == 204


@pytest.mark.parametrize("visibility", ["private", None], ids=["private", "nobody"])
async def test_where_nothing_is_published_there_is_nothing(
    client: httpx.AsyncClient, ann: Person, visibility: str | None
) -> None:
    path = PATH if visibility else "/u/nobody-of-that-name/seen"
    if visibility:
        await ann_has(ann, visibility=visibility)
    assert_error(await client.post(path, json={"sections": ["summary"]}), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"[]", 422, "validation_failed"),
        (b'{"clicks": "all"}', 422, "validation_failed"),
        (b'{"sections": [1]}', 422, "validation_failed"),
        (b'{"sections": ["' + b"a" * 9_000 + b'"]}', 413, "payload_too_large"),
    ],
    ids=["empty", "cut-off", "list", "text", "number", "large"],
)
async def test_what_is_no_beacon_is_refused(
    client: httpx.AsyncClient, ann: Person, body: bytes, status: int, code: str
) -> None:
    assert_error(await client.post(PATH, content=body), status, code)


async def test_one_address_is_heard_so_often(
    client: httpx.AsyncClient, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_ABOUT_ONE", 2)
    told = {"sections": ["summary"]}
    assert [(await client.post(PATH, json=told)).status_code for _ in range(2)] == [204, 204]
    assert_error(await client.post(PATH, json=told), 429, "rate_limited")


async def test_no_origin_is_let_in_by_cors(client: httpx.AsyncClient, ann: Person) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = await client.options(PATH, headers=headers)
    assert "access-control-allow-origin" not in answer.headers
