"""Between JSON on the wire and the arguments and results of operations.

All private API of Strawberry that we use is in this file. Arguments get GraphQL's own
validation: the classes of `schema/root.py` make a second schema in snake_case, and a field's
arguments become one input object type that graphql-core validates and coerces.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
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
)
from graphql.utilities import coerce_input_value
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.private import is_private

from app.bodies import SMALL_BYTES
from app.errors import ValidationFailed
from app.multipart import OVERHEAD_BYTES
from rest_compat.complaints import complain
from schema.declared import Findings, Lists, list_check, never_null, nullable
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
        return getattr(nullable(self.type), "name", None) == "Upload"


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
        """Bytes that a body may have: of a file in it, as base64, `Rest.max_body` ones.

        Of an operation that is for strangers it is small.
        """
        limit = self.rest.max_body
        if not self.operation.requires.credentials:
            return min(limit, SMALL_BYTES)
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
        decode=_decoder(field, graphql, lone_input.name if lone_input is not None else None),
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
    field: StrawberryField, graphql: GraphQLField, body: str | None
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    wrapper = GraphQLInputObjectType(
        f"{field.python_name}_arguments",
        {
            name: GraphQLInputField(
                arg.type, default_value=arg.default_value, extensions=arg.extensions
            )
            for name, arg in graphql.args.items()
        },
    )
    registry, config = _WIRE.schema_converter.scalar_registry, _WIRE.config
    # Scalars and enums are Python's own once coerced; only inputs and lists are made into more.
    is_final = all(
        isinstance(nullable(arg.type), (GraphQLScalarType, GraphQLEnumType))
        for arg in graphql.args.values()
    ) and not any(a.is_maybe or a.python_name != _wire_name(a) for a in field.arguments)

    check = list_check(wrapper, {})
    never_nulls = [
        (argument, name)
        for argument, arg in graphql.args.items()
        for name, inner in getattr(nullable(arg.type), "fields", {}).items()
        if never_null(inner)
    ]

    def decode(values: dict[str, Any]) -> dict[str, Any]:
        """Python arguments from wire values; raises ValidationFailed naming every place."""
        if check is not None:
            lists = Lists(Findings(body))
            with contextlib.suppress(Findings.Enough):
                check(values, [], lists)
            if lists.findings.errors:
                raise ValidationFailed(lists.findings.errors)
        coerced = coerce_input_value(values, wrapper)
        if coerced is Undefined or any(
            isinstance(value := values.get(argument), dict) and value.get(name, "") is None
            for argument, name in never_nulls
        ):
            findings = Findings(body)
            with contextlib.suppress(Findings.Enough):
                complain(values, wrapper, [], findings)
            raise ValidationFailed(findings.errors)
        if is_final:
            return cast("dict[str, Any]", coerced)
        return convert_arguments(coerced, field.arguments, registry, config)

    return decode


def read_text(argument: Argument, text: str) -> Any:
    """A text of a path, query or header as JSON by the declared type; itself when it is not one.

    What can't be read stays a text, so that validation names it like any wrong value.
    """
    named = nullable(argument.type)
    if isinstance(named, GraphQLList):
        return text.split(",")  # of names
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
    if encode is _as_it_is:
        return encode
    return lambda value: None if value is None else encode(value)


# What orjson writes by itself; a download is streamed.
_AS_IT_IS = {"String", "Int", "Float", "Boolean", "JSON", "CVData", "Download", "Void"}


def _as_it_is(value: Any) -> Any:
    return value


def _encoder_of_value(type_: Any) -> Callable[[Any], Any]:
    if isinstance(type_, GraphQLList):
        each = _encoder(type_.of_type)
        return list if each is _as_it_is else lambda values: [each(value) for value in values]
    if isinstance(type_, GraphQLEnumType):
        return lambda member: member.value
    if isinstance(type_, GraphQLObjectType):
        return _encoder_of_object(type_)
    if type_.name in _AS_IT_IS:
        return _as_it_is
    return cast("Callable[[Any], Any]", type_.serialize)


def _encoder_of_object(type_: GraphQLObjectType) -> Callable[[Any], Any]:
    compiled: list[Any] = []

    def encode(value: Any) -> dict[str, Any]:
        if not compiled:  # at first use, for a type may hold itself
            compiled.extend(_compiled(type_))
        names, attributes, others = compiled
        # Most fields are written as they are: for those a function each would cost the most.
        encoded = dict(zip(names, attributes(value), strict=True))
        for name, each in others:
            encoded[name] = each(encoded[name])
        return encoded

    return encode


def _compiled(
    type_: GraphQLObjectType,
) -> tuple[list[str], Callable[[Any], tuple[Any, ...]], list[tuple[str, Callable[[Any], Any]]]]:
    """The names of a type's fields, how to get all their values, and those to be encoded."""
    fields = [
        field
        for field in type_.extensions["strawberry-definition"].fields
        if field.base_resolver is None and not is_private(field.type)
    ]
    names = [_WIRE.config.name_converter.from_field(field) for field in fields]
    encoders = ((name, _encoder(type_.fields[name].type)) for name in names)
    others = [(name, each) for name, each in encoders if each is not _as_it_is]
    first, *more = [field.python_name for field in fields]
    get = attrgetter(first, *more)
    return names, get if more else lambda value: (get(value),), others
