"""What was studied: where in a line the field stands that goes with a degree."""

from __future__ import annotations

import re

from app.importing import degree_words as known
from app.importing.dates import find_spans
from app.importing.grades import grade_of
from app.importing.phrasebook import Word, words_in

_STOP = re.compile(
    r"[,;|·•/()（）\[\]]|\s[–—-]\s|\s{2,}|\t"
    r"|\s(?:at|from|@|with|bei|an der|an dem|am|à l['’]|à la|au|presso|bij|aan de|aan het|na|"
    r"chez|mit|avec|con|com|met)\s",
    re.I,
)
_MARK = re.compile(r"[,;|()·•]|\s[–—-]\s|\s{2,}|\t")
ASIDE = re.compile(r"\s*[(（]([^()（）]{1,40})[)）]")
# The rest of a list that one field is: `Ingeniería de Caminos, Canales y Puertos`.
_LISTED = re.compile(
    r"(?:,\s[^\W\d_]+(?:[ -][^\W\d_]+)?){0,2},?\s[^\W\d_]+(?:[ -][^\W\d_]+)?"
    r"\s(?:y|e|and|und|et|en|&)\s[^\W\d_]+(?:[ -][^\W\d_]+)?(?=\s*(?:$|[,;|(]))"
)
# `Chemistry with Medicinal Chemistry`, `Aerospace Engineering with Year in Industry`.
_JOINT = re.compile(r"\s(?i:with)\s(?=(?:a\s)?[A-Z])")
_LEAD = re.compile(r"\s*(?:[:,–—-]|\s-\s|\|)\s*")
_COMMA = re.compile(r",\s(?=\w)")
_CLAUSE = re.compile(r"[^,;|()]+")
_PART = re.compile(r",\s+([^,;|·•]+)")
_ENDINGS = (
    "wissenschaft", "wissenschaften", "wesen", "technik", "kunde", "logie", "logia", "logy",
    "nomics", "nomie", "nomia", "grafie", "graphy", "grafia", "informatik", "ingenieurwesen",
    "management", "wirtschaft", "padagogik", "medizin", "recht", "technologie", "wetenschappen",
    "techniek", "physik", "chemie", "mechanik", "istik", "athematik", "psychologie",
)  # fmt: skip


def field_after(text: str, words: list[Word], stop: int) -> tuple[int, int]:
    """The offsets of the field that follows a degree, or an empty stretch."""
    following = [k for k in range(len(words)) if words[k].start >= stop]
    if not following:
        return stop, stop
    first = following[0]
    between = text[stop : words[first].start]
    lead = _LEAD.fullmatch(between)
    after = max(known.into().after(words, first), known.within().after(words, first))
    if after > first and after < len(words) and (not between.strip() or lead):
        lower = words[after].start
        if text[words[after - 1].end : lower].strip(" :'’«\"„“"):
            return stop, stop
        return cut(text, lower)
    if apostrophe := re.match(r"\s*(?:d|de l)['’](?=\w)", text[stop:]):
        return cut(text, stop + apostrophe.end())
    if not between.strip() and "  " not in between and "\t" not in between:
        lower, upper = cut(text, words[first].start)
        return (lower, upper) if is_field(text[lower:upper], sure=True) else (stop, stop)
    aside = ASIDE.match(text, stop)
    if aside and is_field(aside[1], sure=False):
        return aside.start(1), aside.end(1)
    if lead:
        lower, upper = cut(text, words[first].start)
        if not is_field(text[lower:upper], sure=False):
            return stop, stop
        return lower, (_listed_end(text, upper) if ":" in between else upper)
    return stop, stop


def _listed_end(text: str, upper: int) -> int:
    """The end of a list of subjects, as of a school's last examinations: `Maths (A), Physics`."""
    end = upper
    if aside := ASIDE.match(text, end):
        end = aside.end()
    at = end
    while part := _PART.match(text, at):
        at = part.end()
        if is_field(ASIDE.sub("", part[1]).strip(), sure=False):
            end = at
    return end


def cut(text: str, lower: int) -> tuple[int, int]:
    """A field from `lower` to what can be part of none: a mark, a date, a school, a grade."""
    rest = text[lower:]
    upper = _stopped(rest)
    aside = ASIDE.match(rest, upper)
    if upper and aside and not re.search(r"\d", aside[1]) and _is_aside(aside[1]):
        upper = aside.end()
    if (more := _LISTED.match(rest, upper)) and known.schools().anywhere(words_in(more[0])) is None:
        upper = more.end()
    upper = _with_part(rest, upper)
    for span in find_spans(rest[:upper]):
        if span.confidence >= 0.3:
            upper = min(upper, span.at[0])
    words = words_in(rest[:upper])
    for k in range(1, len(words)):
        if known.schools().after(words, k) > k and rest[words[k].start].isupper():
            upper = words[k].start
            break
    kept = rest[:upper].rstrip(" -–—:,.")
    return lower, lower + len(kept)


def _stopped(rest: str) -> int:
    """Where a field stops at the latest; `with` and a second subject belong to it."""
    at = 0
    while mark := _STOP.search(rest, at):
        joint = _JOINT.match(rest, mark.start())
        if joint is None or grade_of(rest[mark.start() :].strip()) or _is_school(rest, joint.end()):
            return mark.start()
        at = joint.end()
    return len(rest)


def _is_school(rest: str, at: int) -> bool:
    return known.schools().anywhere(words_in(re.split(r"[,;|(]", rest[at:])[0])) is not None


def _with_part(rest: str, upper: int) -> int:
    """The offset after a part of the field that is named behind it: `, minor in Mathematics`."""
    while match := _COMMA.match(rest, upper):
        words = words_in(rest[match.end() :])
        after = known.within().after(words, 0) if words else 0
        if not 0 < after < len(words) or grade_of(rest[match.end() :].split(",")[0]):
            return upper
        part = _CLAUSE.match(rest, match.end())
        if part is None:
            return upper
        upper = part.end()
    return upper


def _is_aside(text: str) -> bool:
    return not (
        known.honours().fills(text)
        or grade_of(text)
        or known.degrees().fills(text)
        or is_mode(text)
        or len(text) > 30
    )


def without_lead(text: str) -> str:
    """A field by itself, without the words that announce it: `Major in Psychology`."""
    words = words_in(text)
    after = max(known.into().after(words, 0), known.within().after(words, 0)) if words else 0
    return text[words[after].start :] if 1 < after < len(words) else text


def is_mode(text: str) -> bool:
    """Whether a text says how something is studied: part-time, in the evening, at a distance."""
    return known.modes().fills(text)


def names_field(text: str) -> bool:
    """Whether a text is a field of study by its words alone."""
    return is_field(text, sure=False)


def is_field(text: str, *, sure: bool) -> bool:
    """Whether words name a field of study; `sure` when they stand right beside a degree."""
    words = words_in(text)
    if not 0 < len(words) <= 9 or not text[:1].isalpha():
        return False
    if grade_of(text) == text or known.schools().after(words, 0) > 0:
        return False
    if known.fields().anywhere(words) is not None or _ends_as_field(words):
        return known.schools().anywhere(words) is None or sure
    return sure and text[0].isupper() and len(words) <= 5 and not known.degrees().fills(text)


def _ends_as_field(words: list[Word]) -> bool:
    return any(len(word.norm) > 7 and word.norm.endswith(_ENDINGS) for word in words)


def field_before(text: str, start: int) -> tuple[int, int]:
    """The field in `Informatik (M.Sc.)` and `Computer Science, BSc`."""
    head = text[:start].rstrip(" ,(（–—-:|")
    lower = 0
    for mark in _MARK.finditer(head):
        lower = mark.end()
    for span in find_spans(head):
        if span.confidence >= 0.3:
            lower = max(lower, span.at[1])
    while lower < len(head) and not head[lower].isalnum():
        lower += 1
    field = head[lower:]
    return (lower, lower + len(field)) if is_field(field, sure=False) else (start, start)
