"""Every code that can be answered is explained where `docs_url` leads."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import httpx
import mcp_types
import pytest

import app
import resolvers
import rest_compat
import schema
from app.errors import DomainError
from app.settings import PROJECT
from app.web.languages import LANGUAGES
from rest_compat.developers.error_index import (
    EXPLANATIONS,
    JSON_RPC,
    OAUTH,
    error_classes,
    error_entries,
)
from rest_compat.errors import STATUS
from tests.developers.page import Page

PACKAGES = (app, resolvers, rest_compat, schema)


def modules(package: ModuleType) -> list[str]:
    found = pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    return [one.name for one in found if ".migrations" not in one.name]


def sources() -> list[Path]:
    return [
        path for package in ("app", "rest_compat") for path in (PROJECT / package).rglob("*.py")
    ]


def called(path: Path, name: str) -> list[ast.expr]:
    """The first arguments that calls of a name in a file have."""
    return [
        node.args[0]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == name
        and node.args
    ]


def test_every_failure_that_code_can_raise_is_explained() -> None:
    for package in PACKAGES:
        for name in modules(package):
            if name not in ("app.cli.__main__", "app.__main__"):
                importlib.import_module(name)
    codes = {error.code for error in error_classes()}
    assert codes <= EXPLANATIONS.keys(), "explain it in rest_compat/developers/error_index.py"
    assert EXPLANATIONS.keys() <= codes, "no failure has this code any more"


def test_every_code_of_oauth_that_is_raised_is_explained() -> None:
    raised = {
        argument.value
        for path in sources()
        for argument in called(path, "OAuthError")
        if isinstance(argument, ast.Constant)
    }
    assert raised
    assert raised <= OAUTH.keys()


def test_every_number_of_json_rpc_that_the_server_uses_is_explained() -> None:
    known = {name: value for name, value in vars(mcp_types).items() if isinstance(value, int)}
    used = {
        known[node.id]
        for path in (PROJECT / "rest_compat/mcp").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name) and node.id in known
    }
    assert len(used) > 2
    assert used <= JSON_RPC.keys()


def test_an_entry_has_the_status_that_the_failure_has() -> None:
    statuses = {entry.code: entry.status for entry in error_entries()}
    for error in error_classes():
        assert statuses[error.code] == STATUS[error.kind]


def test_what_is_retryable_for_some_causes_only_says_so() -> None:
    told = {entry.code: entry.retryable for entry in error_entries()}
    assert told["rate_limited"] == "yes"
    assert told["quota_exceeded"] == "no"
    assert told["conflict"] == "sometimes"  # a request that is being answered is, a taken name not
    causes: dict[str, set[bool]] = {}
    for error in error_classes():
        causes.setdefault(error.code, set()).add(error.retryable)
    assert {code for code, one in causes.items() if len(one) > 1} == {
        code for code, one in told.items() if one == "sometimes"
    }


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_code_has_its_place_on_the_page(
    client: httpx.AsyncClient, language: str
) -> None:
    answer = await client.get(f"/{language}/developers/errors")
    ids = Page(answer.text).ids
    codes = [error.code for error in DomainError.__subclasses__()]
    assert {*codes, *OAUTH, *map(str, JSON_RPC)} <= set(ids)


async def test_a_failure_over_rest_leads_to_its_explanation(client: httpx.AsyncClient) -> None:
    failure = (await client.get("/v1/me/profile")).json()["error"]
    page, _, anchor = failure["docs_url"].partition("#")
    assert anchor == failure["code"]
    assert anchor in Page((await client.get(page)).text).ids


async def test_a_failure_over_graphql_leads_to_its_explanation(client: httpx.AsyncClient) -> None:
    for query, code in (
        ("{ profile { fullName } }", "unauthenticated"),
        ("{ nothing }", "validation_failed"),
        ("query ($id: UUID!) { skill(skillId: $id) { id } }", "validation_failed"),
    ):
        answer = await client.post("/graphql", json={"query": query})
        told = answer.json()["errors"][0]["extensions"]
        assert (told["code"], told["docs_url"]) == (code, f"/developers/errors#{code}")


async def test_a_failure_of_oauth_leads_to_its_explanation(client: httpx.AsyncClient) -> None:
    form = {"grant_type": "password", "client_id": "https://app.example.com/client.json"}
    failure = (await client.post("/oauth/token", data=form)).json()
    assert failure["error"] in OAUTH
    assert failure["error_uri"] == f"/developers/errors#{failure['error']}"


async def test_a_tool_that_fails_leads_to_its_explanation(token: httpx.AsyncClient) -> None:
    answer = await token.post("/v1/mcp/tools/call", json={"name": "resume.list_jobs"})
    failure = answer.json()["error"]
    assert failure["code"] == "insufficient_scope"
    assert failure["docs_url"] == "/developers/errors#insufficient_scope"
