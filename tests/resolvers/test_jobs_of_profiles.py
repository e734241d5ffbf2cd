"""Résumé jobs made of the profile."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from app.db import uuid7
from app.services import Services
from tests.owners import EXAMPLE
from tests.people import table
from tests.profile.rows import FAMILIES
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_free, make_pro


async def filled(session: httpx.AsyncClient) -> None:
    await session.patch("/v1/me/profile", json={"headline": "Engineer", "bio": "Builds bridges."})
    for family in FAMILIES:
        await session.post(family.path, json=family.full)


async def test_a_profile_becomes_a_job(session: httpx.AsyncClient, services: Services) -> None:
    await filled(session)
    asked = {"request_id": "p", "from_profile": True, "template": "harvard", "theme_color": "teal"}
    answer = await session.post("/v1/resume/jobs", json=asked)
    assert (answer.status_code, answer.json()["warnings"]) == (202, [])
    [row] = await table(services, "SELECT cv, template FROM resume_jobs")
    cv = row["cv"]
    assert (row["template"], cv["theme_color"]) == ("harvard", "#008080")
    assert (cv["identity"]["first_name"], cv["identity"]["last_name"]) == ("Ann", "Lee")
    experience = next(section for section in cv["sections"] if section["key"] == "experience")
    assert experience["items"][0]["title"] == "Acme"


async def test_a_repeat_answers_the_job_of_the_profile_as_it_was(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    asked = {"request_id": "p", "from_profile": True}
    first = await session.post("/v1/resume/jobs", json=asked)
    await session.patch("/v1/me/profile", json={"bio": "Another."})
    again = await session.post("/v1/resume/jobs", json=asked)
    assert (again.status_code, again.json()["job_id"]) == (200, first.json()["job_id"])
    other = await session.post("/v1/resume/jobs", json=asked | {"template": "business"})
    assert_error(other, 409, "idempotency_conflict")
    assert len(await table(services, "SELECT id FROM resume_jobs")) == 1


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({}, "cv_data", "required"),
        ({"from_profile": False}, "cv_data", "required"),
        ({"from_profile": True, "cv_data": EXAMPLE}, "cv_data", "contradiction"),
        ({"cv_data": EXAMPLE, "template": "harvard"}, "template", "contradiction"),
        ({"from_profile": True, "template": "x"}, "cv_data.template", "unknown_template"),
    ],
    ids=["nothing", "not-from-profile", "both", "look-beside-cv_data", "unknown-template"],
)
async def test_a_job_is_of_cv_data_or_of_the_profile(
    session: httpx.AsyncClient,
    services: Services,
    body: dict[str, Any],
    path: str,
    code: str,
) -> None:
    await filled(session)
    answer = await session.post("/v1/resume/jobs", json={"request_id": "p", **body})
    fields = assert_error(answer, 422, "validation_failed")["fields"]
    assert [field["path"] for field in fields] == [path]
    assert await table(services, "SELECT id FROM resume_jobs") == []


async def test_a_token_may_make_a_résumé_of_its_owners_profile(token: httpx.AsyncClient) -> None:
    asked = {"request_id": "p", "from_profile": True}
    # Tom's profile is empty: there is nothing to make sections of.
    answer = await token.post("/v1/resume/jobs", json=asked)
    fields = assert_error(answer, 422, "validation_failed")["fields"]
    assert [field["path"] for field in fields] == ["cv_data.sections"]


async def test_no_stranger_gets_a_job_of_a_profile(client: httpx.AsyncClient) -> None:
    asked = {"request_id": "p", "from_profile": True}
    assert_error(await client.post("/v1/resume/jobs", json=asked), 401, "unauthenticated")


async def test_the_portrait_comes_with_the_template_that_has_a_place_for_it(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(out, "PNG")
    portrait = {"file": ("me.png", out.getvalue(), "image/png")}
    assert (await session.put("/v1/me/avatar", files=portrait)).status_code == 200
    for template in ("picture", "harvard"):
        asked = {"request_id": template, "from_profile": True, "template": template}
        answer = await session.post("/v1/resume/jobs", json=asked)
        assert answer.json()["warnings"] == []
    rows = await table(services, "SELECT template, cv FROM resume_jobs ORDER BY template DESC")
    assert [row["cv"]["identity"].get("picture") is not None for row in rows] == [True, False]


LAYOUT = {
    "section_order": ["skills", "projects"],
    "hidden_sections": ["education"],
    "font_preference": "eb-garamond",
}


async def made(session: httpx.AsyncClient, services: Services, **asked: Any) -> Any:
    """The CV of a job of the profile: the keys of its sections, and the CV itself."""
    request = {"request_id": str(uuid7()), "from_profile": True, **asked}
    answer = await session.post("/v1/resume/jobs", json=request)
    assert (answer.status_code, answer.json()["warnings"]) == (202, []), answer.text
    [row] = await table(services, "SELECT cv FROM resume_jobs ORDER BY id DESC LIMIT 1")
    return [section["key"] for section in row["cv"]["sections"]], row["cv"]


async def test_a_résumé_of_the_profile_has_its_layout(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    await make_pro(services)
    await session.patch("/v1/me/layout", json=LAYOUT)
    sections, cv = await made(session, services)
    assert sections == ["skills", "projects", "summary", "experience", "certifications"]
    assert cv["font_family"] == "eb-garamond"


async def test_what_a_request_says_goes_before_the_layout(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    await make_pro(services)
    await session.patch("/v1/me/layout", json=LAYOUT)
    sections, cv = await made(
        session,
        services,
        font_family="Arial",
        sections_order=["experience", "education"],
        hidden_sections=["summary"],
    )
    assert sections == ["experience", "education", "projects", "skills", "certifications"]
    assert cv["font_family"] == "arimo"
    sections, _ = await made(session, services, hidden_sections=[])
    assert "education" in sections


async def test_when_the_plan_ends_a_résumé_has_no_layout_but_what_is_hidden_is_left_out(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    before, look = await made(session, services)
    await make_pro(services)
    await session.patch("/v1/me/layout", json=LAYOUT)
    await make_free(services)
    sections, cv = await made(session, services)
    assert sections == [name for name in before if name != "education"]
    assert cv["font_family"] == look["font_family"]


async def test_the_typeface_of_a_template_stays_where_none_is_preferred(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    await make_pro(services)
    await session.patch("/v1/me/layout", json={"section_order": ["skills"]})
    _, cv = await made(session, services, template="harvard")
    assert cv["font_family"] == "tinos"


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"from_profile": True, "sections_order": ["skills", "skills"]}, ["sections_order[1]"]),
        ({"from_profile": True, "hidden_sections": ["x"]}, ["hidden_sections[0]"]),
        (
            {"cv_data": EXAMPLE, "sections_order": ["skills"], "hidden_sections": []},
            ["sections_order", "hidden_sections"],
        ),
    ],
    ids=["doubled", "unknown", "beside-cv_data"],
)
async def test_wrong_sections_of_a_request_are_named(
    session: httpx.AsyncClient, services: Services, body: dict[str, Any], paths: list[str]
) -> None:
    answer = await session.post("/v1/resume/jobs", json={"request_id": "p", **body})
    fields = assert_error(answer, 422, "validation_failed")["fields"]
    assert [field["path"] for field in fields] == paths
    assert await table(services, "SELECT id FROM resume_jobs") == []


async def test_a_repeat_with_other_sections_is_another_request(session: httpx.AsyncClient) -> None:
    await filled(session)
    asked = {"request_id": "p", "from_profile": True, "sections_order": ["skills"]}
    assert (await session.post("/v1/resume/jobs", json=asked)).status_code == 202
    assert (await session.post("/v1/resume/jobs", json=asked)).status_code == 200
    other = asked | {"sections_order": ["projects"]}
    assert_error(await session.post("/v1/resume/jobs", json=other), 409, "idempotency_conflict")
