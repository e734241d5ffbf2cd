"""Languages that somebody speaks, with their levels as written."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from app.importing import lexicon
from app.importing.headings import section_of
from app.importing.phrasebook import Phrasebook, words_in

_LONGEST = 1_500
_EAST = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_STOPS = re.compile(r"[,;|•▪·\n、，；]|(?<![●○■□])[●■](?![●○■□])|\s{2,}|\t|\s/\s")
_CODE = re.compile(
    r"\b[ABC][12]\+?(?![\w])|\b[ABC][12]\s?/\s?[ABC]?[12]\b|(?i:\b(?:TOEIC|TOEFL|IELTS|HSK|JLPT|CET|"
    r"TEM|DELF|DALF|DELE|CELPIP|PTE|TestDaF|DSH|CILS|TOPIK|BEC|CAE|CPE|FCE|KET|PET|LCCI|TCF|DSE|"
    r"Goethe|Cambridge|YCT|CELI|PLIDA|NT2|CELPE|英検|実用英語)\b)|\bN[1-5]\b|[1-6１-６]級|[●○★☆⬤◉◯]{2,}"
    r"|\b\d(?:[.,]\d)?\s?/\s?(?:5|10|100)\b|\b\d{1,3}\s?%|準?\d級"
)
_PLURAL = re.compile(r"(?<=\w)\((?:s|e|en|i)\)")
_CEFR = re.compile(r"\b[ABC][12]\b")
_CERTIFIED = re.compile(r"^([ABC][12]\+?)\s*[(（][^()（）]*\b(?:19|20)\d\d[)）]$")
_MARK = re.compile(r"^\s*(?:[:：=→>]|[–—-]+(?=\s|\w)|\s[-–])\s*")
_ASIDE = re.compile(r"^\s*[(（\[]([^()（）\[\]]{1,60})[)）\]]")
_WITH_LEVEL = re.compile(
    r"(?P<name>[^\W\d_][^\W\d_'’ -]{1,24}[^\W\d_])"
    r"(?:\s*[:：]\s*|\s+[–—-]\s+|\s*[(（]|\s{2,}|,\s)(?P<level>[^()（）]{2,60}?)[)）]?"
)
_LINK = re.compile(r"^\s*(?:and|und|et|y|e|en|og|och|i|&|/|e|ed|ou|or)\s*$", re.I)
_IN = re.compile(r"\s*(?:in|en|em|im|of|de|d['’]|:|：|level|speaker|-|–)?\s*$", re.I)


class SpokenText(NamedTuple):
    """A language and its level as written, None where no level is."""

    name: str
    level: str | None = None


class _Named(NamedTuple):
    start: int
    end: int
    doubtful: bool


@cache
def _names() -> tuple[Phrasebook, tuple[str, ...], Phrasebook]:
    table = lexicon.table("spoken")["names"]
    listed = [n.strip() for n in table["names"].replace("\n", ",").split(",") if n.strip()]
    east = {n for n in listed if _EAST.search(n)}
    doubtful = [n.strip() for n in table["doubtful"].split(",")]
    book = Phrasebook(n for n in listed if n not in east)
    return book, tuple(sorted(east, key=lambda n: (-len(n), n))), Phrasebook(doubtful)


@cache
def _levels() -> tuple[Phrasebook, tuple[str, ...]]:
    text = lexicon.table("spoken")["levels"]["levels"].replace("\n", ",")
    listed = [level.strip() for level in text.split(",") if level.strip()]
    east = {level for level in listed if _EAST.search(level)}
    book = Phrasebook(level for level in listed if level not in east)
    return book, tuple(sorted(east, key=lambda n: (-len(n), n)))


def find_languages(text: str) -> list[SpokenText]:
    """Languages that a text lists; one named in another connection, as a subject or a cuisine, is
    left out."""
    text = text[:_LONGEST]
    found: list[SpokenText] = []
    common: str | None = None
    named = _outside_asides(text, _named(text))
    at = 0
    for index, name in enumerate(named):
        until = named[index + 1].start if index + 1 < len(named) else len(text)
        before = _tail(text[at : name.start])
        if leading := _leading(before):
            common = leading if text[at : name.start].rstrip().endswith((":", "：")) else None
        level, at, clean = _level_after(text, name.end, until)
        if level is None and leading:
            level, clean = leading, clean or _ends_here(text[name.end : until])
        elif level is None and clean:
            level = common
        opens = not before or bool(leading)
        if not clean or not (opens or level) or (name.doubtful and not level and len(named) < 2):
            at = name.end
            continue
        found.append(SpokenText(text[name.start : name.end], level))
    return found


def _named(text: str) -> list[_Named]:
    book, east, doubtful = _names()
    words = words_in(text)
    spans: list[_Named] = []
    i = 0
    while i < len(words):
        end = book.after(words, i)
        if end > i and _is_capital(text, words[i].start):
            also = doubtful.after(words, i) == end
            upper = words[end - 1].end - (text[words[end - 1].end - 1] == ".")
            spans.append(_Named(words[i].start, upper, also))
            i = end
        else:
            i += 1
    if _EAST.search(text):
        pattern = "|".join(map(re.escape, east))
        spans += [_Named(m.start(), m.end(), False) for m in re.finditer(pattern, text)]
        spans.sort()
    return spans


def _outside_asides(text: str, named: list[_Named]) -> list[_Named]:
    """Without names in a bracket behind another name: `English (B1, technical English)`."""
    kept: list[_Named] = []
    for name in named:
        behind = text[kept[-1].end : name.start] if kept else ""
        opened = re.match(r"\s*[(（]", behind) and not re.search(r"[)）]", behind)
        if not opened:
            kept.append(name)
    return kept


def _is_capital(text: str, at: int) -> bool:
    """A name as a list writes it: with a capital, or at the beginning of an item."""
    return not text[at].islower() or not text[:at].strip() or text[:at].rstrip()[-1] in ",;|•·:\n/"


def _tail(before: str) -> str:
    """What stands between the last separator and a name."""
    tail = _STOPS.split(before)[-1].strip(" .(（-–—*•:：")
    if not _PLURAL.search(tail, max(0, len(tail) - 4)):
        tail = tail.rstrip(" .)）-–—*•:：")
    heading = section_of(tail)
    headed = heading is not None and heading.exact and heading.section == "languages"
    return "" if (headed and not is_level(tail)) or _LINK.match(tail) else tail


def _leading(before: str) -> str | None:
    """`Native English`, `Fluent in German`, `Langue maternelle : français`."""
    bare = _IN.sub("", before)
    bare = re.sub(r"^(?:and|und|et|y|e|en|&)\s+", "", bare, flags=re.I)
    return bare if bare and is_level(bare) else None


def is_level(text: str) -> bool:
    """Whether a text is nothing but a level: `native`, `C1`, `Muttersprache`."""
    book, east = _levels()
    text = _PLURAL.sub("", text).strip(" .()（）")
    if not text or len(text) > 120:
        return False
    if text in east or book.fills(text) or _CODE.fullmatch(text):
        return True
    if len(_CEFR.findall(text)) >= 3:  # one for listening, one for reading and so on
        return len(words_in(text)) <= 25
    return bool(_CODE.search(text)) and len(words_in(text)) <= 7


def _has_level(text: str) -> bool:
    book, east = _levels()
    return (
        is_level(text)
        or book.anywhere(words_in(text)) is not None
        or any(level in text for level in east)
    )


def _level_after(text: str, end: int, until: int) -> tuple[str | None, int, bool]:
    """The level after a name, the offset after it, and whether nothing unknown follows."""
    rest = text[end:until]
    if aside := _ASIDE.match(rest):
        inside = aside[1].strip()
        after = _up_to_stop(rest[aside.end() :])
        if _has_level(inside) or len(inside.split()) <= 4:
            if after.strip(" :–-") and is_level(after.strip(" :–-")):
                level = after.strip(" :–-")
                return level, end + aside.end() + len(after), True
            return inside if _has_level(inside) else None, end + aside.end(), True
    mark = _MARK.match(rest)
    body = _up_to_stop(rest[mark.end() :] if mark else rest)
    offset = end + (mark.end() if mark else 0) + len(body)
    bare = body.strip(" .:–—-(（")
    bare = re.sub(r"\s+(?:and|und|et|y|e|en|&)$", "", bare)
    if not bare or _LINK.match(body):
        return _beyond_gap(text, offset, until) if not mark else (None, offset, True)
    if mark and text[:end].strip() in (text[:end].split()[-1], "") and until == len(text):
        whole = rest[mark.end() :].strip(" .")
        if len(whole.split()) <= 8 and not re.search(r"[;|•]|\s{2,}", whole):
            return _closed(whole), until, True
    if mark:
        known = _has_level(bare) or len(bare.split()) <= 5
        return (_closed(bare), offset, True) if known else (None, end, False)
    if _has_level(bare):
        return _closed(bare), offset, True
    return None, end, False


def _beyond_gap(text: str, offset: int, until: int) -> tuple[str | None, int, bool]:
    """A level set apart by a wide gap, a comma or a line's end, if it is nothing but a level."""
    gap = re.match(r"\s{2,}|\t|\s*\n\s*|\s*,\s*|\s*[|·•]\s*", text[offset:until])
    if gap:
        body = _up_to_stop(text[offset + gap.end() : until])
        ends = offset + gap.end() + len(body)
        leads = "," in gap.group() and ends == until < len(text)  # `Pidgin, a little Gaelic`
        if body.strip() and not leads and is_level(body):
            return _closed(body.strip(" .")), offset + gap.end() + len(body), True
    return None, offset, True


def unknown_language(text: str) -> SpokenText | None:
    """A language only a list of languages makes sure of: a name that may mean something else, or
    one no list knows beside a level, as in `Ladin (B2)`."""
    names = _named(text)
    if len(names) == 1 and text.strip() == text[names[0].start : names[0].end]:
        return SpokenText(text.strip())
    match = _WITH_LEVEL.fullmatch(text.strip())
    if match is None or not is_level(match["level"]) or _has_level(match["name"]):
        return None
    return SpokenText(match["name"], match["level"])


def _up_to_stop(text: str) -> str:
    """Up to the next separator that no bracket holds, a comma between levels left in."""
    depth = 0
    for match in re.finditer(r"[(（]|[)）]|" + _STOPS.pattern, text):
        mark = match.group()
        if mark in "(（":
            depth += 1
        elif mark in ")）":
            depth = max(0, depth - 1)
        elif depth == 0:
            return text[: match.start()]
    return text


def _closed(level: str) -> str:
    """As written, once where a table repeats it, with the bracket that was cut off at its end."""
    codes = re.findall(r"\b[ABC][12]\b", level)
    if len(set(codes)) == 1 and re.fullmatch(r"(?:[ABC][12]\s*)+", level):
        return str(codes[0])
    level = level + ")" if level.count("(") > level.count(")") else level
    return _CERTIFIED.sub(r"\1", level)


def _ends_here(rest: str) -> bool:
    return not _up_to_stop(rest).strip(" .)）")
