"""Columns and sidebars of a page, found by the white between them.

A gutter is a left edge that many fragments share and none crosses over some height. It parts
columns only where the two sides are read apart: dates at the right of a page in one column, or at
its left, stand in rows with what they date and are not a column.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.importing.dates import find_span
from app.importing.headings import section_of
from app.importing.rows import Fragment

_DEPTH = 5
_CANDIDATES = 24
_MOST_FRAGMENTS = 3000


@dataclass(slots=True)
class Leaf:
    """Fragments that are read row by row."""

    fragments: list[Fragment]


@dataclass(slots=True)
class Split:
    """Two columns side by side, each read to its end; `x` is the left edge of the right one."""

    x: float
    left: list[Leaf | Split] = field(default_factory=list)
    right: list[Leaf | Split] = field(default_factory=list)


Part = Leaf | Split


def divide(fragments: list[Fragment], depth: int = 0) -> list[Part]:
    """The fragments of a page, in order of their base, as parts in reading order."""
    if not fragments:
        return []
    gutter = None
    if depth < _DEPTH and 6 <= len(fragments) <= _MOST_FRAGMENTS:
        gutter = _gutter(fragments)
    if gutter is None:
        return [Leaf(fragments)]
    x, first, last = gutter
    inside = fragments[first : last + 1]
    left = [fragment for fragment in inside if fragment.x0 < x - 1]
    right = [fragment for fragment in inside if fragment.x0 >= x - 1]
    return [
        *divide(fragments[:first], depth + 1),
        Split(x, divide(left, depth + 1), divide(right, depth + 1)),
        *divide(fragments[last + 1 :], depth + 1),
    ]


def _gutter(fragments: list[Fragment]) -> tuple[float, int, int] | None:
    """The left edge of the best right column, and the first and last fragment beside it."""
    best: tuple[float, float, int, int] | None = None
    for x in _edges(fragments):
        for first, last in _uncrossed(fragments, x):
            inside = fragments[first : last + 1]
            left = [fragment for fragment in inside if fragment.x0 < x - 1]
            right = [fragment for fragment in inside if fragment.x0 >= x - 1]
            if len(left) < 3 or len(right) < 3:
                continue
            beside = min(left[-1].base, right[-1].base) - max(left[0].base, right[0].base)
            if beside < 2.5 * fragments[0].size or not _apart(left, right):
                continue
            weight = beside * min(_letters(left), _letters(right)) ** 0.5
            if best is None or weight > best[0]:
                best = (weight, x, first, last)
    return best[1:] if best else None


def _edges(fragments: list[Fragment]) -> list[float]:
    """Left edges that three or more fragments share, the commonest first, without the leftmost."""
    edges: list[list[float]] = []
    for x in sorted(fragment.x0 for fragment in fragments):
        if edges and x - edges[-1][0] <= 2.5:
            edges[-1].append(x)
        else:
            edges.append([x])
    shared = [group for group in edges[1:] if len(group) >= 3]
    shared.sort(key=len, reverse=True)
    return [group[0] for group in shared[:_CANDIDATES]]


def _uncrossed(fragments: list[Fragment], x: float) -> list[tuple[int, int]]:
    """The stretches of fragments, from first to last, that keep clear of the gutter before `x`."""
    stretches: list[tuple[int, int]] = []
    start: int | None = None
    for index, fragment in enumerate(fragments):
        crosses = fragment.x0 < x - 1 and fragment.x1 > x - 4
        if crosses:
            if start is not None:
                stretches.append((start, index - 1))
            start = None
        elif start is None:
            start = index
    if start is not None:
        stretches.append((start, len(fragments) - 1))
    return stretches


def _letters(fragments: list[Fragment]) -> int:
    return sum(len(word.text) for fragment in fragments for word in fragment.words)


def _apart(left: list[Fragment], right: list[Fragment]) -> bool:
    """Whether the two sides are columns of their own and not cells of the same rows."""
    narrow, other = (left, right) if _letters(left) <= _letters(right) else (right, left)
    bases = sorted(fragment.base for fragment in other)
    matched = sum(_has_near(bases, fragment.base) for fragment in narrow) / len(narrow)
    texts = [fragment.text for fragment in narrow]
    dated = [find_span(text) is not None for text in texts]
    heads = [section_of(text) is not None for text in texts]
    plain = sum(not (date or head) for date, head in zip(dated, heads, strict=True))
    dates = sum(dated) / len(narrow)
    if _aligned_right(narrow) and matched > 0.55 and sum(heads) < 2:
        return False
    if dates >= 0.6 and sum(heads) < 2:
        return False
    if matched >= 0.8:
        return sum(heads) > 0 and plain / len(narrow) >= 0.4 and _free(narrow, heads, other)
    return True


def _free(narrow: list[Fragment], heads: list[bool], other: list[Fragment]) -> bool:
    """Whether headings of the narrow side have text of that side below them, as a sidebar has."""
    size = max(fragment.size for fragment in narrow)
    followed = 0
    for index, head in enumerate(heads[:-1]):
        below = narrow[index + 1]
        near = below.base - narrow[index].base < 2.6 * size
        followed += head and near and not heads[index + 1]
    return followed >= max(1, 0.6 * sum(heads[:-1]))


def _has_near(bases: list[float], base: float) -> bool:
    import bisect

    at = bisect.bisect_left(bases, base - 1.2)
    return at < len(bases) and bases[at] <= base + 1.2


def _aligned_right(fragments: list[Fragment]) -> bool:
    """Whether the fragments share a right edge and not a left one."""
    right = max(fragment.x1 for fragment in fragments)
    left = min(fragment.x0 for fragment in fragments)
    at_right = sum(right - fragment.x1 < 4 for fragment in fragments)
    at_left = sum(fragment.x0 - left < 4 for fragment in fragments)
    return at_right >= 0.7 * len(fragments) and at_left < 0.5 * len(fragments)
