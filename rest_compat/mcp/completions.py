"""What arguments of prompts and resource templates may be completed with."""

from __future__ import annotations

from collections.abc import Sequence

import mcp_types as types
from mcp.shared.exceptions import MCPError

from app.cv.normalise import TEMPLATES
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.prompts import PROMPTS
from rest_compat.mcp.resources import JOB, JOB_PDF, may_call, run
from schema.types.paging import MAX_LIMIT

_MOST = 100  # values that an answer may have
_LANGUAGES = (
    "Arabic", "Chinese", "Czech", "Danish", "Dutch", "English", "Finnish", "French", "German",
    "Greek", "Hebrew", "Hindi", "Hungarian", "Italian", "Japanese", "Korean", "Norwegian",
    "Polish", "Portuguese", "Romanian", "Russian", "Spanish", "Swedish", "Turkish", "Ukrainian",
)  # fmt: skip


async def complete(
    caller: Caller,
    ref: types.ResourceTemplateReference | types.PromptReference,
    argument: types.CompletionArgument,
    context: types.CompletionContext | None = None,
) -> types.Completion:
    """Values that `argument` may have, beginning as it does; of others there are none.

    Raises MCPError for a prompt, a resource template or an argument that is not there.
    """
    if isinstance(ref, types.PromptReference):
        values = await _of_prompt(caller, ref.name, argument.name)
    else:
        values = await _of_resource(caller, ref.uri, argument.name)
    begun = argument.value.lower()
    found = [value for value in values if value.lower().startswith(begun)]
    return types.Completion(values=found[:_MOST], total=len(found), has_more=len(found) > _MOST)


async def _of_resource(caller: Caller, uri: str, argument: str) -> Sequence[str]:
    if uri not in (JOB, JOB_PDF) or argument != "id":
        raise MCPError(types.INVALID_PARAMS, "There is no such resource template or argument.")
    return await _jobs(caller, with_pdf=uri == JOB_PDF)


async def _of_prompt(caller: Caller, name: str, argument: str) -> Sequence[str]:
    prompt = PROMPTS.get(name)
    if prompt is None or argument not in [one.name for one in prompt.arguments or ()]:
        raise MCPError(types.INVALID_PARAMS, "There is no such prompt or argument.")
    match argument:
        case "template":
            return TEMPLATES
        case "language":
            return _LANGUAGES
        case "job_id":
            return await _jobs(caller, with_pdf=True)
    return ()


async def _jobs(caller: Caller, *, with_pdf: bool) -> list[str]:
    """Ids of the caller's newest jobs; none where the token may not list them."""
    if not may_call(caller, "resume.list_jobs"):
        return []
    page = await run(caller, "resume.list_jobs", limit=MAX_LIMIT)
    return [job["id"] for job in page["items"] if job["links"]["pdf"] or not with_pdf]
