from __future__ import annotations

import base64
import json
from uuid import UUID

import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from app.cv.schema import json_schema
from app.db import uuid7
from app.services import Services
from rest_compat.mcp.completions import complete
from rest_compat.mcp.resources import JOB, JOB_FILE, JOB_PDF, PROFILE, SCHEMA, TEMPLATES, Resources
from schema.types.access import Scope
from tests.mcp.calling import ALL, CONNECTED, RESUMES, Model
from tests.owners import EXAMPLE
from tests.resolvers.test_resume_jobs import PDF, succeed

RESOURCES = Resources()


@pytest.fixture
async def model(services: Services) -> Model:
    return await Model.of(services, *ALL)


async def new_job(model: Model, request_id: str = "job-1") -> str:
    made = await model.do("resume.create_job", request_id=request_id, cv_data=EXAMPLE)
    job_id: str = made["job_id"]
    return job_id


async def done_job(model: Model, request_id: str = "job-1") -> str:
    job_id = await new_job(model, request_id)
    await succeed(model.services, UUID(job_id))
    return job_id


async def read(model: Model, uri: str, version: str = "2025-11-25") -> types.ReadResourceResult:
    return await RESOURCES.read(await model.caller(), uri, version)


async def text(model: Model, uri: str) -> types.TextResourceContents:
    (contents,) = (await read(model, uri)).contents
    assert isinstance(contents, types.TextResourceContents)
    assert contents.uri == uri
    return contents


async def uris(model: Model) -> list[str]:
    listed = await RESOURCES.list(await model.caller())
    return [resource.uri for resource in listed.resources]


# Lists


@pytest.mark.parametrize(
    ("scopes", "fixed"),
    [
        ((CONNECTED,), [SCHEMA]),
        (RESUMES, [SCHEMA, TEMPLATES]),
        ((CONNECTED, Scope.TOOLS_INVOKE), [SCHEMA, PROFILE]),
        (ALL, [SCHEMA, TEMPLATES, PROFILE]),
    ],
    ids=["connect", "resumes", "profile", "all"],
)
async def test_the_list_shows_what_the_token_may_read(
    services: Services, scopes: tuple[Scope, ...], fixed: list[str]
) -> None:
    model = await Model.of(services, *scopes)
    assert await uris(model) == fixed
    for uri in fixed:
        assert (await text(model, uri)).text


async def test_jobs_are_listed_newest_first_and_pdfs_where_there_are_any(model: Model) -> None:
    done, new = await done_job(model, "done"), await new_job(model, "new")
    listed = (await RESOURCES.list(await model.caller())).resources[3:]
    assert [resource.uri for resource in listed] == [
        f"resume://jobs/{new}",
        f"resume://jobs/{done}",
        f"resume://jobs/{done}/pdf",
    ]
    assert (listed[2].mime_type, listed[2].size) == ("application/pdf", len(PDF))
    assert listed[2].annotations is not None
    assert listed[2].annotations.last_modified


async def test_more_jobs_are_on_further_pages_without_the_fixed_ones(model: Model) -> None:
    jobs = [await new_job(model, f"job-{number}") for number in range(52)]
    first = await RESOURCES.list(await model.caller())
    assert first.next_cursor is not None
    second = await RESOURCES.list(await model.caller(), first.next_cursor)
    assert second.next_cursor is None
    assert [r.uri for r in second.resources] == [f"resume://jobs/{i}" for i in (jobs[1], jobs[0])]


async def test_a_cursor_that_is_none_is_an_error(model: Model) -> None:
    with pytest.raises(MCPError) as caught:
        await RESOURCES.list(await model.caller(), "elsewhere")
    assert caught.value.code == types.INVALID_PARAMS


async def test_a_token_for_connecting_alone_sees_the_template_of_jobs_alone(
    services: Services, model: Model
) -> None:
    connected = await Model.of(services, CONNECTED, username="tom")
    assert [t.uri_template for t in RESOURCES.templates(await connected.caller())] == [JOB]
    assert [t.uri_template for t in RESOURCES.templates(await model.caller())] == [
        JOB,
        JOB_PDF,
        JOB_FILE,
    ]


# Reading


async def test_the_schema_of_cv_data_is_the_one_of_the_api(model: Model) -> None:
    contents = await text(model, SCHEMA)
    assert json.loads(contents.text) == json_schema()
    assert contents.mime_type == "application/schema+json"


async def test_a_resource_holds_what_its_tool_answers(model: Model) -> None:
    job_id = await new_job(model)
    for uri, answer in (
        (PROFILE, await model.do("profile.get")),
        (TEMPLATES, await model.do("resume.list_templates")),
        (f"resume://jobs/{job_id}", await model.do("resume.get_job", job_id=job_id)),
    ):
        contents = await text(model, uri)
        assert json.loads(contents.text) == answer
        assert contents.mime_type == "application/json"


async def test_a_pdf_is_read_as_its_bytes(model: Model) -> None:
    uri = f"resume://jobs/{await done_job(model)}/pdf"
    (contents,) = (await read(model, uri)).contents
    assert isinstance(contents, types.BlobResourceContents)
    assert base64.b64decode(contents.blob) == PDF
    assert (contents.uri, contents.mime_type) == (uri, "application/pdf")


@pytest.mark.parametrize(("version", "code"), [("2025-11-25", -32002), ("2026-07-28", -32602)])
@pytest.mark.parametrize(
    "uri",
    [
        "resume://jobs/01a200c1-0660-72cb-b725-729e3666a2d1",
        "resume://jobs/01a200c1-0660-72cb-b725-729e3666a2d1/pdf",
        "resume://jobs/01a200c1-0660-72cb-b725-729e3666a2d-",
        "resume://jobs/",
        "profile://you",
        "file:///etc/passwd",
        "",
    ],
)
async def test_what_is_not_there_is_told_with_the_code_of_the_version(
    model: Model, uri: str, version: str, code: int
) -> None:
    with pytest.raises(MCPError) as caught:
        await read(model, uri, version)
    assert (caught.value.code, caught.value.data) == (code, {"uri": uri})


async def test_the_job_of_another_account_is_not_there(services: Services, model: Model) -> None:
    job_id = await done_job(await Model.of(services, *ALL, username="tom"))
    for uri in (f"resume://jobs/{job_id}", f"resume://jobs/{job_id}/pdf"):
        with pytest.raises(MCPError) as caught:
            await read(model, uri)
        assert caught.value.message == "There is no such resource."


async def test_a_pdf_that_is_not_there_yet_is_said_to_be_so(model: Model) -> None:
    uri = f"resume://jobs/{await new_job(model)}/pdf"
    with pytest.raises(MCPError, match="queued"):
        await read(model, uri)


async def test_a_resource_that_needs_a_scope_names_it(services: Services) -> None:
    model = await Model.of(services, *RESUMES)
    with pytest.raises(MCPError) as caught:
        await read(model, PROFILE)
    assert caught.value.data["code"] == "insufficient_scope"
    assert "tools:invoke" in json.dumps(caught.value.data)


# Completion


async def completed(
    model: Model,
    ref: types.ResourceTemplateReference | types.PromptReference,
    name: str,
    value: str = "",
) -> list[str]:
    argument = types.CompletionArgument(name=name, value=value)
    return (await complete(await model.caller(), ref, argument)).values


async def test_ids_of_jobs_are_completed_by_their_beginning_newest_first(model: Model) -> None:
    done, new = await done_job(model, "done"), await new_job(model, "new")
    jobs, pdfs = (types.ResourceTemplateReference(uri=uri) for uri in (JOB, JOB_PDF))
    assert await completed(model, jobs, "id") == [new, done]
    assert await completed(model, pdfs, "id") == [done]
    assert await completed(model, jobs, "id", new.upper()[:-1]) == [new]
    assert await completed(model, jobs, "id", str(uuid7())) == []


async def test_who_may_not_list_jobs_completes_none(services: Services) -> None:
    model = await Model.of(services, CONNECTED)
    await new_job(model)
    assert await completed(model, types.ResourceTemplateReference(uri=JOB), "id") == []


async def test_arguments_of_prompts_are_completed(model: Model) -> None:
    notes, review = (types.PromptReference(name=n) for n in ("notes_to_cv", "review_cv"))
    assert await completed(model, notes, "template", "H") == ["harvard"]
    assert await completed(model, notes, "language", "ger") == ["German"]
    assert await completed(model, notes, "notes", "x") == []
    job_id = await done_job(model)
    assert await completed(model, review, "job_id", job_id[:4]) == [job_id]


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        (types.PromptReference(name="nope"), "template"),
        (types.PromptReference(name="review_cv"), "template"),
        (types.ResourceTemplateReference(uri="resume://nope/{id}"), "id"),
        (types.ResourceTemplateReference(uri=JOB), "uri"),
    ],
    ids=["prompt", "argument", "template", "variable"],
)
async def test_completing_what_is_not_there_is_an_error(
    model: Model, ref: types.ResourceTemplateReference | types.PromptReference, name: str
) -> None:
    with pytest.raises(MCPError) as caught:
        await completed(model, ref, name)
    assert caught.value.code == types.INVALID_PARAMS
