"""What a render costs, in credits. Pure: one table, as a rule and as the same rule in SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """`credits` of each render; with `first_is_free` the account's first one costs nothing."""

    credits: int
    first_is_free: bool = False


RENDER = {
    "original": Price(1, first_is_free=True),
    "harvard": Price(1, first_is_free=True),
    "business": Price(1, first_is_free=True),
    "picture": Price(2),
}
OTHER = Price(1)  # of any other template


def price_of(template: str, *, first: bool) -> int:
    """Credits that a render costs; `first`: the account has not had its free one yet."""
    price = RENDER.get(template, OTHER)
    return 0 if first and price.first_is_free else price.credits


def is_free_sql(template: str, first: str) -> str:
    """SQL that says whether this is the free render; of SQL for the arguments of `price_of`."""
    free = ", ".join(f"'{name}'" for name, price in RENDER.items() if price.first_is_free)
    return f"({first} AND {template} IN ({free}))"


def price_sql(template: str, is_free: str) -> str:
    """SQL for the credits that a render costs."""
    cases = " ".join(f"WHEN '{name}' THEN {price.credits}" for name, price in RENDER.items())
    return f"CASE WHEN {is_free} THEN 0 ELSE CASE {template} {cases} ELSE {OTHER.credits} END END"


def in_words() -> str:
    """The table as a sentence, for those who are to pay."""
    free = [name for name, price in RENDER.items() if price.first_is_free]
    listed = ", ".join(f"`{name}` {_credits(price.credits)}" for name, price in RENDER.items())
    return (
        f"A render costs credits: {listed}, any other template {_credits(OTHER.credits)}."
        f" The first render of an account costs nothing if it is {_either(free)}."
    )


def _credits(number: int) -> str:
    return f"{number} credit" if number == 1 else f"{number} credits"


def _either(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:-1]) + f" or `{names[-1]}`"
