"""Lines as a reader sees them: parts of pages put in reading order, each row with its look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.importing.columns import Leaf, Part, Split, divide, merged
from app.importing.document import Line, Link, Segment
from app.importing.glyphs import Word
from app.importing.page_tables import tables_apart
from app.importing.preview import Box
from app.importing.rows import Fragment, is_bullet, joined, rows_of, without_running

_SAME_COLUMN = 14.0


Rule = tuple[float, float, float]  # left, how far from the top, right


@dataclass(slots=True)
class Page:
    """The words of a page, the lines drawn across it, and small dots drawn on it.

    A page that is read from right to left is `mirrored`, and so is all that stands on it.
    """

    number: int
    width: float
    height: float
    words: list[Word]
    turned: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)
    mirrored: bool = False


@dataclass(slots=True)
class _Placed:
    """A part of a page that is read row by row."""

    page: Page
    fragments: list[Fragment]


def lines_of(pages: list[Page]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """All lines in reading order, and the running heads and feet that were left out."""
    rows = [rows_of(page.words) for page in pages]
    kept, dropped = without_running(rows, [page.height for page in pages])
    divided = [
        (page, _divided(page_rows, page)) for page, page_rows in zip(pages, kept, strict=True)
    ]
    lines: list[Line] = []
    ordered = list(_in_order(divided))
    for region, placed in enumerate(ordered):
        lines.extend(_region_lines(placed, region, _room(placed, ordered)))
    region = len(ordered)
    for page in pages:
        if page.turned:
            lines.extend(_turned_lines(page, region))
            region += 1
    running = [
        _line(row, page, -1, None, 0.0)
        for page, page_rows in zip(pages, dropped, strict=True)
        for row in page_rows
    ]
    return tuple(lines), tuple(running)


def _divided(rows: list[list[Fragment]], page: Page) -> list[Part]:
    """The parts of a page in reading order; a table that names its columns is read by rows."""
    parts: list[Part] = []
    for tabled, fragments in tables_apart(rows, page.rules):
        parts.extend([Leaf(fragments)] if tabled else divide(fragments))
    return merged(parts)


def _in_order(divided: list[tuple[Page, list[Part]]]) -> Iterator[_Placed]:
    """Columns that go on over a page break are read to their end, the narrower before the wider.

    The wider comes last because what a page without columns begins with goes on from there.
    """
    index = 0
    while index < len(divided):
        page, parts = divided[index]
        for part in parts[:-1]:
            yield from _walk(page, part)
        if not parts:
            index += 1
            continue
        last = parts[-1]
        if isinstance(last, Leaf):
            yield _Placed(page, last.fragments)
            index += 1
            continue
        chain = [(page, last)]
        rest: list[Part] = []
        while index + 1 < len(divided) and not rest:
            following, its_parts = divided[index + 1]
            first = its_parts[0] if its_parts else None
            if not isinstance(first, Split) or abs(first.x - last.x) > _SAME_COLUMN:
                break
            chain.append((following, first))
            rest = its_parts[1:]
            index += 1
        yield from _columns(chain)
        for part in rest:
            yield from _walk(chain[-1][0], part)
        index += 1


def _columns(chain: list[tuple[Page, Split]]) -> Iterator[_Placed]:
    left = [(page, part) for page, split in chain for part in split.left]
    right = [(page, part) for page, split in chain for part in split.right]
    first, second = (left, right)
    if _letters(left) > 1.3 * _letters(right):
        first, second = right, left
    for page, part in [*first, *second]:
        yield from _walk(page, part)


def _letters(parts: list[tuple[Page, Part]]) -> int:
    return sum(
        len(fragment.text)
        for page, part in parts
        for placed in _walk(page, part)
        for fragment in placed.fragments
    )


def _walk(page: Page, part: Part) -> Iterator[_Placed]:
    if isinstance(part, Leaf):
        yield _Placed(page, part.fragments)
    else:
        yield from _columns([(page, part)])


def _region_lines(placed: _Placed, region: int, room: float) -> Iterator[Line]:
    rows = _tight_rows(placed.fragments)
    left = min(fragment.x0 for fragment in placed.fragments)
    above: float | None = None
    for row in rows:
        line = _line(row, placed.page, region, above, left, room)
        yield line
        above = line.box[3] if line.box else above


def _room(placed: _Placed, ordered: list[_Placed]) -> float:
    """How far to the right a region may reach: to its neighbour, or as far as the margin is."""
    top, bottom = placed.fragments[0].base, placed.fragments[-1].base
    right = max(fragment.x1 for fragment in placed.fragments)
    margin = min(min(word.x0 for word in placed.page.words), 0.12 * placed.page.width)
    reach = placed.page.width - max(margin, 0.0)
    for other in ordered:
        if other.page is not placed.page or other is placed:
            continue
        left = min(fragment.x0 for fragment in other.fragments)
        beside = other.fragments[0].base <= bottom and other.fragments[-1].base >= top
        if beside and left > right - 2:
            reach = min(reach, left - 0.8 * other.fragments[0].size)
    return round(max(right, reach), 1)


def _tight_rows(fragments: list[Fragment]) -> list[list[Fragment]]:
    """Fragments by rows; cells a little higher or lower beside each other are one row."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda each: each.base):
        if rows and _fits(rows[-1], fragment):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    for row in rows:
        row.sort(key=lambda fragment: fragment.x0)
    return rows


def _fits(row: list[Fragment], fragment: Fragment) -> bool:
    size = min(min(other.size for other in row), fragment.size)
    if fragment.base - row[0].base > 0.42 * size:
        return False
    return all(fragment.x0 >= other.x1 or fragment.x1 <= other.x0 for other in row)


def _line(
    row: list[Fragment],
    page: Page,
    region: int,
    above: float | None,
    left: float,
    room: float | None = None,
) -> Line:
    first = row[0]
    written = first.bullet or (len(row) > 1 and is_bullet(first.text))
    bullet = written or _dotted(first, page)
    segments: list[Segment] = []
    for index, fragment in enumerate(row):
        words = fragment.words
        if index == 0 and written:
            words = words[1:]
        if words:
            segments.extend(_segments(words, gap=bool(segments)))
    words = [word for fragment in row for word in fragment.words]
    box = _union(word.box for word in words)
    text = "".join(
        segment.text if not index else ("  " if segment.gap else " ") + segment.text
        for index, segment in enumerate(segments)
    )
    letters = Counter[float]()
    for segment in segments:
        letters[segment.size] += len(segment.text)
    return Line(
        text=text,
        segments=tuple(segments),
        page=page.number,
        box=_rounded(box),
        region=region,
        size=max(letters, key=lambda size: letters[size], default=0.0),
        bold=bool(segments) and all(segment.bold for segment in segments),
        italic=bool(segments) and all(segment.italic for segment in segments),
        bullet=bullet,
        indent=round(first.x0 - left, 1),
        above=round(max(0.0, box[1] - above), 1) if above is not None else 0.0,
        links=tuple(_links(words)),
        ruled=_ruled(box, page),
        room=room,
    )


def _dotted(first: Fragment, page: Page) -> bool:
    """Whether a bullet is drawn, not written, before the text."""
    size = first.size
    for left, top, right, bottom in page.dots:
        middle = (top + bottom) / 2
        if (
            0.15 * size < first.x0 - right < 1.6 * size
            and first.base - 0.62 * size < middle < first.base
            and right - left < 0.5 * size
        ):
            return True
    return False


def _ruled(box: Box, page: Page) -> bool:
    """Whether a line is drawn just below the text or above it, from about where it begins."""
    height = box[3] - box[1]
    for rule_left, y, rule_right in page.rules:
        close = -0.25 * height <= y - box[3] <= 0.75 * height or 0 <= box[1] - y <= 0.5 * height
        if close and rule_left < box[2] + 12 and rule_right > box[0] + 2:
            return True
    return False


def _segments(words: list[Word], *, gap: bool) -> Iterator[Segment]:
    """The words in stretches of one look; what touches a word takes the look of most of it."""
    stretches: list[tuple[list[Word], tuple[bool, bool, float, str | None]]] = []
    for cluster in _clusters(words):
        main = max(cluster, key=lambda word: len(word.text))
        look = (main.bold, main.look.italic, max(w.size for w in cluster), main.look.color)
        alike = stretches and _alike(stretches[-1][1], look)
        if alike or (stretches and not any(c.isalnum() for w in cluster for c in w.text)):
            stretches[-1][0].extend(cluster)
        else:
            stretches.append((list(cluster), look))
    for index, (stretch, look) in enumerate(stretches):
        yield Segment(
            text=joined(stretch),
            size=look[2],
            bold=look[0],
            italic=look[1],
            color=look[3],
            gap=gap and index == 0,
            box=_rounded(_union(word.box for word in stretch)),
        )


def _alike(
    one: tuple[bool, bool, float, str | None], other: tuple[bool, bool, float, str | None]
) -> bool:
    return one[:2] == other[:2] and one[3] == other[3] and abs(one[2] - other[2]) < 0.6


def _clusters(words: list[Word]) -> Iterator[list[Word]]:
    cluster: list[Word] = []
    for word in words:
        if cluster and not word.glued:
            yield cluster
            cluster = []
        cluster.append(word)
    if cluster:
        yield cluster


def _links(words: list[Word]) -> Iterator[Link]:
    """Each link on the line once, with the text it lies on."""
    current: str | None = None
    text: list[Word] = []
    for word in words:
        if word.url != current:
            if current:
                yield Link(text=joined(text), url=current)
            current, text = word.url, []
        text.append(word)
    if current:
        yield Link(text=joined(text), url=current)


def _turned_lines(page: Page, region: int) -> Iterator[Line]:
    """Text that runs upwards or downwards, as one line for each stretch of letters."""
    stretch: list[Word] = []
    for word in page.turned:
        if stretch and not _touch(stretch[-1], word):
            yield _turned_line(stretch, page, region)
            stretch = []
        stretch.append(word)
    if stretch:
        yield _turned_line(stretch, page, region)


def _touch(last: Word, word: Word) -> bool:
    near = 1.5 * max(word.size, 1.0)
    return (
        min(abs(word.x0 - last.x1), abs(last.x0 - word.x1), abs(word.x0 - last.x0)) < near
        and min(abs(word.top - last.bottom), abs(last.top - word.bottom)) < near
    )


def _turned_line(stretch: list[Word], page: Page, region: int) -> Line:
    text = "".join(word.text for word in stretch)
    box = _rounded(_union(word.box for word in stretch))
    size = stretch[0].size
    segment = Segment(text=text, size=size, bold=stretch[0].bold, box=box)
    return Line(text=text, segments=(segment,), page=page.number, box=box, region=region, size=size)


def _union(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _rounded(box: Box) -> Box:
    return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))
