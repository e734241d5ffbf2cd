"""Lists of skills taken apart: names, the label they stand under, levels and years as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from app.cv.wording import read_years
from app.importing import lexicon
from app.importing.folding import fold
from app.importing.phrasebook import Phrasebook

_LONGEST = 4_000
_LONGEST_NAME = 200  # of a skill with its level; what is longer is prose
_LABELLED = re.compile(r"\s*(?P<label>[^:：,;|\n]{2,48}?)\s*[:：](?![/\\:])\s*(?P<rest>\S.*)", re.S)
_NEW_LABEL = re.compile(r"(?:\n|\s*[|;；]\s*|\s{2,})(?=[^\W\d_][^:：|;,\n]{1,34}[:：]\s)")
_PARTS = re.compile(r"[,;|·•▪■●◦∙⋅⋄◆♦▸►➢✓✔\n\t、،؛，；｜​]|\s{2,}|\s[–—/∣-]\s|\u3000")
_OPEN, _SHUT = "([（【{", ")]）】}"
_MANY_SPACES = re.compile(r" {5,}")
_BULLET = re.compile(r"^[\s\-–—•▪■●○◦∙·*▸►➢✓✔・»>]+(?=\S)")
_DOTS = re.compile(r"[\s(]*((?:[●○•◦◉◯★☆⬤⚫⚪■□▪▫◆◇✦✧✪]\s?){2,10})[)\s]*$")
_SHARE = re.compile(r"[\s(:–-]*(\d{1,3}\s?%|\d{1,2}(?:[.,]\d)?\s?/\s?(?:5|10|100))[)\s]*$")
_ASIDE = re.compile(r"\s*[(（\[]([^()（）\[\]]{1,60})[)）\]]\s*$")
_SET_OFF = re.compile(r"\s*(?:\s[–—-]+|[:：]|\s[|=→>])\s*(?P<rest>[^–—:：]{1,40})$")
_TRAILING_LEVEL_MARK = re.compile(r"[\s:：–—-]+$")
_TRAILING_END = re.compile(
    r"\s+(?:etc|usw|ecc|enz)\.?$|[\s.]*(?:…|\.\.\.)$|など$|(?<=[\u3400-\u9fff])等$"
)
_NAMED_LEVEL = re.compile(r"\s*level: (?=\S)")
_SPEED = re.compile(
    r"\d{2,3}\s?(?:wpm|words per minute|words/min|anschläge(?: pro minute)?|ppm|mots/min)\.?", re.I
)
_CEFR = re.compile(r"[ABC][12]\+?")


class SkillText(NamedTuple):
    """A skill as written. `category` is the label of its list; `years` counts years of use."""

    name: str
    category: str | None = None
    level: str | None = None
    years: float | None = None


@cache
def _levels() -> Phrasebook:
    return Phrasebook(lexicon.phrases("skills", "levels"))


@cache
def _eastern_levels() -> frozenset[str]:
    return frozenset(p for p in lexicon.phrases("skills", "levels") if not p[0].isascii())


@cache
def _years() -> re.Pattern[str]:
    units = sorted(set(lexicon.phrases("skills", "units")), key=len, reverse=True)
    unit = "|".join(map(re.escape, units))
    return re.compile(
        rf"(?:>|<|~|ca\.?|über|over|mehr als|more than|plus de|più di|mais de|más de|約)?\s*"
        rf"(\d{{1,2}}(?:[.,]\d)?)\s*(?:\+|plus)?\s*(?:{unit})(?![^\W\d_])\.?"
        rf"(?:\s(?:of\s)?(?:experience|exp\.?|erfahrung))?",
        re.I,
    )


@cache
def _kept() -> frozenset[str]:
    return frozenset(lexicon.phrases("skills", "kept"))


@cache
def _last() -> re.Pattern[str]:
    words = sorted(map(re.escape, lexicon.phrases("skills", "last")), key=len, reverse=True)
    spaced = "|".join(word for word in words if word.isascii() or len(word) > 2)
    return re.compile(rf"^(?:{spaced})\s+|\s+(?:{spaced})\s+", re.I)


@cache
def _ends() -> Phrasebook:
    return Phrasebook(lexicon.phrases("skills", "ends"))


def split_skills(text: str) -> list[SkillText]:
    """The skills a text lists, in order. What isn't a list comes back as one skill."""
    found: list[SkillText] = []
    for part in _NEW_LABEL.split(_MANY_SPACES.sub("    ", text[:_LONGEST])):
        for line in part.split("\n"):
            found.extend(_line(line))
    return found


def _line(line: str) -> Iterator[SkillText]:
    line = _BULLET.sub("", line).strip()
    category: str | None = None
    common: str | None = None
    labelled = _LABELLED.match(line)
    if labelled and not opens_aside(labelled["label"]):
        label, rest = labelled["label"].strip(), labelled["rest"].strip()
        if _SPEED.fullmatch(rest):
            yield SkillText(label, None, rest)
            return
        if not _graded(rest) and not (_CEFR.fullmatch(rest)):
            line = rest
            if _is_level(label):
                common = label
            else:
                category = label
    for name, level, years in _joined(list(map(_read, _items(line)))):
        yield SkillText(name, category, level or common, years)


def opens_aside(text: str) -> bool:
    """Whether what follows a text stands in its brackets, as `fair` in `Excel (level: fair)`."""
    return any(text.rfind(opened) > text.rfind(shut) for opened, shut in ("()", "（）", "[]"))


def _graded(text: str) -> bool:
    """Whether a text is no list but the level of what stands before it."""
    return _is_level(text) or bool(
        _years().fullmatch(text)
        or _SHARE.fullmatch(text)
        or _DOTS.fullmatch(text)
        or _SPEED.fullmatch(text)
    )


def _is_level(text: str) -> bool:
    text = text.strip(" .")
    return bool(text) and (_levels().fills(text) or text in _eastern_levels())


def _items(line: str) -> list[str]:
    """A list cut at its separators, none of them inside brackets."""
    cuts = [match.span() for match in _PARTS.finditer(line)]
    if not cuts:
        return _chain(line)
    depth_at = _depths(line)
    items, at = [], 0
    for lower, upper in cuts:
        if depth_at[lower] or _is_kept(line, lower, upper) or _is_decimal(line, lower):
            continue
        items.append(line[at:lower])
        at = upper
    items.append(line[at:])
    items = [item.strip() for item in items if item.strip()]
    if len(items) > 1 and not (len(items) == 2 and line[cuts[-1][0] : cuts[-1][1]].strip() == ";"):
        items[-1:] = _last_of(items[-1])
    return [piece for item in items for piece in _chain(item)]


def _depths(line: str) -> list[int]:
    depth, depths = 0, []
    for char in line:
        if char in _SHUT and depth:
            depth -= 1
        depths.append(depth)
        if char in _OPEN:
            depth += 1
    return depths if depth == 0 else [0] * len(line)


def _is_kept(line: str, lower: int, upper: int) -> bool:
    """A dash before a level isn't a separator: `Python – expert`."""
    if line[lower:upper].strip() not in ("–", "—", "-", "|", "·", "•", "●"):
        return False
    if line[lower:upper].strip() in ("●", "•"):
        return bool(re.match(r"[●○•◦◯⬤]", line[upper : upper + 1])) or bool(
            re.search(r"[●○•◦◯⬤]\s?$", line[:lower])
        )
    if line[lower:upper].strip() in ("|", "·"):
        return False
    rest = re.split(r"[,;|·•\n]", line[upper:])[0]
    return _graded(rest.strip()) or bool(_CEFR.fullmatch(rest.strip()))


def _is_decimal(line: str, at: int) -> bool:
    return line[at] == "," and line[at - 1 : at].isdigit() and line[at + 1 : at + 2].isdigit()


def _last_of(item: str) -> list[str]:
    """The last item of a list, which `and` may part once more."""
    match = _last().search(item)
    if match is None or fold(item) in _kept() or match.group().strip().isupper():
        return [item]
    if match.start() == 0:
        return [item[match.end() :]]
    before, after = item[: match.start()], item[match.end() :]
    if len(before.split()) > 2 or len(after.split()) > 3 or "(" in before:
        return [item]
    return [before, after]


def _chain(item: str) -> list[str]:
    """`HTML/CSS/JavaScript` is three; `TCP/IP` and `C/C++` are one."""
    parts = [part.strip() for part in re.split("[/／]", item)]
    if len(parts) < 3 or "(" in item or any(not part or len(part.split()) > 3 for part in parts):
        return [item]
    if re.search(r"\d\s?/\s?\d", item) or "://" in item or fold("/".join(parts[:2])) in _kept():
        return [item]
    return parts


def _read(item: str) -> tuple[str, str | None, float | None]:
    """One item's name, level and years."""
    name, level, years = item.strip(" \t.,;:·•|*–—-"), None, None
    if len(name) > _LONGEST_NAME:
        return name, None, None
    if item.strip().startswith((".", "-")) and not name.startswith("."):
        name = item.strip(" \t,;:·•|*–—-").rstrip(".")  # .NET
    for shape in (_DOTS, _SHARE):
        found = shape.search(name)
        if found and found.start() > 0:
            level = found[1].strip()
            name = _TRAILING_LEVEL_MARK.sub("", name[: found.start()])
            return name, level, years
    if aside := _ASIDE.search(name):
        level, years, whole = _grades_in(aside[1])
        if whole:
            return name[: aside.start()].strip(), level, years
    if set_off := _SET_OFF.search(name):
        level, years, whole = _grades_in(set_off["rest"])
        if whole and set_off.start() > 0:
            return name[: set_off.start()].strip(), level, years
    tail = _years().search(name)
    if tail and tail.end() == len(name) and tail.start() > 0 and name[tail.start()] == " ":
        bare = name[: tail.start()].strip(" ,(–-")
        if bare:
            return bare, None, float(tail[1].replace(",", "."))
    return name, None, None


def _grades_in(text: str) -> tuple[str | None, float | None, bool]:
    """Level and years in a text, and whether it says nothing else."""
    level: str | None = None
    years: float | None = None
    if named := _NAMED_LEVEL.match(text):
        *before, last = re.split(r"\s*(?:[,;](?!\d)|[、،])\s*", text[named.end() :])
        counted = _counted(last)
        said = before if counted is not None else [*before, last]
        return ", ".join(said) or None, counted, True
    for part in re.split(r"\s*[,;/|]\s*(?!\d)|\s*[、،]\s*|\s[–-]\s", text.strip()):
        if (found := _counted(part)) is not None:
            years = found
        elif _is_level(part) or _CEFR.fullmatch(part) or _SHARE.fullmatch(part):
            level = part if level is None else f"{level}, {part}"
        elif part:
            return None, None, False
    return level, years, bool(level or years)


def _counted(text: str) -> float | None:
    """How many years a text says, and nothing else."""
    if found := _years().fullmatch(text):
        return float(found[1].replace(",", "."))
    return read_years(text.strip())


def _joined(
    read: list[tuple[str, str | None, float | None]],
) -> Iterator[tuple[str, str | None, float | None]]:
    """Items, a level or years that stood alone given to the item before; ends of lists left out."""
    kept: list[tuple[str, str | None, float | None]] = []
    for index, (name, level, years) in enumerate(read):
        ends = index and index == len(read) - 1 and _ends().fills(name)
        if not name or ends or name in ("…", "..."):
            continue
        if kept and level is None and years is None and kept[-1][1] is None:
            before = kept[-1]
            alone = _years().fullmatch(name)
            if alone:
                kept[-1] = (before[0], None, float(alone[1].replace(",", ".")))
                continue
            if _is_level(name) or _DOTS.fullmatch(name) or _SHARE.fullmatch(name):
                kept[-1] = (before[0], name, before[2])
                continue
        kept.append((_without_end(name), level, years))
    return iter(kept)


def _without_end(name: str) -> str:
    return _TRAILING_END.sub("", name)
