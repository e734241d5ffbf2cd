"""What `tools/list` says of a tool, made of the schema."""

from __future__ import annotations

from typing import Any

import mcp_types as types

from rest_compat.json_schema import SchemaBook
from rest_compat.mcp.arguments import FlatArguments
from rest_compat.mcp.operations import ToolOperation

_LEAST_INT = -(2**31)
_TEXT = {"type": "string"}
_ERROR = {
    "type": "object",
    "description": "Present when the call failed (isError).",
    "required": ["code", "message"],
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
    taken = arguments.schema()
    return types.Tool(
        name=declared.name,
        title=declared.title,
        description=_description(tool),
        input_schema=taken,
        output_schema=_output(tool, told=taken["properties"]),
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


def _output(tool: ToolOperation, told: dict[str, Any]) -> dict[str, Any]:
    """JSON Schema of the structured content; `told`: what the arguments say already.

    Some clients hold that of failures to it too, so that it allows both.
    """
    book = SchemaBook("#/$defs/")
    if tool.answers_download:
        inner = _FILE
    elif tool.answers_nothing:
        inner = _DONE
    else:
        inner = book.object(tool.wire.result)
    properties = {
        name: _without(schema, "description") if name in told else schema
        for name, schema in inner["properties"].items()
    }
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {**properties, "error": _ERROR},
        "anyOf": [{"required": inner["required"]}, {"required": ["error"]}],
    }
    if book.named:
        schema["$defs"] = book.named
    shortened: dict[str, Any] = _short(schema)
    return shortened


def _short(schema: Any) -> Any:
    """A schema without what every whole number here keeps to: lists of tools are read by models,
    and each word of them costs."""
    if isinstance(schema, list):
        return [_short(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("minimum") == _LEAST_INT:
        schema = _without(schema, "minimum", "maximum")
    return {name: _short(inner) for name, inner in schema.items()}


def _without(schema: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: inner for name, inner in schema.items() if name not in names}
