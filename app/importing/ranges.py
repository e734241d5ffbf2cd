"""From one date to the next: the grammar of ranges, open spans and single dates that are due.

It reads tokens only; whether its surroundings let a range mean a span is judged in `dates`.
"""

from __future__ import annotations

import msgspec

from app.importing.datewords import WORDS
from app.importing.moments import DASHES, Moment, moment_at
from app.importing.tokens import Tokens

JOINTS = DASHES | frozenset("~〜～→➔➜>/…\ufffd") | frozenset(map(chr, range(0xE000, 0xE100)))
_AND = frozenset(("and", "&", "und", "et", "y", "e", "en", "i", "og", "och"))
OPENING, CLOSING = frozenset("([（［【{"), frozenset(")]）］】}")


class Range(msgspec.Struct, kw_only=True):
    """A date, or two and what they lead to. `begin` and `stop` are indices of tokens.

    `sure` is below 1 where something not written was concluded.
    """

    begin: int
    stop: int
    start: Moment | None = None
    end: Moment | None = None
    current: bool = False
    sure: float = 1.0


def range_at(t: Tokens, i: int) -> Range | None:
    """The date or range that begins at token `i`, with the words that lead into it."""
    begin = i
    until = t.after(i, WORDS.until)
    due = t.after(i, WORDS.due)
    since = i if _is_month(t, i) else t.after(i, WORDS.since)
    opened = t.after(i, WORDS.start)
    at = max(since, opened, until, due, i)
    if due > i:
        at = due
        while t.words[at] in (":", "in", "en", "im", "nel", "em", "-", "date", ",", "for", "per"):
            at += 1
    while t.words[at] in ("'", "’") and not t.words[at + 1].isdigit():
        at += 1
    start = moment_at(t, at)
    if start is None:
        return None
    if at > i and due > i:
        read = _led_from(t, at, start)
        if read is None or (read.start and read.end) or read.current:
            return read
        return Range(begin=begin, stop=start.end, end=start) if start.year else None
    read = _led_from(t, at, start)
    if read is None:
        return None
    if read.end is None and not read.current and at > i:
        if since > i:
            read.current = True
        elif until > i:
            read.start, read.end = None, start
        else:  # `de 2019`: the word belongs to something else
            return read
    read.begin = begin
    if read.end is None or read.start is None:
        _said_to_be_due(t, read)
    return read


def _is_month(t: Tokens, i: int) -> bool:
    """Whether a word is December in `des. 2018`, and not French for since, as in `dès 2018`."""
    return t.words[i] in WORDS.months and t.text[t.starts[i] : t.ends[i]].isascii()


def _said_to_be_due(t: Tokens, read: Range) -> None:
    """`May 2026 (expected)`: the word for it stands after the date."""
    j = read.stop + (t.words[read.stop] in OPENING or t.words[read.stop] == ",")
    end = t.after(j, WORDS.due)
    if end > j and not read.current and t.words[end] in ("", ")", "）", ",", "|"):
        read.stop = end + (t.words[end] in CLOSING)
        read.start, read.end = None, read.end or read.start


def _led_from(t: Tokens, at: int, start: Moment) -> Range | None:
    """A date and what it leads to, if it leads anywhere."""
    read = Range(begin=at, stop=start.end, start=start)
    j = _joint(t, start.end) + _and_again(t, at, start.end)
    if start.upto and j == start.end:
        read.end = Moment(year=start.upto, end=start.end)
        return read
    present = t.after(j, WORDS.present)
    if present > j and not (j == start.end and not _stands_alone(t, present)):
        read.current, read.stop = True, present
    elif j > start.end:
        _lead_to(t, read, start, j)
    if not start.year:
        return None
    if start.short and read.end is None and not read.current:
        start.year, start.day, start.short = start.short, 0, 0
    return _resolved(read, start)


def _and_again(t: Tokens, at: int, j: int) -> int:
    """1 where a season comes again in another year: `summers 2017 and 2018`."""
    if t.after(at, WORDS.seasons) == at or t.words[j] not in _AND:
        return 0
    again = moment_at(t, j + 1)
    return int(again is not None and again.year > 0)


def _lead_to(t: Tokens, read: Range, start: Moment, j: int) -> None:
    end = _short_end(t, start, j) or moment_at(t, j)
    if end is not None and (end.year or _gets_year(start, end)):
        read.end, read.stop = end, end.end
        if end.short and not end.year:
            end.year, end.day, end.short = end.short, 0, 0
        if end.upto:
            end.year, end.upto = end.upto, 0
        _share(start, end, read)
    elif start.year and _ends_open(t, start.end, j):
        read.current, read.stop = True, j
        read.sure = 0.95 if t.words[j - 1] in ("から", "より", "以降", "起", "부터") else 0.7


def _joint(t: Tokens, j: int) -> int:
    """The index after the marks and words that lead from a date to the next."""
    if t.words[j] == "." and t.words[j + 1] in DASHES:  # as in `03.2018. –`
        j += 1
    for _ in range(4):
        if t.words[j] in JOINTS:
            j += 1
        elif (k := t.after(j, WORDS.to)) > j:
            j = k
        else:
            break
    return j


def _ends_open(t: Tokens, end: int, j: int) -> bool:
    """Whether a mark that leads on is the last thing, as in `2019 –`."""
    if t.words[end] == "/" or j - end > 2:
        return False
    marks = all(w in JOINTS or w in ("から", "より", "以降", "起", "부터") for w in t.words[end:j])
    return marks and (t.words[j] in ("", "|") or t.words[j] in CLOSING)


def _stands_alone(t: Tokens, j: int) -> bool:
    return not t.words[j] or t.words[j] in CLOSING or t.words[j] in ("|", ",", "·", "•")


def _short_end(t: Tokens, start: Moment, j: int) -> Moment | None:
    """The 21 of `2019 – 21`."""
    word = t.words[j]
    if not (start.year and not start.month and len(word) == 2 and word.isdigit()):
        return None
    after = t.words[j + 1]
    if after in ("月", "年", ".") or after == "/" or (after and t.tight(j + 1) and after.isalpha()):
        return None
    year = start.year - start.year % 100 + int(word)
    if year < start.year:
        year += 100
    if year - start.year > 45 or moment_at(t, j) is not None:
        return None
    return Moment(year=year, end=j + 1)


def _gets_year(start: Moment, end: Moment) -> bool:
    """Whether the year of a start is the end's too, as in 2019年3月〜6月."""
    return bool(start.year and start.month and end.month >= start.month and not end.weak)


def _share(start: Moment, end: Moment, read: Range) -> None:
    """`Mar – Jun 2020` and `15 March – 20 June 2020` write their year once."""
    if not end.year:
        end.year = start.year
        read.sure = 0.9
    if start.year:
        return
    if start.short and not (end.day and not end.weak):
        start.year, start.day, start.short = start.short, 0, 0
        return
    start.short = 0
    start.weak = False
    start.year = end.year
    if start.month > end.month > 0:
        start.year, read.sure = end.year - 1, 0.7


def _resolved(read: Range, start: Moment) -> Range:
    """Settle what one end says of the other: the order of day and month, 2010-11 as a month."""
    ends = [start] + ([read.end] if read.end else [])
    day_first = {moment.day > 12 for moment in ends if moment.day and not moment.order}
    month_too = len(ends) > 1 and all(m.month or m.maybe_month for m in ends)
    for moment in ends:
        if moment.order and True in day_first and len(day_first) == 1:
            moment.day, moment.month = moment.order
        if moment.maybe_month and (read.current or month_too):
            moment.month, moment.weak = moment.maybe_month, False
    if read.end is not None and start.weak and read.end.weak:
        start.weak = read.end.weak = False
        read.sure = min(read.sure, 0.85)
    elif read.end is not None or read.current:
        start.weak = False
        if read.end is not None:
            read.end.weak = False
    return read
