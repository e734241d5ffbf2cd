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
    others = [
        f"{_credits(price.credits)} with the template {name}"
        for name, price in RENDER.items()
        if price.credits != OTHER.credits
    ]
    free = [name for name, price in RENDER.items() if price.first_is_free]
    return (
        f"A render costs {', '.join([_credits(OTHER.credits), *others])};"
        f" an account's first one is free if it is {', '.join(free[:-1])} or {free[-1]}."
    )


def _credits(number: int) -> str:
    return f"{number} credit" if number == 1 else f"{number} credits"
