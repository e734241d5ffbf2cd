"""Which characters our typefaces have, and what is set in place of the others.

`covered.txt` has their ranges, taken from the fonts by `python -m workers.fonts`, so that this is
known without opening one. A letter in disguise, such as those of mathematics that people write bold
names with, is set as the letter it stands for; what else no typeface has is left out, and never
shown as a box.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from msgspec import structs

from app.cv.model import CV, Identity, Item, Section

COVERED = Path(__file__).with_name("covered.txt")
_UNSEEN = (  # what shows nothing and needs no glyph
    "\\x00-\\x7f\\xad\\u034f\\u061c\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ufe00-\\ufe0f\\ufeff\\U000e0000-\\U000e0fff"
)
_Part = TypeVar("_Part", Identity, Item, Section)
_NOTHING = "\N{EM DASH}"  # where something must stand
_MOST_NAMED = 12  # characters of a script that a warning shows


def settable(text: str) -> str:
    """`text` as far as it can be set."""
    if text.isascii() or not _candidate().search(text):
        return text
    return _candidate().sub(lambda found: _set(found[0]), text).strip()


def missing(texts: Iterable[str]) -> dict[str, str]:
    """The characters of `texts` that no typeface has, by the English names of their scripts."""
    found: dict[str, dict[str, None]] = {}
    for text in texts:
        for run in () if text.isascii() else _candidate().findall(text):
            if not _set(run):
                found.setdefault(_script(run[0]), {})[run[0]] = None
    return {script: "".join(characters) for script, characters in sorted(found.items())}


def named(characters: str) -> str:
    """The first of `characters`, for a message: as such where they are letters, else by number."""
    shown = " ".join(
        each if unicodedata.category(each)[0] in "LNS" else f"U+{ord(each):04X}"
        for each in characters[:_MOST_NAMED]
    )
    return f"{shown} …" if len(characters) > _MOST_NAMED else shown


def as_set(cv: CV) -> CV:
    """`cv` as its pages show it; itself where all of it can be set."""
    if all(settable(text) == text for text in _texts(cv)):
        return cv
    sections = tuple(filter(_shows, map(_section, cv.sections)))
    identity = _each_text(cv.identity)
    if not (identity.first_name or identity.last_name):
        identity = structs.replace(identity, first_name=_NOTHING)
    return structs.replace(cv, identity=identity, sections=sections)


def _section(section: Section) -> Section:
    items = tuple(item for item in map(_item, section.items) if any(structs.astuple(item)))
    shown = structs.replace(_each_text(section), items=items)
    return shown if shown.heading else structs.replace(shown, heading=_NOTHING)


def _item(item: Item) -> Item:
    bullets = tuple(text for text in map(settable, item.bullets) if text)
    return structs.replace(_each_text(item), bullets=bullets)


def _shows(section: Section) -> bool:
    return bool(section.content or section.items)


def _each_text(part: _Part) -> _Part:
    texts = {
        name: settable(value) for name, value in structs.asdict(part).items() if type(value) is str
    }
    return structs.replace(part, **texts)


def _texts(cv: CV) -> Iterator[str]:
    yield from (text for text in structs.astuple(cv.identity) if type(text) is str)
    for section in cv.sections:
        yield from (section.heading, section.content)
        for item in section.items:
            yield from (item.title, item.subtitle, item.location, item.start, item.end)
            yield from (item.description, *item.bullets)


def _set(run: str) -> str:
    """What is set of a character and the unseen ones behind it: "" for nothing."""
    if _is_covered(run[0]):
        return run
    plain = unicodedata.normalize("NFKC", run[0])
    return plain if plain != run[0] and all(map(_is_covered, plain)) else ""


def _script(character: str) -> str:
    """The first word of its name tells the script of a letter, if only roughly."""
    name = unicodedata.name(character, "")
    return name.split()[0].split("-")[0].title() if name else "unnamed"


def _is_covered(character: str) -> bool:
    first, last = _ranges()
    point = ord(character)
    at = bisect_right(first, point) - 1
    return at >= 0 and point <= last[at]


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """The first and the last character of each range."""
    ranges = [line.split("-") for line in COVERED.read_text("ascii").split()]
    return [int(each[0], 16) for each in ranges], [int(each[-1], 16) for each in ranges]


@cache
def _candidate() -> re.Pattern[str]:
    """A character that may not be covered, and the unseen ones that belong to it.

    Beyond the first 65,536 that is any: a pattern of all ranges there takes long to compile.
    """
    covered = "".join(
        f"\\u{first:04x}-\\u{min(last, 0xFFFF):04x}"
        for first, last in zip(*_ranges(), strict=True)
        if first <= 0xFFFF
    )
    return re.compile(f"[^{_UNSEEN}{covered}][\\u200d\\ufe00-\\ufe0f]*")
