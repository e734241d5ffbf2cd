"""Columns and sidebars of a page, found by the white between them.

A gutter is a left edge that many fragments share and none crosses over some height. It parts
columns only where the two sides are read apart: dates at the right of a page in one column stand
in rows with what they date. Dates and labels at its left do too, though they may be set at the
middle of a cell or on several rows; `labels` then brings them to the row they belong to.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations

from app.importing.labels import cells_of, set_beside, stacks_of
from app.importing.readings import find_span, section_of
from app.importing.rows import Fragment

_MONTH = re.compile(r"(?:1[0-2]|0?[1-9])\s?月?|年|月")
_DEPTH = 5
_CANDIDATES = 24
_MOST_FRAGMENTS = 3000
_FAR = 1.5


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


class _Kind(Enum):
    COLUMNS = 1
    LABELS = 2


@dataclass(slots=True)
class _Gutter:
    kind: _Kind
    x: float
    first: int
    last: int
    left: list[Fragment]
    right: list[Fragment]


def divide(fragments: list[Fragment], depth: int = 0) -> list[Part]:
    """The fragments of a page, in order of their base, as parts in reading order."""
    if not fragments:
        return []
    gutter = None
    if depth < _DEPTH and 6 <= len(fragments) <= _MOST_FRAGMENTS:
        gutter = _longer(_gutter(fragments), _headed_beside(fragments))
    if gutter is None:
        return [Leaf(fragments)]
    before, after = fragments[: gutter.first], fragments[gutter.last + 1 :]
    if gutter.kind is _Kind.LABELS:
        rows = set_beside(gutter.left, gutter.right)
        return merged([*divide(before, depth + 1), Leaf(rows), *divide(after, depth + 1)])
    return [
        *divide(before, depth + 1),
        Split(gutter.x, divide(gutter.left, depth + 1), divide(gutter.right, depth + 1)),
        *divide(after, depth + 1),
    ]


def merged(parts: list[Part]) -> list[Part]:
    """Leaves that follow each other as one, so that their indents are measured alike."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, Leaf) and merged and isinstance(merged[-1], Leaf):
            merged[-1].fragments.extend(part.fragments)
        else:
            merged.append(part)
    return merged


def _gutter(fragments: list[Fragment]) -> _Gutter | None:
    """The best gutter among the left edges that fragments share."""
    best: _Gutter | None = None
    most = 0.0
    edges = _edges(fragments)
    for x in edges:
        for first, last, left, right in _uncrossed(fragments, x):
            if len(left) < 3 or len(right) < 3:
                continue
            beside = min(left[-1].base, right[-1].base) - max(left[0].base, right[0].base)
            if beside < 2.5 * min(left[0].size, right[0].size):
                continue
            weight = beside * min(_letters(left), _letters(right)) ** 0.5
            if weight <= most or _begins_with_dates(left, right, edges):
                continue
            kind = _kind(left, right)
            if kind is not None:
                best, most = _Gutter(kind, x, first, last, left, right), weight
    return best


def _longer(gutter: _Gutter | None, headed: _Gutter | None) -> _Gutter | None:
    """The gutter that columns make, but where one that headings tell of goes on far beyond it, or
    stands there where else what is on its left would be labels."""
    if gutter is None or headed is None:
        return gutter or headed
    if gutter.kind is _Kind.LABELS and abs(gutter.x - headed.x) <= 2.5:
        return headed
    beyond = headed.last > gutter.last
    far = headed.last - headed.first > _FAR * (gutter.last - gutter.first)
    return headed if beyond and far else gutter


def _headed_beside(fragments: list[Fragment]) -> _Gutter | None:
    """The gutter between headings of one look in one row, however little stands below them."""
    heads = [each for each in fragments if _heads(each)]
    for left, right in combinations(sorted(heads, key=lambda head: head.x0), 2):
        if abs(left.base - right.base) > 1.2 or left.x1 >= right.x0 or not _alike(left, right):
            continue
        first = min(fragments.index(left), fragments.index(right))
        for _, last, lefts, rights in _uncrossed(fragments[first:], right.x0):
            if left not in lefts or right not in rights or min(len(lefts), len(rights)) < 2:
                continue
            below = rights[1].base - right.base
            if abs(rights[1].x0 - right.x0) <= 2.5 and below < 2.6 * right.size:
                return _Gutter(_Kind.COLUMNS, right.x0, first, first + last, lefts, rights)
    return None


def _heads(fragment: Fragment) -> bool:
    heading = section_of(fragment.text) if len(fragment.text) < 40 else None
    return heading is not None and heading.exact


def _alike(one: Fragment, other: Fragment) -> bool:
    """Whether two headings are of different sections and look alike and unlike plain text."""
    first, second = section_of(one.text), section_of(other.text)
    if first is None or second is None or first.section == second.section:
        return False
    bold = all(word.bold for word in (*one.words, *other.words))
    capitals = one.text.isupper() and other.text.isupper()
    return 0.8 < one.size / other.size < 1.25 and (bold or capitals)


def _begins_with_dates(left: list[Fragment], right: list[Fragment], edges: list[float]) -> bool:
    """Whether the right side is dates of the left and a column beyond them, with its own edge."""
    bases = sorted(fragment.base for fragment in left)
    for x in edges:
        before = [fragment for fragment in right if fragment.x1 < x]
        beyond = len(right) - len(before)
        if len(before) < 3 or beyond < 3 or any(f.x0 < x - 2.5 for f in right if f.x1 >= x):
            continue
        dated = sum(find_span(fragment.text) is not None for fragment in before)
        beside = sum(_has_near(bases, fragment.base) for fragment in before)
        if dated >= 0.5 * len(before) and beside >= 0.7 * len(before):
            return True
    return False


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


_Stretch = tuple[int, int, list[Fragment], list[Fragment]]


def _uncrossed(fragments: list[Fragment], x: float) -> list[_Stretch]:
    """The stretches of fragments, by first and last, that keep clear of the gutter before `x`."""
    stretches: list[_Stretch] = []
    start: int | None = None
    left: list[Fragment] = []
    right: list[Fragment] = []
    for index, fragment in enumerate(fragments):
        sides = fragment.cut(x)
        if sides is None:
            if start is not None:
                stretches.append((start, index - 1, left, right))
            start, left, right = None, [], []
            continue
        if start is None:
            start = index
        left.extend(sides[0])
        right.extend(sides[1])
    if start is not None:
        stretches.append((start, len(fragments) - 1, left, right))
    return stretches


def _letters(fragments: list[Fragment]) -> int:
    return sum(len(word.text) for fragment in fragments for word in fragment.words)


def _kind(left: list[Fragment], right: list[Fragment]) -> _Kind | None:
    """Columns of their own, labels at the left of what they label, or cells of the same rows."""
    narrow, other = (left, right) if _letters(left) <= _letters(right) else (right, left)
    bases = sorted(fragment.base for fragment in other)
    matched = sum(_has_near(bases, fragment.base) for fragment in narrow) / len(narrow)
    heads = [section_of(fragment.text) is not None for fragment in narrow]
    cells = [cell for cell in cells_of(narrow) if section_of(cell.text) is None]
    dates = sum(_tells_time(cell.text) for cell in cells) / max(1, len(cells))
    if narrow is left:
        headed = _headed(other)
        beside = matched >= (0.8 if headed else 0.55) and not (headed and _free(narrow, heads))
        in_margin = sum(heads) >= 2 and not headed and sum(heads) >= 0.6 * len(narrow)
        dated = dates >= 0.5 or (not headed and _led_by_dates(narrow, bases))
        return _Kind.LABELS if dated or beside or in_margin else _Kind.COLUMNS
    if matched > 0.55 and sum(heads) < 2 and _aligned_right(narrow):
        return None
    if dates >= 0.6 and sum(heads) < 2:
        return None
    if matched >= 0.8 and not _free(narrow, heads) and not (_headed(left) and _reaches(right)):
        return None
    return _Kind.COLUMNS


def _led_by_dates(narrow: list[Fragment], bases: list[float]) -> bool:
    """Whether what stands close together begins with a date in a row of the other side, as a date
    does that has its place below it, however many lines that takes."""
    leads = [stack[0] for stack in stacks_of(narrow)]
    dated = sum(_tells_time(lead.text) and _has_near(bases, lead.base) for lead in leads)
    return dated >= 2 and dated >= 0.8 * len(leads)


def _tells_time(text: str) -> bool:
    """Whether a cell has a date, or the year or month of one that is set in two columns."""
    return find_span(text) is not None or _MONTH.fullmatch(text) is not None


def _reaches(fragments: list[Fragment]) -> bool:
    """Whether fragments begin with a mail address, as those of a sidebar may."""
    return any("@" in fragment.text for fragment in fragments[:3])


def _headed(fragments: list[Fragment]) -> bool:
    """Whether a column has headings of its own."""
    found = [section_of(fragment.text) for fragment in fragments if len(fragment.text) < 40]
    return len({heading.section for heading in found if heading and heading.exact}) >= 2


def _free(narrow: list[Fragment], heads: list[bool]) -> bool:
    """Whether headings of the narrow side have text of that side below them, as a sidebar has."""
    size = max(fragment.size for fragment in narrow)
    followed = 0
    for index, head in enumerate(heads[:-1]):
        near = narrow[index + 1].base - narrow[index].base < 2.6 * size
        followed += head and near and not heads[index + 1]
    return sum(heads) > 0 and followed >= max(1, 0.6 * sum(heads[:-1]))


def _has_near(bases: list[float], base: float) -> bool:
    at = bisect_left(bases, base - 1.2)
    return at < len(bases) and bases[at] <= base + 1.2


def _aligned_right(fragments: list[Fragment]) -> bool:
    """Whether the fragments share a right edge and not a left one."""
    right = max(fragment.x1 for fragment in fragments)
    left = min(fragment.x0 for fragment in fragments)
    at_right = sum(right - fragment.x1 < 4 for fragment in fragments)
    at_left = sum(fragment.x0 - left < 4 for fragment in fragments)
    return at_right >= 0.7 * len(fragments) and at_left < 0.5 * len(fragments)
