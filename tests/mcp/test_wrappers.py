"""The tools over plain REST."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from app.cv.normalise import TEMPLATES
from app.services import Services
from app.settings import Settings
from rest_compat.mcp.operations import tool_operations
from rest_compat.openapi import openapi
from tests.conftest import serving
from tests.mcp.calling import ALL, CONNECTED, RESUMES, Model
from tests.owners import EXAMPLE

LIST, CALL = "/v1/mcp/tools", "/v1/mcp/tools/call"
JOB = {"request_id": "job-1", "cv_data": EXAMPLE}


@pytest.fixture
async def model(services: Services) -> Model:
    return await Model.of(services, *ALL)


@pytest.fixture
async def http(base_url: str, model: Model) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {model.token}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as client:
        yield client


async def call(http: httpx.AsyncClient, tool: str, /, **arguments: Any) -> httpx.Response:
    return await http.post(CALL, json={"name": tool, "arguments": arguments})


def hold_to_document(answer: httpx.Response, path: str, method: str) -> None:
    document = openapi(Settings())
    schema = document["paths"][path][method]["responses"]["200"]["content"]["application/json"]
    Draft202012Validator(schema["schema"]).validate(answer.json())


async def test_the_list_is_that_of_mcp_in_an_envelope(
    http: httpx.AsyncClient, model: Model
) -> None:
    answer = await http.get(LIST)
    body = answer.json()
    assert (answer.status_code, body["ok"], body["warnings"]) == (200, True, [])
    assert body["request_id"] == answer.headers["x-request-id"]
    listed = model.tools.listed(await model.caller())
    assert body["tools"] == [
        tool.model_dump(by_alias=True, mode="json", exclude_none=True) for tool in listed
    ]
    hold_to_document(answer, LIST, "get")


async def test_names_come_without_dots_for_who_asks(http: httpx.AsyncClient) -> None:
    body = (await http.get(LIST, params={"tool_names": "underscore"})).json()
    assert [tool["name"] for tool in body["tools"]] == [
        name.replace(".", "_") for name in tool_operations()
    ]
    for query in ({"tool_names": "camel"}, {"page": "2"}):
        assert (await http.get(LIST, params=query)).status_code == 422


async def test_a_call_answers_what_the_tool_answers(http: httpx.AsyncClient) -> None:
    answer = await call(http, "resume.create_job", **JOB)
    body = answer.json()
    assert (answer.status_code, body["ok"]) == (200, True)
    assert body["result"]["isError"] is False
    job_id = body["result"]["structuredContent"]["job_id"]
    got = (await call(http, "resume_get_job", job_id=job_id)).json()
    assert got["result"]["structuredContent"]["job"]["request_id"] == "job-1"
    hold_to_document(answer, CALL, "post")


async def test_a_call_needs_no_arguments(http: httpx.AsyncClient) -> None:
    answer = await http.post(CALL, json={"name": "resume.list_templates"})
    templates = answer.json()["result"]["structuredContent"]["templates"]
    assert [template["name"] for template in templates] == list(TEMPLATES)


@pytest.mark.parametrize(
    ("tool", "arguments", "status", "code"),
    [
        ("resume.burn", {}, 404, "not_found"),
        ("resume.get_job", {"job_id": "01a200c1-0660-72cb-b725-729e3666a2d1"}, 404, "not_found"),
        ("resume.get_job", {"job_id": "one"}, 422, "validation_failed"),
        ("profile.add_skill", {}, 422, "validation_failed"),
        ("resume.get_job", {"job_id": "one", "wait": 26}, 422, "validation_failed"),
    ],
    ids=["tool", "job", "id", "missing", "wait"],
)
async def test_a_tool_that_fails_answers_its_status_and_the_one_error_body(
    http: httpx.AsyncClient, tool: str, arguments: dict[str, Any], status: int, code: str
) -> None:
    answer = await call(http, tool, **arguments)
    assert answer.status_code == status
    assert answer.json()["ok"] is False
    assert answer.json()["error"]["code"] == code


async def test_a_tool_whose_scope_the_token_lacks_is_403_naming_it(
    base_url: str, services: Services
) -> None:
    model = await Model.of(services, *RESUMES)
    headers = {"authorization": f"Bearer {model.token}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
        answer = await call(http, "profile.add_skill", name="SQL")
    assert answer.status_code == 403
    assert 'scope="tools:invoke"' in answer.headers["www-authenticate"]
    assert (await model.person.run("owner")).skills == []


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ([], [""]),
        ({}, ["name"]),
        ({"name": 1, "arguments": []}, ["name", "arguments"]),
        ({"name": "resume.list_jobs", "args": {}}, ["args"]),
        ({"name": "resume.list_jobs", "arguments": None}, ["arguments"]),
    ],
    ids=["list", "empty", "types", "unknown", "null"],
)
async def test_a_body_that_names_no_call_is_refused(
    http: httpx.AsyncClient, body: Any, paths: list[str]
) -> None:
    answer = await http.post(CALL, json=body)
    assert answer.status_code == 422
    assert [field["path"] for field in answer.json()["error"]["fields"]] == paths


async def test_who_may_not_connect_is_refused_whatever_is_sent(
    base_url: str, services: Services
) -> None:
    model = await Model.of(services, RESUMES[1])
    async with httpx.AsyncClient(base_url=base_url) as http:
        for headers, status in (
            ({}, 401),
            ({"authorization": "Bearer vt_nope"}, 401),
            ({"authorization": f"Bearer {model.token}"}, 403),
        ):
            for answer in (
                await http.get(LIST, headers=headers),
                await http.post(CALL, content=b"{", headers=headers),
            ):
                assert answer.status_code == status
                assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_a_token_for_connecting_alone_sees_the_documented_two(
    base_url: str, services: Services
) -> None:
    model = await Model.of(services, CONNECTED)
    headers = {"authorization": f"Bearer {model.token}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
        tools = (await http.get(LIST)).json()["tools"]
    assert {tool["name"] for tool in tools} == {"resume.create_job", "resume.get_job"}


async def test_other_methods_and_media_types_are_refused(http: httpx.AsyncClient) -> None:
    assert (await http.post(LIST)).status_code == 405
    assert (await http.get(CALL)).status_code == 405
    assert (await http.post(CALL, content=b"x")).status_code == 415
    assert (await http.post(CALL, content=b"x", headers=AS_JSON)).status_code == 400


AS_JSON = {"content-type": "application/json"}


async def test_a_body_beyond_4_mib_is_refused(http: httpx.AsyncClient) -> None:
    body = b" " * (4 * 1024 * 1024 + 1)
    assert (await http.post(CALL, content=body, headers=AS_JSON)).status_code == 413


async def test_only_so_many_calls_wait_at_once(
    settings: Settings, services: Services, model: Model
) -> None:
    made = await model.do("resume.create_job", request_id="job-1", cv_data=EXAMPLE)
    headers = {"authorization": f"Bearer {model.token}"}
    async with (
        serving(dataclasses.replace(settings, mcp_calls_per_account=1)) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http,
    ):
        answers = await asyncio.gather(
            *(call(http, "resume.get_job", job_id=made["job_id"], wait=2) for _ in range(3))
        )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 429, 429]
    assert all("retry-after" in answer.headers for answer in answers if answer.is_error)
