"""The same stretch of time in other units: 3 days are 72 hours."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

_SECONDS = {
    "millisecond": Decimal("0.001"),
    "second": Decimal(1),
    "minute": Decimal(60),
    "hour": Decimal(3600),
    "day": Decimal(86_400),
    "week": Decimal(604_800),
}
_MONTHS = {"month": Decimal(1), "year": Decimal(12)}


def otherwise(value: Decimal, unit: str) -> Iterator[tuple[Decimal, str]]:
    """`value` of a unit in each other unit of which it is exactly some number."""
    for table in (_SECONDS, _MONTHS):
        if unit in table:
            for other, size in table.items():
                found = value * table[unit] / size
                if other != unit and found * 100 == int(found * 100):
                    yield found, other
