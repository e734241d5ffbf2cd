"""JSON Schemas as rows of a table: one row a field, with those of nested objects below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from app.web import prose

_BREAKS = re.compile(
    r"(?<=[\w*}\]][._])(?!\w*\})"  # after dots and underscores, but not in {path_arguments}
    r"|(?<=[\w}])(?=/)"
    r"|(?<=[a-z])(?=[A-Z])"
)
_INT32 = (-(2**31), 2**31 - 1)


@dataclass(frozen=True, slots=True)
class Field:
    """`parents` is the path of the object it is in, such as `sections.*.items[].`."""

    parents: str
    name: str
    place: str
    type: Markup
    required: bool
    deprecated: bool
    text: Markup
    facts: list[Markup]


class Schemas:
    """The named schemas of a document; `linked` gathers the names that a row links to."""

    def __init__(self, named: dict[str, dict[str, Any]]) -> None:
        self.named = named
        self.linked: set[str] = set()

    def fields(self, schema: dict[str, Any]) -> list[Field]:
        """The rows of an object, by reference or as it is."""
        return list(self._fields(self._resolved(schema), ""))

    def parameter(self, parameter: dict[str, Any]) -> Field:
        """The row of an OpenAPI parameter."""
        return self._field(
            "",
            parameter["name"],
            {**parameter["schema"], "description": parameter["description"]},
            required=parameter.get("required", False),
            place=parameter["in"],
        )

    def _fields(self, schema: dict[str, Any], parents: str) -> Iterator[Field]:
        required = schema.get("required", [])
        for name, inner in schema.get("properties", {}).items():
            yield self._field(parents, name, inner, required=name in required)
            yield from self._below(inner, f"{parents}{name}")
        if isinstance(inner := schema.get("additionalProperties"), dict):
            yield self._field(parents, "*", inner, required=False)
            yield from self._below(inner, f"{parents}*")

    def _below(self, schema: dict[str, Any], path: str) -> Iterator[Field]:
        """Rows of an object that has no name of its own, in a list or not."""
        while "items" in schema:
            schema, path = schema["items"], f"{path}[]"
        if "properties" in schema or isinstance(schema.get("additionalProperties"), dict):
            yield from self._fields(schema, f"{path}.")

    def _field(
        self, parents: str, name: str, schema: dict[str, Any], *, required: bool, place: str = ""
    ) -> Field:
        return Field(
            parents=parents,
            name=name,
            place=place,
            type=self._type(schema),
            required=required,
            deprecated=schema.get("deprecated", False),
            text=prose.inline(schema.get("description", "")),
            facts=list(_facts(schema)),
        )

    def _type(self, schema: dict[str, Any]) -> Markup:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            self.linked.add(name)
            return Markup('<a href="#type-{}">{}</a>').format(name, breakable(name))
        options = [option for option in schema.get("anyOf", []) if _says_type(option)]
        if options:
            kinds = [self._type(option) for option in options]
        else:
            kinds = [self._one_type(name, schema) for name in _type_names(schema)]
        kinds.sort(key=lambda kind: kind == "null")  # stable: null comes last
        return Markup(" or ").join(dict.fromkeys(kinds)) or Markup("any")

    def _one_type(self, kind: str, schema: dict[str, Any]) -> Markup:
        if kind == "array" and "items" in schema:
            return Markup("list of {}").format(self._type(schema["items"]))
        if kind == "string" and "format" in schema:
            return escape(schema["format"])
        return escape(kind)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        return self.named[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def breakable(name: str) -> Markup:
    """A name or path that may be broken at its dots, underscores, slashes and capitals."""
    return Markup("<wbr>").join(_BREAKS.split(name))


def _says_type(schema: dict[str, Any]) -> bool:
    return bool(schema.keys() & {"type", "$ref", "enum"})


def _type_names(schema: dict[str, Any]) -> list[str]:
    """JSON types as declared, or else those of the values that are allowed."""
    declared: str | list[str] | None = schema.get("type")
    if declared is None:
        return ["null" if value is None else "string" for value in schema.get("enum", [])]
    return [declared] if isinstance(declared, str) else declared


def _facts(schema: dict[str, Any]) -> Iterator[Markup]:
    """What else is promised of a value, a few words each."""
    if values := [value for value in schema.get("enum", []) if value is not None]:
        yield Markup("One of ") + Markup(", ").join(map(_code, values))
    if "const" in schema:
        yield Markup("Always ") + _code(schema["const"])
    if "default" in schema and schema["default"] is not None:
        yield Markup("Default ") + _code(schema["default"])
    least, most = schema.get("minimum"), schema.get("maximum")
    if (least, most) != _INT32 and least is not None and most is not None:
        yield escape(f"{least:g} to {most:g}")
    yield from _size(schema, "minLength", "maxLength", "characters")
    yield from _size(schema, "minItems", "maxItems", "entries")
    yield from _size(schema, "minProperties", "maxProperties", "keys")


def _size(schema: dict[str, Any], least: str, most: str, unit: str) -> Iterator[Markup]:
    if least in schema and most in schema:
        yield escape(f"{schema[least]} to {schema[most]} {unit}")
    elif most in schema:
        yield escape(f"At most {schema[most]} {unit}")
    elif least in schema:
        yield escape(f"At least {schema[least]} {unit}")


def _code(value: Any) -> Markup:
    shown = str(value).lower() if isinstance(value, bool) else value
    return Markup("<code>{}</code>").format(shown)
