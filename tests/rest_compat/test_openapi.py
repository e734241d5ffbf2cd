"""The OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.settings import Settings
from rest_compat.examples import EXAMPLES
from rest_compat.openapi import first_sentence, openapi


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi(Settings())


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from item.values()


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_reference_leads_somewhere_and_every_component_is_referred_to(
    document: dict[str, Any],
) -> None:
    components = document["components"]
    there = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses", "headers", "parameters")
        for name in components[kind]
    }
    assert set(references(document)) == there


def test_what_is_made_links_to_what_can_be_done_with_it(document: dict[str, Any]) -> None:
    made = document["paths"]["/v1/auth/tokens"]["post"]["responses"]["201"]["links"]
    assert set(made) == {"revoke_token", "rotate_token"}
    assert made["rotate_token"]["parameters"] == {"token_id": "$response.body#/personal_token/id"}


def test_a_link_names_an_operation_and_parameters_that_it_has(document: dict[str, Any]) -> None:
    by_id = {operation["operationId"]: operation for operation in operations(document)}
    links = [
        link
        for operation in by_id.values()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert links
    for link in links:
        has = {p["name"] for p in by_id[link["operationId"]]["parameters"] if "name" in p}
        assert set(link["parameters"]) <= has


async def test_a_public_operation_promises_the_401_and_409_that_it_gives_and_no_other(
    client: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    public = {
        path: item["post"]
        for path, item in document["paths"].items()
        if "post" in item
        and item["post"]["security"] == []
        # whose credential is a signature, and what an owner may refuse; tests/stripe and
        # tests/answering and tests/public hold them to their promises
        and item["post"]["operationId"] not in ("stripe_webhook", "ask", "public_ask")
    }
    given = set()
    for path in [*reversed(public), *public]:  # before there is an account, and after
        name = public[path]["operationId"]
        answer = await client.post(path, json=EXAMPLES[name])
        given.add((name, str(answer.status_code)))
    promised = {(o["operationId"], status) for o in public.values() for status in o["responses"]}
    assert given <= promised
    refusals = {(name, status) for name, status in promised if status in ("401", "409")}
    assert refusals == {
        ("complete_login", "401"),
        ("login", "401"),
        ("refresh", "401"),
        ("register", "409"),
    }
    assert refusals <= given


def test_a_conflict_is_promised_where_a_key_or_the_state_may_conflict(
    document: dict[str, Any],
) -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    with_key = {o["operationId"] for o in operations(document) if key in o.get("parameters", [])}
    told = {o["operationId"] for o in operations(document) if "409" in o["responses"]}
    rows = ("skill", "experience", "education", "project", "certification")
    whole = ("skills", "all_experience", "all_education", "projects", "certifications")
    assert told - with_key == {
        *("register", "delete_resume_job", "resume_job_pdf", "update_profile", "call_mcp_tool"),
        *("resume_job_file", "resume_job_thumbnail"),
        *("billing_invoices", "stripe_webhook", "ask", "public_ask", "studio_chat"),
        *("delete_account", "discard_import"),
        *(f"delete_{row}" for row in rows),
        *(f"replace_{section}" for section in whole),
    }


@pytest.mark.parametrize("key", ["k", "two words", "x" * 255, "x" * 256, ""])
async def test_an_idempotency_key_is_taken_when_it_fits_what_is_promised(
    session: httpx.AsyncClient, document: dict[str, Any], key: str
) -> None:
    schema = document["components"]["parameters"]["IdempotencyKey"]["schema"]
    fits = bool(re.search(schema["pattern"], key)) and len(key) <= schema["maxLength"]
    answer = await session.post(
        "/v1/auth/api-keys", json={"name": "Laptop"}, headers={"idempotency-key": key}
    )
    assert answer.status_code == (201 if fits else 422)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Make a key. Keep it.", "Make a key"),
        ("Make a key.", "Make a key"),
        ("Give `a.b` of it, e.g. this one. More.", "Give `a.b` of it, e.g. this one"),
        ("Make it. `request_id` repeats it.", "Make it"),
        ("Say.\n\nMore.", "Say"),
    ],
)
def test_a_summary_is_the_first_sentence(text: str, first: str) -> None:
    assert first_sentence(text) == first
