"""A file over REST: as a part of a form, or in JSON."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import orjson
import pytest

from app.services import Services
from app.settings import Settings
from rest_compat.openapi import openapi
from schema.root import AVATAR_BODY
from tests.importing.hostile import encrypted_pdf
from tests.people import table
from tests.portraits import portrait
from tests.rest_compat.test_errors import assert_error

PATH = "/v1/me/avatar"
PARSE = "/v1/me/import/parse"
PICTURE = portrait(64)
RESUME = {"basics": {"name": "Ada Lovelace"}, "work": [{"name": "Engines", "position": "Engineer"}]}


def field(answer: httpx.Response) -> tuple[str, str]:
    error = assert_error(answer, 422, "validation_failed")
    return error["fields"][0]["path"], error["fields"][0]["code"]


async def test_a_file_is_a_part_of_a_form(session: httpx.AsyncClient) -> None:
    answer = await session.put(PATH, files={"file": ("me.png", PICTURE, "image/png")})
    assert answer.status_code == 200, answer.text
    assert answer.json()["avatar_url"] == PATH


@pytest.mark.parametrize("start", ["data:image/png;base64,", "DATA:image/png;x=y;base64,", ""])
async def test_a_file_is_a_text_in_json(start: str, session: httpx.AsyncClient) -> None:
    body = {"file": start + base64.b64encode(PICTURE).decode()}
    assert (await session.put(PATH, json=body)).status_code == 200


@pytest.mark.parametrize(
    ("request_", "path", "code"),
    [
        ({"json": {"file": "data:image/png,plain"}}, "file", "wrong_type"),
        ({"json": {"file": "a€"}}, "file", "wrong_type"),
        ({"json": {"file": 7}}, "file", "wrong_type"),
        ({"json": {"file": None}}, "file", "null"),
        ({"json": {}}, "file", "required"),
        ({"files": {"file": ("x", PICTURE), "other": ("y", b"")}}, "other", "unknown_field"),
        ({"files": [("file", ("x", PICTURE)), ("file", ("y", PICTURE))]}, "file", "doubled"),
        ({"files": {"file": ("nul\0.png", PICTURE)}}, "file.filename", "invalid_text"),
    ],
    ids=["no base64", "no ascii", "no text", "null", "no file", "unknown", "doubled", "nul"],
)
async def test_what_is_wrong_with_an_upload_is_named(
    request_: dict[str, Any], path: str, code: str, session: httpx.AsyncClient
) -> None:
    if code == "invalid_text":  # httpx would escape it
        head = 'Content-Disposition: form-data; name="file"; filename="nul\0.png"'
        request_ = {
            "content": f"--b\r\n{head}\r\n\r\nx\r\n--b--".encode(),
            "headers": {"content-type": "multipart/form-data; boundary=b"},
        }
    assert field(await session.put(PATH, **request_)) == (path, code)
    assert_error(await session.get(PATH), 404, "not_found")


async def test_a_form_without_the_file_says_so(session: httpx.AsyncClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert field(await session.put(PATH, content=b"--b--", headers=headers)) == ("file", "required")
    assert field(await session.put(PATH, content=b"--c--", headers=headers)) == ("", "malformed")
    headers = {"content-type": "multipart/form-data"}
    answer = await session.put(PATH, content=b"--b--", headers=headers)
    assert_error(answer, 415, "unsupported_media_type")


async def test_a_form_where_no_file_is_taken_is_refused(session: httpx.AsyncClient) -> None:
    answer = await session.post("/v1/auth/tokens", files={"name": ("x", b"x")})
    assert_error(answer, 415, "unsupported_media_type")


async def test_a_file_may_be_as_large_as_is_said_and_no_larger(session: httpx.AsyncClient) -> None:
    largest, larger = b"x" * AVATAR_BODY, b"x" * (AVATAR_BODY + 1)
    assert field(await session.put(PATH, files={"file": ("x", largest)})) == ("file", "picture")
    refused = await session.put(PATH, files={"file": ("x", larger)})
    assert_error(refused, 413, "payload_too_large")
    body = {"file": base64.b64encode(largest).decode()}
    assert field(await session.put(PATH, json=body)) == ("file", "picture")
    body = {"file": base64.b64encode(larger).decode()}
    assert_error(await session.put(PATH, json=body), 413, "payload_too_large")


async def test_a_document_is_a_body_by_itself_or_a_part(session: httpx.AsyncClient) -> None:
    by_itself = await session.post(PARSE, json=RESUME)
    as_file = await session.post(PARSE, files={"file": ("cv.json", orjson.dumps(RESUME))})
    for answer in (by_itself, as_file):
        assert answer.status_code == 200, answer.text
        assert answer.json()["profile"]["full_name"] == "Ada Lovelace"
    # What stands in the document is data, whatever it is called.
    named = await session.post(PARSE, json={"file": "eA==", "password": "x", "document": {}})
    assert field(named) == ("file", "unknown_format")
    part = await session.post(PARSE, files={"document": (None, orjson.dumps(RESUME))})
    assert field(part) == ("document", "unknown_field")


async def test_a_text_comes_beside_a_file(session: httpx.AsyncClient) -> None:
    file = {"file": ("cv.pdf", encrypted_pdf("open sesame"))}
    assert field(await session.post(PARSE, files=file)) == ("file", "encrypted")
    wrong = await session.post(PARSE, files=file, data={"password": "open barley"})
    assert field(wrong) == ("file", "wrong_password")
    opened = await session.post(PARSE, files=file, data={"password": "open sesame"})
    assert "Ada Lovelace" in opened.text
    bytes_ = {**file, "password": (None, b"\xff")}
    assert field(await session.post(PARSE, files=bytes_)) == ("password", "wrong_type")


async def test_nothing_sent_is_nothing_read(session: httpx.AsyncClient) -> None:
    assert field(await session.post(PARSE)) == ("file", "required")
    empty = {"content-type": "multipart/form-data; boundary=b"}
    assert field(await session.post(PARSE, content=b"--b--", headers=empty)) == ("file", "required")


async def test_a_form_sent_again_under_its_key_is_answered_as_the_first_time(
    session: httpx.AsyncClient, services: Services
) -> None:
    key = {"idempotency-key": "once"}
    files = {"file": ("cv.json", orjson.dumps(RESUME))}
    first = await session.post(PARSE, files=files, headers=key)
    again = await session.post(PARSE, files=files, headers=key)  # with a boundary of its own
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = {"file": ("cv.json", orjson.dumps({**RESUME, "work": []}))}
    refused = await session.post(PARSE, files=other, headers=key)
    assert_error(refused, 409, "idempotency_conflict")
    assert len(await table(services, "SELECT 1 FROM imports")) == 1


async def test_of_a_strangers_file_nothing_is_said(client: httpx.AsyncClient) -> None:
    answer = await client.put(PATH, files={"nonsense": ("x", b"x")})
    assert_error(answer, 401, "unauthenticated")


def test_the_openapi_document_describes_the_form_and_the_json() -> None:
    body = openapi(Settings())["paths"][PATH]["put"]["requestBody"]
    assert body["required"] is True
    form = body["content"]["multipart/form-data"]["schema"]
    assert (form["required"], form["additionalProperties"]) == (["file"], False)
    file = form["properties"]["file"]
    assert (file["type"], file["format"]) == ("string", "binary")
    json = body["content"]["application/json"]["schema"]
    assert json["properties"]["file"]["type"] == "string"
    assert "format" not in json["properties"]["file"]
    assert json["required"] == ["file"]


def test_the_openapi_document_takes_a_document_of_any_form_as_json() -> None:
    body = openapi(Settings())["paths"][PARSE]["post"]["requestBody"]
    assert body["required"] is True
    content = body["content"]
    form = content["multipart/form-data"]["schema"]
    assert (set(form["properties"]), form["required"]) == ({"file", "password"}, ["file"])
    assert "type" not in content["application/json"]["schema"]
