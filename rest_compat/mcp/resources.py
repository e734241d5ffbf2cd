"""The resources of MCP: what tools answer, as documents to be read."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import mcp_types as types
import orjson
from mcp.shared.exceptions import MCPError
from mcp_types.version import LATEST_HANDSHAKE_VERSION, is_version_at_least

from app.cv.schema import json_schema
from app.errors import Conflict, DomainError, InsufficientScope, NotFound, ValidationFailed
from rest_compat.mcp.answers import content_of, read_whole
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.messages import of_domain_error
from rest_compat.mcp.operations import tool_operations
from schema.types.access import Scope
from schema.types.download import Stream

_JSON = "application/json"
_PDF = "application/pdf"
_SCHEMA_JSON = "application/schema+json"

SCHEMA, TEMPLATES, PROFILE = "resume://schema", "resume://templates", "profile://me"
JOB, JOB_PDF = "resume://jobs/{id}", "resume://jobs/{id}/pdf"
JOB_FILE = "resume://jobs/{id}/{format}"

_Templates = list[types.ResourceTemplate]  # inside the class `list` is a method

_JOB_URI = re.compile(r"resume://jobs/([0-9A-Fa-f-]{32,36})(?:/([a-z_]{2,8}))?")
_NOT_FOUND_BEFORE = -32002  # what versions before 2026-07-28 have for it
_NOT_FOUND_SINCE = "2026-07-28"

_FOR_BOTH = types.Annotations(audience=["user", "assistant"])
_FOR_MODELS = types.Annotations(audience=["assistant"], priority=0.8)

# What each fixed one is, and the tool whose answer it holds.
FIXED: tuple[tuple[types.Resource, str | None], ...] = (
    (
        types.Resource(
            uri=SCHEMA,
            name="schema",
            title="Schema of cv_data",
            description="JSON Schema of the `cv_data` that a résumé is made of, with an example.",
            mime_type=_SCHEMA_JSON,
            annotations=_FOR_MODELS,
        ),
        None,
    ),
    (
        types.Resource(
            uri=TEMPLATES,
            name="templates",
            title="Templates",
            description="The templates that a résumé can be set in, and what each looks like.",
            mime_type=_JSON,
            annotations=_FOR_BOTH,
        ),
        "resume.list_templates",
    ),
    (
        types.Resource(
            uri=PROFILE,
            name="profile",
            title="Your profile",
            description="The whole profile of the owner: who they are, skills, experience,"
            " education, projects and certifications.",
            mime_type=_JSON,
            annotations=types.Annotations(audience=["user", "assistant"], priority=1.0),
        ),
        "profile.get",
    ),
)
FAMILIES: tuple[tuple[types.ResourceTemplate, str], ...] = (
    (
        types.ResourceTemplate(
            uri_template=JOB,
            name="job",
            title="A résumé job",
            description="A job as it stands, by its id.",
            mime_type=_JSON,
        ),
        "resume.get_job",
    ),
    (
        types.ResourceTemplate(
            uri_template=JOB_PDF,
            name="job_pdf",
            title="The PDF of a résumé job",
            description="The PDF of a job that has succeeded, by the id of the job.",
            mime_type=_PDF,
        ),
        "resume.get_pdf",
    ),
    (
        types.ResourceTemplate(
            uri_template=JOB_FILE,
            name="job_file",
            title="A résumé in another format",
            description="The résumé of a job that has succeeded as docx, html, md, txt, json (JSON"
            " Resume), cv_data or vcf.",
        ),
        "resume.get_file",
    ),
)
_TOOL_OF = {resource.uri: tool for resource, tool in FIXED}


class Resources:
    """All resources, each read with the scopes of the tool whose answer it holds."""

    async def list(self, caller: Caller, cursor: str | None = None) -> types.ListResourcesResult:
        """The fixed ones that the caller may read and the newest jobs, or more jobs."""
        found: list[types.Resource] = []
        if cursor is None:
            found += [one for one, tool in FIXED if tool is None or may_call(caller, tool)]
        if not may_call(caller, "resume.list_jobs"):
            return types.ListResourcesResult(resources=found)
        try:
            page = await run(caller, "resume.list_jobs", cursor=cursor)
        except ValidationFailed:
            raise MCPError(types.INVALID_PARAMS, "Unknown cursor") from None
        readable = may_call(caller, "resume.get_pdf")
        for job in page["items"]:
            found.append(_job(job))
            if readable and job["links"]["pdf"]:
                found.append(_job_pdf(job))
        return types.ListResourcesResult(resources=found, next_cursor=page["next_cursor"])

    def templates(self, caller: Caller) -> _Templates:
        """The families of resources that the caller may read."""
        return [family for family, tool in FAMILIES if may_call(caller, tool)]

    async def read(
        self, caller: Caller, uri: str, version: str = LATEST_HANDSHAKE_VERSION
    ) -> types.ReadResourceResult:
        """A resource. Raises MCPError for one that is not there, with the code that the
        protocol's `version` has for it, and for one that the token may not read."""
        try:
            contents = await self._contents(caller, uri)
        except (NotFound, ValidationFailed, Conflict) as error:
            code = (
                types.INVALID_PARAMS
                if is_version_at_least(version, _NOT_FOUND_SINCE)
                else _NOT_FOUND_BEFORE
            )
            message = "There is no such resource."
            if isinstance(error, Conflict):  # a PDF that is not there yet, or never will be
                message = error.message
            raise MCPError(code, message, {"uri": uri}) from None
        except InsufficientScope as error:
            raise refused(error, caller) from None
        return types.ReadResourceResult(contents=[contents])

    async def _contents(
        self, caller: Caller, uri: str
    ) -> types.TextResourceContents | types.BlobResourceContents:
        if uri == SCHEMA:
            return types.TextResourceContents(uri=uri, mime_type=_SCHEMA_JSON, text=_schema())
        if (tool := _TOOL_OF.get(uri)) is not None:
            return as_json(uri, await run(caller, tool))
        if (match := _JOB_URI.fullmatch(uri)) is None:
            raise NotFound
        job_id, kind = match[1], match[2]
        if kind is None:
            return as_json(uri, await run(caller, "resume.get_job", job_id=job_id))
        if kind == "pdf":
            stream: Stream = await run(caller, "resume.get_pdf", job_id=job_id)
        else:
            stream = await run(caller, "resume.get_file", job_id=job_id, format=kind)
        content = content_of(stream, await read_whole(stream))
        of_text = types.TextResourceContents if "text" in content else types.BlobResourceContents
        return of_text.model_validate({"uri": uri, **content})


def as_json(uri: str, value: Any) -> types.TextResourceContents:
    """An encoded value as what a resource holds."""
    return types.TextResourceContents(uri=uri, mime_type=_JSON, text=orjson.dumps(value).decode())


def may_call(caller: Caller, tool: str) -> bool:
    """Whether the caller's scopes allow a tool."""
    principal = caller.context.principal
    needed = tool_operations()[tool].operation.admission.scopes
    return principal is not None and principal.scopes.issuperset(needed)


async def run(caller: Caller, tool: str, **values: Any) -> Any:
    """What the operation of a tool answers, encoded; raises DomainError."""
    return await tool_operations()[tool].read(caller, values)


def refused(error: DomainError, caller: Caller) -> Exception:
    """A refusal for want of a scope: of MCP itself, which is the transport's, or of less."""
    if error.details.get("required") == Scope.MCP_CONNECT.value:
        return error
    told = of_domain_error(error, caller.context.request_id, types.INVALID_REQUEST)
    return MCPError.from_error_data(told)


@cache
def _schema() -> str:
    return orjson.dumps(json_schema()).decode()


def _job(job: dict[str, Any]) -> types.Resource:
    return types.Resource(
        uri=JOB.format(id=job["id"]),
        name=f"job {job['request_id']}",
        title=f"Résumé job {job['request_id']}: {job['status']}",
        mime_type=_JSON,
        annotations=types.Annotations(
            audience=["assistant"], priority=0.3, last_modified=job["updated_at"]
        ),
    )


def _job_pdf(job: dict[str, Any]) -> types.Resource:
    return types.Resource(
        uri=JOB_PDF.format(id=job["id"]),
        name=f"PDF {job['request_id']}",
        title=f"Résumé {job['request_id']} ({job['template']})",
        mime_type=_PDF,
        size=job["size_bytes"],
        annotations=types.Annotations(
            audience=["user", "assistant"], priority=0.5, last_modified=job["finished_at"]
        ),
    )
