"""The resources and prompts that the outside judge of MCP reads."""

from __future__ import annotations

import json
import re

import mcp_types as types
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from tests.mcp import everything_rounds as rounds
from tests.mcp.everything_tools import IMAGE, Context, embedded, red_dot, text

_NOT_FOUND = -32002  # before 2026-07-28 had it among invalid parameters
_TEMPLATE = re.compile(r"test://template/([^/]+)/data")

RESOURCES = [
    types.Resource(
        uri="test://static-text", name="text", description="A text.", mime_type="text/plain"
    ),
    types.Resource(
        uri="test://static-binary", name="image", description="An image.", mime_type="image/png"
    ),
    types.Resource(
        uri="test://watched-resource",
        name="watched",
        description="A text that can be watched.",
        mime_type="text/plain",
    ),
]
TEMPLATES = [
    types.ResourceTemplate(
        uri_template="test://template/{id}/data",
        name="template",
        description="Data by their id.",
        mime_type="application/json",
    )
]


def read(uri: str, version: str) -> types.TextResourceContents | types.BlobResourceContents:
    """What is at `uri`; raises MCPError."""
    if uri == "test://static-text":
        told = "This is the content of the static text resource."
        return types.TextResourceContents(uri=uri, mime_type="text/plain", text=told)
    if uri == "test://static-binary":
        return types.BlobResourceContents(uri=uri, mime_type="image/png", blob=red_dot())
    if uri == "test://watched-resource":
        return types.TextResourceContents(uri=uri, mime_type="text/plain", text="Watched.")
    if found := _TEMPLATE.fullmatch(uri):
        data = {"id": found[1], "templateTest": True, "data": f"Data for ID: {found[1]}"}
        return types.TextResourceContents(
            uri=uri, mime_type="application/json", text=json.dumps(data)
        )
    code = types.INVALID_PARAMS if version in MODERN_PROTOCOL_VERSIONS else _NOT_FOUND
    raise MCPError(code, "Resource not found", {"uri": uri})


def _argument(name: str, description: str) -> types.PromptArgument:
    return types.PromptArgument(name=name, description=description, required=True)


PROMPTS = [
    types.Prompt(name="test_simple_prompt", description="Takes no arguments."),
    types.Prompt(
        name="test_prompt_with_arguments",
        description="Takes two arguments.",
        arguments=[_argument("arg1", "The first."), _argument("arg2", "The second.")],
    ),
    types.Prompt(
        name="test_prompt_with_embedded_resource",
        description="Embeds a resource.",
        arguments=[_argument("resourceUri", "URI of the resource to embed.")],
    ),
    types.Prompt(name="test_prompt_with_image", description="Shows an image."),
    types.Prompt(name="test_input_required_result_prompt", description="Asks the person first."),
]


def _messages(*content: types.ContentBlock) -> types.GetPromptResult:
    messages = [types.PromptMessage(role="user", content=block) for block in content]
    return types.GetPromptResult(messages=messages)


async def get_prompt(
    context: Context, params: types.GetPromptRequestParams
) -> types.GetPromptResult | types.InputRequiredResult:
    """The prompt of that name; raises MCPError."""
    given = params.arguments or {}
    match params.name:
        case "test_simple_prompt":
            return _messages(text("This is a simple prompt for testing."))
        case "test_prompt_with_arguments":
            told = f"Prompt with arguments: arg1='{given.get('arg1')}', arg2='{given.get('arg2')}'"
            return _messages(text(told))
        case "test_prompt_with_embedded_resource":
            resource = embedded(
                given.get("resourceUri", ""), "text/plain", "Embedded resource content for testing."
            )
            return _messages(resource, text("Please process the embedded resource above."))
        case "test_prompt_with_image":
            return _messages(IMAGE, text("Please analyze the image above."))
        case "test_input_required_result_prompt":
            return await rounds.prompt(context, params)
    raise MCPError(types.INVALID_PARAMS, f"There is no prompt {params.name}.")


async def complete(context: Context, params: types.CompleteRequestParams) -> types.CompleteResult:
    """Words that begin with what was typed."""
    words = [w for w in ("paris", "park", "party") if w.startswith(params.argument.value)]
    return types.CompleteResult(
        completion=types.Completion(values=words, total=len(words), has_more=False)
    )
