from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import mcp_types as types
import pytest
from jsonschema import Draft202012Validator
from mcp.shared.exceptions import MCPError

from app.artifacts import resume_key
from app.db import raw_statement, uuid7
from app.errors import InsufficientScope, Unauthenticated
from app.logs import configure_logging
from app.services import Services
from app.settings import Settings
from rest_compat.mcp.answers import MOST_EMBEDDED_BYTES, for_version
from rest_compat.mcp.arguments import FlatArguments
from rest_compat.mcp.operations import tool_operations
from rest_compat.mcp.resources import Resources
from rest_compat.mcp.tools import Tools
from schema.types.access import Scope
from tests.audience.visiting import insert_conversation
from tests.interactive_worker import answering
from tests.mcp.calling import ALL, CONNECTED, RESUMES, Model
from tests.owners import EXAMPLE
from tests.people import table
from tests.resolvers.test_resume_jobs import PDF, claim, fail, succeed
from tests.search.score import index_all
from tests.subscribers import make_pro
from tests.waiting import until
from tests.workers import samples
from tests.workers.samples import example
from workers.certify import certify
from workers.embedding.embedder import Embedder
from workers.pictures import PicturePool
from workers.render import render_pdf
from workers.renderer import RenderPool

TOOLS = Tools()
NAMES = list(tool_operations())
DOCUMENTED = ["resume.create_job", "resume.get_job"]
LARGE = raw_statement("UPDATE resume_jobs SET size_bytes = $2 WHERE id = $1", "job_id", "size")
MOST_LISTED_BYTES = 150_000


@pytest.fixture
async def model(services: Services) -> Model:
    return await Model.of(services, *ALL)


def described(name: str) -> types.Tool:
    return TOOLS._described[name]


def validate(answer: dict[str, Any], name: str) -> None:
    schema = described(name).output_schema
    assert schema is not None
    Draft202012Validator(schema).validate(answer["structuredContent"])


async def new_job(model: Model, request_id: str = "job-1") -> UUID:
    made = await model.do("resume.create_job", request_id=request_id, cv_data=EXAMPLE)
    return UUID(made["job_id"])


class Steps:
    """What progress was told."""

    def __init__(self) -> None:
        self.told: list[tuple[float, float | None, str | None]] = []

    async def __call__(self, done: float, total: float | None, message: str | None) -> None:
        self.told.append((done, total, message))


# The list


@pytest.mark.parametrize(
    ("scopes", "beginnings"),
    [((CONNECTED,), ()), (RESUMES, ("resume.",)), (ALL, ("",))],
    ids=["connect", "resumes", "all"],
)
async def test_the_list_shows_what_the_scopes_allow_and_the_documented_two_always(
    services: Services, scopes: tuple[Scope, ...], beginnings: tuple[str, ...]
) -> None:
    model = await Model.of(services, *scopes)
    listed = [tool.name for tool in model.tools.listed(await model.caller())]
    assert listed == [n for n in NAMES if n in DOCUMENTED or n.startswith(beginnings or "-")]


async def test_what_is_listed_can_be_called_and_what_is_not_is_refused_for_its_scope(
    services: Services,
) -> None:
    model = await Model.of(services, *RESUMES)
    listed = {tool.name for tool in model.tools.listed(await model.caller())}
    for name in NAMES:
        answer = await model.call(name)
        code = answer["structuredContent"].get("error", {}).get("code")
        assert (code == "insufficient_scope") == (name not in listed), name


async def test_names_are_listed_without_dots_for_who_asks_and_never_both(model: Model) -> None:
    listed = model.tools.listed(await model.caller(underscores=True))
    assert [tool.name for tool in listed] == [name.replace(".", "_") for name in NAMES]


async def test_a_call_may_spell_a_name_either_way(model: Model) -> None:
    assert await model.do("resume_list_jobs") == await model.do("resume.list_jobs")


def test_the_list_is_short_enough_for_a_model_to_read() -> None:
    shown = [
        tool.model_dump(by_alias=True, exclude_none=True) for tool in TOOLS._described.values()
    ]
    assert len(json.dumps(shown, separators=(",", ":"))) < MOST_LISTED_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_a_tool_says_what_it_is_in_words_and_schemas(name: str) -> None:
    tool = described(name)
    assert tool.title
    assert tool.description
    assert tool.output_schema is not None
    for schema in (tool.input_schema, tool.output_schema):
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
        assert "$schema" not in schema  # clients with other validators stumble over it
        for reference in references(schema):
            assert reference.removeprefix("#/$defs/") in schema["$defs"]
    assert tool.input_schema["additionalProperties"] is False
    for argument in tool.input_schema["properties"].values():
        assert argument.get("description"), argument


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for inner in value.values() for found in references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in references(inner)]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_hints_say_whether_a_tool_writes(name: str) -> None:
    hints = described(name).annotations
    assert hints is not None
    assert hints.open_world_hint is False
    assert hints.read_only_hint is not tool_operations()[name].operation.writes
    if hints.read_only_hint:
        assert not hints.destructive_hint


def test_only_what_may_take_something_away_is_called_destructive() -> None:
    destructive = {n for n in NAMES if getattr(described(n).annotations, "destructive_hint", None)}
    sections = ("skill", "experience", "education", "project", "certification")
    assert destructive == {
        *("resume.cancel_job", "profile.update", "profile.import_commit"),
        *(f"profile.{verb}_{one}" for verb in ("update", "remove") for one in sections),
    }


def test_two_arguments_of_one_name_are_a_mistake_at_start() -> None:
    tool = tool_operations()["profile.update_skill"]
    arguments = {**tool.wire.arguments, "name": tool.wire.arguments["skill_id"]}
    clashing = dataclasses.replace(tool, wire=dataclasses.replace(tool.wire, arguments=arguments))
    with pytest.raises(TypeError, match="same name"):
        FlatArguments(clashing)


# Calls


async def test_what_each_tool_takes_and_answers_is_as_its_schemas_say(model: Model) -> None:
    called = set()

    async def call(name: str, /, **arguments: Any) -> Any:
        Draft202012Validator(described(name).input_schema).validate(arguments)
        answer = await model.call(name, **arguments)
        assert not answer["isError"], answer["content"][0]["text"]
        validate(answer, name)
        if "url" not in answer["structuredContent"]:
            assert json.loads(answer["content"][0]["text"]) == answer["structuredContent"]
        called.add(name)
        return answer["structuredContent"]

    await call("profile.update", headline="Engineer", languages=[{"name": "French"}])
    for one, first, second in ROWS:
        row = await call(f"profile.add_{one}", **first)
        row = await call(
            f"profile.update_{one}", **{f"{one}_id": row["id"]}, expected_version=1, **second
        )
        await call("profile.get")
        if one == "skill":
            await renders(call, model)
        await call(f"profile.remove_{one}", **{f"{one}_id": row["id"]}, expected_version=2)
    embedder = Embedder(model.services.settings)
    await index_all(model.services, embedder)
    await embedder.close()
    found = await call("profile.search", q="an engineer", limit=1, sections=["summary"])
    assert [passage["text"] for passage in found["passages"]] == ["Engineer"]
    await call("insights.get", period="7d")
    await make_pro(model.services)
    made = await insert_conversation(model.services, await model.person.account_id(), {}, {})
    await call("transcripts.list", q="rust", status="answered")
    await call("transcripts.get", transcript_id=str(made), limit=1)
    preview = await call("profile.import_parse", document={"basics": {"name": "Ann Lee"}})
    await call("profile.import_commit", parse_id=preview["parse_id"], mode="merge")
    assert called == set(NAMES)


async def renders(call: Callable[..., Awaitable[Any]], model: Model) -> None:
    await call("resume.list_templates")
    await call("resume.validate", cv_data=EXAMPLE)
    job = await call("resume.create_job", request_id="one", cv_data=EXAMPLE)
    other = await call("resume.create_job", request_id="two", from_profile=True, template="harvard")
    await succeed(model.services, UUID(job["job_id"]))
    await call("resume.get_job", job_id=job["job_id"], wait=1)
    await call("resume.list_jobs", limit=1, status="queued")
    await call("resume.get_pdf", job_id=job["job_id"], base64=True)
    key = resume_key("ab" * 32, UUID(job["job_id"]), 1)
    await model.services.artifacts.put(key, render_pdf(samples.example()).pdf)
    await certify(model.services)
    await call("resume.get_certificate", job_id=job["job_id"])
    await call("resume.get_file", job_id=job["job_id"], format="md", base64=True)
    async with looking(model.services):
        await call("resume.preview", cv_data=EXAMPLE)
    await call("resume.cancel_job", job_id=other["job_id"], expected_version=1)


@contextlib.asynccontextmanager
async def looking(services: Services) -> AsyncIterator[None]:
    """A worker that makes previews."""
    renders = RenderPool(1, timeout_seconds=60, memory_limit_mb=1024, recycle_after=9)
    pictures = PicturePool()
    await renders.start()
    await renders.render(example())  # so that it is warm
    turn = asyncio.Semaphore(1)
    async with answering(services, pool=renders, pictures=pictures, preview_turn=turn):
        yield
    await pictures.close()
    await renders.close()


ROWS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("skill", {"name": "SQL", "years": 3.5}, {"name": "SQL", "level": None}),
    (
        "experience",
        {"company": "Layton Systems", "start_date": "2021-04", "bullets": ["Shipped."]},
        {"title": "Engineer", "start_date": "2021", "is_current": True},
    ),
    ("education", {"institution": "EPFL", "end_date": "2018"}, {"degree": "MSc"}),
    ("project", {"name": "Vane"}, {"name": "Vane", "technologies": ["Rust"]}),
    ("certification", {"name": "CKA"}, {"name": "CKA", "issued_on": "2024-05-11"}),
]


async def test_what_is_wrong_with_cv_data_is_named_with_its_path_and_makes_no_job(
    model: Model,
) -> None:
    cv_data = {
        **EXAMPLE,
        "sections": {"work": {"type": "main", "items": [{"title": "X", "start": {}}]}},
    }
    error, text = await model.fail("resume.create_job", request_id="job-1", cv_data=cv_data)
    assert error["code"] == "validation_failed"
    assert "cv_data.sections.work.items[0].start: " in text
    assert [field["path"] for field in error["fields"]] == ["cv_data.sections.work.items[0].start"]
    assert await table(model.services, "SELECT 1 FROM resume_jobs") == []


async def test_arguments_that_are_not_there_or_of_the_wrong_type_are_named_as_they_were_given(
    model: Model,
) -> None:
    error, text = await model.fail("profile.add_skill", nme="SQL", years="three")
    assert {(f["path"], f["code"]) for f in error["fields"]} == {
        ("name", "required"),
        ("years", "wrong_type"),
        ("nme", "unknown_field"),
    }
    assert "Arguments of this tool: " in text
    assert "name, category, level, years" in text
    assert (await model.do("profile.get"))["skills"] == []


async def test_an_argument_of_a_tool_without_any_is_refused(model: Model) -> None:
    error, text = await model.fail("resume.list_templates", page=2)
    assert error["fields"][0]["path"] == "page"
    assert "Arguments of this tool: none." in text


async def test_a_failure_is_as_the_output_schema_says_too(model: Model) -> None:
    for name in ("resume.get_job", "resume.get_pdf", "profile.remove_skill"):
        identifier = "skill_id" if "skill" in name else "job_id"
        arguments: dict[str, Any] = {identifier: str(uuid7())}
        answer = await model.call(name, **arguments)
        assert answer["structuredContent"]["error"]["code"] == "not_found"
        validate(answer, name)


async def test_a_tool_whose_scope_the_token_lacks_says_which_and_changes_nothing(
    services: Services,
) -> None:
    model = await Model.of(services, *RESUMES)
    error, text = await model.fail("profile.add_skill", name="SQL")
    assert error["code"] == "insufficient_scope"
    assert error["details"] == {"required": "tools:invoke"}
    assert "tools:invoke" in text
    assert (await model.person.run("owner")).skills == []


async def test_an_unknown_tool_is_an_error_of_the_protocol(model: Model) -> None:
    with pytest.raises(MCPError) as caught:
        await model.call("resume.burn")
    assert caught.value.code == types.INVALID_PARAMS


async def test_a_credential_that_is_no_longer_good_is_the_transports_to_refuse(
    model: Model,
) -> None:
    caller = await model.caller()
    stale = dataclasses.replace(caller, context=caller.context.anew())
    await table(model.services, "UPDATE personal_tokens SET revoked_at = now()")
    with pytest.raises(Unauthenticated):
        await model.tools.call(stale, "resume.list_jobs", {})


async def test_a_token_that_may_not_connect_is_the_transports_to_refuse(services: Services) -> None:
    model = await Model.of(services, Scope.RESUME_GENERATE)
    with pytest.raises(InsufficientScope):
        await model.call("resume.list_jobs")


async def test_the_same_request_again_answers_the_same_job_and_another_is_refused(
    model: Model,
) -> None:
    assert await new_job(model) == await new_job(model)
    error, text = await model.fail(
        "resume.create_job", request_id="job-1", cv_data={**EXAMPLE, "template": "harvard"}
    )
    assert error["code"] == "idempotency_conflict"
    assert "new request_id" in text


async def test_null_clears_in_a_patch_and_what_is_absent_stays(model: Model) -> None:
    await model.do("profile.update", headline="Engineer", bio="Builds.")
    changed = await model.do("profile.update", headline=None)
    assert (changed["headline"], changed["bio"]) == (None, "Builds.")


async def test_a_version_that_is_not_the_present_one_stops_the_change(model: Model) -> None:
    row = await model.do("profile.add_skill", name="SQL")
    error, text = await model.fail(
        "profile.update_skill", skill_id=row["id"], name="PL/SQL", expected_version=7
    )
    assert error["code"] == "precondition_failed"
    assert error["details"]["version"] == 1
    assert "read it again" in text
    assert (await model.do("profile.get"))["skills"][0]["name"] == "SQL"


async def test_a_file_is_imported_from_base64(model: Model) -> None:
    resume = {"basics": {"name": "Ann Lee"}, "skills": [{"name": "SQL"}]}
    file = base64.b64encode(json.dumps(resume).encode()).decode()
    preview = await model.do("profile.import_parse", file=file)
    done = await model.do("profile.import_commit", parse_id=preview["parse_id"])
    assert done["created"] == 1
    assert [skill["name"] for skill in (await model.do("profile.get"))["skills"]] == ["SQL"]


async def test_validating_answers_what_is_wrong_and_keeps_nothing(model: Model) -> None:
    bad = await model.do("resume.validate", cv_data={"identity": {}, "sections": {}})
    assert bad["valid"] is False
    assert {error["path"] for error in bad["errors"]} >= {"cv_data.sections"}
    assert bad["summary"] is None
    good = await model.do("resume.validate", cv_data={**EXAMPLE, "colour": "teal"})
    assert good["valid"] is True
    assert "cv_data.colour" in {warning["path"] for warning in good["warnings"]}
    assert [section["key"] for section in good["summary"]["sections"]]
    assert await table(model.services, "SELECT 1 FROM resume_jobs") == []


async def test_what_was_unforeseen_is_logged_and_tells_only_the_request_id(
    model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(call: Any, job_id: UUID) -> None:
        raise RuntimeError("a secret")

    tool = model.tools._tools["resume.get_job"]
    operation = dataclasses.replace(tool.operation, function=broken)
    object.__setattr__(operation, "admission", tool.operation.admission)
    model.tools._tools["resume.get_job"] = dataclasses.replace(tool, operation=operation)
    answer = await model.call("resume.get_job", job_id=str(uuid7()))
    assert answer["structuredContent"]["error"]["code"] == "internal"
    assert answer["structuredContent"]["request_id"] == "req_test"
    assert "req_test" in answer["content"][0]["text"]
    assert "secret" not in json.dumps(answer)
    assert any(record.exc_info for record in caplog.records)


# PDFs


async def test_a_pdf_is_given_as_links_that_lead_to_it(model: Model) -> None:
    job_id = await new_job(model)
    await succeed(model.services, job_id)
    answer = await model.call("resume.get_pdf", job_id=str(job_id))
    file = answer["structuredContent"]
    public_url = model.services.settings.public_url
    assert file["url"] == f"{public_url}/v1/resume/jobs/{job_id}/pdf"
    assert file["resource_uri"] == f"resume://jobs/{job_id}/pdf"
    assert (file["size_bytes"], file["embedded"]) == (len(PDF), False)
    links = [block["uri"] for block in answer["content"] if block["type"] == "resource_link"]
    assert links == [file["url"], file["resource_uri"]]
    assert all(block["type"] != "resource" for block in answer["content"])
    types.CallToolResult.model_validate(answer)


async def test_versions_that_know_no_links_get_the_answer_without_them(model: Model) -> None:
    job_id = await new_job(model)
    await succeed(model.services, job_id)
    answer = await model.call("resume.get_pdf", job_id=str(job_id), base64=True)
    for version in ("2024-11-05", "2025-03-26"):
        shown = for_version(answer, version)
        assert [block["type"] for block in shown["content"]] == ["text", "resource"]
    for version in ("2025-06-18", "2026-07-28"):
        assert for_version(answer, version) == answer


async def test_a_pdf_is_embedded_for_who_asks_unless_it_is_large(model: Model) -> None:
    job_id = await new_job(model)
    await succeed(model.services, job_id)
    answer = await model.call("resume.get_pdf", job_id=str(job_id), base64=True)
    blobs = [b["resource"]["blob"] for b in answer["content"] if b["type"] == "resource"]
    assert [base64.b64decode(blob) for blob in blobs] == [PDF]
    assert answer["structuredContent"]["embedded"] is True
    async with model.services.database.connection() as db:
        await db.execute(LARGE, job_id=job_id, size=MOST_EMBEDDED_BYTES + 1)
    answer = await model.call("resume.get_pdf", job_id=str(job_id), base64=True)
    assert answer["structuredContent"]["embedded"] is False
    assert "too large" in answer["content"][1]["text"]


async def test_a_pdf_that_is_not_there_yet_may_be_asked_for_again(model: Model) -> None:
    job_id = await new_job(model)
    error, text = await model.fail("resume.get_pdf", job_id=str(job_id))
    assert (error["code"], error["retryable"]) == ("conflict", True)
    assert "queued" in text


# Files and previews


async def test_a_resume_in_text_is_given_as_text_with_links_that_lead_to_it(model: Model) -> None:
    job_id = await new_job(model)
    await succeed(model.services, job_id)
    answer = await model.call("resume.get_file", job_id=str(job_id), format="md", base64=True)
    file, path = answer["structuredContent"], f"jobs/{job_id}/md"
    assert file["url"].endswith(f"/v1/resume/{path}")
    assert file["resource_uri"] == f"resume://{path}"
    [given] = [block["resource"] for block in answer["content"] if block["type"] == "resource"]
    assert given["text"].startswith("# Leif Doxarve")
    assert file["size_bytes"] == len(given["text"].encode())
    types.CallToolResult.model_validate(answer)
    read = await Resources().read(await model.caller(), file["resource_uri"])
    assert read.contents[0].model_dump(by_alias=True)["text"] == given["text"]


async def test_a_file_is_not_made_for_who_wants_its_links_only(model: Model) -> None:
    job_id = await new_job(model)
    await succeed(model.services, job_id)
    answer = await model.call("resume.get_file", job_id=str(job_id), format="docx")
    file = answer["structuredContent"]
    assert (file["size_bytes"], file["sha256"], file["embedded"]) == (None, None, False)
    types.CallToolResult.model_validate(answer)


async def test_a_preview_is_a_picture_that_costs_nothing_and_is_kept_nowhere(model: Model) -> None:
    async with looking(model.services):
        answer = await model.call("resume.preview", cv_data=EXAMPLE)
    [picture] = [block for block in answer["content"] if block["type"] == "image"]
    assert base64.b64decode(picture["data"]).startswith(b"\x89PNG")
    file = answer["structuredContent"]
    assert (file["url"], file["resource_uri"], file["embedded"]) == (None, None, True)
    assert not [block for block in answer["content"] if block["type"] == "resource_link"]
    assert (await model.do("resume.list_jobs"))["items"] == []
    types.CallToolResult.model_validate(answer)


# Waiting


async def test_a_call_that_waits_answers_when_the_job_is_final_and_tells_each_step(
    model: Model,
) -> None:
    steps = Steps()
    call = asyncio.create_task(
        model.call(
            "resume.create_job", request_id="job-1", cv_data=EXAMPLE, wait=25, progress=steps
        )
    )
    (job_id,) = await until(lambda: jobs(model.services))
    await until(lambda: told(steps, 1))
    await claim(model.services, job_id)
    await until(lambda: told(steps, 2))
    await finish(model.services, job_id)
    answer = await call
    assert answer["structuredContent"]["job"]["status"] == "succeeded"
    assert answer["structuredContent"]["job_id"] == str(job_id)
    assert [(done, total) for done, total, _ in steps.told] == [(0, 2), (1, 2), (2, 2)]
    validate(answer, "resume.create_job")


async def jobs(services: Services) -> list[UUID]:
    return [row["id"] for row in await table(services, "SELECT id FROM resume_jobs")]


async def told(steps: Steps, number: int) -> bool:
    return len(steps.told) >= number


async def finish(services: Services, job_id: UUID) -> None:
    """Let the attempt that runs succeed, as its worker would."""
    await table(
        services,
        "UPDATE resume_jobs SET status = 'succeeded', version = version + 1, pages = 1,"
        " finished_at = now(), updated_at = now(), lease_until = NULL, size_bytes = 1,"
        " sha256 = repeat('ab', 32), artifact_key = 'k', expires_at = now() + interval '1 day'"
        " WHERE id = $1",
        job_id,
    )


async def test_a_wait_that_is_over_answers_the_job_as_it_stands(model: Model) -> None:
    job_id = await new_job(model)
    answer = await model.do("resume.get_job", job_id=str(job_id), wait=0.05)
    assert answer["job"]["status"] == "queued"


async def test_a_final_job_is_not_waited_for(model: Model) -> None:
    job_id, steps = await new_job(model), Steps()
    await fail(model.services, job_id)
    answer = await model.call("resume.get_job", job_id=str(job_id), wait=25, progress=steps)
    assert answer["structuredContent"]["job"]["status"] == "failed"
    assert steps.told == [(2, 2, "failed: No.")]


async def test_progress_without_waiting_tells_what_is_known_at_once(model: Model) -> None:
    steps = Steps()
    await model.call("resume.create_job", request_id="a", cv_data=EXAMPLE, progress=steps)
    assert steps.told == [(0, 2, "queued")]


@pytest.mark.parametrize("wait", [-1, 25.5, True, "5", None], ids=str)
async def test_a_wait_that_is_none_is_refused_and_makes_no_job(model: Model, wait: Any) -> None:
    error, text = await model.fail("resume.create_job", request_id="a", cv_data=EXAMPLE, wait=wait)
    assert [field["path"] for field in error["fields"]] == ["wait"]
    assert "0 to 25" in text
    assert await jobs(model.services) == []


async def test_who_cancels_a_call_ends_the_waiting_and_not_the_job(model: Model) -> None:
    job_id = await new_job(model)
    steps = Steps()
    call = asyncio.create_task(
        model.call("resume.get_job", job_id=str(job_id), wait=25, progress=steps)
    )
    await until(lambda: told(steps, 1))
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    answer = await model.do("resume.get_job", job_id=str(job_id))
    assert answer["job"]["status"] == "queued"


async def test_a_token_that_is_revoked_meanwhile_learns_nothing_more(model: Model) -> None:
    job_id, steps = await new_job(model), Steps()
    call = asyncio.create_task(
        model.call("resume.get_job", job_id=str(job_id), wait=25, progress=steps)
    )
    await until(lambda: told(steps, 1))
    await table(model.services, "UPDATE personal_tokens SET revoked_at = now()")
    await claim(model.services, job_id)
    with pytest.raises(Unauthenticated):
        await call
    assert len(steps.told) == 1


async def test_a_job_that_is_deleted_meanwhile_is_not_found(model: Model) -> None:
    job_id, steps = await new_job(model), Steps()
    call = asyncio.create_task(
        model.call("resume.get_job", job_id=str(job_id), wait=25, progress=steps)
    )
    await until(lambda: told(steps, 1))
    await model.person.run("delete_resume_job", job_id=job_id)
    assert (await call)["structuredContent"]["error"]["code"] == "not_found"


# The audit log


async def test_each_call_leaves_a_line_of_who_called_what_and_not_with_what(
    model: Model, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logging(dataclasses.replace(settings, log_level="info"))
    try:
        await model.do("resume_list_jobs")
        await model.fail("profile.add_skill", name="", level="a secret")
    finally:
        configure_logging(settings)
    lines = [
        line
        for line in map(json.loads, capfd.readouterr().err.splitlines())
        if line["logger"] == "vitae.audit"
    ]
    account_id = str(await model.person.account_id())
    assert [(line["tool"], line["outcome"]) for line in lines] == [
        ("resume.list_jobs", "ok"),
        ("profile.add_skill", "validation_failed"),
    ]
    for line in lines:
        assert line["principal"] == account_id
        assert line["request_id"] == "req_test"
        assert UUID(line["credential"])
        assert line["ms"] >= 0
        assert "secret" not in str(line)
        assert model.token not in str(line)
