"""Every failure over REST has the one error body, a stable code and a fitting status."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from app.errors import DomainError, Kind
from rest_compat.codec import WireOperation, wire_operations
from rest_compat.errors import STATUS
from tests.owners import EXAMPLE

SOME_ID = "01a200a0-ae69-70fe-a318-eeba3c8d3508"


def _name(wire: WireOperation) -> str:
    return f"{wire.rest.method.value} {wire.rest.path}"


# But for what is for services alone, who ask with a key of their own: there, nobody gets that far.
WITH_BODY = [
    wire for wire in wire_operations() if wire.takes_body and not wire.operation.requires.service
]
CLOSED = [
    wire
    for wire in wire_operations()
    if wire.operation.requires.credentials and not wire.operation.requires.optional
]


def path_of(wire: WireOperation) -> tuple[str, str]:
    path = wire.rest.path
    for name in wire.arguments:
        path = path.replace(f"{{{name}}}", SOME_ID)
    return wire.rest.method.value, path


def assert_error(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The answer is a failure of this status and code, in the shape that all failures have."""
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (answer.status_code, body["error"]["code"]) == (status, code), body
    assert list(body) == ["ok", "request_id", "error"]
    assert body["ok"] is False
    assert body["request_id"] == answer.headers["x-request-id"]
    error: dict[str, Any] = body["error"]
    assert list(error) == ["code", "message", "retryable", "docs_url", "details", "fields"]
    assert isinstance(error["message"], str)
    assert error["message"]
    assert isinstance(error["retryable"], bool)
    assert error["docs_url"] == f"/developers/errors#{code}"
    assert isinstance(error["details"], dict)
    for field in error["fields"]:
        assert list(field) == ["path", "code", "message"]
    return error


def test_every_kind_of_failure_has_a_status() -> None:
    assert set(STATUS) == set(Kind)


def test_codes_are_distinct_but_for_their_subclasses() -> None:
    codes = [error.code for error in DomainError.__subclasses__()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("wire", CLOSED, ids=_name)
async def test_a_stranger_is_told_only_that_credentials_are_needed(
    wire: WireOperation, client: httpx.AsyncClient
) -> None:
    method, path = path_of(wire)
    answer = await client.request(method, path, content=b"{ not json")
    error = assert_error(answer, 401, "unauthenticated")
    assert error["fields"] == []
    assert answer.headers["www-authenticate"] == 'Bearer realm="vitae"'


@pytest.mark.parametrize("wire", CLOSED, ids=_name)
async def test_a_bad_token_is_refused(wire: WireOperation, client: httpx.AsyncClient) -> None:
    method, path = path_of(wire)
    answer = await client.request(method, path, headers={"authorization": "Bearer nonsense"})
    assert_error(answer, 401, "unauthenticated")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


BAD_BODIES: list[tuple[bytes, str, int, str]] = [
    (b"{", "application/json", 400, "malformed_json"),
    (b"\xff\xfe", "application/json", 400, "malformed_json"),
    (b'{"a": "\\ud800"}', "application/json", 400, "malformed_json"),
    (b'{"a": NaN}', "application/json", 400, "malformed_json"),
    (b"[" * 50_000, "application/json", 400, "malformed_json"),
    (b"a=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    (b"<a/>", "", 415, "unsupported_media_type"),
    (b"[]", "application/json", 422, "validation_failed"),
    (b'"text"', "application/json", 422, "validation_failed"),
    (b"1234567890" * 9, "application/json", 422, "validation_failed"),
    (b'{"no_such_field": 1}', "application/json", 422, "validation_failed"),
]


@pytest.mark.parametrize("wire", WITH_BODY, ids=_name)
async def test_a_bad_body_is_a_clear_refusal(
    wire: WireOperation, session: httpx.AsyncClient
) -> None:
    method, path = path_of(wire)
    for body, content_type, status, code in BAD_BODIES:
        headers = {"content-type": content_type} if content_type else {}
        answer = await session.request(method, path, content=body, headers=headers)
        assert_error(answer, status, code)


@pytest.mark.parametrize("wire", WITH_BODY, ids=_name)
async def test_a_body_over_the_limit_is_refused(
    wire: WireOperation, session: httpx.AsyncClient
) -> None:
    method, path = path_of(wire)
    body = b" " * (wire.max_body + 1)
    answer = await session.request(method, path, content=body)
    error = assert_error(answer, 413, "payload_too_large")
    assert error["details"] == {"limit_bytes": wire.max_body}


async def test_a_body_without_declared_length_is_bounded_too(session: httpx.AsyncClient) -> None:
    async def chunks() -> Any:
        for _ in range(40):
            yield b" " * 50_000

    answer = await session.post(
        "/v1/auth/tokens", content=chunks(), headers={"content-type": "application/json"}
    )
    assert_error(answer, 413, "payload_too_large")


async def test_an_unknown_path_is_not_found(client: httpx.AsyncClient) -> None:
    for path in ("/nope", "/v1", "/v1/resume/jobs/", "/v1/resume//jobs", "/v1/resume/jobs/x/y/z"):
        assert_error(await client.get(path), 404, "not_found")


async def test_what_is_escaped_separates_no_segments(session: httpx.AsyncClient) -> None:
    assert (await session.get("/v1/auth/me")).status_code == 200
    assert_error(await session.get("/v1/auth%2fme"), 404, "not_found")


async def test_a_deep_body_is_refused(session: httpx.AsyncClient) -> None:
    for levels in (100, 450, 900):
        nested = b'{"a":' * levels + b"1" + b"}" * levels
        body = b'{"request_id": "deep", "cv_data": ' + nested + b"}"
        headers = {"content-type": "application/json"}
        answer = await session.post("/v1/resume/jobs", content=body, headers=headers)
        error = assert_error(answer, 422, "validation_failed")
        assert error["fields"][0]["code"] == "too_deep"


async def test_a_length_of_any_digits_is_read(base_url: str) -> None:
    host, port = base_url.removeprefix("http://").split(":")
    for length, status in ((b"0" * 5000 + b"2", b"415"), (b"9" * 30, b"4")):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: ")
        writer.write(length + b"\r\n\r\n{}")
        answer = await reader.readline()
        assert answer.split(b" ")[1].startswith(status), answer
        writer.close()
        await writer.wait_closed()


async def test_a_malformed_id_names_nothing_that_exists(session: httpx.AsyncClient) -> None:
    for path in ("/v1/resume/jobs/7", "/v1/resume/jobs/..%2f..", "/v1/resume/jobs/%00"):
        assert_error(await session.get(path), 404, "not_found")


async def test_each_wrong_field_is_named_and_its_value_is_not_repeated(
    session: httpx.AsyncClient,
) -> None:
    secret = "hunter2 and more"
    body = {"name": 7, "scopes": ["resume:generate", secret, 3], "password": secret}
    answer = await session.post("/v1/auth/tokens", json=body)
    error = assert_error(answer, 422, "validation_failed")
    named = {(field["path"], field["code"]) for field in error["fields"]}
    assert named == {
        ("name", "wrong_type"),
        ("scopes[1]", "wrong_type"),
        ("scopes[2]", "wrong_type"),
        ("password", "unknown_field"),
    }
    assert secret not in answer.text


async def test_missing_and_null_fields_are_named(session: httpx.AsyncClient) -> None:
    answer = await session.post("/v1/auth/tokens", json={"name": None})
    error = assert_error(answer, 422, "validation_failed")
    named = {(field["path"], field["code"]) for field in error["fields"]}
    assert named == {("name", "null"), ("scopes", "required")}


@pytest.mark.parametrize(
    ("query", "path", "code"),
    [
        ("limit=0", "limit", "out_of_range"),
        ("limit=101", "limit", "out_of_range"),
        ("limit=ten", "limit", "wrong_type"),
        ("limit=99999999999999999999", "limit", "wrong_type"),
        ("limit=1&limit=2", "limit", "doubled"),
        ("cursor=%00", "cursor", "invalid_text"),
        ("cursor=zzz", "cursor", "invalid"),
        ("status=done", "status", "wrong_type"),
        ("stauts=queued", "stauts", "unknown_field"),
    ],
)
async def test_a_bad_query_parameter_is_named(
    query: str, path: str, code: str, session: httpx.AsyncClient
) -> None:
    answer = await session.get(f"/v1/resume/jobs?{query}")
    error = assert_error(answer, 422, "validation_failed")
    assert [(field["path"], field["code"]) for field in error["fields"]] == [(path, code)]


async def test_a_nul_in_any_text_is_refused(session: httpx.AsyncClient) -> None:
    answer = await session.post("/v1/auth/api-keys", json={"name": "a\0b"})
    error = assert_error(answer, 422, "validation_failed")
    assert error["fields"][0]["path"] == "name"


async def test_both_credentials_at_once_are_ambiguous(session: httpx.AsyncClient) -> None:
    answer = await session.get("/v1/auth/tokens", headers={"x-api-key": "vk_x"})
    assert_error(answer, 400, "ambiguous_credentials")


async def test_another_scheme_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/auth/me", headers={"authorization": "Basic YTpi"})
    assert_error(answer, 401, "unauthenticated")


async def test_public_operations_do_not_look_at_credentials(client: httpx.AsyncClient) -> None:
    both = {"authorization": "Basic YTpi", "x-api-key": "vk_x"}
    assert (await client.get("/v1/auth/scopes", headers=both)).status_code == 200


async def test_a_missing_scope_is_named(token: httpx.AsyncClient) -> None:
    answer = await token.get("/v1/auth/check/mcp")
    error = assert_error(answer, 403, "insufficient_scope")
    assert error["details"] == {"required": "mcp:connect"}
    assert 'scope="mcp:connect"' in answer.headers["www-authenticate"]


async def test_a_token_does_not_open_owner_routes(token: httpx.AsyncClient) -> None:
    assert_error(await token.get("/v1/auth/tokens"), 401, "unauthenticated")


async def test_cv_data_that_cannot_be_rendered_names_its_paths(token: httpx.AsyncClient) -> None:
    bad = json.loads(json.dumps(EXAMPLE))
    bad["template"] = "baroque"
    bad["sections"]["experience"]["items"][1]["start"] = "2022-13"
    answer = await token.post("/v1/resume/jobs", json={"request_id": "r", "cv_data": bad})
    error = assert_error(answer, 422, "validation_failed")
    assert {field["path"] for field in error["fields"]} == {
        "cv_data.template",
        "cv_data.sections.experience.items[1].start",
    }
    jobs = (await token.get("/v1/resume/jobs")).json()
    assert jobs["items"] == []
