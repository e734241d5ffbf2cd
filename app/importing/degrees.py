"""Degrees and what they are in: `B.Sc. in Physics`, `Licence en droit`, `情報工学 修士`."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from app.importing import degree_words as known
from app.importing import lexicon
from app.importing.dates import find_spans
from app.importing.folding import fold
from app.importing.phrasebook import Word, words_in
from app.importing.places import looks_like_place
from app.importing.subjects import ASIDE, cut, field_after, field_before, names_field

_LONGEST = 300
_AWARD_IN = re.compile(
    r"((?:\S+\s){0,3}?(?i:certificate|diploma|year|award|foundation|course|programme?|certificat|"
    r"certificado|curso|corso|cursus|attestat|zertifikat|weiterbildung|lehrgang|opleiding|titre))"
    r"\s(?:in|of|en|em|di|für|ès)\s(\S.*)$"
)
# A school's level written as one with what is learnt there: `HBO-Verpleegkunde`.
_HYPHENED = re.compile(
    r"\s*((?:post-)?(?:hbo|mbo|wo)(?:-(?:bachelor|master))?)-(?!bachelor|master|niveau|diploma)([^\W\d_]{5,})",
    re.I,
)
# A degree and its short form behind a dash, as networks of professionals print them.
_SHORT_FORM = re.compile(r"\s[-–—]\s(?=[A-Z][A-Za-z.]{1,6}(?:\W|$))")
# What follows it is the other half of a degree: `Ragioniere e perito commerciale`.
_AND = re.compile(r"\s(?:and|und|et|y|e)\s(?=[^\W\d_])")
_BECOMES = ("zum", "zur", "als")
_PROFESSION = re.compile(
    r"\s+(?:alla professione|all['’]esercizio della professione|para la profesión)"
    r" (?:di\s|d['’]|de\s)",
    re.I,
)
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EAST_FIELD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fffー]+(?:学|學|工程|技术|技術|专业|專業|科|系|计算机|管理|设计|設計|"
    r"专攻|専攻|部|コース|金融|会计|贸易|英语|日语|机械|自动化|统计)"
)


class Degree(msgspec.Struct, frozen=True, kw_only=True):
    """A degree and its field as written, and what of the text is neither."""

    degree: str
    field_of_study: str | None
    rest: str


@cache
def _eastern() -> re.Pattern[str]:
    listed = sorted(set(lexicon.phrases("degrees", "unspaced")), key=len, reverse=True)
    return re.compile(
        rf"[\u3400-\u9fff]{{0,4}}?(?:{'|'.join(listed)})(?:[（(][\u3400-\u9fff]+[)）])?"
    )


_SHORT = 4  # letters of a word that may be an abbreviation of anything


def degree_of(text: str) -> Degree | None:
    """The first degree that a line names, or None. A `Scrum Master` has none."""
    text = _HYPHENED.sub(r"\1 \2", text[:_LONGEST], count=1)
    if _EAST.search(text) and (found := _eastern_degree(text)):
        return found
    words = words_in(text)
    for i in range(len(words)):
        end = known.degrees().after(words, i)
        if end > i and _is_degree(text, words, i, end):
            return _read(text, words, i, end)
    return None


def _is_degree(text: str, words: list[Word], i: int, end: int) -> bool:
    start, stop = words[i].start, words[end - 1].end
    written = text[start:stop]
    if text[stop : stop + 1] == "+":
        return False  # a programme's name: `Erasmus+`
    if end == i + 1 and words[i].norm in known.short():
        capitals = sum(c.isupper() or c.isdigit() for c in written)
        opening = not text[:start].strip() and words[i].norm in known.openers()
        if capitals < 2 and "." not in written[:-1] and not opening:
            return False
        if _after_place(text, start):
            return False
    before, after = text[:start].rstrip(), text[stop:].lstrip()
    opens = not before or before[-1] in ",;|:(（·•–—-/" or bool(find_spans(before[-24:]))
    if fold(" ".join(word.norm for word in words[i:end])) in known.school_kinds():
        closed = not after or after[0] in ",;|(·•–—-" or known.into().after(words, end) > end
        return opens and closed and written[0].isupper()
    if opens:
        # `magister, Finanse`, as languages write it that have degrees without capitals.
        listed = not before and len(written) > _SHORT and re.match(r",\s+[^\W\d_a-z]", after)
        return (
            bool(listed) or written[0].isupper() or written[0].isdigit() or len(written.split()) > 1
        )
    # `Computer Science BSc` names its field first; `Scrum Master` has none.
    return written[0].isupper() and known.fields().anywhere(words[max(0, i - 4) : i]) is not None


def _after_place(text: str, start: int) -> bool:
    """`Boston, MA` is a place."""
    head = re.split(r"[|;()·•]|\s[–-]\s", text[:start])[-1].strip(" ,")
    return "," in text[:start][-3:] and looks_like_place(head.rpartition(",")[2]) >= 0.6


def _read(text: str, words: list[Word], i: int, end: int) -> Degree:
    start, stop = words[i].start, words[end - 1].end
    stop = _with_honours(text, words, end, stop)
    stop = _with_profession(text, words, stop)
    degree = text[start:stop].strip(" ,")
    lower, upper = field_after(text, words, stop)
    if upper > lower:
        rest = _joined(text[:start], text[upper:])
        return Degree(degree=degree, field_of_study=text[lower:upper], rest=rest)
    lower, upper = field_before(text, start)
    if upper > lower:
        rest = _joined(text[:lower], text[stop:])
        return Degree(degree=degree, field_of_study=text[lower:upper], rest=rest)
    if _AND.match(text, stop):
        stop = cut(text, stop + 1)[1]
        degree = text[start:stop]
    return Degree(degree=degree, field_of_study=None, rest=_joined(text[:start], text[stop:]))


def _with_honours(text: str, words: list[Word], end: int, stop: int) -> int:
    """The offset after `(Hons)`, `(Ph.D.)`, `degree` and such, which belong to a degree."""
    while True:
        aside = ASIDE.match(text, stop)
        if aside and (known.honours().fills(aside[1]) or known.degrees().fills(aside[1])):
            stop = aside.end()
            continue
        if form := _short_form(text, words, stop):
            stop = form
            continue
        following = [k for k in range(end, len(words)) if words[k].start >= stop]
        if not following or text[stop : words[following[0]].start].strip(" "):
            return stop
        after = known.honours().after(words, following[0])
        if after == following[0] or words[following[0]].norm in ("tu", "eth", "uni"):
            return stop
        stop = words[after - 1].end


def _short_form(text: str, words: list[Word], stop: int) -> int:
    """The offset after `- BS` behind `Bachelor of Science`, or 0."""
    mark = _SHORT_FORM.match(text, stop)
    if mark is None:
        return 0
    k = next((k for k, word in enumerate(words) if word.start == mark.end()), len(words))
    after = known.degrees().after(words, k) if k < len(words) else k
    return words[after - 1].end if after == k + 1 else 0


def _with_profession(text: str, words: list[Word], stop: int) -> int:
    """The offset after `zur Kauffrau für Spedition` or `di tecnico dei servizi`, which are not a
    field but what the degree makes of somebody."""
    if profession := _PROFESSION.match(text, stop):
        return cut(text, profession.end())[1]
    first = next((k for k, word in enumerate(words) if word.start >= stop), len(words))
    if first + 1 >= len(words) or words[first].norm not in (*_BECOMES, "di", "de"):
        return stop
    between = text[stop : words[first + 1].start].strip(" ")
    if between != text[words[first].start : words[first].end]:
        return stop
    near = (first + 1, first + 2)
    named = any(known.titles().after(words, k) > k for k in near if k < len(words))
    if not (words[first].norm in _BECOMES or named):
        return stop
    end = cut(text, words[first].start)[1]
    if text[end : end + 1] == "." and "." in text[words[first + 1].start : end]:
        end += 1  # `zum Dr. rer. nat.`
    aside = ASIDE.match(text, end)
    return aside.end() if aside and known.honours().fills(aside[1]) else end


def parted_award(text: str) -> tuple[str, str] | None:
    """An award that is in no list and what it is in: `Certificate in Design`, `BTSA Paysage`."""
    if match := _AWARD_IN.match(text):
        return match[1], match[2]
    first, _, rest = text.partition(" ")
    compound = re.match(r"(?:Diplom|Bachelor|Master|Magister|Vor)-?\w{4,}$", first)
    if rest and (compound or (first.isupper() and 3 <= len(first) <= 6)) and names_field(rest):
        return first, rest
    if first.isupper() and 3 <= len(first.rstrip(",")) <= 6 and first.endswith(",") and rest:
        parts = rest.split(", ")
        if sum(map(names_field, parts)) * 2 >= len(parts):
            return first.rstrip(","), rest
    return None


def _joined(before: str, after: str) -> str:
    """What is left on both sides, without brackets and marks that lost what they held."""
    pieces = []
    for piece in (before, after):
        piece = piece.strip(" \t,;|·•–—-:/")
        if piece.count("(") != piece.count(")"):
            piece = piece.strip("()") if piece[:1] == "(" or piece[-1:] == ")" else piece
            piece = piece.removesuffix("(").removeprefix(")").strip(" ,;|·•–—-:/")
        if piece.startswith("(") and piece.endswith(")") and piece.count("(") == 1:
            piece = piece[1:-1]
        pieces.append(piece)
    return ", ".join(piece for piece in pieces if piece and piece != "()")


def _eastern_degree(text: str) -> Degree | None:
    found = _eastern().search(text)
    if found is None:
        return None
    degree = found.group()
    around = _joined(text[: found.start()], text[found.end() :])
    for part in re.split(r"[\s,，、|｜·・/()（）:：]+", around):
        is_school = re.search("(?:大学|大學|学院|學院|学校|高中|高校|研究所)$", part)
        if part and not is_school and _EAST_FIELD.fullmatch(part):
            at = around.index(part)
            return Degree(
                degree=degree,
                field_of_study=re.sub("(?:专业|專業)$", "", part),
                rest=_joined(around[:at], around[at + len(part) :]),
            )
    return Degree(degree=degree, field_of_study=None, rest=around)
