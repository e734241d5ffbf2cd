"""What `tools/list` says of a tool, made of the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
_PERHAPS: dict[str, Any] = {"type": ["string", "null"]}
_COUNT: dict[str, Any] = {"type": ["integer", "null"]}
_FILE: dict[str, Any] = {
    "properties": {
        "filename": {**_TEXT, "description": "A name to save it under."},
        "media_type": {**_TEXT, "description": "Its media type."},
        "size_bytes": {**_COUNT, "description": "Its size; null if it is made when it is read."},
        "sha256": {**_PERHAPS, "description": "SHA-256 of it in hexadecimal, if that is known."},
        "url": {
            **_PERHAPS,
            "description": "Where it is found, with the same credentials; null if it is not kept.",
        },
        "resource_uri": {**_PERHAPS, "description": "The resource that reads it over MCP."},
        "embedded": {"type": "boolean", "description": "Whether its bytes are in this answer."},
    },
}
_FILE["required"] = list(_FILE["properties"])


def said_of(arguments: Iterable[FlatArguments]) -> set[str]:
    """All that is said of arguments, anywhere in them."""
    return {text for one in arguments for text in _descriptions(one.schema())}


def described(tool: ToolOperation, arguments: FlatArguments, said: set[str]) -> types.Tool:
    """The tool under its dotted name; its answer is described in words not `said` yet."""
    declared, writes = tool.tool, tool.operation.writes
    return types.Tool(
        name=declared.name,
        title=declared.title,
        description=_description(tool),
        input_schema=arguments.schema(),
        output_schema=_output(tool, said),
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


def _output(tool: ToolOperation, said: set[str]) -> dict[str, Any]:
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
    shortened: dict[str, Any] = _short(schema, said)
    return shortened


def _short(schema: Any, said: set[str]) -> Any:
    """A schema without what was said before, and without the bounds of every whole number: lists
    of tools are read by models, and each word of them costs."""
    if isinstance(schema, list):
        return [_short(inner, said) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = set()
    if schema.get("minimum") == _LEAST_INT:
        left_out |= {"minimum", "maximum"}
    if _text_of(schema) in said:
        left_out.add("description")
    return {name: _short(inner, said) for name, inner in schema.items() if name not in left_out}


def _descriptions(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if (text := _text_of(schema)) is not None:
            yield text
        schema = list(schema.values())
    if isinstance(schema, list):
        for inner in schema:
            yield from _descriptions(inner)


def _text_of(schema: dict[str, Any]) -> str | None:
    """The description of a schema; that of a property which is called `description` is none."""
    text = schema.get("description")
    return text if isinstance(text, str) else None
