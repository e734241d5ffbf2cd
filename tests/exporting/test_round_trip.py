"""What is exported by one account and imported by another is the same profile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from app.exporting.own import own_json
from app.services import Services
from tests.exporting.comparing import plain_record
from tests.exporting.profiles import FULL, Record, corpus
from tests.people import Person

PROFILES: dict[str, Record] = {
    "full": FULL,
    "nurse": corpus("open/en_nurse_original"),
    "engineer": corpus("open/zh_engineer_xelatex"),
}


@pytest.fixture
async def other(base_url: str, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody else, who has entered nothing."""
    key = await (await Person(services).signed_in("tom")).new_key()
    async with httpx.AsyncClient(
        base_url=base_url, headers={"x-api-key": key.key}, timeout=60
    ) as http:
        yield http


async def take_in(client: httpx.AsyncClient, data: bytes) -> dict[str, Any]:
    """Import a file; the preview."""
    parsed = await client.post("/v1/me/import/parse", files={"file": ("export", data)})
    assert parsed.status_code == 200, parsed.text
    asked = {"parse_id": parsed.json()["parse_id"], "mode": "replace"}
    assert (await client.post("/v1/me/import/commit", json=asked)).status_code == 200
    preview: dict[str, Any] = parsed.json()
    return preview


async def said(client: httpx.AsyncClient) -> dict[str, Any]:
    whole: dict[str, Any] = (await client.get("/v1/me")).json()
    return plain_record(whole)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("format_", ["json", "jsonresume"])
async def test_a_profile_moves_from_one_account_to_another_without_loss(
    session: httpx.AsyncClient, other: httpx.AsyncClient, format_: str, name: str
) -> None:
    await take_in(session, own_json(PROFILES[name]))
    there = await said(session)
    assert plain_record(PROFILES[name]).items() <= there.items()
    exported = await session.get("/v1/me/exports/profile", params={"format": format_})
    preview = await take_in(other, exported.content)
    assert preview["format"] == {"json": "vitae", "jsonresume": "json_resume"}[format_]
    assert preview["unplaced"] == preview["warnings"] == []
    assert await said(other) == there


@pytest.mark.parametrize("name", ["nurse", "engineer"])
@pytest.mark.parametrize("format_", ["cv_data", "docx"])
async def test_what_is_made_to_be_read_moves_with_little_loss(
    session: httpx.AsyncClient, other: httpx.AsyncClient, format_: str, name: str
) -> None:
    await take_in(session, own_json(PROFILES[name]))
    there = await said(session)
    exported = await session.get("/v1/me/exports/profile", params={"format": format_})
    assert (await take_in(other, exported.content))["format"] == format_
    back = await said(other)
    lost = {where for where, value in there.items() if back.get(where) != value}
    assert len(lost) <= 0.05 * len(there), lost


@pytest.mark.parametrize("format_", ["markdown", "yaml", "html", "vcard"])
async def test_what_no_import_takes_says_what_to_send(
    session: httpx.AsyncClient, format_: str
) -> None:
    exported = await session.get("/v1/me/exports/profile", params={"format": format_})
    refused = await session.post(
        "/v1/me/import/parse", files={"file": ("export", exported.content)}
    )
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"][0]["code"] == "unknown_format"


async def test_an_export_is_taken_as_a_json_body_too(
    session: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    await take_in(session, own_json(FULL))
    document = orjson.loads((await session.get("/v1/me/exports/profile")).content)
    parsed = await other.post("/v1/me/import/parse", json=document)
    assert parsed.json()["profile"]["full_name"] == FULL["profile"]["full_name"]
