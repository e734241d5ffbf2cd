"""Request bodies of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rest_compat.codec import WireOperation
from rest_compat.examples import EXAMPLES
from rest_compat.json_schema import SchemaBook


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a value that is left out where it is null."""
    if "enum" in schema:
        schema = {**schema, "enum": [value for value in schema["enum"] if value is not None]}
    if isinstance(schema.get("type"), list):
        return {**schema, "type": schema["type"][0]}
    if "anyOf" in schema:
        return {**schema["anyOf"][0], **{k: v for k, v in schema.items() if k != "anyOf"}}
    return schema


def request_body(wire: WireOperation, book: SchemaBook) -> dict[str, Any]:
    """What an operation takes: JSON, and a form where there are files."""
    example = {"summary": "An example.", "value": EXAMPLES[wire.name]}
    content: dict[str, Any] = {
        "application/json": {"schema": _json_body(wire, book), "examples": {"example": example}}
    }
    if wire.parts:
        content = {"multipart/form-data": {"schema": _form(wire, book)}, **content}
    required = any(argument.required for argument in wire.open_arguments.values())
    return {"required": required or bool(wire.parts), "content": content}


def _json_body(wire: WireOperation, book: SchemaBook) -> dict[str, Any]:
    if (argument := wire.lone_input) is not None:
        # An input describes itself; JSON of any form has but the argument's words.
        return without_null(book.property(argument) if argument.is_body else book.of(argument.type))
    return _object({name: book.property(a) for name, a in wire.open_arguments.items()}, wire)


def _form(wire: WireOperation, book: SchemaBook) -> dict[str, Any]:
    """The schema of multipart/form-data; a part can't hold null.

    Where JSON is a body by itself, a form is sent for the sake of its files.
    """
    has_other = wire.lone_input is not None
    properties = {name: without_null(book.property(a)) for name, a in wire.parts.items()}
    files = [name for name, argument in wire.parts.items() if argument.is_upload]
    for name in files:
        properties[name]["format"] = "binary"
    return _object(properties, wire, also_required=files if has_other else [])


def _object(
    properties: dict[str, Any], wire: WireOperation, also_required: Collection[str] = ()
) -> dict[str, Any]:
    required = [
        name for name in properties if wire.open_arguments[name].required or name in also_required
    ]
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema
