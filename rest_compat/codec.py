"""Between JSON on the wire and the arguments and results of operations.

All private API of Strawberry that we use is in this file. Arguments get GraphQL's own
validation: the classes of `schema/root.py` make a second schema in snake_case, and a field's
arguments become one input object type that graphql-core validates and coerces.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    Undefined,
    is_required_input_field,
)
from graphql.utilities import coerce_input_value, validate_input_value
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_arguments
from strawberry.types.base import StrawberryMaybe, StrawberryOptional
from strawberry.types.field import StrawberryField

from app.errors import FieldError, ValidationFailed
from app.multipart import OVERHEAD_BYTES
from schema.operation import Operation, Rest, operation_of
from schema.root import Mutation, Query
from schema.scalars import SCALARS

_WIRE = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(auto_camel_case=False),
    scalar_overrides=SCALARS,
)
_GRAPHQL = _WIRE._schema

for _type in _GRAPHQL.type_map.values():
    if isinstance(_type, GraphQLEnumType) and not _type.name.startswith("__"):
        # `queued` and `chat:run` on the wire, where GraphQL has QUEUED and CHAT_RUN.
        _type.values = {value.value: value for value in _type.values.values()}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operation as the wire knows it.

    `header` is where it comes from, if so; `is_body` is one that is a whole JSON body by itself,
    where the others come as parts of a form.
    """

    name: str
    type: Any
    default: Any
    description: str | None
    header: str | None
    is_body: bool
    extensions: dict[str, Any]

    @property
    def required(self) -> bool:
        return isinstance(self.type, GraphQLNonNull) and self.default is Undefined

    @property
    def is_upload(self) -> bool:
        return getattr(_nullable(self.type), "name", None) == "Upload"


@dataclass(frozen=True, slots=True)
class WireOperation:
    """An operation with its arguments, its result type and how both are coded.

    `name` is that of its field, unique over queries and mutations. `open_arguments` are those left
    over by path and headers: they come in the body if it `takes_body`, or else in the query.
    `lone_input` is the one that is the JSON body itself, if it has such. Where one of them is an
    upload, `parts` are those that multipart/form-data may hold.
    """

    name: str
    operation: Operation
    rest: Rest
    description: str
    arguments: dict[str, Argument]
    path_arguments: list[str]
    open_arguments: dict[str, Argument]
    lone_input: Argument | None
    parts: dict[str, Argument]
    takes_body: bool
    result: Any
    decode: Callable[[dict[str, Any]], dict[str, Any]]
    encode: Callable[[Any], Any]

    @property
    def max_body(self) -> int:
        """Bytes that a body may have: of a file in it, as base64, `Rest.max_body` ones."""
        limit = self.rest.max_body
        return limit * 4 // 3 + OVERHEAD_BYTES if self.parts else limit


_PARAMETER = re.compile(r"\{(\w+)\}")


def parameters(template: str) -> list[str]:
    """The names that stand in braces in a path."""
    return _PARAMETER.findall(template)


def filled(template: str, fill: Callable[[str], str]) -> str:
    """A path with what `fill` gives for each name that stands in braces."""
    return _PARAMETER.sub(lambda match: fill(match[1]), template)


def wire_operations() -> list[WireOperation]:
    """Every operation that has a REST route, queries first, in the order of `schema/root.py`.

    Raises TypeError for a path that names an argument which the operation does not have.
    """
    found = []
    for root in (Query, Mutation):
        definition = cast("Any", root).__strawberry_definition__
        graphql_type = cast("GraphQLObjectType", _GRAPHQL.type_map[definition.name])
        for field in definition.fields:
            if (rest := operation_of(field).rest) is not None:
                graphql = graphql_type.fields[field.python_name]
                found.append(_wire_operation(field, graphql, rest))
    return found


def _wire_operation(field: StrawberryField, graphql: GraphQLField, rest: Rest) -> WireOperation:
    metadata = {_wire_name(a): a.metadata for a in field.arguments}
    arguments = {
        name: Argument(
            name=name,
            type=arg.type,
            default=arg.default_value,
            description=arg.description,
            header=metadata[name].get("header"),
            is_body=metadata[name].get("body") == "json",
            extensions=arg.extensions,
        )
        for name, arg in graphql.args.items()
    }
    in_path = parameters(rest.path)
    if unknown := set(in_path) - arguments.keys():
        raise TypeError(f"{rest.path}: {field.python_name} has no argument {sorted(unknown)}")
    left_over = {
        name: argument
        for name, argument in arguments.items()
        if name not in in_path and not argument.header
    }
    lone_input = next((a for a in left_over.values() if a.is_body), None)
    if lone_input is None and len(left_over) == 1:
        lone_input = left_over.get("input")
    has_upload = any(argument.is_upload for argument in left_over.values())
    return WireOperation(
        name=field.python_name,
        operation=operation_of(field),
        rest=rest,
        description=graphql.description or "",
        arguments=arguments,
        path_arguments=in_path,
        open_arguments=left_over,
        lone_input=lone_input,
        parts={n: a for n, a in left_over.items() if not a.is_body} if has_upload else {},
        takes_body=rest.method.value in ("POST", "PUT", "PATCH") and bool(left_over),
        result=_answered(graphql.type),
        decode=_decoder(field, graphql, lone_input=lone_input is not None),
        encode=_encoder(_answered(graphql.type)),
    )


def _wire_name(argument: StrawberryArgument) -> str:
    """`from`, say, of an argument that Python can't call so."""
    return _WIRE.config.name_converter.from_argument(argument)


def _answered(type_: Any) -> Any:
    """The type of an answer over REST, where one that fails has none; GraphQL has null for it."""
    return type_ if type_ is _GRAPHQL.type_map.get("Void") else GraphQLNonNull(type_)


# Arguments


def _decoder(
    field: StrawberryField, graphql: GraphQLField, *, lone_input: bool
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    wrapper = GraphQLInputObjectType(
        f"{field.python_name}_arguments",
        {
            name: GraphQLInputField(arg.type, default_value=arg.default_value)
            for name, arg in graphql.args.items()
        },
    )
    registry, config = _WIRE.schema_converter.scalar_registry, _WIRE.config
    # Scalars and enums are Python's own once coerced; only inputs and lists are made into more.
    is_final = all(
        isinstance(_nullable(arg.type), (GraphQLScalarType, GraphQLEnumType))
        for arg in graphql.args.values()
    ) and not any(a.is_maybe or a.python_name != _wire_name(a) for a in field.arguments)

    given_fields = [
        ((argument, name), path_text([name] if lone_input else [argument, name]))
        for argument, arg in graphql.args.items()
        for name, inner in getattr(_nullable(arg.type), "fields", {}).items()
        if never_null(inner)
    ]

    def decode(values: dict[str, Any]) -> dict[str, Any]:
        """Python arguments from wire values; raises ValidationFailed naming every place."""
        coerced = coerce_input_value(values, wrapper)
        nulls = [
            FieldError(path, "null", "Must not be null.")
            for (argument, name), path in given_fields
            if isinstance(value := values.get(argument), dict) and value.get(name, "") is None
        ]
        if coerced is Undefined:
            nulls = [*_complaints(values, wrapper, lone_input=lone_input), *nulls]
        if nulls:
            raise ValidationFailed(nulls)
        if is_final:
            return cast("dict[str, Any]", coerced)
        return convert_arguments(coerced, field.arguments, registry, config)

    return decode


def never_null(field: Any) -> bool:
    """Whether an input field may be absent but not null, which GraphQL's types can't say."""
    type_ = getattr((field.extensions or {}).get("strawberry-definition"), "type", None)
    return isinstance(type_, StrawberryMaybe) and not isinstance(type_.of_type, StrawberryOptional)


def _complaints(
    values: dict[str, Any], wrapper: GraphQLInputObjectType, *, lone_input: bool
) -> list[FieldError]:
    """What graphql-core finds wrong, without the values that it quotes: they may be secrets."""
    found: list[FieldError] = []

    def note(error: Any, keys: list[str | int]) -> None:
        value, expected = _at(values, wrapper, keys)
        shown = keys[1:] if lone_input and keys[:1] == ["input"] else keys
        if isinstance(expected, GraphQLInputObjectType) and isinstance(value, dict):
            for name, field in expected.fields.items():
                if name not in value and is_required_input_field(field):
                    found.append(FieldError(path_text([*shown, name]), "required", "Is required."))
            for name in value:
                if name not in expected.fields:
                    path = path_text([*shown, name])
                    found.append(FieldError(path, "unknown_field", "There is no such field."))
        elif value is None:
            found.append(FieldError(path_text(shown), "null", "Must not be null."))
        else:
            message = _expectation(expected, error)
            found.append(FieldError(path_text(shown), "wrong_type", message))

    validate_input_value(values, wrapper, note, hide_suggestions=True)
    return list(dict.fromkeys(found))


def _at(value: Any, type_: Any, keys: list[str | int]) -> tuple[Any, Any]:
    """The value and the named type at `keys`."""
    for key in keys:
        named = _nullable(type_)
        if isinstance(named, GraphQLList):
            type_ = named.of_type
            value = value[cast("int", key)] if isinstance(value, list) else value
        else:
            type_ = named.fields[key].type
            value = value.get(key)
    return value, _nullable(type_)


def _nullable(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


_EXPECTED = {
    "String": "Must be a text.",
    "Int": "Must be a whole number of at most 32 bits.",
    "Float": "Must be a number.",
    "Boolean": "Must be true or false.",
}


def _expectation(expected: Any, error: Any) -> str:
    if isinstance(expected, GraphQLEnumType):
        return f"Must be one of: {', '.join(expected.values)}."
    if isinstance(expected, GraphQLInputObjectType):
        return "Must be an object."
    if isinstance(expected, GraphQLList):
        return "Must be a list."
    if expected.name in _EXPECTED:
        return _EXPECTED[expected.name]
    cause = getattr(error, "original_error", None)
    return str(cause) if isinstance(cause, ValueError) else f"Must be a {expected.name}."


def path_text(keys: list[str | int]) -> str:
    """`["sections", 0, "title"]` as `sections[0].title`."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def read_text(argument: Argument, text: str) -> Any:
    """A text of a path, query or header as JSON by the declared type; itself when it is not one.

    What can't be read stays a text, so that validation names it like any wrong value.
    """
    named = _nullable(argument.type)
    if isinstance(named, GraphQLScalarType):
        if named.name == "Int" and text.removeprefix("-").isdecimal():
            return int(text) if len(text) < 20 else text
        if named.name == "Float":
            try:
                return float(text)
            except ValueError:
                return text
        if named.name == "Boolean":
            return {"true": True, "false": False}.get(text, text)
    return text


# Results


def _encoder(type_: Any) -> Callable[[Any], Any]:
    """A function from a result of `type_` to what orjson writes; compiled once."""
    if isinstance(type_, GraphQLNonNull):
        return _encoder_of_value(type_.of_type)
    encode = _encoder_of_value(type_)
    return lambda value: None if value is None else encode(value)


# What orjson writes by itself; a download is streamed.
_AS_IT_IS = {"String", "Int", "Float", "Boolean", "JSON", "CVData", "Download", "Void"}


def _encoder_of_value(type_: Any) -> Callable[[Any], Any]:
    if isinstance(type_, GraphQLList):
        each = _encoder(type_.of_type)
        return lambda values: [each(value) for value in values]
    if isinstance(type_, GraphQLEnumType):
        return lambda member: member.value
    if isinstance(type_, GraphQLObjectType):
        return _encoder_of_object(type_)
    if type_.name in _AS_IT_IS:
        return lambda value: value
    return cast("Callable[[Any], Any]", type_.serialize)


def _encoder_of_object(type_: GraphQLObjectType) -> Callable[[Any], Any]:
    compiled: list[tuple[str, str, Callable[[Any], Any]]] = []
    definition = type_.extensions["strawberry-definition"]

    def encode(value: Any) -> dict[str, Any]:
        if not compiled:  # at first use, for a type may hold itself
            for field in definition.fields:
                name = _WIRE.config.name_converter.from_field(field)
                compiled.append((name, field.python_name, _encoder(type_.fields[name].type)))
        return {name: each(getattr(value, attribute)) for name, attribute, each in compiled}

    return encode
