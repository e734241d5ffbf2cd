"""JSON Schema (2020-12) of the types on the wire, walked from the schema.

OpenAPI's components and MCP's tool schemas are made of the same pieces.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    is_required_input_field,
)

from app.cv.schema import json_schema as cv_schema
from schema.declared import is_computed, limits, never_null

_SCALARS: dict[str, dict[str, Any]] = {
    "String": {"type": "string"},
    "Int": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "Float": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "UUID": {"type": "string", "format": "uuid"},
    "Date": {"type": "string", "format": "date"},
    "DateTime": {"type": "string", "format": "date-time"},
    "JSON": {},
    "Upload": {"type": "string"},  # a data URL or base64
}


class SchemaBook:
    """Collects the named types that are referred to, by their name."""

    def __init__(self, prefix: str = "#/components/schemas/") -> None:
        self.named: dict[str, dict[str, Any]] = {}
        self._prefix = prefix

    def of(self, type_: Any) -> dict[str, Any]:
        """The schema of a wire type; a nullable one allows null."""
        if isinstance(type_, GraphQLNonNull):
            return self._of_value(type_.of_type)
        return _nullable(self._of_value(type_))

    def object(self, type_: Any) -> dict[str, Any]:
        """The schema of an object type itself, without giving it a name."""
        return self._object(type_.of_type if isinstance(type_, GraphQLNonNull) else type_)

    def reference(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        """A reference to `schema` under `name`."""
        self.named.setdefault(name, schema)
        return {"$ref": self._prefix + name}

    def _of_value(self, type_: Any) -> dict[str, Any]:
        if isinstance(type_, GraphQLList):
            return {"type": "array", "items": self.of(type_.of_type)}
        if isinstance(type_, GraphQLEnumType):
            schema = {"type": "string", "enum": list(type_.values)}
            return self.reference(type_.name, _described(schema, type_.description))
        if isinstance(type_, (GraphQLObjectType, GraphQLInputObjectType)):
            if type_.name not in self.named:
                self.named[type_.name] = {}  # it may refer to itself
                self.named[type_.name] = self._object(type_)
            return {"$ref": self._prefix + type_.name}
        if type_.name == "CVData":
            return self.reference("CVData", _without_dialect(cv_schema()))
        return dict(_SCALARS[type_.name])

    def _object(self, type_: GraphQLObjectType | GraphQLInputObjectType) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        required = []
        for name, field in type_.fields.items():
            if is_computed(field):
                continue
            properties[name] = self.property(field)
            if isinstance(type_, GraphQLObjectType) or is_required_input_field(field):
                required.append(name)
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        if isinstance(type_, GraphQLInputObjectType):
            schema["additionalProperties"] = False
        return _described(schema, type_.description)

    def property(self, field: Any) -> dict[str, Any]:
        """The schema of one field or argument, with its limits, description and default."""
        type_ = GraphQLNonNull(field.type) if never_null(field) else field.type
        schema = {**self.of(type_), **limits(field)}
        default = _default(field)
        if default is not None:
            schema = {**schema, "default": getattr(default, "value", default)}
        return _described(schema, field.description)


def _default(field: Any) -> Any:
    """The default of an argument or input field, None where it has none or null."""
    default = getattr(field, "default_value", getattr(field, "default", Undefined))
    return None if default is Undefined else default


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if isinstance(kind, str) and "enum" not in schema:
        return {**schema, "type": [kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else {}


def _described(schema: dict[str, Any], description: str | None) -> dict[str, Any]:
    return {**schema, "description": description} if description else schema


def _without_dialect(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in ("$schema", "$id")}
