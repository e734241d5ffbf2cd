"""The figures of a text: what number each is, and of what.

`40 %`, `$3bn`, `1.2M`, `2'000`, `10-15k`, `3rd`, `5.5/6`. A figure that is only part of a name
(`Windows 11`, `EC2`) is that name and no number; what is part of a date is left to `days`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

import msgspec

from app.grounding import days, lexicon
from app.importing.folding import fold

_FIGURE = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*")
_ELSEWHERE = re.compile(  # digits that count nothing: addresses, telephone numbers
    r"https?://\S{1,2000}|www\.\S{1,2000}|(?<![\w+])\+\d[\d ()./-]{6,24}\d(?!\d)"
)
_RATIO = re.compile(r" ?(?:/|(?:out of|of|von|sur|de|su|aus|em|op) )(?= ?\d) ?(\d+(?:[.,]\d+)?)")
_RANGE = re.compile(r" ?(?:-|to|bis|à|a|al|until|and|und|et) ?(?=[$€£¥₹]?\d)")
_WORD = re.compile(r"[ -]?([^\W\d_]+|[%$€£¥₹₩₽×])")
_BEFORE = re.compile(r"([^\W\d_][^\W_]*)([ -])$")
_MONEY_BEFORE = re.compile(r"([^\W\d_]{0,3}[$€£¥₹₩₽]|(?<![^\W_])[^\W\d_]{2,3}) ?$")
_IDEOGRAPH = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")
_ENDS = '.!?:;•·|\n"(['
_LONGEST = 30  # digits and marks of what is read as a number
_NAME = 40
_MOST_FIGURES = 100_000  # of a source
_MOST_READ = 20_000  # of those, looked at closely
_MOST_ALIKE = 2_000  # of those, with the same digits
_YEAR_BEFORE = frozenset(  # words after which a year counts nothing
    {"in", "since", "from", "until", "by", "of", "during", "fy", "and", "to", "the", "class"}
    | {"seit", "ab", "bis", "im", "depuis", "en", "desde", "hasta", "dal", "nel", "sinds", "tot"}
)


class Figure(msgspec.Struct, frozen=True):
    """One figure. `values` are its readings; more than one where scale or mark is ambiguous.

    `kind` is "" for a count, `percent`, `points` or a currency; `unit` is "" where none is known.
    `name` is it with the word before, or the code it is part of; `named` says that it is a name and
    counts nothing. `year` says that it may be one.
    """

    text: str
    at: int
    end: int
    values: tuple[Decimal, ...] = ()
    kind: str = ""
    unit: str = ""
    name: str = ""
    named: bool = False
    ratio: str = ""  # 4/5
    spoken: bool = False  # of a ratio: 4 of 5
    year: bool = False
    counted: bool = False  # of a year: that a word follows which it may count
    apart: tuple[Decimal, ...] = ()  # of digits in groups: what they are one by one


class Figures:
    """The figures of one text, each read when a claim of the same digits asks for it.

    A text of nothing but figures is read as far as the bounds say; what lies beyond grounds
    nothing.
    """

    def __init__(self, text: str) -> None:
        self.days = days.days_in(text)
        self._text = _without(text, self.days)
        self._at: dict[str, list[tuple[int, int]]] = {}
        for match in islice(_FIGURE.finditer(self._text), _MOST_FIGURES):
            for digits in {significant(match[0]), *_parts(match[0])}:
                self._at.setdefault(digits, []).append(match.span())
        self._read: dict[str, list[Figure]] = {}
        self._left = _MOST_READ

    def of(self, digits: str) -> list[Figure]:
        """The figures with these significant digits."""
        if digits not in self._at:
            return []
        if digits not in self._read:
            spans = self._at[digits][: min(self._left, _MOST_ALIKE)]
            self._left -= len(spans)
            self._read[digits] = [
                figure for at, end in spans for figure in _read(self._text, at, end)
            ]
        return self._read[digits]

    def all(self) -> Iterator[Figure]:
        for digits in self._at:
            yield from self.of(digits)


def significant(text: str) -> str:
    """The digits of a figure without zeros at the ends, which no power of ten changes."""
    return "".join(filter(str.isdigit, text)).strip("0")


def figures_in(text: str) -> list[Figure]:
    """All figures of a short text in order, dates left out."""
    masked = _without(text, days.days_in(text))
    found: list[Figure] = []
    end = 0
    for match in _FIGURE.finditer(masked):
        if match.start() >= end:
            read = _read(masked, *match.span())
            found += read
            end = max((figure.end for figure in read), default=end)
    return found


def _parts(text: str) -> Iterator[str]:
    if " " in text or text.count(",") > 1:
        for part in re.split("[ ,]", text):
            yield significant(part)


def _without(text: str, found: list[days.Day]) -> str:
    """A text of the same length without dates, addresses and telephone numbers; years stay."""
    spans = [(day.at, day.end) for day in found if day.end - day.at != 4]
    spans += addresses_in(text)
    if not spans:
        return text
    pieces, passed = [], 0
    for at, end in sorted(spans):
        if end > passed:
            at = max(at, passed)
            pieces += [text[passed:at], "\x01" * (end - at)]
            passed = end
    return "".join((*pieces, text[passed:]))


def addresses_in(text: str) -> list[tuple[int, int]]:
    """Where addresses of pages and people and telephone numbers stand, in which nothing counts."""
    return [*(match.span() for match in _ELSEWHERE.finditer(text)), *_addresses(text)]


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where e-mail addresses stand."""
    at = text.find("@")
    while at >= 0:
        lower, upper = at, at + 1
        while lower > max(0, at - 64) and not text[lower - 1].isspace():
            lower -= 1
        while upper < min(len(text), at + 255) and not text[upper].isspace():
            upper += 1
        if lower < at and "." in text[at:upper]:
            yield lower, upper
        at = text.find("@", upper)


def _read(text: str, at: int, end: int) -> list[Figure]:
    """The figure at these offsets; several where marks part a list, none in the midst of one."""
    left = _glued_left(text, at)
    if left < at and fold(text[left:at]) not in lexicon.currencies() | {"v": ""}:
        return [_code(text, left, end)]
    digits = text[at:end]
    values = _values(digits, _scaled(text, end))
    if not values:
        if len(digits) <= _LONGEST and set(digits) <= set("0123456789,"):
            return [_figure(text, at, end, (Decimal(part),)) for part in digits.split(",")]
        return [_code(text, at, end)]
    figure = _figure(text, at, end, values)
    if " " in digits:
        apart = tuple(Decimal(part) for part in digits.split(" ") if part.isdigit())
        return [msgspec.structs.replace(figure, apart=apart)]
    return [figure]


def _glued_left(text: str, at: int) -> int:
    """Where the letters and digits begin that a figure is glued to."""
    left = at
    while left > max(0, at - _NAME) and _is_name_part(text[left - 1]):
        left -= 1
    return left


def _is_name_part(character: str) -> bool:
    return character.isalnum() and not _IDEOGRAPH.match(character)


def _code(text: str, at: int, end: int) -> Figure:
    """A name with digits in it, all of it."""
    while end < min(len(text), at + 2 * _NAME) and _is_name_part(text[end]):
        end += 1
    return Figure(text[at:end], at, end, name=_named(text[at:end]), named=True)


def _named(text: str) -> str:
    return "".join(filter(_in_name, fold(text)))


def _in_name(character: str) -> bool:
    return character.isalnum() or character in "./"


def _scaled(text: str, end: int) -> bool:
    word = _WORD.match(text, end, end + 24)
    return bool(word and (fold(word[1]) in lexicon.scales() or word[1] in lexicon.glued()))


def _values(digits: str, scaled: bool) -> tuple[Decimal, ...]:
    """What the digits say, or nothing for a list, a version or a code."""
    digits = digits.replace("'", "")
    if len(digits) > _LONGEST:
        return ()
    if " " in digits:
        whole, _, rest = digits.replace(" ", "").replace(",", ".").partition(".")
        return (Decimal(f"{whole}.{rest or 0}"),)
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return (Decimal(digits),)
    if dots and commas:
        mark = max(".,", key=digits.rfind)
        other = "," if mark == "." else "."
        whole, _, rest = digits.rpartition(mark)
        if mark in whole or not _grouped(whole.split(other)):
            return ()
        return (Decimal(f"{whole.replace(other, '')}.{rest}"),)
    mark = "." if dots else ","
    parts = digits.split(mark)
    if len(parts) > 2:
        return (Decimal("".join(parts)),) if _grouped(parts) else ()
    decimal = Decimal(".".join(parts))
    if len(parts[1]) == 3 and len(parts[0]) <= 3 and parts[0].lstrip("0"):
        return (decimal,) if scaled and mark == "." else (Decimal("".join(parts)),)
    return (decimal,)


def _grouped(parts: list[str]) -> bool:
    """Whether digits stand in groups of thousands, or of lakhs."""
    first, *rest = parts
    return (
        bool(rest)
        and 1 <= len(first) <= 3
        and len(rest[-1]) == 3
        and all(len(part) in (2, 3) for part in rest)
    )


def _figure(text: str, at: int, end: int, values: tuple[Decimal, ...]) -> Figure:
    """The figure with what stands round it."""
    digits = text[at:end]
    if text[end : end + 1] == "+":
        end += 1
    if ratio := _ratio(text, at, end, values):
        return ratio
    meant, kind, unit, stop = _after(text, end)
    bare = stop == end
    if not (kind or unit or meant) and (joint := _RANGE.match(text, end)):
        # 10-15k: what the second has, the first has too.
        other = _FIGURE.match(text, joint.end() + (text[joint.end()] in "$€£¥₹"))
        if other:
            shared, kind, unit, _ = _after(text, other.end())
            values = (*values, *(value * scale for value in values for scale in shared))
            bare = not (shared or kind or unit)
    elif meant:
        values = tuple(value * scale for value in values for scale in meant)
    if not kind and (money := _money_before(text, at)):
        kind, bare = money, False
    if bare and stop < len(text) and _is_name_part(text[stop]):
        if digits.isdigit() and len(digits) in (2, 4) and text[stop : stop + 1] == "s":
            return Figure(text[at : end + 1], at, end + 1, values, year=len(digits) == 4)
        return _code(text, at, end)
    year = bare and len(digits) == 4 and digits.isdigit() and digits[:2] in ("19", "20")
    name, named = _name_before(text, at, stop) if bare and not year else ("", False)
    return Figure(
        text[at:stop].strip(),
        at,
        stop,
        values,
        kind,
        unit,
        name=name,
        named=named,
        year=year,
        counted=year and _counts(text, at, stop),
    )


def _ratio(text: str, at: int, end: int, values: tuple[Decimal, ...]) -> Figure | None:
    """`5.5/6`, which is also what stands before the stroke."""
    match = _RATIO.match(text, end)
    if match is None or (text[end : end + 2].strip()[:1].isalpha() and not values):
        return None
    words = match[0].strip()[:2].isalpha()
    below = _values(match[1], scaled=False)
    if not below:
        return None
    over = f"{values[0].normalize():f}/{below[0].normalize():f}"
    stop = match.end()
    kind, unit = _after(text, stop)[1:3]
    return Figure(
        text[at:stop], at, end if words else stop, values, kind, unit, ratio=over, spoken=words
    )


def _after(text: str, end: int) -> tuple[tuple[Decimal, ...], str, str, int]:
    """What stands after a figure: scales, kind, unit, and where that ends."""
    scale: tuple[Decimal, ...] = ()
    window = text[end : end + 40]
    offset = 0
    for _ in range(2):
        match = _WORD.match(window, offset)
        if match is None:
            break
        found = _scales(match, at_first=offset == 0)
        if found is None:
            break
        multipliers, offset = found
        scale = tuple(a * b for a in scale or (Decimal(1),) for b in multipliers)
    rest = fold(window[offset:])
    bare_rest = rest.lstrip(" -+")
    for kind, phrases in (("points", "points"), ("percent", "percent_of_two")):
        for phrase in lexicon.phrases(phrases):
            if bare_rest.startswith(phrase) and not bare_rest[len(phrase) :][:1].isalpha():
                return scale, kind, "", end + offset + len(rest) - len(bare_rest) + len(phrase)
    match = _WORD.match(window, offset)
    if match is None:
        return scale, "", "", end + offset
    word, stop = fold(match[1]), end + match.end()
    if word == "%" or word in lexicon.phrases("percent"):
        return scale, "percent", "", stop
    if money := lexicon.currencies().get(word) or _prefixed(word, lexicon.currencies()):
        return scale, money, "", stop
    if word in ("t", "k", "m") and window[match.end() : match.end() + 1] in ("€", "$", "£"):
        thousands = Decimal(1_000_000 if word == "m" else 1000)
        money = lexicon.currencies()[window[match.end()]]
        return (thousands,), money, "", stop + 1
    unit = lexicon.units().get(word) or _prefixed(word, lexicon.units())
    if unit and (unit != "ordinal" or match.start(1) == match.start() == 0):
        return scale, "", unit, stop
    return scale, "", "", end + offset


def _prefixed(word: str, table: dict[str, str]) -> str:
    """Of scripts without spaces: what the word begins with."""
    if not _IDEOGRAPH.match(word):
        return ""
    return next((table[word[:size]] for size in (3, 2, 1) if word[:size] in table), "")


def _scales(match: re.Match[str], *, at_first: bool) -> tuple[tuple[Decimal, ...], int] | None:
    """The multipliers that a word after a figure may be, and where the word ends."""
    word, end = match[1], match.end()
    if match.start(1) == match.start() and at_first:
        if word in lexicon.glued():
            return (lexicon.glued()[word],), end
        if word == "m":
            return (Decimal(1), Decimal(1_000_000)), end
        if word == "b":
            return (Decimal(1), Decimal(1_000_000_000)), end
    folded = fold(word)
    if folded in lexicon.scales():
        return (lexicon.scales()[folded],), end + (match.string[end : end + 1] == ".")
    if _IDEOGRAPH.match(word):
        for size in (2, 1):
            if word[:size] in lexicon.scales():
                return (lexicon.scales()[word[:size]],), match.start(1) + size
    return None


def _money_before(text: str, at: int) -> str:
    match = _MONEY_BEFORE.search(text, max(0, at - 8), at)
    if match is None:
        return ""
    sign = fold(match[1])
    table = lexicon.currencies()
    return (
        table.get(sign) or table.get(sign[-1], "")
        if not sign[-1].isalpha()
        else (table[sign] if sign in table and match[1].isupper() else "")
    )


def _name_before(text: str, at: int, end: int) -> tuple[str, bool]:
    """A bare figure with the word before it, and whether that is a name: `COVID-19`."""
    match = _BEFORE.search(text, max(0, at - _NAME), at)
    if match is None:
        return "", False
    word, start = match[1], match.start(1)
    name = _named(word + text[at:end])
    if not word[0].isupper() or not text[at:end].isdigit():  # of a grade, such as `Note 1.7`
        return name, False
    before = text[max(0, start - 3) : start].rstrip(" ")
    begins = not before or before[-1] in _ENDS or before[-1] == "-"
    is_acronym = len(word) > 1 and word.isupper()
    stands_alone = text[end : end + 1] in ("", "\n", ",", ";", ")")
    return name, is_acronym or match[2] == "-" or stands_alone or not begins


def _counts(text: str, at: int, end: int) -> bool:
    """Whether what follows a year is a word that it may count, as in `2000 users`."""
    after = text[end : end + 3]
    if not (after[:1] == " " and after[1:2].isalpha()):
        return False
    before = _BEFORE.search(text, max(0, at - _NAME), at)
    return before is None or fold(before[1]) not in _YEAR_BEFORE
