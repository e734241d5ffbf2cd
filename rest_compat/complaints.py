"""What is wrong with the values of a request that GraphQL's own coercion has refused.

graphql-core can say it too, but quotes the values, which may be secrets, and for every unknown
field describes all of its object again.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    is_required_input_field,
)

from schema.declared import Findings, Keys, never_null


def complain(value: Any, type_: Any, keys: Keys, findings: Findings) -> None:
    """Note each place where `value` is not of the input type; raises Findings.Enough."""
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            findings.add(keys, "null", "Must not be null.")
            return
        type_ = type_.of_type
    if value is None:
        return
    if isinstance(type_, GraphQLList):
        if not isinstance(value, list):
            complain(value, type_.of_type, keys, findings)  # one stands for a list of one
            return
        for index, item in enumerate(value):
            complain(item, type_.of_type, [*keys, index], findings)
    elif isinstance(type_, GraphQLInputObjectType):
        _object(value, type_, keys, findings)
    else:
        _leaf(value, type_, keys, findings)


def _object(value: Any, type_: GraphQLInputObjectType, keys: Keys, findings: Findings) -> None:
    if not isinstance(value, dict):
        findings.add(keys, "wrong_type", "Must be an object.")
        return
    for name, field in type_.fields.items():
        if name not in value:
            if is_required_input_field(field):
                findings.add([*keys, name], "required", "Is required.")
        elif value[name] is None and never_null(field):
            findings.add([*keys, name], "null", "Must not be null.")
        else:
            complain(value[name], field.type, [*keys, name], findings)
    for name in value:
        if name not in type_.fields:
            findings.add([*keys, name], "unknown_field", "There is no such field.")


def _leaf(value: Any, type_: Any, keys: Keys, findings: Findings) -> None:
    cause: Exception | None = None
    try:
        if type_.coerce_input_value(value) is not Undefined:
            return
    except GraphQLError as error:
        cause = error.original_error
    except Exception as error:  # whatever a scalar raises, its value is refused
        cause = error
    findings.add(keys, "wrong_type", _expectation(type_, cause))


_EXPECTED = {
    "String": "Must be a text.",
    "Int": "Must be a whole number of at most 32 bits.",
    "Float": "Must be a number.",
    "Boolean": "Must be true or false.",
}


def _expectation(expected: Any, cause: Exception | None) -> str:
    if isinstance(expected, GraphQLEnumType):
        return f"Must be one of: {', '.join(expected.values)}."
    if expected.name in _EXPECTED:
        return _EXPECTED[expected.name]
    return str(cause) if isinstance(cause, ValueError) else f"Must be a {expected.name}."
