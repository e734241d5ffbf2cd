"""Imports over HTTP: parsed into a preview, committed once."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.services import Services
from tests.owners import EXAMPLE
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error

PARSE, COMMIT = "/v1/me/import/parse", "/v1/me/import/commit"
CORPUS = Path(__file__).parents[1] / "importing/corpus/open"
PDF = CORPUS / "en_student_jake.pdf"
DOCX = CORPUS / "en_accountant_word.docx"
FILES = {path.suffix: path.read_bytes() for path in (PDF, DOCX)}
SECTIONS = ("skills", "experience", "education", "projects", "certifications")

RESUME: dict[str, Any] = {
    "basics": {"name": "Rae Holt", "label": "Nurse", "phone": "+44 20 7946 0000"},
    "work": [
        {"name": "Mercy", "position": "Nurse", "startDate": "2019-02", "highlights": ["Led nights"]}
    ],
    "education": [{"institution": "King's", "studyType": "BSc", "endDate": "2018"}],
    "skills": [{"name": "Care", "keywords": ["Triage", "Wounds"]}],
    "languages": [{"language": "English", "fluency": "native"}],
    "interests": [{"name": "Sailing"}],
}


async def parsed(client: httpx.AsyncClient, document: Any = RESUME) -> dict[str, Any]:
    answer = await client.post(PARSE, json=document)
    assert answer.status_code == 200, answer.text
    preview: dict[str, Any] = answer.json()
    return preview


async def committed(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post(COMMIT, json=body)
    assert answer.status_code == 200, answer.text
    summary: dict[str, Any] = answer.json()
    return summary


async def written(services: Services) -> list[Any]:
    """All that a commit may write."""
    tables = (*SECTIONS, "profiles", "revisions")
    return [[tuple(r) for r in await table(services, f"SELECT * FROM {name}")] for name in tables]


async def owner(client: httpx.AsyncClient) -> dict[str, Any]:
    whole: dict[str, Any] = (await client.get("/v1/me")).json()
    return whole


@pytest.mark.parametrize("path", [PDF, DOCX], ids=["pdf", "docx"])
async def test_a_file_becomes_a_preview_and_nothing_else(
    session: httpx.AsyncClient, services: Services, path: Path
) -> None:
    before = await written(services)
    # The name and the type are lies: files are recognised by their content.
    file = ("holiday.txt", FILES[path.suffix], "text/plain")
    answer = await session.post(PARSE, files={"file": file})
    assert answer.status_code == 200, answer.text
    preview = answer.json()
    assert preview["format"] == path.suffix[1:]
    assert preview["experience"]
    for entry in preview["experience"]:
        said = {each["field"] for each in entry["evidence"]}
        assert said >= {name for name in ("company", "title", "start_date") if entry[name]}
        for each in entry["evidence"]:
            assert each["text"]
            assert 0 < each["confidence"] <= 1
            assert (each["page"] is not None) == (path is PDF)
            assert (each["paragraph"] is not None) == (path is DOCX)
    assert await written(services) == before
    again = await session.get(f"/v1/me/import/{preview['parse_id']}")
    assert again.json() == preview


async def test_a_key_and_graphql_can_import_too(
    session: httpx.AsyncClient, services: Services
) -> None:
    key = (await session.post("/v1/auth/api-keys", json={"name": "k"})).json()["key"]
    document = """mutation($file: Upload) {
        parseImport(file: $file) { parseId format experience { company evidence { field page } } }
    }"""
    data = "data:application/pdf;base64," + base64.b64encode(PDF.read_bytes()).decode()
    headers = {"x-api-key": key}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers, timeout=60) as script:
        asked = {"query": document, "variables": {"file": data}}
        found = (await script.post("/graphql", json=asked)).json()["data"]["parseImport"]
        assert found["format"] == "pdf"
        commit = """mutation($id: UUID!) {
            commitImport(input: {parseId: $id, mode: MERGE}) { created entries { outcome label } }
        }"""
        asked = {"query": commit, "variables": {"id": found["parseId"]}}
        summary = (await script.post("/graphql", json=asked)).json()["data"]["commitImport"]
    assert summary["created"] == len(summary["entries"]) - 1  # but for the profile, changed
    assert (await owner(session))["experience"][0]["company"] == found["experience"][0]["company"]


async def test_a_commit_writes_what_the_preview_shows(session: httpx.AsyncClient) -> None:
    preview = await parsed(session)
    assert [text["text"] for text in preview["unplaced"]] == ["Sailing"]
    summary = await committed(session, parse_id=preview["parse_id"])
    whole = await owner(session)
    for section in SECTIONS:
        shown = [{k: v for k, v in e.items() if k != "evidence"} for e in preview[section]]
        assert len(whole[section]) == len(shown)
        for row, entry in zip(whole[section], shown, strict=True):
            assert row.items() >= entry.items()
            assert row["origin"] == "import"
    assert whole["profile"]["headline"] == "Nurse"
    assert whole["profile"]["full_name"] == "Ann Lee"  # what is there stays
    assert whole["profile"]["languages"] == [{"name": "English", "level": "native"}]
    [profile] = [entry for entry in summary["entries"] if entry["section"] == "profile"]
    assert (profile["outcome"], profile["differing"]) == ("changed", ["full_name"])
    ids = {entry["id"] for entry in summary["entries"] if entry["id"]}
    assert ids == {row["id"] for section in SECTIONS for row in whole[section]}
    labels = {entry["id"]: entry["label"] for entry in summary["entries"]}
    for row in whole["skills"]:
        assert labels[row["id"]] == row["name"]


async def test_a_parse_is_committed_once_however_often_it_is_asked(
    session: httpx.AsyncClient, services: Services
) -> None:
    preview = await parsed(session)
    body = {"parse_id": preview["parse_id"]}
    answers = await asyncio.gather(*(session.post(COMMIT, json=body) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 5
    assert len({answer.text for answer in answers}) == 1
    after = await written(services)
    assert_error(await session.post(COMMIT, json=body | {"mode": "replace"}), 409, "conflict")
    assert_error(await session.get(f"/v1/me/import/{body['parse_id']}"), 404, "not_found")
    assert await written(services) == after


async def test_the_same_file_again_changes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    await committed(session, parse_id=(await parsed(session))["parse_id"])
    before = await written(services)
    summary = await committed(session, parse_id=(await parsed(session))["parse_id"])
    assert {entry["outcome"] for entry in summary["entries"]} == {"left"}
    assert await written(services) == before


async def test_an_edited_preview_is_committed_as_it_was_edited(session: httpx.AsyncClient) -> None:
    preview = await parsed(session)
    preview["experience"][0]["company"] = "Mercy Hospital"
    del preview["skills"]
    summary = await committed(session, parse_id=preview["parse_id"], preview=preview)
    assert "skills" not in {entry["section"] for entry in summary["entries"]}
    whole = await owner(session)
    assert whole["experience"][0]["company"] == "Mercy Hospital"
    assert whole["skills"] == []


async def test_what_is_wrong_in_an_edited_preview_is_named(
    session: httpx.AsyncClient, services: Services
) -> None:
    preview = await parsed(session)
    preview["profile"]["website"] = "javascript:x"
    preview["experience"][0] |= {"end_date": "2001", "is_current": False}
    preview["education"][0] = {"location": "London"}
    preview["languages"].append({"name": " "})
    before = await written(services)
    answer = await session.post(COMMIT, json={"preview": preview})
    fields = assert_error(answer, 422, "validation_failed")["fields"]
    assert [field["path"] for field in fields] == [
        "preview.profile.website",
        "preview.experience[0].end_date",
        "preview.education[0].institution",
        "preview.languages[1].name",
    ]
    assert await written(services) == before


async def test_only_the_named_parts_are_taken(session: httpx.AsyncClient) -> None:
    preview = await parsed(session)
    summary = await committed(session, parse_id=preview["parse_id"], sections=["education"])
    assert {entry["section"] for entry in summary["entries"]} == {"education"}
    whole = await owner(session)
    assert (len(whole["education"]), whole["skills"], whole["profile"]["headline"]) == (1, [], None)


async def test_merging_lets_what_was_written_by_hand_stand(session: httpx.AsyncClient) -> None:
    mine = {
        "company": "Mercy Ltd",
        "title": "Nurse",
        "start_date": "2019-02",
        "location": "Leeds",
        "bullets": ["Mine"],
    }
    row = (await session.post("/v1/me/experience", json=mine)).json()
    summary = await committed(session, parse_id=(await parsed(session))["parse_id"])
    [entry] = [e for e in summary["entries"] if e["section"] == "experience"]
    assert (entry["outcome"], entry["id"]) == ("changed", row["id"])
    [now] = (await owner(session))["experience"]
    assert now["bullets"] == ["Mine", "Led nights"]
    assert (now["company"], now["location"], now["origin"]) == ("Mercy Ltd", "Leeds", "hand")


async def test_replacing_makes_the_sections_what_was_found(session: httpx.AsyncClient) -> None:
    await session.post("/v1/me/experience", json={"company": "Old", "title": "Clerk"})
    kept = (await session.post("/v1/me/skills", json={"name": "triage"})).json()
    await session.post("/v1/me/projects", json={"name": "Mine"})
    preview = await parsed(session)
    parts = ["experience", "skills", "profile"]
    summary = await committed(session, parse_id=preview["parse_id"], mode="replace", sections=parts)
    whole = await owner(session)
    assert [row["company"] for row in whole["experience"]] == ["Mercy"]
    assert kept["id"] in {row["id"] for row in whole["skills"]}
    assert len(whole["projects"]) == 1
    assert whole["profile"]["full_name"] == "Rae Holt"
    assert summary["deleted"] == 1


async def test_an_import_can_be_undone(session: httpx.AsyncClient) -> None:
    await session.post("/v1/me/experience", json={"company": "Old", "title": "Clerk"})
    before = await owner(session)
    await committed(session, parse_id=(await parsed(session))["parse_id"], mode="replace")
    history = (await session.get("/v1/me/history")).json()["items"]
    imports = [revision for revision in history if revision["action"] == "import"]
    assert {revision["section"] for revision in imports} >= {"profile", "experience", "skills"}
    for revision in imports:
        await session.post(f"/v1/me/history/{revision['id']}/restore")
    after = await owner(session)
    for part in ("profile", *SECTIONS):
        ours = ("version", "updated_at")
        plain = [
            {k: v for k, v in row.items() if k not in ours}
            for whole in (before, after)
            for row in ([whole[part]] if part == "profile" else whole[part])
        ]
        assert plain[: len(plain) // 2] == plain[len(plain) // 2 :]


async def test_cv_data_and_our_own_export_are_read(session: httpx.AsyncClient) -> None:
    cv = await parsed(session, EXAMPLE)
    assert (cv["format"], cv["experience"][0]["company"]) == ("cv_data", "DoxAI")
    await committed(session, parse_id=cv["parse_id"])
    export = await owner(session)
    ours = await parsed(session, export)
    assert (ours["format"], ours["unplaced"]) == ("vitae", [])
    summary = await committed(session, parse_id=ours["parse_id"])
    assert {entry["outcome"] for entry in summary["entries"]} == {"left"}


_REFUSED: list[tuple[str, bytes, str]] = [
    ("html", b"<!DOCTYPE html><html><body>Ann Lee</body></html>", "unknown_format"),
    ("empty", b"", "unknown_format"),
    ("noise", bytes(range(256)) * 40, "unknown_format"),
    ("broken json", b'{"basics": ', "damaged"),
    ("cut pdf", PDF.read_bytes()[:900], "damaged"),
    ("cut docx", DOCX.read_bytes()[:900], "damaged"),
]


@pytest.mark.parametrize(("data", "code"), [r[1:] for r in _REFUSED], ids=[r[0] for r in _REFUSED])
async def test_what_can_not_be_read_is_said_so(
    session: httpx.AsyncClient, services: Services, data: bytes, code: str
) -> None:
    answer = await session.post(PARSE, files={"file": ("cv.pdf", data, "application/pdf")})
    fields = assert_error(answer, 422, "validation_failed")["fields"]
    assert [(field["path"], field["code"]) for field in fields] == [("file", code)]
    assert await table(services, "SELECT id FROM imports") == []


async def test_a_document_of_no_known_kind_is_said_so(session: httpx.AsyncClient) -> None:
    documents: list[Any] = [{}, [], {"a": 1}, "text", 7]
    for document in documents:
        answer = await session.post(PARSE, json=document)
        assert_error(answer, 422, "validation_failed")


async def test_nothing_and_too_much_are_refused(session: httpx.AsyncClient) -> None:
    assert_error(await session.post(PARSE), 422, "validation_failed")
    large = {"file": ("cv.pdf", b"%PDF-1.7" + b" " * 10_000_001, "application/pdf")}
    assert_error(await session.post(PARSE, files=large), 413, "payload_too_large")
    assert_error(await session.post(COMMIT, json={}), 422, "validation_failed")


async def test_values_that_no_profile_takes_are_set_aside_and_said(
    session: httpx.AsyncClient,
) -> None:
    document: dict[str, Any] = {
        "basics": {"name": "Rae Holt", "url": "not an address"},
        "work": [
            {"name": "A" * 600, "position": "Nurse", "highlights": ["ok", "x" * 6000]},
            {"name": "Mercy", "startDate": "2020", "endDate": "2010"},
        ],
        "skills": [{"name": f"skill {n}"} for n in range(310)],
    }
    preview = await parsed(session, document)
    first, second = preview["experience"]
    assert (first["company"], first["bullets"]) == (None, ["ok"])
    assert (second["company"], second["end_date"]) == ("Mercy", None)
    assert len(preview["skills"]) == 300
    together = json.dumps(preview["unplaced"])
    for lost in ("not an address", "A" * 500, "x" * 1900, "2010", "skill 309"):
        assert lost in together
    assert preview["warnings"]
    summary = await committed(session, preview=preview)
    assert summary["created"] == 302


async def test_the_parse_of_another_is_not_there(
    session: httpx.AsyncClient, services: Services
) -> None:
    preview = await parsed(session)
    tom = await Person(services).signed_in("tom")
    headers = {"authorization": f"Bearer {tom.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as other:
        path = f"/v1/me/import/{preview['parse_id']}"
        assert_error(await other.get(path), 404, "not_found")
        answer = await other.post(COMMIT, json={"parse_id": preview["parse_id"]})
        assert_error(answer, 404, "not_found")
    assert (await owner(session))["experience"] == []


async def test_without_a_credential_nothing_is_read(
    client: httpx.AsyncClient, token: httpx.AsyncClient, services: Services
) -> None:
    for other in (client, token):
        assert_error(await other.post(PARSE, json=RESUME), 401, "unauthenticated")
        assert_error(await other.post(COMMIT, json={}), 401, "unauthenticated")
    assert await table(services, "SELECT id FROM imports") == []


async def test_an_expired_parse_is_gone(session: httpx.AsyncClient, services: Services) -> None:
    preview = await parsed(session)
    await table(services, "UPDATE imports SET expires_at = now() - interval '1 s'")
    answer = await session.post(COMMIT, json={"parse_id": preview["parse_id"]})
    assert_error(answer, 404, "not_found")
    assert (await owner(session))["experience"] == []


async def test_of_parses_that_wait_only_the_latest_are_kept(
    session: httpx.AsyncClient, services: Services
) -> None:
    first = await parsed(session)
    for _ in range(20):
        last = await parsed(session)
    assert len(await table(services, "SELECT id FROM imports")) == 20
    assert_error(await session.get(f"/v1/me/import/{first['parse_id']}"), 404, "not_found")
    assert (await session.get(f"/v1/me/import/{last['parse_id']}")).status_code == 200


async def test_a_commit_that_fails_half_way_writes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    items = [{"name": f"p{number}"} for number in range(99)]
    await session.put("/v1/me/projects", json={"items": items})
    before = await written(services)
    document = RESUME | {"projects": [{"name": "new one"}, {"name": "new two"}]}
    preview = await parsed(session, document)
    answer = await session.post(COMMIT, json={"parse_id": preview["parse_id"]})
    assert_error(answer, 409, "conflict")
    assert await written(services) == before
    parts = ["experience", "education"]
    summary = await committed(session, parse_id=preview["parse_id"], sections=parts)
    assert summary["created"] == 2


async def test_a_section_of_which_nothing_was_found_is_not_emptied(
    session: httpx.AsyncClient,
) -> None:
    await session.post("/v1/me/projects", json={"name": "Mine"})
    preview = await parsed(session)
    assert preview["projects"] == []
    await committed(session, parse_id=preview["parse_id"], mode="replace")
    assert [row["name"] for row in (await owner(session))["projects"]] == ["Mine"]
    again = await parsed(session)
    parts = ["projects"]
    await committed(session, parse_id=again["parse_id"], mode="replace", sections=parts)
    assert (await owner(session))["projects"] == []


@pytest.mark.parametrize("mode", ["merge", "replace"])
async def test_a_preview_that_is_sent_is_taken_entry_by_entry(
    session: httpx.AsyncClient, mode: str
) -> None:
    twice = [{"company": "Acme", "title": "Engineer"}, {"company": "Acme", "title": "Engineer"}]
    await committed(session, preview={"experience": twice}, mode=mode)
    assert len((await owner(session))["experience"]) == 2


async def test_certificates_of_one_name_stay_apart(session: httpx.AsyncClient) -> None:
    both = [{"name": "Security", "issuer": "CompTIA"}, {"name": "Security", "issuer": "ISC2"}]
    for _ in range(2):
        preview = await parsed(session, {"basics": {"name": "Ann"}, "certificates": both})
        await committed(session, parse_id=preview["parse_id"])
        rows = (await owner(session))["certifications"]
        assert [row["issuer"] for row in rows] == ["CompTIA", "ISC2"]


async def test_what_was_edited_after_an_import_is_left_by_the_next(
    session: httpx.AsyncClient,
) -> None:
    work = RESUME["work"][0] | {"endDate": "2021-03", "highlights": ["Led nights", "Ran wards"]}
    document = RESUME | {"work": [work]}
    await committed(session, parse_id=(await parsed(session, document))["parse_id"])
    [row] = (await owner(session))["experience"]
    mine = {name: row[name] for name in ("company", "start_date", "end_date")}
    mine |= {"title": "Head nurse", "bullets": ["Led the nights"]}
    edited = (await session.put(f"/v1/me/experience/{row['id']}", json=mine)).json()
    summary = await committed(session, parse_id=(await parsed(session, document))["parse_id"])
    [entry] = [e for e in summary["entries"] if e["section"] == "experience"]
    assert (entry["outcome"], entry["id"]) == ("left", row["id"])
    assert entry["differing"] == ["title", "bullets"]
    assert (await owner(session))["experience"] == [edited]


_EMPTIED: list[tuple[dict[str, Any], bool]] = [
    ({"preview": {"skills": []}}, True),
    ({"preview": {"skills": []}, "sections": ["skills"]}, True),
    ({"preview": {"skills": []}, "sections": ["projects", "profile"]}, False),
    ({"preview": {"projects": []}}, False),
    ({"preview": {"skills": None}}, False),
    ({"preview": {"skills": []}, "mode": "merge"}, False),
    ({"preview": {}, "sections": ["skills"], "mode": "merge"}, False),
]


@pytest.mark.parametrize(("body", "emptied"), _EMPTIED, ids=map(str, range(len(_EMPTIED))))
async def test_a_section_is_emptied_by_a_list_that_is_sent_empty(
    session: httpx.AsyncClient, body: dict[str, Any], emptied: bool
) -> None:
    for section in ("skills", "projects"):
        await session.post(f"/v1/me/{section}", json={"name": "Mine"})
    body["preview"].setdefault("projects", [{"name": "Mine"}])
    await committed(session, **{"mode": "replace", **body})
    assert ((await owner(session))["skills"] == []) is emptied


async def test_a_section_that_is_named_and_not_sent_is_not_guessed_to_be_empty(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.post("/v1/me/skills", json={"name": "Mine"})
    before = await written(services)
    previews: list[dict[str, Any]] = [{}, {"skills": None}, {"projects": []}]
    for preview in previews:
        body = {"preview": preview, "mode": "replace", "sections": ["skills"]}
        fields = assert_error(await session.post(COMMIT, json=body), 422, "validation_failed")
        assert [field["path"] for field in fields["fields"]] == ["sections"]
    assert await written(services) == before


async def test_more_languages_than_a_profile_may_have_are_a_conflict_that_says_so(
    session: httpx.AsyncClient, services: Services
) -> None:
    spoken = [{"name": f"Language {number}"} for number in range(40)]
    await session.patch("/v1/me/profile", json={"languages": spoken[:20]})
    before = await written(services)
    preview = {"languages": spoken[20:], "skills": [{"name": "Go"}]}
    refusal = assert_error(await session.post(COMMIT, json={"preview": preview}), 409, "conflict")
    assert "languages" in refusal["message"]
    assert await written(services) == before
    await committed(session, preview=preview, sections=["skills"])
    await committed(session, preview={"languages": spoken[10:30]})
    assert len((await owner(session))["profile"]["languages"]) == 30


async def test_what_a_row_has_no_room_for_is_left_out_and_said(session: httpx.AsyncClient) -> None:
    def lists(kind: str) -> dict[str, list[str]]:
        return {name: [f"{kind} {n}" for n in range(40)] for name in ("bullets", "technologies")}

    row = {"company": "Acme", "title": "Engineer", "start_date": "2019"}
    await session.post("/v1/me/experience", json=row | lists("mine"))
    summary = await committed(session, preview={"experience": [row | lists("theirs")]})
    [entry] = [e for e in summary["entries"] if e["section"] == "experience"]
    assert entry["differing"] == ["bullets", "technologies"]
    [now] = (await owner(session))["experience"]
    assert (len(now["bullets"]), len(now["technologies"])) == (50, 50)


async def test_one_account_does_not_keep_the_others_from_importing(
    session: httpx.AsyncClient, services: Services
) -> None:
    tom = await Person(services).signed_in("tom")
    headers = {"authorization": f"Bearer {tom.credentials.bearer}"}
    file = {"file": ("cv.pdf", FILES[".pdf"], "application/pdf")}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers, timeout=60) as other:
        flood = [asyncio.create_task(session.post(PARSE, files=file)) for _ in range(12)]
        fair = [await other.post(PARSE, files=file) for _ in range(3)]
        answers = await asyncio.gather(*flood)
    assert {answer.status_code for answer in fair} == {200}
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer.status_code for answer in answers} == {200, 429}
    for answer in refused:
        error = assert_error(answer, 429, "rate_limited")
        assert error["details"]["limit"] == "imports_at_once"
        assert int(answer.headers["retry-after"]) > 0
    counts = [await services.redis.get(key) for key in await services.redis.keys("throttle:imp*")]
    assert sum(map(int, counts)) == 12 + 3 - len(refused)  # what was refused does not count


async def test_a_repeat_of_a_parse_in_flight_is_told_so(
    session: httpx.AsyncClient, services: Services
) -> None:
    file = {"file": ("cv.pdf", FILES[".pdf"], "application/pdf")}
    key = {"idempotency-key": "again"}
    answers = await asyncio.gather(
        *(session.post(PARSE, files=file, headers=key) for _ in range(4))
    )
    made = [answer for answer in answers if answer.status_code == 200]
    assert len({answer.json()["parse_id"] for answer in made}) == 1
    for answer in answers:
        if answer not in made:
            assert assert_error(answer, 409, "conflict")["retryable"] is True
    assert len(await table(services, "SELECT id FROM imports")) == 1
    again = await session.post(PARSE, files=file, headers=key)
    assert again.json() == made[0].json()
