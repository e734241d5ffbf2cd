"""Answers of operations are plain values, and are written out as such.

What an operation answers has no resolvers below it: each field is an attribute. graphql-core would
still call one resolver a field, with an info and a path made for each, which for 500 fields costs
more than all the rest of a request. Here a selection is made into one function, remembered with its
document and called for each row of a list. Whatever it can't do (a field with a resolver, @defer),
and whatever fails in it, goes the usual way, which also tells what is wrong and where.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    InlineFragmentNode,
    SelectionSetNode,
    is_leaf_type,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

Write = Callable[[Any], Any]

# What is of these classes is written as it is; anything else their types must look at.
_PLAIN: dict[GraphQLLeafType, type] = {
    GraphQLString: str,
    GraphQLBoolean: bool,
    GraphQLFloat: float,
}


# By the identity of the field whose selection it is; the node is kept with it, so that no other can
# have that identity.
_kept: dict[int, tuple[FieldNode, Write | None]] = {}
_MOST_KEPT = 512


class _Unfit(Exception):
    """The usual way must be taken."""


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes one document."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._writers: dict[tuple[str, int], Write | None] = {}

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        write = self._writer(return_type, field_details_list)
        if write is not None:
            try:
                return write(result)
            except Exception:  # noqa: S110 - the usual way finds the same again, with its place
                pass
        return super().collect_and_execute_subfields(
            return_type, field_details_list, path, result, position_context
        )

    def _writer(self, type_: GraphQLObjectType, details: Any) -> Write | None:
        key = (type_.name, id(details))  # which stays: the executor keeps what it has collected
        if key not in self._writers:
            self._writers[key] = self._remembered(type_, details)
        return self._writers[key]

    def _remembered(self, type_: GraphQLObjectType, details: Any) -> Write | None:
        """The writer of a selection, kept as long as the nodes of its document are in use."""
        if len(details) > 1:
            return self._made(type_, details)
        node: FieldNode = details[0].node
        kept = _kept.get(id(node))
        if kept is None or kept[0] is not node:
            lasting = not self._depends_on_variables(node.selection_set)
            writer = self._made(type_, details)
            if not lasting:
                return writer
            while len(_kept) >= _MOST_KEPT:
                del _kept[next(iter(_kept))]
            kept = _kept[id(node)] = (node, writer)
        return kept[1]

    def _made(self, type_: GraphQLObjectType, details: Any) -> Write | None:
        try:
            return self._object(type_, details)
        except _Unfit:
            return None

    def _depends_on_variables(self, selections: SelectionSetNode | None) -> bool:
        """Whether @skip, @include or another directive stands anywhere below."""
        pending, seen = [selections], set()
        while pending:
            current = pending.pop()
            for node in current.selections if current else ():
                if node.directives:
                    return True
                if isinstance(node, FragmentSpreadNode):
                    if node.name.value not in seen:
                        seen.add(node.name.value)
                        pending.append(self.fragment_definitions[node.name.value].selection_set)
                elif isinstance(node, FieldNode | InlineFragmentNode):
                    pending.append(node.selection_set)
        return False

    def _object(self, type_: GraphQLObjectType, details: Any) -> Write:
        fields, deferred, _ = self.collect_subfields(type_, details)
        if deferred:
            raise _Unfit
        members = [
            (key, *self._member(type_, nodes[0].node.name.value, nodes))
            for key, nodes in fields.items()
        ]

        def write(value: Any) -> dict[str, Any]:
            return {key: each(get(value)) for key, get, each in members}

        return write

    def _member(self, type_: GraphQLObjectType, name: str, nodes: Any) -> tuple[Write, Write]:
        """How to get a field of an object, and how to write what is got."""
        if name == "__typename":
            return (lambda value: type_.name), _as_it_is
        field = type_.fields.get(name)
        declared = field.extensions.get("strawberry-definition") if field else None
        if field is None or declared is None or declared.base_resolver or declared.extensions:
            raise _Unfit
        return attrgetter(declared.python_name), self._value(field.type, nodes)

    def _value(self, type_: Any, nodes: Any) -> Write:
        if isinstance(type_, GraphQLNonNull):
            return _never_null(self._present(type_.of_type, nodes))
        write = self._present(type_, nodes)
        return lambda value: None if value is None else write(value)

    def _present(self, type_: Any, nodes: Any) -> Write:
        if isinstance(type_, GraphQLList):
            each = self._value(type_.of_type, nodes)
            return lambda values: [each(value) for value in _listed(values)]
        if isinstance(type_, GraphQLObjectType):
            return self._object(type_, nodes)
        if is_leaf_type(type_):
            return _leaf(type_)
        raise _Unfit


def _as_it_is(value: Any) -> Any:
    return value


def _never_null(write: Write) -> Write:
    def checked(value: Any) -> Any:
        if value is None:
            raise _Unfit
        return write(value)

    return checked


def _listed(values: Any) -> list[Any] | tuple[Any, ...]:
    if isinstance(values, list | tuple):
        return values
    raise _Unfit


def _leaf(type_: GraphQLLeafType) -> Write:
    coerce = type_.coerce_output_value
    plain = _PLAIN.get(type_)

    def write(value: Any) -> Any:
        if type(value) is plain or (type_ is GraphQLInt and type(value) is int and _fits(value)):
            return value
        coerced = coerce(value)
        if coerced is None:
            raise _Unfit
        return coerced

    return write


def _fits(number: int) -> bool:
    return -(2**31) <= number < 2**31
