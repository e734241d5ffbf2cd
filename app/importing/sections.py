"""The sections of a document: headings found by how they look in it and by what they say.

What a heading looks like is learnt from the lines whose wording is known. A line in that look with
unknown wording is a heading too, of a section `other`, where the look is kept for headings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, lru_cache

from msgspec.structs import replace

from app.importing.blocks import Block, blocks_of
from app.importing.dates import find_span
from app.importing.document import Document, Line
from app.importing.folding import fold
from app.importing.headings import Heading, labelled_section, section_of
from app.importing.lexicon import phrases
from app.importing.margins import without_margin
from app.importing.months import without_column_names

_LONGEST = 48
_MOST_HEADINGS = 60
_PARTS_OF_ENTRIES = frozenset(
    {"summary", "skills", "projects", "certifications", "awards", "other", "publications"}
)

Look = tuple[float, bool, bool, bool, str | None]


@dataclass(slots=True)
class Section:
    """Blocks below a heading. `name` is `header` for what stands before all headings."""

    name: str
    heading: Line | None = None
    also: tuple[str, ...] = ()
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str | None:
        return self.heading.text if self.heading else None


@dataclass(slots=True)
class _Part:
    """Lines under a heading, before they are blocks."""

    name: str
    heading: Line | None
    also: tuple[str, ...]
    lines: list[Line]


def sections_of(document: Document) -> list[Section]:
    """The document's sections in reading order, the header first even where it is empty."""
    lines = [without_column_names(line) for line in without_margin(document.lines)]
    lines = _without_marks(lines)
    headings = _headings(lines)
    for line in lines[:4]:  # the document's own title, or a name or profession set like a heading
        if id(line) in headings and headings[id(line)].section == "other":
            del headings[id(line)]
    parts = [_Part("header", None, (), [])]
    tops = _header_regions(lines, headings)
    for line in lines:
        heading = headings.get(id(line))
        if heading is not None and _goes_on(parts[-1], line, heading):
            continue
        if heading is not None and _is_group(parts[-1], line, heading):
            parts[-1].lines.append(line)
            continue
        if heading is not None and _is_kind(parts[-1], line, heading):
            parts.append(_Part(parts[-1].name, line, parts[-1].also, []))
        elif heading is not None:
            parts.append(_Part(heading.section, line, heading.also, []))
        elif line.region in tops and not tops[line.region]:
            parts[0].lines.append(line)
        else:
            parts[-1].lines.append(line)
        if heading is not None and line.region in tops:
            tops[line.region] = True
    return [Section(part.name, part.heading, part.also, blocks_of(part.lines)) for part in parts]


def _without_marks(lines: list[Line]) -> list[Line]:
    """The lines, those without a bullet that are headings with a mark before them: `■ Skills`."""
    marked: dict[Look, list[Line]] = defaultdict(list)
    for line in lines:
        if line.bullet:
            marked[_style(line)].append(line)
    heads: set[int] = set()
    for alike in marked.values():
        found = [section_of(line.text) for line in alike]
        known = {heading.section for heading in found if heading and heading.exact}
        if len(known) >= 2 and sum(map(bool, found)) >= 0.6 * len(alike):
            heads.update(map(id, alike))
    return [replace(line, bullet=False) if id(line) in heads else line for line in lines]


def _goes_on(part: _Part, line: Line, heading: Heading) -> bool:
    """Whether a heading is the second line of the one before: `Esperienza / professionale`."""
    above = part.heading
    if above is None or part.lines or heading.exact or line.text[:1].isupper():
        return False
    return look_of(above)[:2] == look_of(line)[:2] and line.region == above.region


def _is_group(part: _Part, line: Line, heading: Heading) -> bool:
    """Whether a heading only names a group of the section just begun: `Skills / Tools`.

    Of skills there may be many groups, and one of them may be called `Languages`.
    """
    above = part.heading
    if above is None:
        return False
    if part.name == "skills" and line.region == above.region and not line.ruled:
        return line.size < above.size - 0.7
    if part.lines or heading.section != part.name:
        return False
    return line.size < above.size - 0.4 or (above.ruled and not line.ruled)


def _is_kind(part: _Part, line: Line, heading: Heading) -> bool:
    """Whether an unknown heading right below a larger one names a part of it: `Vocational`."""
    above = part.heading
    if above is None or part.lines or heading.section != "other" or part.name == "other":
        return False
    return line.size < above.size - 0.4 and line.region == above.region


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
    return len(letters) > 1 and "".join(letters).isupper()


def body_size(lines: Sequence[Line]) -> float:
    """The size most letters are set in; 0 where none is known."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size * 2) / 2] += len(line.text)
    return max(letters, key=lambda size: letters[size], default=0.0)


def _headings(lines: Sequence[Line]) -> dict[int, Heading]:
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
    for line in lines:
        if not _may_head(line) or id(line) in below:
            continue
        heading = worded.get(id(line))
        purity = styles.get(_style(line))
        if heading is not None and _accepted(line, heading, purity, body, bool(styles)):
            found[id(line)] = heading
        elif (
            heading is None
            and purity is not None
            and purity >= 0.5
            and _unknown(line, body, gridded)
            and (line.ruled or not ruled)
        ):
            few = len(found) < _MOST_HEADINGS
            found[id(line)] = (few and _misspelt(line.text)) or Heading("other", False)
    return found


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


def _style(line: Line) -> Look:
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
        style = _style(line)
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
    style = _style(line)
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


def _header_regions(lines: Sequence[Line], headings: dict[int, Heading]) -> dict[int, bool]:
    """Regions at the head of the first page that begin with what belongs to the header.

    A region that begins below the head of the page goes on with the section read before.
    """
    first_page = lines[0].page if lines else None
    regions: dict[int, bool] = {}
    bottom = max((line.box[3] for line in lines if line.box and line.page == first_page), default=0)
    for line in lines:
        if line.region in regions or line.page != first_page:
            continue
        high = line.box is None or line.box[1] < 0.33 * bottom
        regions[line.region] = not high
    first = next((line for line in lines if id(line) in headings), None)
    if first is None:
        return regions
    before = {line.region for line in lines[: lines.index(first)]}
    with_heading = {line.region for line in lines if id(line) in headings}
    return {
        region: passed
        for region, passed in regions.items()
        if region in before or (not passed and region in with_heading)
    }


__all__ = ["Section", "body_size", "labelled_section", "look_of", "sections_of"]
