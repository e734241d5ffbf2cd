"""The variables of a GraphQL request, looked at before graphql-core coerces them.

Coercion works through lists of any length on the event loop, describes an object again for each
field of it that is unknown, and does not know of fields that may be left out but not be null.
"""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    Node,
    NullValueNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    ValidationRule,
    VariableNode,
    get_named_type,
    parse_type,
    print_ast,
    type_from_ast,
    validate,
)

from app.errors import FieldError, ValidationFailed, docs_url
from schema.declared import Check, Findings, Keys, Lists, list_check, never_null, nullable


class NoNull(ValidationRule):
    """A field that may be left out but not be null is not null in the document."""

    nulls: frozenset[str] = frozenset()  # names of variables that are null

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        inside = get_named_type(self.context.get_parent_input_type())
        field = getattr(inside, "fields", {}).get(node.name.value)
        if field is None or not never_null(field):
            return
        value = node.value
        variable = value.name.value if isinstance(value, VariableNode) else None
        if isinstance(value, NullValueNode) or variable in self.nulls:
            name = node.name.value
            self.report_error(_error([FieldError(name, "null", "Must not be null.")], node))


def refused_variables(
    schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any]
) -> list[GraphQLError]:
    """What is wrong with lists and nulls in the values of a document's variables."""
    findings = Findings()
    lists = Lists(findings)
    with contextlib.suppress(Findings.Enough):
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                for variable in definition.variable_definitions or ():
                    name = variable.variable.name.value
                    if name in variables:
                        look = _look(schema, print_ast(variable.type))
                        look(variables[name], [name], lists)
    if findings.errors:
        return [_error(findings.errors)]
    nulls = frozenset(name for name, value in variables.items() if value is None)
    if not nulls:
        return []
    rule = type("NoNullVariable", (NoNull,), {"nulls": nulls})
    return validate(schema, document, [rule])


@lru_cache(maxsize=256)
def _look(schema: GraphQLSchema, type_text: str) -> Check:
    """What looks at values of a type."""
    type_ = type_from_ast(schema, parse_type(type_text))
    check = list_check(type_, {})
    is_object = isinstance(get_named_type(type_), GraphQLInputObjectType)

    def look(value: Any, keys: Keys, lists: Lists) -> None:
        if check is not None:
            check(value, keys, lists)
        if is_object and not lists.findings.errors:
            _find_misfits(value, type_, keys, lists.findings)

    return look


def _find_misfits(value: Any, type_: Any, keys: Keys, findings: Findings) -> None:
    named = nullable(type_)
    if isinstance(value, list):
        for index, item in enumerate(value):
            _find_misfits(item, getattr(named, "of_type", None), [*keys, index], findings)
    elif isinstance(value, dict) and isinstance(named, GraphQLInputObjectType):
        if len(value) > len(named.fields):
            unknown = next(name for name in value if name not in named.fields)
            findings.add([*keys, unknown], "unknown_field", "There is no such field.")
            return
        for name, inner in value.items():
            field = named.fields.get(name)
            if field is not None and inner is None and never_null(field):
                findings.add([*keys, name], "null", "Must not be null.")
            elif field is not None and isinstance(inner, (dict, list)):
                _find_misfits(inner, field.type, [*keys, name], findings)


def _error(fields: list[FieldError], *nodes: Node) -> GraphQLError:
    refused = ValidationFailed(fields)
    said = " ".join(f"{field.path}: {field.message}".removeprefix(": ") for field in fields[:3])
    return GraphQLError(
        said,
        nodes=list(nodes),
        extensions={
            "code": refused.code,
            "retryable": refused.retryable,
            "docs_url": docs_url(refused.code),
            "details": {},
            "fields": [
                {"path": field.path, "code": field.code, "message": field.message}
                for field in fields
            ],
        },
    )
