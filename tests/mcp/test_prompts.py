from __future__ import annotations

import base64
import json
import re
from uuid import UUID

import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from app.services import Services
from rest_compat.mcp.instructions import INSTRUCTIONS
from rest_compat.mcp.operations import tool_operations
from rest_compat.mcp.prompts import PROMPTS, Prompts
from rest_compat.mcp.resources import PROFILE
from tests.mcp.calling import ALL, RESUMES, Model
from tests.owners import EXAMPLE
from tests.resolvers.test_resume_jobs import PDF, succeed


@pytest.fixture
async def model(services: Services) -> Model:
    return await Model.of(services, *ALL)


async def messages(model: Model, name: str, /, **arguments: str) -> list[types.PromptMessage]:
    result = await Prompts().get(await model.caller(), name, arguments)
    assert all(message.role == "user" for message in result.messages)
    return result.messages


def words(message: types.PromptMessage) -> str:
    assert isinstance(message.content, types.TextContent)
    return message.content.text


def held(message: types.PromptMessage) -> types.TextResourceContents | types.BlobResourceContents:
    assert isinstance(message.content, types.EmbeddedResource)
    return message.content.resource


async def refused(model: Model, name: str, /, **arguments: str) -> MCPError:
    with pytest.raises(MCPError) as caught:
        await messages(model, name, **arguments)
    return caught.value


async def test_prompts_are_listed_for_who_may_read_what_they_need(
    services: Services, model: Model
) -> None:
    listed = Prompts().listed(await model.caller())
    assert [prompt.name for prompt in listed] == list(PROMPTS)
    assert all(prompt.title and prompt.description for prompt in listed)
    resumes = await Model.of(services, *RESUMES, username="tom")
    names = [prompt.name for prompt in Prompts().listed(await resumes.caller())]
    assert names == ["notes_to_cv", "review_cv"]


async def test_notes_are_given_whole_with_the_rules_before_them(model: Model) -> None:
    notes = "Waiter 2019, {then} cook. Speaks {language}."
    (message,) = await messages(model, "notes_to_cv", notes=notes, language="French")
    text = words(message)
    assert text.endswith(notes)
    assert "Never make up" in text
    assert "Write it in French." in text


async def test_what_is_not_chosen_is_left_to_the_material(model: Model) -> None:
    (message,) = await messages(model, "notes_to_cv", notes="Waiter.", template=" ")
    assert "in the language of the notes" in words(message)
    (message,) = await messages(model, "notes_to_cv", notes="Waiter.", template="harvard")
    assert "Take the template harvard." in words(message)


async def test_tailoring_brings_the_profile_and_the_rules_of_grounding(model: Model) -> None:
    await model.do("profile.add_skill", name="SQL")
    profile, message = await messages(model, "tailor_cv", posting="We look for a DBA.")
    contents = held(profile)
    assert isinstance(contents, types.TextResourceContents)
    assert contents.uri == PROFILE
    assert json.loads(contents.text) == await model.do("profile.get")
    text = words(message)
    assert text.endswith("We look for a DBA.")
    assert "using only what my profile holds" in text


async def test_tailoring_without_the_scope_for_profiles_names_it(services: Services) -> None:
    model = await Model.of(services, *RESUMES)
    error = await refused(model, "tailor_cv", posting="We look for a DBA.")
    assert error.data["code"] == "insufficient_scope"


async def test_a_review_of_a_job_brings_the_job_and_its_pdf(model: Model) -> None:
    made = await model.do("resume.create_job", request_id="job-1", cv_data=EXAMPLE)
    await succeed(model.services, UUID(made["job_id"]))
    job, pdf, message = await messages(model, "review_cv", job_id=made["job_id"])
    assert held(job).uri == f"resume://jobs/{made['job_id']}"
    contents = held(pdf)
    assert isinstance(contents, types.BlobResourceContents)
    assert base64.b64decode(contents.blob) == PDF
    assert contents.uri in words(message)


async def test_a_review_of_a_job_that_has_no_pdf_says_why(model: Model) -> None:
    made = await model.do("resume.create_job", request_id="job-1", cv_data=EXAMPLE)
    assert "queued" in (await refused(model, "review_cv", job_id=made["job_id"])).message
    assert "job_id" in (await refused(model, "review_cv", job_id="nope")).message


async def test_a_review_takes_cv_data_as_it_is(model: Model) -> None:
    cv_data = json.dumps(EXAMPLE)
    (message,) = await messages(model, "review_cv", cv_data=cv_data)
    assert words(message).endswith(cv_data)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("nope", {}, "no such prompt"),
        ("notes_to_cv", {}, "notes is required"),
        ("notes_to_cv", {"notes": "  "}, "notes is required"),
        ("notes_to_cv", {"notes": "x", "colour": "red"}, "no argument colour"),
        ("notes_to_cv", {"notes": "x", "template": "baroque"}, "original, harvard"),
        ("tailor_cv", {"language": "French"}, "posting is required"),
        ("review_cv", {}, "either job_id or cv_data"),
        ("review_cv", {"job_id": "a", "cv_data": "b"}, "either job_id or cv_data"),
    ],
    ids=["prompt", "missing", "blank", "unknown", "template", "posting", "neither", "both"],
)
async def test_arguments_that_will_not_do_are_refused_in_words(
    model: Model, name: str, arguments: dict[str, str], said: str
) -> None:
    error = await refused(model, name, **arguments)
    assert error.code == types.INVALID_PARAMS
    assert said in error.message


async def test_prompts_and_instructions_name_only_tools_that_there_are(model: Model) -> None:
    texts = [INSTRUCTIONS]
    texts.append(words((await messages(model, "notes_to_cv", notes="x"))[-1]))
    texts.append(words((await messages(model, "tailor_cv", posting="x"))[-1]))
    texts.append(words((await messages(model, "review_cv", cv_data="x"))[-1]))
    named = {name for text in texts for name in named_tools(text)}
    assert named
    assert named <= set(tool_operations())


def named_tools(text: str) -> set[str]:
    return set(re.findall(r"\b(?:resume|profile)\.[a-z_]+", text))


def test_instructions_are_short() -> None:
    assert len(INSTRUCTIONS.encode()) < 2_500
