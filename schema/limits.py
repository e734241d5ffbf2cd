"""What a GraphQL document may ask for at most.

The rules are made once: the cache of validated documents is keyed by them. Strawberry has limits
for depth, aliases and tokens; cost is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    ValidationContext,
    ValidationRule,
)
from strawberry.extensions import SchemaExtension
from strawberry.extensions.max_aliases import create_validator as alias_limit
from strawberry.extensions.query_depth_limiter import create_validator as depth_limit

from schema.types.paging import DEFAULT_LIMIT, MAX_LIMIT

MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_TOKENS = 4_000
MAX_COST = 5_000
OPERATION_COST = 10  # a connection and at least one statement, where a field costs 1


class CostLimit(ValidationRule):
    """Refuses a document of which one operation costs more than MAX_COST."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        cost = document_cost(context.document)
        if cost > MAX_COST:
            context.report_error(GraphQLError(f"Costs {cost}; at most {MAX_COST} is allowed."))


_RULES = (
    depth_limit(MAX_DEPTH, should_ignore=None),
    alias_limit(MAX_ALIASES),
    CostLimit,
)


class Limits(SchemaExtension):
    """Puts the limits on each request and reports its cost in `extensions.cost`."""

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context
        context.parse_options["max_tokens"] = MAX_TOKENS
        context.validation_rules = context.validation_rules + _RULES
        yield

    def get_results(self) -> dict[str, Any]:
        document = self.execution_context.graphql_document
        return {} if document is None else {"cost": document_cost(document)}


@lru_cache(maxsize=256)
def document_cost(document: DocumentNode) -> int:
    """The cost of the dearest operation: 10 an operation of the API, 1 a field, times the size
    of each list around it (its `limit`; the largest page where that is a variable).

    Stops counting once it is over MAX_COST, so that nested fragments can't make it long.
    """
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    return max(
        (
            _Counter(fragments).selection(definition.selection_set, 1, root=True)
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        ),
        default=0,
    )


class _Counter:
    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._open: list[str] = []
        self._total = 0

    def selection(self, owner: SelectionSetNode | None, times: int, *, root: bool = False) -> int:
        """Add what is selected, `times` over; the total so far."""
        for node in owner.selections if owner else ():
            if self._total > MAX_COST:
                break
            if isinstance(node, FieldNode):
                self._total += times * (OPERATION_COST if root else 1)
                self.selection(node.selection_set, times * _page_size(node))
            elif isinstance(node, FragmentSpreadNode):
                self._spread(node.name.value, times, root=root)
            else:
                self.selection(node.selection_set, times, root=root)  # type: ignore[attr-defined]
        return self._total

    def _spread(self, name: str, times: int, *, root: bool) -> None:
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:
            return  # another rule says so
        self._open.append(name)
        self.selection(fragment.selection_set, times, root=root)
        self._open.pop()


def _page_size(field: FieldNode) -> int:
    """How often what is below `field` comes: its `limit` for a list, once for anything else."""
    for argument in field.arguments or ():
        if argument.name.value == "limit":
            value = argument.value
            return int(value.value) if isinstance(value, IntValueNode) else MAX_LIMIT
    selects = field.selection_set.selections if field.selection_set else ()
    is_page = any(isinstance(node, FieldNode) and node.name.value == "items" for node in selects)
    return DEFAULT_LIMIT if is_page else 1
