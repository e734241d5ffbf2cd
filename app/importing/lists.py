"""Skills and languages: lists, however they are set."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from app.cv.wording import read_list
from app.importing import evidence as seen
from app.importing.blocks import Block, joined_text
from app.importing.contact import label_of
from app.importing.document import Line
from app.importing.headings import section_of
from app.importing.personal import is_dated
from app.importing.preview import FoundLanguage, FoundSkill, Unplaced
from app.importing.skills import SkillText, opens_aside, split_skills
from app.importing.spoken import SpokenText, find_languages, is_level, unknown_language

_DOTS = re.compile(r"^[\s●○•◦◉◯★☆⬤■□▪▫.·*_-]+$")
_LABELLED_LINE = re.compile(r"[^\W_][^:：|;,\n]{1,34}[:：]\s+\S")
_ASIDES = re.compile(r"\s*[(（][^()（）]*[)）]")
_MOST_OF_NAME, _MEAN_OF_NAMES = 9, 6  # words


def read_languages(
    blocks: Sequence[Block], section: str | None
) -> tuple[list[FoundLanguage], list[Block]]:
    """Languages that are spoken, and the blocks without one."""
    found: list[FoundLanguage] = []
    rest: list[Block] = []
    last: FoundLanguage | None = None
    for block in blocks:
        text = _with_level_first(listed_text(block))
        languages = _evenly_listed(text) or find_languages(text)
        if not languages and (unknown := unknown_language(text)):
            languages = [unknown]
        if not languages:
            brief = len(text.split()) <= 5 and not text.endswith((":", "："))
            if last is not None and last.level is None and brief:
                last.level = text
                last.evidence.append(seen.of_block("level", block, 0.6, "lists.read_languages"))
            else:
                rest.append(block)
            continue
        for name, level in languages:
            last = FoundLanguage(name=name, level=level)
            last.evidence.append(seen.of_block("name", block, 0.9, "spoken.find_languages"))
            if level:
                last.evidence.append(seen.of_block("level", block, 0.85, "spoken.find_languages"))
            found.append(last)
    return found, rest


def _evenly_listed(text: str) -> list[SpokenText]:
    """The languages of a list whose every item is a name, or a name with its level in brackets.

    Where half of them and a level are known, the others are what they seem.
    """
    named: list[SpokenText] = []
    known = levels = 0
    for item in read_list(text if "  " not in text else ""):
        name, bracket, note = item.partition(" (")
        level = note[:-1] if bracket and item.endswith(")") else None
        if len(name.split()) > 3 or not name[0].isupper() or ":" in name:
            return []
        known += bool(find_languages(name))
        levels += level is not None and is_level(level)
        named.append(SpokenText(name, level))
    return named if levels and 2 * known >= len(named) > 1 else []


def _with_level_first(text: str) -> str:
    """A row that begins with a level, `Mother tongue  Italian`, with a colon behind that."""
    level, gap, rest = text.partition("  ")
    return f"{level}: {rest.strip()}" if gap and is_level(level) and find_languages(rest) else text


def listed_text(block: Block) -> str:
    """A block's text with its wide gaps kept, without dots that draw a level."""
    if len(block.lines) > 1:
        return block.text
    parts: list[str] = []
    for index, segment in enumerate(block.segments):
        if _DOTS.match(segment.text):
            continue
        if index and parts:
            parts.append("  " if segment.gap else " ")
        parts.append(segment.text)
    return "".join(parts).strip() or block.text


def read_skills(
    blocks: Sequence[Block], section: str | None
) -> tuple[list[FoundSkill], list[Unplaced]]:
    """Skills with the category they are listed under, and sentences that list none."""
    found: list[FoundSkill] = []
    left: list[Unplaced] = []
    category: tuple[str, Block] | None = None
    blocks = [part for block in blocks for part in _apart(block)]
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if _is_category(block, following):
            category = (block.text.rstrip(" :："), block)
            continue
        aside = _is_prose(block) or _is_no_skill(block, following)
        skills = [] if aside else list(split_skills(_labelled(block)))
        if not skills:
            left.append(seen.unplaced(block, section))
            continue
        for skill in skills:
            _add(found, skill, block, category)
    if category and not any(skill.category == category[0] for skill in found):
        left.append(seen.unplaced(category[1], section))
    return found, left


def _add(
    found: list[FoundSkill],
    skill: SkillText,
    block: Block,
    category: tuple[str, Block] | None,
) -> None:
    named = FoundSkill(
        name=skill.name,
        category=skill.category or (category[0] if category else None),
        level=skill.level,
        years=skill.years,
    )
    rule = "skills.split_skills"
    named.evidence.append(seen.of_block("name", block, 0.85, rule))
    if skill.category:
        named.evidence.append(seen.of_block("category", block, 0.85, rule))
    elif category:
        named.evidence.append(seen.of_block("category", category[1], 0.7, "lists.read_skills"))
    for name in ("level", "years"):
        if getattr(named, name):
            named.evidence.append(seen.of_block(name, block, 0.8, rule))
    found.append(named)


def _is_category(block: Block, following: Block | None) -> bool:
    """Whether a block only names the list below it: bold above plain text, or with a colon."""
    if following is None or block.bullet or len(block.text.split()) > 5:
        return False
    if len(block.lines) > (2 if block.first.bold else 1):
        return False
    if any(segment.gap for segment in block.segments) or "," in block.text:
        return False
    if block.text.endswith((":", "：")):
        return True
    if len(block.text.split()) <= 2 and section_of(block.text) is not None:
        return True
    return block.first.bold and not following.first.bold


def _labelled(block: Block) -> str:
    """The text with a colon after a label that only look or a gap sets off: `CAD  CATIA, NX`."""
    text = listed_text(block)
    segments = [segment for segment in block.segments if not _DOTS.match(segment.text)]
    if len(segments) < 2 or ":" in segments[0].text or "," in segments[0].text:
        return text
    first, second = segments[0], segments[1]
    set_off = (second.gap and "," in second.text) or (first.bold and not second.bold)
    if set_off and len(first.text.split()) <= 5:
        rest = text[len(first.text) :].strip()
        return f"{first.text.rstrip()}: {rest}"
    return text


def _apart(block: Block) -> list[Block]:
    """A block cut where a line is only a label, where lines begin with one each, and a row where a
    second label begins in it."""
    lines: list[list[Line]] = [[]]
    for line in block.lines:
        if lines[-1] and (
            _ends_label(line) or _ends_label(lines[-1][-1]) or _is_next_list(lines[-1], line)
        ):
            lines.append([])
        lines[-1].append(line)
    if len(lines) > 1:
        return [Block(group, joined_text([line.text for line in group])) for group in lines]
    segments = block.segments
    if len(block.lines) > 1 or len(segments) != 4 or not all(s.gap for s in segments[1:]):
        return [block]
    if any(segments[at].text.count(",") for at in (0, 2)) or "," not in segments[1].text:
        return [block]
    halves = (segments[:2], (msgspec.structs.replace(segments[2], gap=False), segments[3]))
    rows = [
        msgspec.structs.replace(
            block.first, text="  ".join(s.text for s in half), segments=half, box=half[0].box
        )
        for half in halves
    ]
    return [Block([row], row.text) for row in rows]


def _ends_label(line: Line) -> bool:
    """Whether a line ends with the colon of a label, not with one in brackets that go on."""
    return line.text.endswith(":") and not opens_aside(line.text)


def _is_next_list(group: Sequence[Line], line: Line) -> bool:
    """Whether a line begins with a label as those above it do, which ended where a list may."""
    return (
        _LABELLED_LINE.match(group[0].text) is not None
        and _LABELLED_LINE.match(line.text) is not None
        and group[-1].text[-1] not in ",;&/-–(（"
    )


def _is_no_skill(block: Block, following: Block | None) -> bool:
    """A driving licence under its label, or place and date at the end of a CV."""
    label = label_of(listed_text(block).replace("  ", ": ", 1))
    if label is not None and label.kind in ("status", "nationality", "birth"):
        return True
    return following is None and "," in block.text and is_dated(block.text)


def _is_prose(block: Block) -> bool:
    words = block.text.split()
    listed = re.search(r"[,;|·•、،/]", block.text)
    return (len(words) > 14 and listed is None) or (len(words) > 60 and not _is_list(block.text))


def _is_list(text: str) -> bool:
    """Whether a long text is names one after the other, in few words each but for their notes in
    brackets, and no sentences."""
    bare = _ASIDES.sub("", text)
    items = read_list(bare)
    brief = all(len(item.split()) <= _MOST_OF_NAME for item in items)
    return brief and len(bare.split()) <= _MEAN_OF_NAMES * len(items) and ". " not in bare
