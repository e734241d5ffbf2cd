"""Our executor answers what graphql-core's own would, errors too."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
import strawberry

from schema import execution
from schema.execution import Executor
from schema.scalars import SCALARS


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.type
class Leaf:
    name: str
    count: int
    share: float | None
    colour: Colour
    at: datetime


@strawberry.type
class Branch:
    title: str | None
    leaves: list[Leaf]
    rows: list[list[int]] | None
    next: Branch | None

    @strawberry.field
    async def slow(self) -> str:
        return "slow"


AT = datetime(2026, 3, 17, 15, tzinfo=UTC)


def leaf(name: Any = "a", count: Any = 1, share: Any = 0.5, colour: Any = Colour.RED) -> Leaf:
    return Leaf(name=name, count=count, share=share, colour=colour, at=AT)


def branch(title: Any = None, leaves: Any = (), rows: Any = None, below: Any = None) -> Branch:
    return Branch(title=title, leaves=leaves, rows=rows, next=below)


TREE = branch("top", [leaf(), leaf("b", 2, None)], [[1], [2, 3]], branch(leaves=[]))
BROKEN = {
    "null": leaf(name=None),
    "large": leaf(count=2**40),
    "wrong": leaf(count="seven"),
    "colour": leaf(colour="blue"),
}


@strawberry.type
class Query:
    @strawberry.field
    async def tree(self) -> Branch | None:
        return TREE

    @strawberry.field
    async def broken(self, how: str) -> Branch | None:
        return branch("b", [leaf(), BROKEN[how]] if how in BROKEN else "no list")


USUAL = strawberry.Schema(Query, scalar_overrides=SCALARS)
OURS = strawberry.Schema(Query, scalar_overrides=SCALARS, execution_context_class=Executor)

DOCUMENTS = [
    "{ tree { title leaves { name count share colour at } rows next { title next { title } } } }",
    "{ tree { t: title x: leaves { n: name name } } }",
    "{ tree { __typename leaves { __typename } } }",
    "{ tree { ...B } } fragment B on Branch { title leaves { ...L } } fragment L on Leaf { name }",
    "{ tree { ... on Branch { leaves { ... { count } name } } leaves { colour } } }",
    "{ tree { slow title } }",
    "{ tree { next { slow } leaves { name } } }",
    "{ tree { title } again: tree { next { title } } }",
    *(f'{{ broken(how: "{how}") {{ leaves {{ name count colour }} }} }}' for how in BROKEN),
    '{ broken(how: "list") { title leaves { name } } }',
    '{ tree { title } broken(how: "null") { leaves { name } } }',
]


def answer(result: Any) -> Any:
    return result.data, [(e.message, e.path) for e in result.errors or ()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
async def test_a_document_is_answered_as_by_the_usual_way(document: str) -> None:
    usual = answer(await USUAL.execute(document))
    assert usual[0] is not None or usual[1]
    for _ in range(2):
        assert answer(await OURS.execute(document)) == usual


async def test_directives_are_looked_at_each_time() -> None:
    document = """query($no: Boolean!) {
        tree { title @skip(if: $no) next { rows @include(if: $no) } }
    }"""
    for no in (True, False, True):
        asked = {"no": no}
        usual = answer(await USUAL.execute(document, variable_values=asked))
        assert answer(await OURS.execute(document, variable_values=asked)) == usual


async def test_remembered_selections_are_bounded() -> None:
    for number in range(execution._MOST_KEPT + 20):
        await OURS.execute(f"{{ tree {{ f{number}: title }} }}")
    assert len(execution._kept) <= execution._MOST_KEPT
