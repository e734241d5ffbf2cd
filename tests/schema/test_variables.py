"""Variables of a GraphQL request are bounded before they are coerced, and nulls are named."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.services import Services
from schema.declared import MOST_ITEMS, MOST_OBJECTS
from tests.owners import EXAMPLE
from tests.people import table

SKILLS = "mutation($v: [SkillItemInput!]!) { replaceSkills(items: $v) { items { name } } }"
PROFILE = "mutation($v: ProfilePatch!) { updateProfile(input: $v) { version } }"
COMMIT = "mutation($v: ImportCommitInput!) { commitImport(input: $v) { created } }"


async def told(client: httpx.AsyncClient, query: str, value: Any) -> list[tuple[str, str]]:
    answer = await client.post("/graphql", json={"query": query, "variables": {"v": value}})
    assert answer.status_code == 200, answer.text
    (error,) = answer.json()["errors"]
    assert "bool" not in error["message"]
    assert "Maybe" not in error["message"]
    assert error["extensions"]["code"] == "validation_failed"
    return [(field["path"], field["code"]) for field in error["extensions"]["fields"]]


@pytest.mark.parametrize(
    ("query", "value", "path"),
    [
        (SKILLS, [{"name": "a"}] * (MOST_ITEMS + 1), "v"),
        (SKILLS, [1] * (MOST_ITEMS + 1), "v"),
        (SKILLS, [{"name": "a"}] * 301, "items"),
        (PROFILE, {"languages": [{"name": "a"}] * 31}, "v.languages"),
        (COMMIT, {"preview": {"skills": [{"name": "a"}] * 301}}, "v.preview.skills"),
        (
            COMMIT,
            {"preview": {"experience": [{"bullets": [1] * 51}]}},
            "v.preview.experience[0].bullets",
        ),
    ],
    ids=["long", "long and wrong", "over the argument's", "languages", "preview", "bullets"],
)
async def test_a_list_that_is_too_long_is_named_and_changes_nothing(
    query: str, value: Any, path: str, session: httpx.AsyncClient, services: Services
) -> None:
    await session.post("/v1/me/skills", json={"name": "Python"})
    assert await told(session, query, value) == [(path, "too_many")]
    assert [row["name"] for row in await table(services, "SELECT name FROM skills")] == ["Python"]


async def test_lists_are_counted_together(session: httpx.AsyncClient) -> None:
    names = [f"v{n}" for n in range(MOST_OBJECTS // 300 + 1)]
    declared = ", ".join(f"${name}: [SkillItemInput!]!" for name in names)
    used = " ".join(f"{name}: replaceSkills(items: ${name}) {{ nextCursor }}" for name in names)
    variables = {name: [{"name": "a"}] * 300 for name in names}
    asked = {"query": f"mutation({declared}) {{ {used} }}", "variables": variables}
    answer = (await session.post("/graphql", json=asked)).json()
    (error,) = answer["errors"]
    assert error["extensions"]["fields"][0]["code"] == "too_many"
    assert answer.get("data") is None


async def test_json_in_a_variable_has_bounds_of_its_own(token: httpx.AsyncClient) -> None:
    query = (
        'mutation($v: CVData!) { createResumeJob(input: {requestId: "g", cvData: $v}) { jobId } }'
    )
    padded = {**EXAMPLE, "identity": {**EXAMPLE["identity"], "notes": ["x" * 1000] * 3500}}
    answer = await token.post("/graphql", json={"query": query, "variables": {"v": padded}})
    result = answer.json()
    assert len(answer.request.content) > 3_500_000
    codes = [error["extensions"]["code"] for error in result.get("errors", [])]
    assert codes in ([], ["validation_failed"])
    if codes:  # by the rules of a CV, not by those of lists
        fields = result["errors"][0]["extensions"]["fields"]
        assert {field["path"].partition(".")[0] for field in fields} == {"cv_data"}


@pytest.mark.parametrize(
    ("query", "value", "path"),
    [
        (PROFILE, {"openToWork": None, "emailPublic": True}, "v.openToWork"),
        (
            "mutation($v: Boolean) { updateProfile(input: {openToWork: $v}) { version } }",
            None,
            "openToWork",
        ),
        ("mutation { updateProfile(input: {openToWork: null}) { version } }", 7, "openToWork"),
    ],
    ids=["in a variable", "a variable", "in the document"],
)
async def test_null_for_a_field_that_has_none_is_named(
    query: str, value: Any, path: str, session: httpx.AsyncClient
) -> None:
    assert await told(session, query, value) == [(path, "null")]


async def test_an_object_of_very_many_fields_is_refused_for_one(session: httpx.AsyncClient) -> None:
    many = {f"k{n}": n for n in range(50_000)}
    assert await told(session, PROFILE, many) == [("v.k0", "unknown_field")]
    assert await told(session, SKILLS, [{"name": "a"}, many]) == [("v[1].k0", "unknown_field")]


async def test_null_clears_where_it_may(session: httpx.AsyncClient) -> None:
    await session.patch("/v1/me/profile", json={"headline": "Engineer"})
    asked = {"query": PROFILE, "variables": {"v": {"headline": None}}}
    assert "errors" not in (await session.post("/graphql", json=asked)).json()
    assert (await session.get("/v1/me/profile")).json()["headline"] is None


async def test_a_number_of_any_size_in_a_document_is_read(session: httpx.AsyncClient) -> None:
    for number in ("18446744073709551616", "9" * 400):
        document = f'{{basics: {{name: "Ada Lovelace"}}, x: {number}}}'
        asked = {"query": f"mutation {{ parseImport(document: {document}) {{ format }} }}"}
        answer = (await session.post("/graphql", json=asked)).json()
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        assert codes in ([], ["validation_failed"]), answer
