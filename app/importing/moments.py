"""One date at one place of a line: the forms in which people write a day, a month or a year.

The functions take the tokens of a line and an index, and answer the date that begins there. They
never guess: a month whose place is doubtful is left out, and a two-digit year that could as well
be something else is marked as weak.
"""

from __future__ import annotations

from calendar import monthrange

import msgspec

from app.importing.datewords import WORDS
from app.importing.tokens import Tokens, full_year, two_digit_year

DASHES = frozenset("-–—‒―−‐‑－ｰ")
_SLASHES = frozenset("/／")
_DOTS = frozenset(".．。")
_APOSTROPHES = frozenset("'’‘ʼ`´")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "º", "ª", "°", "e", "o", "a", "."})


class Moment(msgspec.Struct, kw_only=True):
    """A date as far as it is written. `upto` is the second year of 2018/19.

    `day` and `month` are 0 where they are not written or not certain. `order` holds a day and a
    month of which either may be the other. `short` is a two-digit number after a month that is a
    day or a year. `weak` marks a form that other things have too.
    """

    year: int = 0
    month: int = 0
    day: int = 0
    upto: int = 0
    end: int
    order: tuple[int, int] | None = None
    maybe_month: int = 0
    short: int = 0
    weak: bool = False

    def iso(self) -> str:
        if not self.month:
            return f"{self.year:04d}"
        if not self.day:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def moment_at(t: Tokens, i: int) -> Moment | None:
    """The date that begins at token `i`, words before it such as `early` or `Summer` included."""
    word = t.words[i]
    found: Moment | None
    if not word:
        return None
    if word[0].isdigit():
        found = _from_number(t, i)
    elif month := WORDS.months.get(word):
        found = _from_month(t, i, month)
    elif word in _APOSTROPHES:
        found = _short_year(t, i)
    elif word in WORDS.eras:
        found = _from_era(t, i)
    else:
        found = _blurred(t, i)
    return found if found is not None and _is_real(found) else None


def _is_real(found: Moment) -> bool:
    if found.day:
        return found.month > 0 and found.day <= monthrange(found.year or 2020, found.month)[1]
    return found.month <= 12


def _small(word: str, most: int) -> int:
    """The number from 1 to `most` that one or two digits name, or 0."""
    if 0 < len(word) <= 2 and word.isdigit() and 1 <= int(word) <= most:
        return int(word)
    return 0


def _from_number(t: Tokens, i: int) -> Moment | None:
    if year := full_year(t.words[i]):
        return _from_year(t, i, year)
    number = _small(t.words[i], 31)
    if not number:
        return None
    mark = t.words[i + 1]
    if mark == "月" and number <= 12:
        return _east_asian(t, i, 0)
    if mark in _SLASHES or mark in _DOTS or mark in DASHES:
        found = _numeric(t, i, number)
        if found:
            return found
    return _day_and_month(t, i, number) or _quarter_first(t, i)


def _from_year(t: Tokens, i: int, year: int) -> Moment | None:
    words = t.words
    mark = words[i + 1]
    if mark == "年":
        return _east_asian(t, i + 2, year)
    joined = t.tight(i + 1) and t.tight(i + 2)
    if joined and (mark in DASHES or mark in _SLASHES or mark in _DOTS):
        found = _after_year(t, i, year)
        if found:
            return found
    if mark in ("q", "h", "t") and words[i + 2] in ("1", "2", "3", "4") and t.tight(i + 2):
        return Moment(year=year, end=i + 3)
    # A Hungarian year is an ordinal: 2018. márc. 25.
    j = i + 2 if mark == "," or mark in _DOTS or (joined and mark in DASHES) else i + 1
    month = WORDS.months.get(words[j])
    if month and not _year_follows(t, j + 1):
        j += 1 + (words[j + 1] in _DOTS)
        day = _small(words[j], 31)
        if day and full_year(words[j + 1]) == 0 and words[j + 1] not in _SLASHES:
            return Moment(year=year, month=month, day=day, end=j + 1 + (mark in _DOTS))
        return Moment(year=year, month=month, end=j)
    return Moment(year=year, end=i + 1)


def _after_year(t: Tokens, i: int, year: int) -> Moment | None:
    """2019-03, 2019/3/1, 2018/19, and 2010-11, which is a month or a year."""
    words = t.words
    mark, second = words[i + 1], words[i + 2]
    if later := full_year(second):
        if mark in _SLASHES and later == year + 1:
            return Moment(year=year, upto=later, end=i + 3)
        return None
    if len(second) == 2 and mark not in _DOTS and int_or(second) == (year + 1) % 100:
        if mark in _SLASHES:
            return Moment(year=year, upto=year + 1, end=i + 3)
        if mark == "-" and int_or(second) <= 12 and words[i + 3] not in DASHES:
            return Moment(year=year, maybe_month=int_or(second), end=i + 3, weak=True)
    month = _small(second, 12)
    if not month or (mark in DASHES and mark != "-") or (mark == "-" and len(second) == 1):
        return None
    if words[i + 3] == mark and t.tight(i + 3) and t.tight(i + 4):
        day = _small(words[i + 4], 31)
        if day:
            return Moment(year=year, month=month, day=day, end=i + 5)
        if mark in _DOTS:
            return None
    return Moment(year=year, month=month, end=i + 3, weak=mark in _DOTS and len(second) == 1)


def int_or(word: str) -> int:
    return int(word) if word.isdigit() else -1


def _east_asian(t: Tokens, i: int, year: int) -> Moment | None:
    """What follows a year's 年: a month's 月 and a day's 日, each if there."""
    words = t.words
    if i > 0 and words[i - 1] == "年" and words[i] in ("春", "夏", "秋", "冬", "度"):
        return Moment(year=year, end=i + 1)
    month = _small(words[i], 12)
    if not month or words[i + 1] != "月":
        return Moment(year=year, end=i) if year else None
    day = _small(words[i + 2], 31)
    if day and words[i + 3] == "日":
        return Moment(year=year, month=month, day=day, end=i + 4)
    return Moment(year=year, month=month, end=i + 2)


def _from_era(t: Tokens, i: int) -> Moment | None:
    number = 1 if t.words[i + 1] == "元" else int_or(t.words[i + 1])
    if not 1 <= number <= 64 or t.words[i + 2] != "年":
        return None
    return _east_asian(t, i + 3, WORDS.eras[t.words[i]] + number)


def _numeric(t: Tokens, i: int, first: int) -> Moment | None:
    """03/2019, 01.03.2019, 03/15/2019, 03/19."""
    words = t.words
    mark = words[i + 1]
    loose = mark not in DASHES
    if not loose and not (t.tight(i + 1) and t.tight(i + 2)):
        return None
    if year := full_year(words[i + 2]):
        if first > 12:
            return None
        return Moment(year=year, month=first, end=i + 3)
    second = _small(words[i + 2], 31)
    if second and words[i + 3] == mark and (loose or t.tight(i + 4)):
        year = full_year(words[i + 4])
        short = 0 if year else two_digit_year(words[i + 4])
        if year or short:
            found = _ordered(first, second, year or short, mark in _DOTS, i + 5)
            if found:
                found.weak = bool(short)
                return found
    if not (t.tight(i + 1) and t.tight(i + 2)) or words[i + 3] == mark:
        return None
    year = two_digit_year(words[i + 2])
    if not year or first > 12 or (len(words[i]) == 1 and mark not in _SLASHES):
        return None
    return Moment(year=year, month=first, end=i + 3, weak=True)


def _ordered(first: int, second: int, year: int, day_first: bool, end: int) -> Moment | None:
    """A day and a month in the order that is certain, or the year alone."""
    if day_first or first > 12 or first == second:
        return Moment(year=year, month=second, day=first, end=end) if second <= 12 else None
    if second > 12:
        return Moment(year=year, month=first, day=second, end=end)
    return Moment(year=year, order=(first, second), end=end)


def _day_and_month(t: Tokens, i: int, day: int) -> Moment | None:
    """15 March 2019, 1er mars 2019, 1. März 2019, 15 de enero de 2019, and these without a year."""
    j = i + 1
    while t.words[j] in _ORDINALS or t.words[j] in WORDS.of:
        j += 1
    if t.wide(j):
        return None
    month = WORDS.months.get(t.words[j])
    if not month:
        return None
    found = _from_month(t, j, month, with_day=False)
    if found.short:
        return None
    found.day = day
    return found


def _passed(t: Tokens, j: int) -> int:
    """The index after what may stand between a month and its year."""
    if t.words[j] in _DOTS:
        j += 1
    if t.words[j] == ",":
        j += 1
    if t.words[j] in WORDS.of:
        j += 1
    return j


def _year_follows(t: Tokens, j: int) -> int:
    """The index after a year that belongs to a month before, or 0."""
    j = _passed(t, j)
    words = t.words
    if full_year(words[j]):
        return j + 1
    if (words[j] in DASHES or words[j] in _SLASHES) and t.tight(j) and t.tight(j + 1):
        j += 1
    elif words[j] in _APOSTROPHES and t.tight(j + 1) and two_digit_year(words[j + 1]):
        return j + 2
    else:
        return 0
    if full_year(words[j]) or two_digit_year(words[j]):
        return j + 1
    return 0


def _from_month(t: Tokens, i: int, month: int, *, with_day: bool = True) -> Moment:
    words = t.words
    if end := _year_follows(t, i + 1):
        year = full_year(words[end - 1]) or two_digit_year(words[end - 1])
        return Moment(year=year, month=month, end=end)
    j = _passed(t, i + 1)
    day = _small(words[j], 31)
    if with_day and day:
        k = j + 1
        while words[k] in _ORDINALS or words[k] == ",":
            k += 1
        if year := full_year(words[k]):
            return Moment(year=year, month=month, day=day, end=k + 1)
        if words[k] in _APOSTROPHES and (year := two_digit_year(words[k + 1])):
            return Moment(year=year, month=month, day=day, end=k + 2)
    short = two_digit_year(words[j])
    if short and words[j + 1] not in ("%", "年") and not full_year(words[j + 1]):
        if int(words[j]) > 31:
            return Moment(year=short, month=month, end=j + 1)
        if with_day:
            return Moment(month=month, day=day, short=short, end=j + 1, weak=True)
    if with_day and day:
        k = j + 1
        while words[k] in ("st", "nd", "rd", "th"):
            k += 1
        return Moment(month=month, day=day, end=k)
    return Moment(month=month, end=i + 2 if words[i + 1] in _DOTS else i + 1)


def _short_year(t: Tokens, i: int) -> Moment | None:
    year = two_digit_year(t.words[i + 1])
    if not year or not t.tight(i + 1):
        return None
    return Moment(year=year, end=i + 2, weak=True)


def _quarter_first(t: Tokens, i: int) -> Moment | None:
    """1. Quartal 2019, 2. Halbjahr 2019, 1er trimestre 2020, 3Q 2020."""
    j = i + 1
    while t.words[j] in _ORDINALS:
        j += 1
    if t.words[j] not in _PARTS or t.words[i] not in ("1", "2", "3", "4"):
        return None
    return _year_alone(t, j + 1)


_PARTS = frozenset({
    "q", "quartal", "quarter", "trimestre", "trim", "kwartaal", "halbjahr", "semestre", "semester",
    "half", "t",
})  # fmt: skip


def _year_alone(t: Tokens, j: int) -> Moment | None:
    while (
        t.words[j] in WORDS.of
        or t.words[j] in (",", "del", "dell", "/", "-", "(")
        or (t.words[j] in _APOSTROPHES and not two_digit_year(t.words[j + 1]))
    ):
        j += 1
    if year := full_year(t.words[j]):
        found = _after_year(t, j, year) if t.tight(j + 1) and t.tight(j + 2) else None
        if found and found.upto:
            return found
        return Moment(year=year, end=j + 1)
    if t.words[j] in _APOSTROPHES:
        j += 1
    if year := two_digit_year(t.words[j]):
        end = j + 1
        if t.words[j + 1] in _SLASHES and two_digit_year(t.words[j + 2]) == year + 1:
            return Moment(year=year, upto=year + 1, end=j + 3)
        return Moment(year=year, end=end, weak=t.words[j - 1] not in _APOSTROPHES)
    return None


def _blurred(t: Tokens, i: int) -> Moment | None:
    """Summer 2020, WS 2018/19, Q1 2020, early 2019, Ende März 2019."""
    word = t.words[i]
    if word in ("q", "h", "t", "s") and t.words[i + 1] in ("1", "2", "3", "4") and t.tight(i + 1):
        return _year_alone(t, i + 2)
    j = t.after(i, WORDS.seasons)
    if j > i:
        found = _year_alone(t, j)
        return found or Moment(end=j)
    j = t.after(i, WORDS.about)
    if j == i:
        return None
    while t.words[j] in _DOTS or t.words[j] in DASHES or t.words[j] in _APOSTROPHES:
        j += 1
    if not t.words[j] or t.words[j] in WORDS.about:
        return None
    found = moment_at(t, j)
    return found if found and found.year else None
