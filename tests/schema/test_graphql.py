"""The schema as printed, its limits, and errors with the codes that REST has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import parse

from schema.graphql import schema
from schema.limits import MAX_ALIASES, MAX_CHARACTERS, MAX_COST, measure
from tests.owners import EXAMPLE

JSON = {"accept": "application/json"}


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    answer = await client.post("/graphql", json=body)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


def test_the_printed_schema_is_the_committed_one() -> None:
    committed = Path(__file__).parents[2] / "schema/schema.graphql"
    assert schema.as_str() == committed.read_text().rstrip("\n"), (
        "run: python -m schema.graphql > schema/schema.graphql"
    )


async def test_a_job_is_created_and_read_as_over_rest(token: httpx.AsyncClient) -> None:
    made = await ask(
        token,
        """mutation($input: CreateResumeJobInput!) {
             createResumeJob(input: $input) { jobId job { status requestId } warnings { path } }
           }""",
        input={"requestId": "g-1", "cvData": EXAMPLE},
    )
    created = made["data"]["createResumeJob"]
    assert created["job"] == {"status": "QUEUED", "requestId": "g-1"}
    rest = (await token.get(f"/v1/resume/jobs/{created['jobId']}")).json()["job"]
    read = await ask(
        token,
        "query($id: UUID!) { resumeJob(jobId: $id) { job { id createdAt links { self } } } }",
        id=created["jobId"],
    )
    assert read["data"]["resumeJob"]["job"] == {
        "id": rest["id"],
        "createdAt": rest["created_at"],
        "links": {"self": rest["links"]["self"]},
    }


async def test_errors_have_the_code_and_fields_of_rest(token: httpx.AsyncClient) -> None:
    answer = await ask(
        token,
        'mutation($d: CVData!) { createResumeJob(input: {requestId: "x", cvData: $d}) { jobId } }',
        d={**EXAMPLE, "template": "baroque"},
    )
    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == "validation_failed"
    assert [field["path"] for field in extensions["fields"]] == ["cv_data.template"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ tokens { items { id } } }", "unauthenticated"),
        ("{ authCheckMcp { allowed } }", "insufficient_scope"),
        (
            '{ resumeJob(jobId: "01a200a0-ae69-70fe-a318-eeba3c8d3508") { job { id } } }',
            "not_found",
        ),
        ('{ resumeJob(jobId: "7") { job { id } } }', "validation_failed"),
        ("{ resumeJobs(limit: 101) { items { id } } }", "validation_failed"),
        ("{ nothingLikeIt }", "validation_failed"),
        ("{ scopes ", "validation_failed"),
    ],
)
async def test_a_failure_has_its_code(query: str, code: str, token: httpx.AsyncClient) -> None:
    answer = await ask(token, query)
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


async def test_no_name_is_suggested_for_a_wrong_one(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ authMee { authenticated } }")
    assert "Did you mean" not in answer["errors"][0]["message"]


async def test_sibling_operations_run_at_once_without_disturbing_each_other(
    token: httpx.AsyncClient,
) -> None:
    aliases = " ".join(f"a{n}: resumeJobs(limit: 1) {{ nextCursor }}" for n in range(12))
    answer = await ask(token, f"{{ {aliases} }}")
    assert "errors" not in answer
    assert len(answer["data"]) == 12


async def test_an_alias_flood_is_refused(token: httpx.AsyncClient) -> None:
    aliases = " ".join(f"a{n}: authMe {{ authenticated }}" for n in range(MAX_ALIASES + 1))
    answer = await ask(token, f"{{ {aliases} }}")
    assert "aliases" in answer["errors"][0]["message"]


async def test_a_long_document_is_refused(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ authMe { authenticated } } #" + "x" * MAX_CHARACTERS)
    assert "characters" in answer["errors"][0]["message"]
    answer = await ask(client, "{ " + "a " * 5000 + "}")
    assert "tokens" in answer["errors"][0]["message"]
    answer = await ask(client, "{ " + "authMe { authenticated } " * 300 + "}")
    assert "fields" in answer["errors"][0]["message"]


async def test_a_deep_document_is_refused(client: httpx.AsyncClient) -> None:
    for levels in (13, 200, 1400):
        answer = await ask(client, "{a" * levels + "}" * levels)
        assert answer["errors"][0]["extensions"]["code"] == "validation_failed", levels


async def test_a_number_of_any_length_is_refused(token: httpx.AsyncClient) -> None:
    for number in ("9" * 5000, "-1000000", "0"):
        answer = await ask(token, f"{{ resumeJobs(limit: {number}) {{ items {{ id }} }} }}")
        assert answer["errors"][0]["extensions"]["code"] == "validation_failed"
        assert answer["extensions"]["cost"] > 0


async def test_a_dear_document_is_refused_and_says_its_cost(token: httpx.AsyncClient) -> None:
    fields = "id requestId mode status template createdAt updatedAt links { self pdf }"
    pages = " ".join(f"p{n}: resumeJobs(limit: 100) {{ items {{ {fields} }} }}" for n in range(6))
    answer = await ask(token, f"{{ {pages} }}")
    assert "Costs" in answer["errors"][0]["message"]
    assert answer["extensions"]["cost"] > MAX_COST


async def test_every_answer_says_its_cost(token: httpx.AsyncClient) -> None:
    answer = await ask(token, "{ resumeJobs(limit: 5) { items { id } nextCursor } }")
    assert answer["extensions"] == {"cost": 10 + 5 * 2 + 5}


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ authMe { authenticated } }", 11),
        ("{ a: authMe { authenticated } b: authMe { authenticated } }", 22),
        ("{ ...F } fragment F on Query { authMe { authenticated } }", 11),
        ("{ ... on Query { authMe { authenticated } } }", 11),
        ("query($n: Int!) { resumeJobs(limit: $n) { items { id } } }", 10 + 100 * 2),
        ("{ resumeJobs { items { id } } }", 10 + 50 * 2),
        ("query A { authMe { authenticated } } query B { resumeJobs { items { id } } }", 110),
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", 0),
        ("{ resumeJobs(limit: -9) { items { id } } }", 10 + 2),
        ("{ n: resumeJobs(limit: -9) @skip(if: true) { items { id } } }", 10 + 2),
        ("{ resumeJobs(limit: 99999) { items { id } } }", 10 + 100 * 2),
        ("{ history { ... { items { id } } } }", 10 + 50 * 2),
        ("{ history { ...F } } fragment F on RevisionPage { items { id } }", 10 + 50 * 2),
        ("{ owner { skills { name } bio: profile { bio } } }", 10 + (1 + 15) + (1 + 1)),
        ("{ owner { ...F } } fragment F on Owner { skills { name } }", 10 + 1 + 15),
        (
            "query($i: UUID!) { importPreview(parseId: $i) { skills { evidence { rule } } } }",
            10 + 1 + 15 * (1 + 3),
        ),
    ],
)
def test_what_a_document_costs(document: str, cost: int) -> None:
    assert measure(parse(document), schema._schema).cost == cost


def test_nested_fragments_do_not_make_measuring_long() -> None:
    levels = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(100)]
    bottom = "fragment F100 on Query { a: authMe { authenticated } }"
    found = measure(parse(" ".join(["{ ...F0 }", *levels, bottom])), schema._schema)
    assert (found.depth, found.aliases, found.fields) == (2, 10**9, 2)


async def test_nested_fragments_are_refused(client: httpx.AsyncClient) -> None:
    levels = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(100)]
    bottom = "fragment F100 on Query { authMe { authenticated } }"
    answer = await ask(client, " ".join(["{ ...F0 }", *levels, bottom]))
    assert "Costs" in answer["errors"][0]["message"]


async def test_an_operation_that_fails_takes_no_other_answer_with_it(
    token: httpx.AsyncClient,
) -> None:
    answer = await ask(token, "{ authMe { authenticated } tokens { items { id } } }")
    assert answer["data"] == {"authMe": {"authenticated": True}, "tokens": None}
    assert [error["path"] for error in answer["errors"]] == [["tokens"]]
