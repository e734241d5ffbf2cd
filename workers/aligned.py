"""Entries that were read, each beside the one of the résumé that it was read of.

An entry that was missed moves no other: what follows it is compared with its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Entry = frozenset[tuple[str, str]]  # the fields of an entry, as names and texts


def beside(expected: Sequence[Entry], found: Sequence[Entry]) -> list[int | None]:
    """For each entry that is expected, the place in `found` of the one that was read of it.

    Both stand in the same order. Entries that share no field are beside each other only where
    between two that do no fewer were found than expected.
    """
    placed: list[int | None] = [None] * len(expected)
    before = (-1, -1)
    for at, place in [*_alike(expected, found), (len(expected), len(found))]:
        if at - before[0] <= place - before[1]:
            for one in range(before[0] + 1, at):
                placed[one] = one - before[0] + before[1]
        if at < len(expected):
            placed[at] = place
        before = (at, place)
    return placed


def entry_of(fields: dict[str, Any]) -> Entry:
    """What is compared of an entry: its fields that have a value, those of a list one by one."""
    return frozenset(
        (name, str(each))
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [value] if value else [])
    )


def _alike(expected: Sequence[Entry], found: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """The pairs, in order, that share most fields of all."""
    start, shorter = 0, min(len(expected), len(found))
    while start < shorter and expected[start] == found[start]:
        yield start, start
        start += 1
    best = _best(expected[start:], found[start:])
    at = place = 0
    while at < len(expected) - start and place < len(found) - start:
        if best[at][place] == best[at + 1][place]:
            at += 1
        elif best[at][place] == best[at][place + 1]:
            place += 1
        else:
            yield start + at, start + place
            at, place = at + 1, place + 1


def _best(expected: Sequence[Entry], found: Sequence[Entry]) -> list[list[int]]:
    """How many fields all from here on can share at most, by both places."""
    best = [[0] * (len(found) + 1) for _ in range(len(expected) + 1)]
    for at in range(len(expected) - 1, -1, -1):
        row, below = best[at], best[at + 1]
        for place in range(len(found) - 1, -1, -1):
            shared = len(expected[at] & found[place])
            row[place] = max(below[place], row[place + 1], below[place + 1] + shared)
    return best
