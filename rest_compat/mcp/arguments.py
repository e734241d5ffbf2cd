"""The arguments of a tool: flat, where those of its operation are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLInputObjectType

from app.errors import FieldError, ValidationFailed
from rest_compat.json_schema import SchemaBook
from rest_compat.mcp.operations import ToolOperation
from schema.declared import nullable

MOST_WAIT_SECONDS = 25


@dataclass(frozen=True, slots=True)
class Extra:
    """An argument that a tool has and its operation has not."""

    name: str
    schema: dict[str, Any]
    expected: str
    accepts: Callable[[Any], bool]


WAIT = Extra(
    "wait",
    {
        "type": "number",
        "minimum": 0,
        "maximum": MOST_WAIT_SECONDS,
        "default": 0,
        "description": "Seconds to wait for the job to become final before answering.",
    },
    f"Must be a number from 0 to {MOST_WAIT_SECONDS}.",
    lambda value: (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 <= value <= MOST_WAIT_SECONDS
    ),
)
BASE64 = Extra(
    "base64",
    {
        "type": "boolean",
        "default": False,
        "description": "Whether to give the bytes of the file too, in base64.",
    },
    "Must be true or false.",
    lambda value: isinstance(value, bool),
)


# Models read the schemas of all tools: the long one of cv_data stands where a job is made.
_SAID_ELSEWHERE = {
    "type": "object",
    "description": "As in resume.create_job; its JSON Schema is resume://schema.",
}


class FlatArguments:
    """How the arguments of a tool come apart into those of its operation, and what they are.

    The fields of an `input` stand beside the other arguments. Raises TypeError where two would
    have the same name.
    """

    def __init__(self, tool: ToolOperation) -> None:
        arguments = tool.wire.arguments
        self._input = arguments.get("input")
        self._writes = tool.operation.writes
        self._beside = {name: one for name, one in arguments.items() if name != "input"}
        self._fields: dict[str, Any] = {}
        if self._input is not None:
            type_ = nullable(self._input.type)
            if not isinstance(type_, GraphQLInputObjectType):
                raise TypeError(f"{tool.tool.name}: input is no input type")
            self._fields = type_.fields
        extras = []
        if tool.tool.waits:
            extras.append(WAIT)
        if tool.answers_download:
            extras.append(BASE64)
        self._extras = {extra.name: extra for extra in extras}
        beside = sorted(self._beside, key=lambda name: name not in tool.wire.path_arguments)
        in_path = len(tool.wire.path_arguments)
        names = [*beside[:in_path], *self._fields, *beside[in_path:], *self._extras]
        if len(set(names)) < len(names):
            raise TypeError(f"{tool.tool.name}: two arguments have the same name")
        self.names = names

    def split(self, given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Values for the operation, and of what the tool takes beside them.

        What has no place is left to the operation's own validation. Raises ValidationFailed.
        """
        values: dict[str, Any] = {}
        rest: dict[str, Any] = {}
        extras: dict[str, Any] = {}
        for name, value in given.items():
            if name in self._beside:
                values[name] = value
            elif (extra := self._extras.get(name)) is not None:
                if not extra.accepts(value):
                    raise ValidationFailed([FieldError(name, "wrong_value", extra.expected)])
                extras[name] = value
            else:
                rest[name] = value
        if self._input is None:
            values.update(rest)
        else:
            values["input"] = rest
        return values, extras

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the arguments, with the types it needs in `$defs`."""
        book = SchemaBook("#/$defs/")
        properties: dict[str, Any] = {}
        required: list[str] = []
        for name, argument in self._beside.items():
            described = book.property(argument)
            described.setdefault("description", f"Id of the {name.removesuffix('_id')}.")
            properties[name] = described
            if argument.required:
                required.append(name)
        if self._input is not None:
            inner = book.object(self._input.type)
            properties.update(inner["properties"])
            required += inner.get("required", [])
        properties.update({extra.name: extra.schema for extra in self._extras.values()})
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        schema["additionalProperties"] = False
        if "CVData" in book.named and not self._writes:
            book.named["CVData"] = _SAID_ELSEWHERE
        if book.named:
            schema["$defs"] = book.named
        return schema
