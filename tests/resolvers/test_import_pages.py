"""Pictures of the pages of an imported PDF, and what a commit would do."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from app.account_removal import remove_due
from app.artifacts import IMPORTS
from app.profile.imports import MOST_KEPT
from app.services import Services
from tests.people import Person, table
from tests.resolvers.test_importing import (
    COMMIT,
    DOCX,
    FILES,
    PARSE,
    PDF,
    RESUME,
    committed,
    owner,
    parsed,
    written,
)
from tests.rest_compat.test_errors import assert_error
from workers import sweep

PLAN = "/v1/me/import/plan"


async def uploaded(client: httpx.AsyncClient, data: bytes = FILES[".pdf"], **form: str) -> Any:
    answer = await client.post(PARSE, files={"file": ("cv", data)}, data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def folder(client: httpx.AsyncClient) -> str:
    """Where PDFs of the account are kept for their pictures."""
    me = (await client.get("/v1/auth/me")).json()["principal"]
    return f"{IMPORTS}/{me['account_id']}"


async def kept(services: Services, folder: str) -> list[str]:
    return [file.key async for page in services.artifacts.list(folder) for file in page]


async def test_each_page_of_a_pdf_has_a_picture_of_its_shape(session: httpx.AsyncClient) -> None:
    preview = await uploaded(session)
    (page,) = preview["page_pictures"]
    assert page["page"] == preview["pages"] == 1
    answer = await session.get(page["url"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    drawn = Image.open(io.BytesIO(answer.content))
    assert drawn.width >= 1000
    assert drawn.height / drawn.width == pytest.approx(page["height"] / page["width"], rel=0.01)


async def test_evidence_lies_where_the_picture_has_ink(session: httpx.AsyncClient) -> None:
    preview = await uploaded(session)
    (page,) = preview["page_pictures"]
    drawn = Image.open(io.BytesIO((await session.get(page["url"])).content)).convert("L")
    scale = drawn.width / page["width"]
    boxes = [each["box"] for each in preview["profile"]["evidence"]]
    assert boxes
    for box in boxes:
        left, top, right, bottom = (round(edge * scale) for edge in box)
        assert min(drawn.crop((left, top, right, bottom)).tobytes()) < 128


async def test_a_picture_that_is_known_is_not_drawn_again(session: httpx.AsyncClient) -> None:
    url = (await uploaded(session))["page_pictures"][0]["url"]
    etag = (await session.get(url)).headers["etag"]
    assert (await session.get(url, headers={"if-none-match": etag})).status_code == 304


async def test_all_pictures_of_a_long_pdf_can_be_asked_for_at_once(
    session: httpx.AsyncClient,
) -> None:
    writer = PdfWriter()
    for _ in range(12):
        writer.append(PdfReader(io.BytesIO(FILES[".pdf"])))
    long = io.BytesIO()
    writer.write(long)
    preview = await uploaded(session, long.getvalue())
    urls = [page["url"] for page in preview["page_pictures"]]
    assert len(urls) == 12
    answers = await asyncio.gather(*(session.get(url) for url in urls))
    assert [answer.status_code for answer in answers] == [200] * 12


async def test_documents_without_pages_have_no_pictures(
    session: httpx.AsyncClient, services: Services
) -> None:
    for preview in (await parsed(session), await uploaded(session, DOCX.read_bytes())):
        assert preview["page_pictures"] == []
        answer = await session.get(f"/v1/me/import/{preview['parse_id']}/pages/1")
        assert_error(answer, 404, "not_found")
    assert await kept(services, await folder(session)) == []


async def test_an_encrypted_pdf_is_read_and_not_kept(
    session: httpx.AsyncClient, services: Services
) -> None:
    writer = PdfWriter(clone_from=PDF)
    writer.encrypt("sesame")
    locked = io.BytesIO()
    writer.write(locked)
    preview = await uploaded(session, locked.getvalue(), password="sesame")
    assert preview["profile"]["full_name"]
    assert preview["page_pictures"] == []
    assert await kept(services, await folder(session)) == []


@pytest.mark.parametrize("page", ["0", "2", "-1", "99999999999999999999", "one"])
async def test_a_page_that_is_not_there_has_no_picture(
    session: httpx.AsyncClient, page: str
) -> None:
    parse_id = (await uploaded(session))["parse_id"]
    assert_error(await session.get(f"/v1/me/import/{parse_id}/pages/{page}"), 404, "not_found")


async def test_nobody_else_sees_the_pages(session: httpx.AsyncClient, services: Services) -> None:
    url = (await uploaded(session))["page_pictures"][0]["url"]
    eve = await Person(services).signed_in("eve")
    headers = {"authorization": f"Bearer {eve.credentials.bearer}"}
    assert_error(await session.get(url, headers=headers), 404, "not_found")
    del session.headers["authorization"]
    assert_error(await session.get(url), 401, "unauthenticated")


async def test_the_pages_go_with_the_commit(session: httpx.AsyncClient, services: Services) -> None:
    preview = await uploaded(session)
    assert len(await kept(services, await folder(session))) == 1
    await committed(session, parse_id=preview["parse_id"])
    assert_error(await session.get(preview["page_pictures"][0]["url"]), 404, "not_found")
    assert await kept(services, await folder(session)) == []


async def test_the_pages_go_with_an_import_that_is_discarded(
    session: httpx.AsyncClient, services: Services
) -> None:
    stays, goes = await uploaded(session), await uploaded(session)
    answer = await session.delete(f"/v1/me/import/{goes['parse_id']}")
    assert answer.status_code == 204, answer.text
    assert_error(await session.get(goes["page_pictures"][0]["url"]), 404, "not_found")
    (key,) = await kept(services, await folder(session))
    assert stays["parse_id"] in key


async def test_the_pages_go_with_an_import_that_gave_way(
    session: httpx.AsyncClient, services: Services
) -> None:
    await uploaded(session)
    for _ in range(MOST_KEPT):
        await parsed(session)
    assert await kept(services, await folder(session)) == []


async def test_the_pages_of_an_import_that_expired_are_swept(
    session: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "_NAMELESS_KEPT", timedelta())
    stays, goes = await uploaded(session), await uploaded(session)
    await table(
        services,
        "UPDATE imports SET expires_at = now() - interval '1 second' WHERE id = $1::UUID",
        goes["parse_id"],
    )
    await sweep.clear(services)
    (key,) = await kept(services, await folder(session))
    assert stays["parse_id"] in key


async def test_the_pages_go_with_the_account(
    session: httpx.AsyncClient, services: Services
) -> None:
    of_account = await folder(session)
    await uploaded(session)
    assert len(await kept(services, of_account)) == 1
    await table(
        services,
        "UPDATE accounts SET deletion_asked_at = now() - interval '9 days',"
        " delete_after = now() - interval '1 second'",
    )
    await remove_due(services)
    assert await kept(services, of_account) == []


async def test_a_plan_says_what_the_commit_then_does(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.post("/v1/me/skills", json={"name": "Triage", "level": "expert"})
    body = {"parse_id": (await parsed(session))["parse_id"], "mode": "merge"}
    before = await written(services)
    answer = await session.post(PLAN, json=body)
    assert answer.status_code == 200, answer.text
    assert await written(services) == before
    planned, done = answer.json(), await committed(session, **body)
    assert planned["created"] > 0
    assert planned["changed"] > 0
    without_ids = [
        [{name: each[name] for name in each if name != "id"} for each in summary.pop("entries")]
        for summary in (planned, done)
    ]
    assert planned == done
    assert without_ids[0] == without_ids[1]


async def test_a_plan_of_an_edited_preview_replaces_what_it_names(
    session: httpx.AsyncClient,
) -> None:
    await session.post("/v1/me/skills", json={"name": "Juggling"})
    preview = await parsed(session)
    body = {
        "parse_id": preview["parse_id"],
        "mode": "replace",
        "sections": ["skills"],
        "preview": {"skills": [{"name": "Triage"}]},
    }
    planned = (await session.post(PLAN, json=body)).json()
    outcomes = [(each["outcome"], each["label"]) for each in planned["entries"]]
    assert outcomes == [("created", "Triage"), ("deleted", "Juggling")]
    assert [row["name"] for row in (await owner(session))["skills"]] == ["Juggling"]


async def test_a_plan_is_refused_where_the_commit_would_be(session: httpx.AsyncClient) -> None:
    assert_error(await session.post(PLAN, json={}), 422, "validation_failed")
    items = [{"name": f"Skill {index}"} for index in range(299)]
    await session.put("/v1/me/skills", json={"items": items})
    many = {**RESUME, "skills": [{"name": "Care", "keywords": ["Triage", "Wounds"]}]}
    body = {"parse_id": (await parsed(session, many))["parse_id"]}
    for path in (PLAN, COMMIT):
        assert_error(await session.post(path, json=body), 409, "conflict")
    await session.put("/v1/me/skills", json={"items": []})
    await committed(session, **body)
    assert_error(await session.post(PLAN, json=body), 404, "not_found")


async def test_single_parts_replace_what_is_there_while_others_are_merged(
    session: httpx.AsyncClient,
) -> None:
    await session.post("/v1/me/skills", json={"name": "Juggling"})
    await session.post("/v1/me/education", json={"institution": "Elsewhere"})
    preview = await parsed(session)
    body = {"parse_id": preview["parse_id"], "mode": "merge", "replaced": ["skills"]}
    planned = (await session.post(PLAN, json=body)).json()
    assert planned["deleted"] == 1
    await committed(session, **body)
    whole = await owner(session)
    assert "Juggling" not in {row["name"] for row in whole["skills"]}
    assert {row["institution"] for row in whole["education"]} == {"Elsewhere", "King's"}
