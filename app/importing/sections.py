"""The sections of a document: what stands below each of its headings, and the header before all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from app.importing.blocks import Block, blocks_of
from app.importing.document import Document, Line
from app.importing.headed import Look, body_size, headings_of, look_of, style_of
from app.importing.headings import Heading, section_of
from app.importing.margins import without_margin
from app.importing.months import without_column_names

_NAME = 1.8  # times the size of the text: nothing else in a column of text is as large


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
    freed, marginal = without_margin(document.lines)
    lines = _without_marks([without_column_names(line) for line in freed])
    headings = headings_of(lines)
    if marginal:
        headings.update((id(line), Heading("other", False)) for line in lines if line in marginal)
    for line in _before_contact(lines[:4]):
        # The document's own title, or a name or profession set like a heading.
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
    _return_name(parts, body_size(lines))
    return [Section(part.name, part.heading, part.also, blocks_of(part.lines)) for part in parts]


def _return_name(parts: list[_Part], body: float) -> None:
    """Put the largest line into a header that would have none: it is the name, wherever it is."""
    if parts[0].lines or body <= 0:
        return
    sized = [(line.size, part, line) for part in parts for line in part.lines if line.page == 1]
    largest = max((size for size, _, _ in sized), default=0.0)
    found = [(part, line) for size, part, line in sized if size == largest >= _NAME * body]
    if len(found) == 1:
        part, name = found[0]
        parts[0].lines.append(name)
        part.lines[:] = [line for line in part.lines if line is not name]


def _before_contact(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines up to the first that says how to reach somebody: name and profession are there."""
    told = (at for at, line in enumerate(lines) if at and "@" in line.text)
    return lines[: next(told, len(lines))]


def _without_marks(lines: list[Line]) -> list[Line]:
    """The lines, those without a bullet that are headings with a mark before them: `■ Skills`."""
    marked: dict[Look, list[Line]] = defaultdict(list)
    for line in lines:
        if line.bullet:
            marked[style_of(line)].append(line)
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
    named = max(lines, key=lambda line: line.size if line.page == first_page else 0.0).region
    return {
        region: passed
        for region, passed in regions.items()
        if region in before or (not passed and (region in with_heading or region == named))
    }
