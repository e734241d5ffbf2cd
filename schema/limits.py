"""What a GraphQL document may ask for at most, and which documents are remembered.

A document is measured before graphql-core's own rules see it, some of which take quadratic time.
Each fragment is measured once, so that fragments that spread each other twice, thirty levels deep,
cost thirty steps and not a billion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
    validate,
)
from strawberry.extensions import ParserCache, SchemaExtension
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.declared import is_computed
from schema.types.paging import DEFAULT_LIMIT, MAX_LIMIT
from schema.variables import NoNull, refused_variables

MAX_CHARACTERS = 20_000  # of a document; what is large goes into its variables
MAX_TOKENS = 3_000
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_FIELDS = 400  # as written, before fragments are spread
MAX_COST = 5_000
WHOLE_LIST = 15  # objects in a list without pages, such as a section of a long résumé
INNER_LIST = 3  # the same in a list of another list's objects
OPERATION_COST = 10  # a connection and at least one statement, where a field costs 1

_CEILING = 10**9  # nested fragments make numbers that no JSON can hold

# A parsed document takes a hundred times the memory of its text: only short ones are kept.
_KEPT_CHARACTERS = 4_000
_KEPT_DOCUMENTS = 128
_parse_once = ParserCache(maxsize=_KEPT_DOCUMENTS).cached_parse_document


def _validate(
    schema: GraphQLSchema, document: DocumentNode, rules: tuple[type[ASTValidationRule], ...]
) -> list[GraphQLError]:
    """All that is wrong with a document; of a null Strawberry's own rule shows Python's types."""
    return validate(schema, document, (*rules, NoNull, OneOfInputValidationRule))


_validate_once = lru_cache(maxsize=_KEPT_DOCUMENTS)(_validate)


class Limits(SchemaExtension):
    """Parses, measures and validates each document, and reports its cost in `extensions.cost`."""

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        query = context.query or ""
        if len(query) > MAX_CHARACTERS:
            raise GraphQLError(
                f"Has {len(query)} characters; at most {MAX_CHARACTERS} are allowed."
            )
        read = _parse_once if len(query) <= _KEPT_CHARACTERS else parse
        if query:
            context.graphql_document = read(query, max_tokens=MAX_TOKENS)
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        document = context.graphql_document
        assert document is not None
        schema: GraphQLSchema = context.schema._schema  # the one that graphql-core knows
        if complaint := _too_much(measure(document, schema)):
            context.pre_execution_errors = [GraphQLError(complaint)]
        else:
            short = len(context.query or "") <= _KEPT_CHARACTERS
            check = _validate_once if short else _validate
            context.pre_execution_errors = check(schema, document, context.validation_rules)
            if not context.pre_execution_errors and context.variables:
                errors = refused_variables(schema, document, context.variables)
                context.pre_execution_errors = errors
        yield

    def get_results(self) -> dict[str, Any]:
        document = self.execution_context.graphql_document
        if document is None:
            return {}
        return {"cost": measure(document, self.execution_context.schema._schema).cost}


@dataclass(frozen=True, slots=True)
class Measure:
    """How much a selection asks for, its fragments spread.

    `cost` is 10 for an operation of the API or a field that is read by itself and 1 for any other,
    times the size of each list around it. A page has its `limit`, or the most it can where that is
    a variable; of a list without pages it is guessed what most people have.
    """

    depth: int = 0
    aliases: int = 0
    cost: int = 0
    fields: int = 0

    def beside(self, other: Measure) -> Measure:
        return Measure(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.cost + other.cost,
            self.fields + other.fields,
        )


@lru_cache(maxsize=_KEPT_DOCUMENTS)
def measure(document: DocumentNode, schema: GraphQLSchema) -> Measure:
    """The document's dearest operation; `fields` are those of the whole document as written."""
    ruler = _Ruler(document, schema)
    operations = [
        ruler.selection(
            definition.selection_set,
            _Place(schema.get_root_type(definition.operation), is_root=True),
        )
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    return Measure(
        depth=max((one.depth for one in operations), default=0),
        aliases=min(max((one.aliases for one in operations), default=0), _CEILING),
        cost=min(max((one.cost for one in operations), default=0), _CEILING),
        fields=ruler.fields_written,
    )


def _too_much(found: Measure) -> str | None:
    for what, value, most in (
        ("fields", found.fields, MAX_FIELDS),
        ("levels", found.depth, MAX_DEPTH),
        ("aliases", found.aliases, MAX_ALIASES),
    ):
        if value > most:
            return f"Has {value} {what}; at most {most} are allowed."
    if found.cost > MAX_COST:
        return f"Costs {found.cost}; at most {MAX_COST} is allowed."
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a selection stands: below a field of this type, None where there is no such."""

    type: GraphQLNamedType | None
    is_root: bool = False
    in_list: bool = False

    def narrowed(self, condition: NamedTypeNode | None, schema: GraphQLSchema) -> _Place:
        """The place within a fragment on another type."""
        if condition is None:
            return self
        return replace(self, type=schema.get_type(condition.name.value))


class _Ruler:
    """Measures selections, each fragment once for each place."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        self.fields_written = 0
        self._schema = schema
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._measured: dict[tuple[str, _Place], Measure] = {}

    def selection(self, owner: SelectionSetNode | None, place: _Place) -> Measure:
        total = Measure()
        for node in owner.selections if owner else ():
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node, place))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._fragment(node.name.value, place))
            else:
                assert isinstance(node, InlineFragmentNode)
                inside = place.narrowed(node.type_condition, self._schema)
                total = total.beside(self.selection(node.selection_set, inside))
        return total

    def _field(self, node: FieldNode, place: _Place) -> Measure:
        self.fields_written += 1
        fields = getattr(place.type, "fields", {})
        declared = fields.get(node.name.value)
        times, is_list = 1, False
        if declared is not None and node.selection_set is not None:
            times, is_list = _size(node, declared.type, place)
        below = _Place(
            None if declared is None else get_named_type(declared.type),
            in_list=place.in_list or is_list,
        )
        inner = self.selection(node.selection_set, below)
        is_read = place.is_root or (declared is not None and is_computed(declared))
        return Measure(
            depth=1 + inner.depth,
            aliases=inner.aliases + (node.alias is not None),
            cost=(OPERATION_COST if is_read else 1) + times * inner.cost,
        )

    def _fragment(self, name: str, place: _Place) -> Measure:
        if name not in self._fragments:
            return Measure()  # a rule of graphql-core says so
        fragment = self._fragments[name]
        key = name, place.narrowed(fragment.type_condition, self._schema)
        if key not in self._measured:
            self._measured[key] = Measure()  # what spreads itself is refused by another rule
            self._measured[key] = self.selection(fragment.selection_set, key[1])
        return self._measured[key]


def _size(node: FieldNode, type_: GraphQLOutputType, place: _Place) -> tuple[int, bool]:
    """How often what is below a field comes, and whether it is a list."""
    if _is_page(get_named_type(type_)):
        return _limit(node), True
    if not is_list_type(get_nullable_type(type_)) or _is_page(place.type):
        return 1, False
    return (INNER_LIST if place.in_list else WHOLE_LIST), True


def _is_page(type_: GraphQLNamedType | None) -> bool:
    return "nextCursor" in getattr(type_, "fields", {})


def _limit(field: FieldNode) -> int:
    for argument in field.arguments or ():
        if argument.name.value in ("limit", "first"):
            return _bounded(argument.value)
    return DEFAULT_LIMIT


def _bounded(value: Any) -> int:
    if not isinstance(value, IntValueNode) or len(value.value) > len(str(MAX_LIMIT)):
        return MAX_LIMIT  # a variable, or a number that no page has
    return min(max(int(value.value), 1), MAX_LIMIT)
