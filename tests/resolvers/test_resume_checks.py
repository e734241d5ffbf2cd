"""Templates, and cv_data looked at before it is rendered."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.cv.normalise import TEMPLATES
from app.services import Services
from tests.owners import EXAMPLE
from tests.people import table

PICTURE = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="
)


async def validation(token: httpx.AsyncClient, cv_data: Any) -> dict[str, Any]:
    answer = await token.post("/v1/resume/validate", json={"cv_data": cv_data})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert body["ok"] is True
    return body


async def test_there_is_a_look_for_each_template_that_renders(token: httpx.AsyncClient) -> None:
    templates = (await token.get("/v1/resume/templates")).json()["templates"]
    assert [template["name"] for template in templates] == list(TEMPLATES)
    assert [template["is_default"] for template in templates] == [True] + [False] * (
        len(TEMPLATES) - 1
    )
    assert [t["name"] for t in templates if t["shows_picture"]] == ["picture"]
    assert all(template["description"] for template in templates)
    assert [t["price"] for t in templates] == [1, 1, 1, 2] + [1] * (len(TEMPLATES) - 4)
    assert [t["first_is_free"] for t in templates] == [True, True, True] + [False] * (
        len(TEMPLATES) - 3
    )


async def test_cv_data_that_will_do_is_summed_up_as_it_would_be_set(
    token: httpx.AsyncClient,
) -> None:
    body = await validation(
        token,
        {
            "template": "picture",
            "theme_color": "teal",
            "identity": {"first_name": "Ann", "last_name": "Lee", "picture": PICTURE},
            "sections_order": ["work"],
            "sections": {
                "skills": {"type": "secondary", "content": "SQL"},
                "work": {"type": "main", "items": [{"title": "Cook", "bullets": ["a", "b"]}]},
            },
        },
    )
    assert body["valid"] is True
    assert body["errors"] == []
    summary = body["summary"]
    assert (summary["name"], summary["template"]) == ("Ann Lee", "picture")
    assert (summary["theme_color"], summary["has_picture"]) == ("#008080", True)
    assert [(s["key"], s["items"], s["bullets"]) for s in summary["sections"]] == [
        ("work", 1, 2),
        ("skills", 0, 0),
    ]
    assert [warning["code"] for warning in body["warnings"]] == ["not_in_order"]


async def test_what_makes_it_valid_here_makes_a_job(token: httpx.AsyncClient) -> None:
    body = await validation(token, EXAMPLE)
    made = await token.post("/v1/resume/jobs", json={"request_id": "a", "cv_data": EXAMPLE})
    assert made.status_code == 202
    assert body["warnings"] == made.json()["warnings"]


async def test_what_makes_it_invalid_here_is_refused_there_in_the_same_words(
    token: httpx.AsyncClient,
) -> None:
    cv_data = {**EXAMPLE, "template": "baroque", "font_size": "40pt"}
    body = await validation(token, cv_data)
    refused = await token.post("/v1/resume/jobs", json={"request_id": "a", "cv_data": cv_data})
    assert body["valid"] is False
    assert body["summary"] is None
    assert body["errors"] == refused.json()["error"]["fields"]
    assert len(body["errors"]) == 2


@pytest.mark.parametrize("cv_data", [None, [], "a", 1, {}], ids=repr)
async def test_anything_may_be_looked_at(token: httpx.AsyncClient, cv_data: Any) -> None:
    answer = await token.post("/v1/resume/validate", json={"cv_data": cv_data})
    if cv_data is None:
        assert answer.status_code == 422
        return
    assert answer.json()["valid"] is False


async def test_looking_keeps_nothing(token: httpx.AsyncClient, services: Services) -> None:
    await validation(token, EXAMPLE)
    assert await table(services, "SELECT 1 FROM resume_jobs") == []


async def test_it_takes_the_scope_for_resumes(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/resume/templates")).status_code == 401
    assert (await client.post("/v1/resume/validate", json={})).status_code == 401
