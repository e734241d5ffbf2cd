"""Which lines of a document are headings: by how they look in it, and by what they say.

What a heading looks like is learnt from the lines whose wording is known. A line in that look with
unknown wording is a heading too, of a section `other`, where the look is kept for headings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache, lru_cache

from app.importing.dates import find_span
from app.importing.document import Line
from app.importing.folding import fold
from app.importing.headings import Heading, section_of
from app.importing.lexicon import phrases

_LONGEST = 48
_MOST_HEADINGS = 60
_PURE = 0.7  # of the lines in one look
_PARTS_OF_ENTRIES = frozenset(
    {"summary", "skills", "projects", "certifications", "awards", "other", "publications"}
)

Look = tuple[float, bool, bool, bool, str | None]


def look_of(line: Line) -> Look:
    """What tells a heading from other text: size, weight, capitals, a rule, colour."""
    first = line.segments[0] if line.segments else None
    return (
        round(line.size * 2) / 2,
        line.bold,
        _capitals(line.text),
        line.ruled,
        first.color if first else None,
    )


def _capitals(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 1 and all(char.isupper() for char in letters)


def body_size(lines: Sequence[Line]) -> float:
    """The size most letters are set in; 0 where none is known."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size * 2) / 2] += len(line.text)
    return max(letters, key=lambda size: letters[size], default=0.0)


def headings_of(lines: Sequence[Line]) -> dict[int, Heading]:
    """The lines that are headings, by identity."""
    body = body_size(lines)
    worded = {
        id(line): heading
        for line in lines
        if _may_head(line) and (heading := section_of(line.text)) is not None
    }
    styles = _styles(lines, worded, body)
    ruled = _all_ruled(lines, worded)
    found: dict[int, Heading] = {}
    below = _below_entries(lines, worded)
    gridded = 3 * sum(line.ruled for line in lines) > len(lines)
    looks = _looks_of_others(lines, worded, styles)
    spaces = _spaces(lines, worded)
    for line in lines:
        if not _may_head(line) or id(line) in below:
            continue
        heading = worded.get(id(line))
        purity = styles.get(style_of(line), looks.get((line.region, style_of(line))))
        if heading is not None and _accepted(line, heading, purity, body, bool(styles)):
            found[id(line)] = heading
        elif (
            heading is None
            and purity is not None
            and purity >= 0.5
            and (_unknown(line, body, gridded) or _apart(line, purity, spaces))
            and (line.ruled or not ruled)
        ):
            few = len(found) < _MOST_HEADINGS
            found[id(line)] = (few and _misspelt(line.text)) or Heading("other", False)
    return found


def _spaces(lines: Sequence[Line], worded: dict[int, Heading]) -> dict[tuple[int, Look], float]:
    """The least space above headings of known wording, by region and look, of those with two."""
    spaces: dict[tuple[int, Look], dict[str, float]] = defaultdict(dict)
    for line in lines:
        if id(line) in worded and worded[id(line)].exact and line.above:
            spaces[(line.region, style_of(line))][worded[id(line)].section] = line.above
    return {key: min(found.values()) for key, found in spaces.items() if len(found) >= 2}


def _apart(line: Line, purity: float, spaces: dict[tuple[int, Look], float]) -> bool:
    """Whether a bold line stands as far below others as headings do in a look of theirs alone."""
    space = spaces.get((line.region, style_of(line)))
    if space is None or not line.bold or line.text.rstrip().endswith((".", ",", ";", ":")):
        return False
    return purity >= _PURE and line.above >= max(0.95 * space, line.size)


def _all_ruled(lines: Sequence[Line], worded: dict[int, Heading]) -> bool:
    """Whether each heading of known wording, in bold or capitals, has a line drawn at it."""
    heads = [line for line in lines if id(line) in worded and worded[id(line)].exact]
    heads = [line for line in heads if line.bold or _capitals(line.text)]
    return len(heads) > 2 and all(line.ruled for line in heads)


@lru_cache(maxsize=256)
def _misspelt(text: str) -> Heading | None:
    """The heading that was meant, where one letter of a known one is wrong or missing."""
    meant = get_close_matches(fold(text), _known_headings(), n=1, cutoff=0.9)
    return section_of(meant[0]) if meant else None


@cache
def _known_headings() -> tuple[str, ...]:
    names = ("experience", "education", "skills", "projects", "certifications", "languages")
    return tuple(
        {fold(phrase) for name in names for phrase in phrases("headings", name) if len(phrase) > 6}
    )


def _below_entries(lines: Sequence[Line], worded: dict[int, Heading]) -> set[int]:
    """Lines that head a part of an entry, as `Highlights` or `Courses` do.

    They come again and again, or are set smaller than the headings of the same column.
    """
    heads = [line for line in lines if id(line) in worded and worded[id(line)].exact]
    again = Counter(map(_written, heads))
    largest: dict[int, float] = defaultdict(float)
    sections: dict[tuple[int, float], set[str]] = defaultdict(set)
    for line in heads:
        sections[(line.region, round(line.size * 2) / 2)].add(worded[id(line)].section)
    for (region, size), names in sections.items():
        if len(names) >= 2:
            largest[region] = max(largest[region], size)
    smaller = (
        line
        for line in lines
        if id(line) in worded
        and line.size < largest[line.region] - 0.7
        and not (line.ruled or _capitals(line.text))
    )
    parts = (line for line in heads if worded[id(line)].section in _PARTS_OF_ENTRIES)
    return {id(line) for line in (*smaller, *(each for each in parts if again[_written(each)] > 1))}


def _written(line: Line) -> tuple[str, int, bool]:
    """What a line says, and how: the end of a sentence that is one word comes as no heading."""
    return line.text.casefold(), round(line.size), line.bold


def style_of(line: Line) -> Look:
    """The look without what differs between headings of one document: colour and rules may."""
    size, bold, capitals, _, _ = look_of(line)
    return (size, bold, capitals and len(line.text) > 3, False, line.style)


def _styles(lines: Sequence[Line], worded: dict[int, Heading], body: float) -> dict[Look, float]:
    """The looks of headings, and how large a part of the lines in each have known wording."""
    total: Counter[Look] = Counter()
    known: dict[Look, set[str]] = defaultdict(set)
    hits: Counter[Look] = Counter()
    for line in lines:
        if not _may_head(line, longest=90):
            continue
        style = style_of(line)
        total[style] += 1
        heading = worded.get(id(line))
        if heading is not None and heading.exact:
            hits[style] += 1
            known[style].add(heading.section)
    return {
        style: hits[style] / total[style]
        for style in hits
        if (len(known[style]) >= 2 or _prominent(style, body)) and hits[style] / total[style] >= 0.3
    }


def _looks_of_others(
    lines: Sequence[Line], worded: dict[int, Heading], styles: dict[Look, float]
) -> dict[tuple[int, Look], float]:
    """The looks of headings in regions where none is of known wording: as bold and as much in
    capitals as those elsewhere, and larger, as headings of a wide column beside a narrow one are.
    """
    known = {line.region for line in lines if id(line) in worded and style_of(line) in styles}
    found: dict[tuple[int, Look], float] = {}
    for line in lines:
        style = style_of(line)
        if line.region in known or style in styles or not _may_head(line):
            continue
        if any(style[1:] == other[1:] and 1 < style[0] / other[0] < 1.25 for other in styles):
            found[(line.region, style)] = max(styles.values())
    return found


def _prominent(style: Look, body: float) -> bool:
    return style[0] > body + 0.9 or style[1] or style[2] or _is_heading_style(style[4])


def _is_heading_style(name: str | None) -> bool:
    return bool(name) and str(name).casefold().startswith(
        ("heading", "überschrift", "titre", "título", "titolo", "kop", "标题", "見出し", "title")
    )


def _may_head(line: Line, longest: int = _LONGEST) -> bool:
    return (
        not line.bullet
        and 1 < len(line.text) <= longest
        and len(line.text.split()) <= 8
        and not any(segment.gap for segment in line.segments)
        and find_span(line.text) is None
    )


def _accepted(
    line: Line, heading: Heading, purity: float | None, body: float, styled: bool
) -> bool:
    """Whether wording that is known is a heading here and not a word of the text."""
    style = style_of(line)
    if purity is not None:
        spaced = line.above > 0.8 * line.size
        return heading.exact or purity >= (0.3 if spaced else 0.45)
    if not heading.exact:
        return style[0] > body + 0.9 and (line.ruled or style[1] or style[2]) and not styled
    if not styled:
        return True
    if line.text.rstrip().endswith(":") or not line.text[:1].isupper():
        return _prominent(style, body) and style[0] > body
    return _prominent(style, body) or line.ruled


def _unknown(line: Line, body: float, gridded: bool) -> bool:
    """Whether a line in the look of headings is one though its wording is not known.

    In a table with lines between its rows (`gridded`) such a line tells nothing.
    """
    size, _, capitals, ruled, _ = look_of(line)
    ruled = ruled and not gridded
    prominent = size > body + 0.9 or capitals or ruled or _is_heading_style(line.style)
    return prominent and not line.text.rstrip().endswith((".", ",", ";"))
