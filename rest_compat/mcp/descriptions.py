"""What `tools/list` says of a tool, made of the schema."""

from __future__ import annotations

from typing import Any

import mcp_types as types

from rest_compat.json_schema import SchemaBook
from rest_compat.mcp.arguments import FlatArguments
from rest_compat.mcp.operations import ToolOperation

_TEXT = {"type": "string"}
_ERROR = {
    "type": "object",
    "description": "Present when the call failed (isError).",
    "properties": {
        "code": _TEXT,
        "message": _TEXT,
        "retryable": {"type": "boolean"},
        "details": {"type": "object"},
        "fields": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["code", "message", "retryable", "details", "fields"],
}
_DONE = {
    "properties": {"done": {"const": True, "description": "It is done."}},
    "required": ["done"],
}
_FILE: dict[str, Any] = {
    "properties": {
        "filename": {**_TEXT, "description": "A name to save it under."},
        "media_type": {**_TEXT, "description": "Its media type."},
        "size_bytes": {"type": "integer", "description": "Its size."},
        "sha256": {**_TEXT, "description": "SHA-256 of it in hexadecimal."},
        "url": {**_TEXT, "description": "Where it is found, with the same credentials."},
        "resource_uri": {**_TEXT, "description": "The resource that reads it over MCP."},
        "embedded": {"type": "boolean", "description": "Whether its bytes are in this answer."},
    },
}
_FILE["required"] = list(_FILE["properties"])


def described(tool: ToolOperation, arguments: FlatArguments) -> types.Tool:
    """The tool under its dotted name."""
    declared, writes = tool.tool, tool.operation.writes
    return types.Tool(
        name=declared.name,
        title=declared.title,
        description=_description(tool),
        input_schema=arguments.schema(),
        output_schema=_output(tool),
        annotations=types.ToolAnnotations(
            read_only_hint=not writes,
            destructive_hint=writes and declared.destructive,
            idempotent_hint=not writes or declared.idempotent,
            open_world_hint=False,
        ),
    )


def _description(tool: ToolOperation) -> str:
    parts = [*tool.wire.description.split("\n\n"), tool.tool.guide]
    return "\n\n".join(" ".join(part.split()) for part in parts if part)


def _output(tool: ToolOperation) -> dict[str, Any]:
    """JSON Schema of the structured content.

    Some clients hold that of failures to it too, so that it allows both.
    """
    book = SchemaBook("#/$defs/")
    if tool.answers_download:
        inner = _FILE
    elif tool.answers_nothing:
        inner = _DONE
    else:
        inner = book.object(tool.wire.result)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {**inner["properties"], "error": _ERROR},
        "anyOf": [{"required": inner["required"]}, {"required": ["error"]}],
    }
    if book.named:
        schema["$defs"] = book.named
    return schema
