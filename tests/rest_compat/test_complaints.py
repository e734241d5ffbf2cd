"""What is told of values that do not fit: everything once, and of very much only the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from graphql import GraphQLInputField, GraphQLInputObjectType, GraphQLString

from app.cv.bounds import FINDINGS
from app.errors import ValidationFailed
from app.services import Services
from rest_compat.codec import wire_operations
from rest_compat.complaints import complain
from schema.declared import Findings
from tests.people import table
from tests.rest_compat.test_errors import assert_error

WIRES = {wire.name: wire for wire in wire_operations()}


def refused(operation: str, **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as wrong:
        WIRES[operation].decode(values)
    return [(field.path, field.code) for field in wrong.value.fields]


class Watched(dict[str, Any]):
    """An object that counts how often it is looked through."""

    walks = 0

    def __iter__(self) -> Iterator[str]:
        self.walks += 1
        return super().__iter__()


def test_an_object_is_looked_through_once() -> None:
    type_ = GraphQLInputObjectType("T", {"a": GraphQLInputField(GraphQLString)})
    value = Watched({f"k{n}": n for n in range(50)})
    findings = Findings()
    complain(value, type_, [], findings)
    assert len(findings.errors) == 50
    assert value.walks == 1


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        ("login", {"input": {f"k{n}": n for n in range(5000)}}),
        ("replace_skills", {"items": [{f"k{n}": n for n in range(5000)}]}),
        ("replace_skills", {"items": [7] * 300}),
        ("order_section", {"section": "skills", "ids": [7] * 300}),
    ],
    ids=["unknown keys", "unknown keys of an item", "no objects", "no ids"],
)
def test_of_very_much_that_is_wrong_the_beginning_is_told(
    operation: str, values: dict[str, Any]
) -> None:
    told = refused(operation, **values)
    assert len(told) == FINDINGS + 1
    assert told[-1] == ("", "more_errors")


def test_wrong_values_unknown_missing_and_null_fields_are_told_together() -> None:
    item = {"name": 7, "colour": "red", "years": "ten"}
    assert sorted(refused("replace_skills", items=[item, {}, None])) == [
        ("items[0].colour", "unknown_field"),
        ("items[0].name", "wrong_type"),
        ("items[0].years", "wrong_type"),
        ("items[1].name", "required"),
        ("items[2]", "null"),
    ]
    told = refused("update_profile", input={"open_to_work": None, "headline": 7})
    assert sorted(told) == [("headline", "wrong_type"), ("open_to_work", "null")]


@pytest.mark.parametrize(
    ("operation", "values", "path"),
    [
        ("replace_skills", {"items": [{}] * 301}, "items"),
        ("replace_projects", {"items": [{}] * 101}, "items"),
        ("order_section", {"section": "skills", "ids": [1] * 301}, "ids"),
        ("create_experience", {"input": {"bullets": [1] * 51}}, "bullets"),
        ("update_profile", {"input": {"languages": [1] * 31}}, "languages"),
        ("commit_import", {"input": {"preview": {"skills": [1] * 301}}}, "preview.skills"),
        ("commit_import", {"input": {"preview": {"languages": [1] * 31}}}, "preview.languages"),
        ("commit_import", {"input": {"sections": [1] * 29}}, "sections"),
        ("create_token", {"input": {"scopes": [1] * 17}}, "scopes"),
    ],
)
def test_a_list_that_is_too_long_is_not_looked_into(
    operation: str, values: dict[str, Any], path: str
) -> None:
    assert refused(operation, **values) == [(path, "too_many")]


def test_a_list_may_be_as_long_as_is_declared() -> None:
    decoded = WIRES["replace_skills"].decode({"items": [{"name": "a"}] * 300})
    assert len(decoded["items"]) == 300


async def test_a_parameter_that_is_doubled_or_unknown_is_told_with_a_hundred_others(
    session: httpx.AsyncClient,
) -> None:
    for query in (
        "&".join(f"k{n}=1" for n in range(4000)),
        "&".join(f"k{n}=1&k{n}=2" for n in range(2000)),
    ):
        error = assert_error(await session.get(f"/v1/me/skills?{query}"), 422, "validation_failed")
        assert len(error["fields"]) == FINDINGS + 1


async def test_a_list_that_is_too_long_changes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.post("/v1/me/skills", json={"name": "Python"})
    for body in ({"items": [{"name": "a"}] * 301}, {"items": [1] * 30_000}):
        answer = await session.put("/v1/me/skills", json=body)
        error = assert_error(answer, 422, "validation_failed")
        assert [(f["path"], f["code"]) for f in error["fields"]] == [("items", "too_many")]
    assert [row["name"] for row in await table(services, "SELECT name FROM skills")] == ["Python"]


async def test_a_text_argument_is_no_longer_than_is_declared(session: httpx.AsyncClient) -> None:
    file = {"file": ("cv.json", b'{"basics": {"name": "Ada Lovelace"}}')}
    allowed = await session.post("/v1/me/import/parse", files=file, data={"password": "x" * 200})
    assert allowed.status_code == 200
    answer = await session.post("/v1/me/import/parse", files=file, data={"password": "x" * 201})
    error = assert_error(answer, 422, "validation_failed")
    assert [(f["path"], f["code"]) for f in error["fields"]] == [("password", "too_long")]
    query = "mutation($p: String) { parseImport(document: {}, password: $p) { format } }"
    asked = {"query": query, "variables": {"p": "x" * 201}}
    told = (await session.post("/graphql", json=asked)).json()["errors"][0]["extensions"]
    assert told["fields"][0]["code"] == "too_long"


async def test_a_document_of_very_many_values_is_refused(session: httpx.AsyncClient) -> None:
    answer = await session.post("/v1/me/import/parse", json={"work": [1] * 250_000})
    error = assert_error(answer, 422, "validation_failed")
    assert error["fields"][0]["code"] == "too_many"


@pytest.mark.parametrize(
    "headers",
    [
        {"idempotency-key": "x" * 300},
        {"content-type": "multipart/form-data"},
        {"content-type": "multipart/form-data", "idempotency-key": "once"},
    ],
    ids=["key", "boundary", "boundary and key"],
)
async def test_a_stranger_is_told_of_credentials_before_headers(
    headers: dict[str, str], client: httpx.AsyncClient, session: httpx.AsyncClient
) -> None:
    body = b"--b--"
    known = await session.post("/v1/me/import/parse", content=body, headers=headers)
    assert known.status_code in (415, 422)
    del client.headers["authorization"]  # the same client
    answer = await client.post("/v1/me/import/parse", content=body, headers=headers)
    assert_error(answer, 401, "unauthenticated")
