"""Degrees and what they are in: `B.Sc. in Physics`, `Licence en droit`, `情報工学 修士`."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from app.importing import lexicon
from app.importing.dates import find_spans
from app.importing.folding import fold
from app.importing.grades import grade_of
from app.importing.phrasebook import Phrasebook, Word, words_in
from app.importing.places import looks_like_place

_LONGEST = 300
# Short degrees are words of their own in small letters: an MA, a BS, a CAP, a DU.
_FREE = frozenset({"bsc", "msc", "phd", "mba", "bac", "meng", "beng"})
# Kinds of school that name a degree only where nothing else stands beside them.
_SCHOOLS = (
    "high school|gymnasium|lyceum|atheneum|liceo|lycée|grundschule|handelsschule|secundaria|"
    "preparatoria|ensino superior|studium|opleiding|études|diploma|diplôme|minor|certificat|"
    "attestato|weiterbildung|qualifica|título|técnico|técnica|technik|doctor|meister|hf|ir|ing|wo"
)
_STOP = re.compile(
    r"[,;|·•/()（）\[\]]|\s[–—-]\s|\s{2,}|\t"
    r"|\s(?:at|from|@|with|bei|an der|an dem|am|à l['’]|à la|au|presso|bij|aan de|aan het|na|"
    r"chez|mit|avec|con|com|met)\s",
    re.I,
)
_ASIDE = re.compile(r"\s*[(（]([^()（）]{1,40})[)）]")
# The rest of a list that one field is: `Ingeniería de Caminos, Canales y Puertos`.
_LISTED = re.compile(
    r"(?:,\s[^\W\d_]+(?:[ -][^\W\d_]+)?){0,2},?\s[^\W\d_]+(?:[ -][^\W\d_]+)?"
    r"\s(?:y|e|and|und|et|en|&)\s[^\W\d_]+(?:[ -][^\W\d_]+)?(?=\s*(?:$|[,;|(]))"
)
_AWARD_IN = re.compile(
    r"((?:\S+\s){0,3}?(?i:certificate|diploma|year|award|foundation|course|programme?|certificat|"
    r"certificado|curso|corso|cursus|attestat|zertifikat|weiterbildung|lehrgang|opleiding|titre))"
    r"\s(?:in|of|en|em|di|für|ès)\s(\S.*)$"
)
_LEAD = re.compile(r"\s*(?:[:,–—-]|\s-\s|\|)\s*")
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
def _degrees() -> Phrasebook:
    listed = [*lexicon.phrases("degrees", "degrees"), *lexicon.phrases("degrees", "capital")]
    return Phrasebook(listed)


@cache
def _short() -> frozenset[str]:
    listed = {fold(word) for word in lexicon.phrases("degrees", "capital")}
    for phrase in lexicon.phrases("degrees", "degrees"):
        words = words_in(phrase)
        if len(words) == 1 and len(words[0].norm) <= 3:
            listed.add(words[0].norm)
    return frozenset(listed - _FREE)


@cache
def _honours() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "honours"))


@cache
def _into() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "into"))


@cache
def _fields() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "fields"))


@cache
def _schools() -> Phrasebook:
    return Phrasebook(lexicon.phrases("organisations", "schools"))


@cache
def _eastern() -> re.Pattern[str]:
    listed = sorted(set(lexicon.phrases("degrees", "unspaced")), key=len, reverse=True)
    return re.compile(
        rf"[\u3400-\u9fff]{{0,4}}?(?:{'|'.join(listed)})(?:[（(][\u3400-\u9fff]+[)）])?"
    )


def degree_of(text: str) -> Degree | None:
    """The first degree that a line names, or None. A `Scrum Master` has none."""
    text = text[:_LONGEST]
    if _EAST.search(text) and (found := _eastern_degree(text)):
        return found
    words = words_in(text)
    for i in range(len(words)):
        end = _degrees().after(words, i)
        if end > i and _is_degree(text, words, i, end):
            return _read(text, words, i, end)
    return None


def _is_degree(text: str, words: list[Word], i: int, end: int) -> bool:
    start, stop = words[i].start, words[end - 1].end
    written = text[start:stop]
    if end == i + 1 and words[i].norm in _short():
        if sum(c.isupper() for c in written) < 2 and "." not in written[:-1]:
            return False
        if _after_place(text, start):
            return False
    before, after = text[:start].rstrip(), text[stop:].lstrip()
    opens = not before or before[-1] in ",;|:(（·•–—-/" or bool(find_spans(before[-24:]))
    if fold(" ".join(word.norm for word in words[i:end])) in _school_kinds():
        closed = not after or after[0] in ",;|(·•–—-" or _into().after(words, end) > end
        return opens and closed and written[0].isupper()
    if opens:
        return written[0].isupper() or written[0].isdigit() or len(written.split()) > 1
    # `Computer Science BSc` names its field first; `Scrum Master` has none.
    return written[0].isupper() and _fields().anywhere(words[max(0, i - 4) : i]) is not None


@cache
def _school_kinds() -> frozenset[str]:
    return frozenset(" ".join(word.norm for word in words_in(kind)) for kind in _SCHOOLS.split("|"))


def _after_place(text: str, start: int) -> bool:
    """`Boston, MA` is a place."""
    head = re.split(r"[|;()·•]|\s[–-]\s", text[:start])[-1].strip(" ,")
    return "," in text[:start][-3:] and looks_like_place(head.rpartition(",")[2]) >= 0.6


def _read(text: str, words: list[Word], i: int, end: int) -> Degree:
    start, stop = words[i].start, words[end - 1].end
    stop = _with_honours(text, words, end, stop)
    stop = _with_profession(text, words, stop)
    degree = text[start:stop].strip(" ,")
    lower, upper = _field_after(text, words, stop)
    if upper > lower:
        rest = _joined(text[:start], text[upper:])
        return Degree(degree=degree, field_of_study=text[lower:upper], rest=rest)
    lower, upper = _field_before(text, start)
    if upper > lower:
        rest = _joined(text[:lower], text[stop:])
        return Degree(degree=degree, field_of_study=text[lower:upper], rest=rest)
    return Degree(degree=degree, field_of_study=None, rest=_joined(text[:start], text[stop:]))


def _with_honours(text: str, words: list[Word], end: int, stop: int) -> int:
    """The offset after `(Hons)`, `(Ph.D.)`, `degree` and such, which belong to a degree."""
    while True:
        aside = _ASIDE.match(text, stop)
        if aside and (_honours().fills(aside[1]) or _degrees().fills(aside[1])):
            stop = aside.end()
            continue
        following = [k for k in range(end, len(words)) if words[k].start >= stop]
        if not following or text[stop : words[following[0]].start].strip(" "):
            return stop
        after = _honours().after(words, following[0])
        if after == following[0] or words[following[0]].norm in ("tu", "eth", "uni"):
            return stop
        stop = words[after - 1].end


def _with_profession(text: str, words: list[Word], stop: int) -> int:
    """The offset after `zur Kauffrau für Spedition` or `di tecnico dei servizi`, which are not a
    field but what the degree makes of somebody."""
    first = next((k for k, word in enumerate(words) if word.start >= stop), len(words))
    if first + 1 >= len(words) or words[first].norm not in ("zum", "zur", "als", "di", "de"):
        return stop
    if (
        text[stop : words[first + 1].start].strip(" ")
        != text[words[first].start : words[first].end]
    ):
        return stop
    becomes = words[first].norm in ("zum", "zur", "als")
    named = any(_titles().after(words, k) > k for k in (first + 1, first + 2) if k < len(words))
    if not (becomes or named):
        return stop
    return _cut(text, words[first].start)[1]


@cache
def _titles() -> Phrasebook:
    return Phrasebook(p for p in lexicon.phrases("titles", "heads") if not _EAST.search(p))


def _field_after(text: str, words: list[Word], stop: int) -> tuple[int, int]:
    """The offsets of the field that follows a degree, or an empty stretch."""
    following = [k for k in range(len(words)) if words[k].start >= stop]
    if not following:
        return stop, stop
    first = following[0]
    between = text[stop : words[first].start]
    lead = _LEAD.fullmatch(between)
    after = _into().after(words, first)
    if after > first and after < len(words) and (not between.strip() or lead):
        lower = words[after].start
        if text[words[after - 1].end : lower].strip(" :'’«\"„“"):
            return stop, stop
        return _cut(text, lower)
    if apostrophe := re.match(r"\s*(?:d|de l)['’](?=\w)", text[stop:]):
        return _cut(text, stop + apostrophe.end())
    if not between.strip() and "  " not in between and "\t" not in between:
        lower, upper = _cut(text, words[first].start)
        return (lower, upper) if _is_field(text[lower:upper], sure=True) else (stop, stop)
    aside = _ASIDE.match(text, stop)
    if aside and _is_field(aside[1], sure=False):
        return aside.start(1), aside.end(1)
    if lead or aside:
        lower, upper = _cut(text, words[first].start)
        return (lower, upper) if lead and _is_field(text[lower:upper], sure=False) else (stop, stop)
    return stop, stop


def _cut(text: str, lower: int) -> tuple[int, int]:
    """A field from `lower` to what can be part of none: a mark, a date, a school, a grade."""
    rest = text[lower:]
    upper = len(rest)
    if mark := _STOP.search(rest):
        upper = mark.start()
    aside = _ASIDE.match(rest, upper)
    if upper and aside and not re.search(r"\d", aside[1]) and _is_aside(aside[1]):
        upper = aside.end()
    if minor := re.match(r",\s(?:with\s)?(?:a\s)?minor\s?(?:in|:)\s[^,;|()]+", rest[upper:], re.I):
        upper += minor.end()
    if (more := _LISTED.match(rest, upper)) and _schools().anywhere(words_in(more[0])) is None:
        upper = more.end()
    for span in find_spans(rest[:upper]):
        if span.confidence >= 0.3:
            upper = min(upper, span.at[0])
    words = words_in(rest[:upper])
    for k in range(1, len(words)):
        if _schools().after(words, k) > k and rest[words[k].start].isupper():
            upper = words[k].start
            break
    kept = rest[:upper].rstrip(" -–—:,.")
    return lower, lower + len(kept)


def _is_aside(text: str) -> bool:
    return not (
        _honours().fills(text)
        or grade_of(text)
        or _degrees().fills(text)
        or is_mode(text)
        or len(text) > 30
    )


@cache
def _modes() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "modes"))


def is_mode(text: str) -> bool:
    """Whether a text says how something is studied: part-time, in the evening, at a distance."""
    return _modes().fills(text)


def names_field(text: str) -> bool:
    """Whether a text is a field of study by its words alone."""
    return _is_field(text, sure=False)


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


def _is_field(text: str, *, sure: bool) -> bool:
    """Whether words name a field of study; `sure` when they stand right beside a degree."""
    words = words_in(text)
    if not 0 < len(words) <= 9 or not text[:1].isalpha():
        return False
    if grade_of(text) == text or _schools().after(words, 0) > 0:
        return False
    if _fields().anywhere(words) is not None or _ends_as_field(words):
        return _schools().anywhere(words) is None or sure
    return sure and text[0].isupper() and len(words) <= 5 and not _degrees().fills(text)


def _ends_as_field(words: list[Word]) -> bool:
    return any(len(word.norm) > 7 and word.norm.endswith(_FIELD_ENDINGS) for word in words)


_FIELD_ENDINGS = (
    "wissenschaft", "wissenschaften", "wesen", "technik", "kunde", "logie", "logia", "logy",
    "nomics", "nomie", "nomia", "grafie", "graphy", "grafia", "informatik", "ingenieurwesen",
    "management", "wirtschaft", "padagogik", "medizin", "recht", "technologie", "wetenschappen",
    "techniek", "physik", "chemie", "mechanik", "istik", "athematik", "psychologie",
)  # fmt: skip


def _field_before(text: str, start: int) -> tuple[int, int]:
    """The field in `Informatik (M.Sc.)` and `Computer Science, BSc`."""
    head = text[:start].rstrip(" ,(（–—-:|")
    lower = 0
    for mark in re.finditer(r"[,;|()·•]|\s[–—-]\s|\s{2,}|\t", head):
        lower = mark.end()
    for span in find_spans(head):
        if span.confidence >= 0.3:
            lower = max(lower, span.at[1])
    while lower < len(head) and not head[lower].isalnum():
        lower += 1
    field = head[lower:]
    return (lower, lower + len(field)) if _is_field(field, sure=False) else (start, start)


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
