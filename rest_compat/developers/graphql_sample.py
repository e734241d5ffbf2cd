"""The example of an operation as a GraphQL document and its variables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
)

from rest_compat.codec import WireOperation, parameters
from rest_compat.examples import EXAMPLES, PATHS, QUERIES
from schema.graphql import schema

_DEPTH = 3
_FIELDS = 8  # of one object; the schema has the others


@dataclass(frozen=True, slots=True)
class GraphQLSample:
    """`variables` may hold `$NAME` for what has to be known, as in the other examples."""

    document: str
    variables: dict[str, Any]


def graphql_sample(wire: WireOperation) -> GraphQLSample:
    """What runs the operation over GraphQL as the example does over REST."""
    name = _camel(wire.name)
    kind, field = _field(name)
    given = _given(wire)
    variables = {
        key: _converted(argument.type, given[snake])
        for key, argument in field.args.items()
        if (snake := _snake(key, given)) is not None
    }
    declared = ", ".join(f"${key}: {field.args[key].type}" for key in variables)
    passed = ", ".join(f"{key}: ${key}" for key in variables)
    title = name[0].upper() + name[1:]
    document = (
        f"{kind} {title}{f'({declared})' if declared else ''} {{\n"
        f"  {name}{f'({passed})' if passed else ''}{_selection(field.type, '  ', _DEPTH)}\n}}"
    )
    return GraphQLSample(document, variables)


@cache
def _schema() -> GraphQLSchema:
    return build_schema(schema.as_str())


def _field(name: str) -> tuple[str, GraphQLField]:
    for kind, root in (("query", _schema().query_type), ("mutation", _schema().mutation_type)):
        if root is not None and name in root.fields:
            return kind, root.fields[name]
    raise KeyError(name)


def _given(wire: WireOperation) -> dict[str, Any]:
    """The arguments of the example, as the wire calls them."""
    given: dict[str, Any] = dict(QUERIES.get(wire.name, {}))
    example = EXAMPLES.get(wire.name)
    if wire.lone_input is not None and example is not None:
        given[wire.lone_input.name] = example
    elif example is not None:
        given |= example
    fixed = PATHS.get(wire.name, wire.rest.path).split("/")
    for place, part in enumerate(wire.rest.path.split("/")):
        for name in parameters(part):
            literal = fixed[place]
            given[name] = literal if literal != part else f"${name.upper()}"
    return given


def _snake(key: str, given: dict[str, Any]) -> str | None:
    return next((name for name in given if _camel(name) == key), None)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _converted(type_: GraphQLInputType, value: Any) -> Any:
    """A value of the wire as GraphQL has it: names in camelCase, enums in capitals."""
    if isinstance(type_, GraphQLNonNull):
        return _converted(type_.of_type, value)
    if isinstance(type_, GraphQLList) and isinstance(value, list):
        return [_converted(type_.of_type, one) for one in value]
    if isinstance(type_, GraphQLEnumType) and isinstance(value, str) and "$" not in value:
        return next(name for name in type_.values if name == _enum(value))
    if isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
        return {
            _camel(name): _converted(type_.fields[_camel(name)].type, one)
            for name, one in value.items()
        }
    return value


def _enum(value: str) -> str:
    return value.upper().replace("-", "_").replace(":", "_")


def _selection(type_: Any, indent: str, depth: int) -> str:
    """What is asked of a result: its plain fields first, and what they hold up to `depth`."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLUnionType):
        parts = (
            f"{indent}  ... on {one.name}{_selection(one, indent + '  ', depth)}"
            for one in named.types
        )
        return " {\n" + "\n".join(parts) + f"\n{indent}}}"
    if not isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)):
        return ""
    names = _plain(named)[:_FIELDS]
    lines = [f"{indent}  {' '.join(names)}"] if names else []
    for name, field in named.fields.items():
        if depth > 1 and name not in _plain(named) and not _needs_arguments(field):
            below = _selection(field.type, indent + "  ", depth - 1)
            lines += [f"{indent}  {name}{below}"] if below else []
    return " {\n" + "\n".join(lines or [f"{indent}  __typename"]) + f"\n{indent}}}"


def _plain(type_: GraphQLObjectType | GraphQLInterfaceType) -> list[str]:
    composite = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)
    return [
        name
        for name, field in type_.fields.items()
        if not isinstance(get_named_type(field.type), composite) and not _needs_arguments(field)
    ]


def _needs_arguments(field: GraphQLField) -> bool:
    return any(isinstance(one.type, GraphQLNonNull) for one in field.args.values())
