"""Spans of time in a line: `Mar 2019 – present`, `seit 2019`, `2018/19`, `2019年3月〜`.

A span is as precise as it is written. Its confidence falls with everything that stands close to
it, because a year inside a sentence or a number dates nothing.
"""

from __future__ import annotations

import re

import msgspec

from app.importing.datewords import WORDS
from app.importing.folding import fold
from app.importing.moments import Moment
from app.importing.ranges import CLOSING, JOINTS, OPENING, Range, range_at
from app.importing.tokens import Tokens

_HINT = re.compile(  # what a line must hold to be worth reading
    r"(?:19|20)\d\d(?!\d)|['’‘]\d\d(?!\d)|\d[./\-]\d\d(?!\d)|[^\W\d_]{3}\.?[ \-]?\d\d(?!\d)"
    r"|[年月]|[１２]\d\d\d"
)
_AGAINST_LEFT = frozenset("$€£¥#+._/@=\\&%*^-")
_AGAINST_RIGHT = frozenset("%€£$¥+_/@=\\&*^°#")
_EDGES = frozenset(",;|·•:()[]{}（）［］【】–—-‒―−~〜～/、，。；：▪■●◆⋅∙⋄*.…'’\"“”") | JOINTS
# What happened at the date before it, as in 2015年11月取得.
_EVENTS = (
    "取得",
    "合格",
    "登録",
    "修了",
    "卒業",
    "入学",
    "入社",
    "退社",
    "认证",
    "获得",
    "毕业",
    "入职",
)
_FILL = re.compile(r"[\W_]+")
_LONGEST = 2_000  # characters of a line that are looked at


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A start, an end or both, each YYYY, YYYY-MM or YYYY-MM-DD.

    A single date is a `start`, or an `end` where it is said to be one (until, expected, graduated).
    `is_current` says that the span goes on. `text` stood at the offsets `at`, brackets round it and
    a duration after it included. `confidence` is 0 to 1, and low inside a sentence.
    """

    start: str | None
    end: str | None
    is_current: bool
    text: str
    at: tuple[int, int]
    confidence: float


def find_span(text: str) -> Span | None:
    """The span that a header line most likely means: the surest, and of equals the first."""
    spans = find_spans(text)
    if len(spans) > 1:
        return max(spans, key=lambda span: (span.confidence, -span.at[0]))
    return spans[0] if spans else None


def find_spans(text: str) -> list[Span]:
    """Every span of a line, in order; none overlaps another."""
    if not _HINT.search(text):
        return []
    tokens = Tokens.of(text[:_LONGEST])
    openers = WORDS.openers
    spans = []
    i, last = 0, len(tokens.words) - 3
    passed = 0  # the offset where the span before ended
    while i < last:
        word = tokens.words[i]
        if word[0].isdigit() or word in openers or word in ("’", "‘"):
            read = range_at(tokens, i)
            if read is not None and (span := _judged(tokens, i, read, passed)) is not None:
                spans.append(span)
                i, passed = read.stop, span.at[1]
                continue
            if word[0].isdigit():  # 03 of a refused 03/2019 must not leave 2019 behind
                i = max(i + 1, read.stop if read else 0)
                continue
        i += 1
    return spans


def is_only_dates(text: str) -> bool:
    """Whether a line says nothing but when: spans, durations, or `present` by itself."""
    if len(text) > 100:
        return False
    spans = find_spans(text)
    rest = text
    for span in reversed(spans):
        rest = rest[: span.at[0]] + " " + rest[span.at[1] :]
    rest = _FILL.sub(" ", WORDS.duration.sub(" ", rest)).strip()
    if not rest:
        return bool(spans)
    return not spans and is_present(rest)


def is_present(text: str) -> bool:
    """Whether a text is a word for the present and nothing else."""
    tokens = Tokens.of(text[:60])
    i, last = 0, len(tokens.words) - 3
    while i < last and (tokens.words[i] in JOINTS or tokens.words[i] in _EDGES):
        i += 1
    i = tokens.after(i, WORDS.to)
    end = tokens.after(i, WORDS.present)
    return end > i and all(word in _EDGES for word in tokens.words[end:last])


def read_date(text: str) -> str | None:
    """The one date that a text is, or None if it is none, several, or says more."""
    spans = find_spans(text)
    if len(spans) != 1 or spans[0].is_current:
        return None
    span = spans[0]
    outside = fold(text[: span.at[0]] + text[span.at[1] :])
    if (span.start and span.end) or _FILL.sub("", outside):
        return None
    return span.start or span.end


def _judged(t: Tokens, i: int, read: Range, passed: int) -> Span | None:
    """The span with its confidence, or None where its surroundings say that it is none."""
    begin, stop = read.begin, read.stop
    if _glued(t, begin, stop, passed):
        return None
    start, end = read.start, read.end
    lower, upper = t.starts[begin], t.ends[stop - 1]
    lower, upper = _widened(t, lower, upper)
    two_ended = read.current or (start is not None and end is not None)
    left, right = _beside(t.text, lower, upper)
    sure = read.sure * _worth(start, end, two_ended)
    if start and end and end.iso()[:7] < start.iso()[: len(end.iso())][:7]:
        sure *= 0.3
        if not (start.month or end.month) or start.weak or read.sure < 0.9:
            return None
    sure *= _surroundings(t, begin, left, right, two_ended, weak=_weak(start, end))
    if sure < 0.15:
        return None
    return Span(
        start=start.iso() if start else None,
        end=end.iso() if end and not read.current else None,
        is_current=read.current,
        text=t.text[lower:upper],
        at=(lower, upper),
        confidence=round(sure, 2),
    )


def _worth(start: Moment | None, end: Moment | None, two_ended: bool) -> float:
    months = bool((start and start.month) or (end and end.month))
    if two_ended:
        return 0.97 if months else 0.93
    if _weak(start, end):
        return 0.45
    if start is None:
        return 0.85
    return 0.8 if months else 0.65


def _weak(start: Moment | None, end: Moment | None) -> bool:
    return bool((start and start.weak) or (end and end.weak))


def _glued(t: Tokens, begin: int, stop: int, passed: int) -> bool:
    """Whether the digits belong to a longer number, an amount, a version, an address or a word."""
    words = t.words
    if begin > 0:
        before = words[begin - 1]
        inside = t.ends[begin - 1] <= passed
        if t.tight(begin) and not inside:
            digits_before = begin > 1 and t.tight(begin - 1) and words[begin - 2].isdigit()
            if before in _AGAINST_LEFT and not (before == "-" and begin == 1):
                return True
            if before in (",", ":", ".") and digits_before:
                return True
            if before[0].isalnum() and before.isascii():
                return True
        elif before.isdigit() and words[begin].isdigit() and not inside:
            return True
        if before in ("$", "€", "£", "¥", "#", "№", "+") and not inside:
            return True
    after, last = words[stop], words[stop - 1]
    if not after:
        return False
    if t.tight(stop) and last[-1].isdigit():
        if after in _AGAINST_RIGHT or (after.isascii() and after[0].isalpha()):
            return True
        following = words[stop + 1]
        if after in ".,:-" and t.tight(stop + 1) and following[:1].isalnum():
            return not (after == "," and following.isalpha())
    return after.isdigit() and last.isdigit() and len(after) != 4


def _widened(t: Tokens, lower: int, upper: int) -> tuple[int, int]:
    """With the duration after a span and the brackets round it."""
    text = t.text
    length = WORDS.duration.match(text, upper)
    if length and (length.end() == len(text) or not text[length.end()].isalnum()):
        upper = length.end()
    left, right = text[:lower].rstrip(), text[upper:].lstrip()
    if left and right and left[-1] in OPENING and right[0] in CLOSING:
        lower, upper = len(left) - 1, len(text) - len(right) + 1
        length = WORDS.duration.match(text, upper)
        if length and (length.end() == len(text) or not text[length.end()].isalnum()):
            upper = length.end()
    return lower, upper


def _beside(text: str, lower: int, upper: int) -> tuple[str, str]:
    """The letters on both sides; "" for none, for a mark and for a wide gap."""
    left, right = text[:lower], text[upper:]
    left_bare, right_bare = left.rstrip(), right.lstrip()
    before = after = ""
    if left_bare and left_bare[-1] not in _EDGES and not _gap(left[len(left_bare) :]):
        before = left_bare[-1]
    space = right[: len(right) - len(right_bare)]
    if right_bare.startswith(_EVENTS):
        return before, ""
    if right_bare and right_bare[0] not in _EDGES and not _gap(space):
        after = right_bare[0]
    return before, after


def _gap(space: str) -> bool:
    return len(space) > 1 or space in ("\t", "\u3000", "\n")


def _surroundings(
    t: Tokens, begin: int, left: str, right: str, two_ended: bool, *, weak: bool
) -> float:
    """How much of a span's worth its neighbours leave."""
    if weak and (left or right):
        return 0.3 if not two_ended else 0.8
    before = t.words[begin - 1] if begin else ""
    if two_ended:
        return 0.55 if left and right else 0.9 if left or right else 1.0
    if before in WORDS.products and begin:
        return 0.1
    if left and right:
        return 0.3 if t.words[begin] in WORDS.months else 0.15
    if left:
        return 0.35 if before in WORDS.sentence else 0.75
    if right:  # `12 Long Street, 2000 Antwerp` is none, `2019 MSc Physics` is
        return 0.3 if right.islower() or before else 0.7
    return 1.0
