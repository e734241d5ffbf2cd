"""What a render costs, as a rule and as the same rule in SQL."""

from __future__ import annotations

import itertools

import pytest

from app.prices import RENDER, in_words, is_free_sql, price_of, price_sql
from app.services import Services
from tests.people import table


@pytest.mark.parametrize(
    ("template", "first", "later"),
    [
        ("original", 0, 1),
        ("harvard", 0, 1),
        ("business", 0, 1),
        ("picture", 2, 2),
        ("one of our own", 1, 1),
    ],
)
def test_the_documented_templates_cost_what_the_documents_say(
    template: str, first: int, later: int
) -> None:
    assert price_of(template, first=True) == first
    assert price_of(template, first=False) == later


async def test_sql_has_the_same_prices(services: Services) -> None:
    cases = list(itertools.product([*RENDER, "minimal", ""], [True, False]))
    free = is_free_sql("template", "first")
    rows = await table(
        services,
        f"SELECT {price_sql('template', free)} AS price, {free} AS is_free"
        " FROM unnest($1::text[], $2::bool[]) WITH ORDINALITY AS t (template, first, n) ORDER BY n",
        [template for template, _ in cases],
        [first for _, first in cases],
    )
    prices = [price_of(template, first=first) for template, first in cases]
    assert [row["price"] for row in rows] == prices
    assert [row["is_free"] for row in rows] == [price == 0 for price in prices]


def test_prices_are_told_in_words() -> None:
    assert in_words() == (
        "A render costs 1 credit, 2 credits with the template picture;"
        " an account's first one is free if it is original, harvard or business."
    )
