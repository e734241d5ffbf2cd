"""What a GraphQL document may ask for at most, and which documents are remembered.

A document is measured before graphql-core's own rules see it, some of which take quadratic time.
Each fragment is measured once, so that fragments that spread each other twice, thirty levels deep,
cost thirty steps and not a billion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    validate,
)
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache

from schema.types.paging import DEFAULT_LIMIT, MAX_LIMIT

MAX_CHARACTERS = 20_000  # of a document; what is large goes into its variables
MAX_TOKENS = 3_000
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_FIELDS = 400  # as written, before fragments are spread
MAX_COST = 5_000
OPERATION_COST = 10  # a connection and at least one statement, where a field costs 1

_CEILING = 10**9  # nested fragments make numbers that no JSON can hold

# A parsed document takes a hundred times the memory of its text: only short ones are kept.
_KEPT_CHARACTERS = 4_000
_KEPT_DOCUMENTS = 128
_parse_once = ParserCache(maxsize=_KEPT_DOCUMENTS).cached_parse_document
_validate_once = ValidationCache(maxsize=_KEPT_DOCUMENTS).cached_validate_document


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
        if complaint := _too_much(measure(document)):
            context.pre_execution_errors = [GraphQLError(complaint)]
        else:
            short = len(context.query or "") <= _KEPT_CHARACTERS
            check = _validate_once if short else validate
            context.pre_execution_errors = check(
                context.schema._schema,
                document,
                context.validation_rules,
            )
        yield

    def get_results(self) -> dict[str, Any]:
        document = self.execution_context.graphql_document
        return {} if document is None else {"cost": measure(document).cost}


@dataclass(frozen=True, slots=True)
class Measure:
    """How much a selection asks for, its fragments spread.

    `cost` is 10 for an operation of the API and 1 for any other field, times the size of each
    list around it: its `limit`, or the largest page where that is a variable.
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
def measure(document: DocumentNode) -> Measure:
    """The document's dearest operation; `fields` are those of the whole document as written."""
    ruler = _Ruler(document)
    operations = [
        ruler.selection(definition.selection_set, root=True)
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


class _Ruler:
    """Measures selections, each fragment once."""

    def __init__(self, document: DocumentNode) -> None:
        self.fields_written = 0
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._measured: dict[tuple[str, bool], Measure] = {}

    def selection(self, owner: SelectionSetNode | None, *, root: bool = False) -> Measure:
        total = Measure()
        for node in owner.selections if owner else ():
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node, root))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._fragment(node.name.value, root))
            else:
                inner = self.selection(node.selection_set, root=root)  # type: ignore[attr-defined]
                total = total.beside(inner)
        return total

    def _field(self, node: FieldNode, root: bool) -> Measure:
        self.fields_written += 1
        inner = self.selection(node.selection_set)
        own_cost = OPERATION_COST if root else 1
        return Measure(
            depth=1 + inner.depth,
            aliases=inner.aliases + (node.alias is not None),
            cost=own_cost + _page_size(node) * inner.cost,
        )

    def _fragment(self, name: str, root: bool) -> Measure:
        if name not in self._fragments:
            return Measure()  # a rule of graphql-core says so
        key = name, root
        if key not in self._measured:
            self._measured[key] = Measure()  # what spreads itself is refused by another rule
            self._measured[key] = self.selection(self._fragments[name].selection_set, root=root)
        return self._measured[key]


def _page_size(field: FieldNode) -> int:
    """How often what is below `field` comes: its `limit` for a list, once for anything else."""
    for argument in field.arguments or ():
        if argument.name.value == "limit":
            return _bounded(argument.value)
    selects = field.selection_set.selections if field.selection_set else ()
    is_page = any(isinstance(node, FieldNode) and node.name.value == "items" for node in selects)
    return DEFAULT_LIMIT if is_page else 1


def _bounded(value: Any) -> int:
    if not isinstance(value, IntValueNode) or len(value.value) > len(str(MAX_LIMIT)):
        return MAX_LIMIT  # a variable, or a number that no page has
    return min(max(int(value.value), 1), MAX_LIMIT)
