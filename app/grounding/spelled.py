"""Numbers in words: `twelve`, `zweihundertfünfzig`, `quatre-vingt-dix`, `dos mil`, `十二`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

import msgspec

from app.grounding import lexicon
from app.grounding.figures import Figure
from app.importing.folding import fold

_TOKEN = re.compile(r"[^\W\d_]+|[%,.;:]")
_HAN = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_HAN |= {"零": 0, "两": 2, "兩": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8}
_HAN_RUN = re.compile(f"(百分之)?([{''.join((*_HAN, *_HAN_SCALES))}]{{1,20}})(.?)")
_HAN_COUNTED = "年个個名人倍家次件位项項条台岁歳社件月天元％%"
_DEFAULT = "english"
_MOST_HAN = 20_000  # numbers of a text that are read


class _Word(msgspec.Struct, frozen=True):
    role: str  # unit, tens, hundred, scale, whole, many, ordinal, times
    value: Decimal
    language: str


def spelled_in(text: str) -> list[Figure]:
    """All numbers in words of a plain text: what a source says."""
    return [*_read(text, _language(text)), *_han(text, claimed=False)]


def spelled_claims(text: str) -> list[Figure]:
    """Those that a text surely means as numbers; `one` counts nothing, and `once` is no eleven."""
    found = [
        figure
        for figure in _read(text, _language(text))
        if figure.values[0] != 1 and fold(figure.text) not in _unclaimed()
    ]
    return [*found, *_han(text, claimed=True)]


def _read(text: str, language: str) -> Iterator[Figure]:
    found = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
    folded = {word: fold(word) for word in {token[0] for token in found}}
    if _words().keys().isdisjoint(folded.values()):
        return
    tokens = [(folded[word], at, end) for word, at, end in found]
    i = 0
    while i < len(tokens):
        word = _meant(tokens[i][0], language)
        # `Million` of `2 million` is read with its figure.
        if word is None or (word.role != "unit" and _after_digit(text, tokens[i][1])):
            i += 1
            continue
        value, unit, stop = _number(tokens, i, word, language)
        value *= _halved(tokens, i, unit)
        kind, end = _kind(tokens, stop)
        if not (unit == "ordinal" and end < len(tokens) and tokens[end][0].startswith("part")):
            unit = unit or _unit(tokens, stop)
            at, upper = tokens[i][1], tokens[max(end, stop) - 1][2]
            yield Figure(text[at:upper], at, tokens[stop - 1][2], (value,), kind, unit)
        i = max(end, i + 1)


def _after_digit(text: str, at: int) -> bool:
    return text[max(0, at - 2) : at].rstrip(" -")[-1:].isdigit()


def _meant(token: str, language: str) -> _Word | None:
    """What a word means as a number, in a text of a language."""
    meanings = _words().get(token)
    if not meanings:
        return None
    sure = [word for word in meanings if token not in _doubtful(word.language)]
    own = [word for word in meanings if word.language == language]
    return next(iter(own or sure), None)


def _number(
    tokens: list[tuple[str, int, int]], i: int, word: _Word, language: str
) -> tuple[Decimal, str, int]:
    """The value of the number that begins at a word, its unit and the index after it."""
    if word.role in ("many", "ordinal", "times"):
        return word.value, word.role, i + 1
    total, current, last, scale = Decimal(0), Decimal(0), "", Decimal(0)
    end = i
    while i < len(tokens):
        next_word = _meant(tokens[i][0], language)
        if next_word is None:
            if end and last and _joins(tokens, i, last, language):
                i += 1
                continue
            break
        role, value = next_word.role, next_word.value
        if role == "scale":
            if current == 0 and scale and value > scale:
                total *= value
            else:
                total += max(current, Decimal(1)) * value
            current, scale = Decimal(0), value
        elif role == "hundred" and last != "hundred":
            current = max(current, Decimal(1)) * value
        elif role == "tens" and last == "unit" and current % 100 == 4 and value == 20:
            current += 76  # quatre-vingt
        elif _follows(role, value, last, current) or (
            # Arabic says the unit first: five and twenty.
            next_word.language == "arabic" and last == "unit" and current < 10 <= value < 100
        ):
            current += value
        else:
            break
        last = role
        i += 1
        end = i
    return total + current, "", end


def _follows(role: str, value: Decimal, last: str, current: Decimal) -> bool:
    """Whether a part of a number can be added to what stands before it."""
    match role:
        case "tens":
            return last in ("", "hundred", "scale")
        case "unit":
            if last == "tens" and value >= 10:  # soixante-dix
                return current % 100 in (60, 80)
            return last in ("", "hundred", "scale", "tens")
        case "whole":
            return last in ("", "hundred", "scale")
    return False


def _joins(tokens: list[tuple[str, int, int]], i: int, last: str, language: str) -> bool:
    """Whether the word at `i` stands inside of a number, as in `two hundred and five`."""
    if i + 1 >= len(tokens) or (following := _meant(tokens[i + 1][0], language)) is None:
        return False
    token = tokens[i][0]
    if last in ("hundred", "scale"):
        return token in ("and", "und", "y", "e", "et") and following.role in (
            "unit",
            "tens",
            "whole",
        )
    return last == "tens" and token in ("y", "et", "e") and following.role == "unit"


def _halved(tokens: list[tuple[str, int, int]], i: int, unit: str) -> Decimal:
    before = [token[0] for token in tokens[max(0, i - 2) : i]]
    halves = {"half", "halbe", "demi", "medio", "mezzo", "meio"}
    if unit == "" and before and (before[-1] in halves or before == ["half", "a"]):
        return Decimal("0.5")
    return Decimal(1)


def _kind(tokens: list[tuple[str, int, int]], stop: int) -> tuple[str, int]:
    """`percent`, `points` or a currency that follows, and the index after it."""
    following = [token[0] for token in tokens[stop : stop + 3]]
    for size in (3, 2):
        phrase = " ".join(following[:size])
        if len(following) >= size and phrase in lexicon.phrases("points"):
            return "points", stop + size
        if len(following) >= size and phrase in lexicon.phrases("percent_of_two"):
            return "percent", stop + size
    first = following[0] if following else ""
    if first in lexicon.phrases("points"):
        return "points", stop + 1
    if first == "%" or first in lexicon.phrases("percent"):
        return "percent", stop + 1
    if first.isalpha() and len(first) > 2 and first in lexicon.currencies():
        return lexicon.currencies()[first], stop + 1
    return "", stop


def _unit(tokens: list[tuple[str, int, int]], stop: int) -> str:
    """The unit that follows, of those that are words."""
    if stop < len(tokens) and len(tokens[stop][0]) > 2:
        return lexicon.units().get(tokens[stop][0], "")
    return ""


def _language(text: str) -> str:
    """The language with most of its small words in a text."""
    present = set(re.findall(r"[^\W\d_]+", fold(text)))
    scores = {name: len(present & marks) for name, marks in _marks().items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > scores[_DEFAULT] else _DEFAULT


def _han(text: str, *, claimed: bool) -> Iterator[Figure]:
    if text.isascii():
        return
    for match in islice(_HAN_RUN.finditer(text), _MOST_HAN):
        run = match[2]
        if _after_digit(text, match.start()):
            continue
        value = _han_value(run)
        counts = len(run) > 1 or match[1] or (match[3] and match[3] in _HAN_COUNTED)
        if value is None or (claimed and (not counts or value in (0, 1))):
            continue
        kind = "percent" if match[1] else ""
        yield Figure(match[0].strip(), match.start(), match.end(2), (Decimal(value),), kind)


def _han_value(run: str) -> int | None:
    if all(character in _HAN for character in run):  # 二〇二〇
        return int("".join(str(_HAN[character]) for character in run))
    total = section = digit = 0
    for character in run:
        if character in _HAN:
            digit = _HAN[character]
            continue
        scale = _HAN_SCALES[character]
        if scale >= 10**4:
            total += max(section + digit, 1) * scale
            section = 0
        else:
            section += max(digit, 1) * scale
        digit = 0
    return total + section + digit


@cache
def _marks() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(lexicon.spellings(table["marks"]))
        for name, table in lexicon.languages().items()
    }


@cache
def _unclaimed() -> frozenset[str]:
    """Words that may say how many times something is, and mostly do not: `double-entry`."""
    return frozenset(
        word
        for table in lexicon.languages().values()
        for word in lexicon.spellings(table["unclaimed"])
    )


@cache
def _doubtful(language: str) -> frozenset[str]:
    return frozenset(lexicon.spellings(lexicon.languages()[language]["doubtful"]))


@cache
def _words() -> dict[str, list[_Word]]:
    """What each word means, language by language."""
    table: dict[str, list[_Word]] = {}
    for language, words in lexicon.languages().items():
        for role, value, spelling in _entries(language, words):
            table.setdefault(spelling, []).append(_Word(role, Decimal(value), language))
    return table


def _entries(language: str, words: dict[str, Any]) -> Iterator[tuple[str, int | str, str]]:
    for value, text in enumerate(words["units"]):
        yield from (("unit", value, word) for word in lexicon.spellings(text))
    for value, text in enumerate(words["tens"], start=2):
        yield from (("tens", 10 * value, word) for word in lexicon.spellings(text))
    yield from (("hundred", 100, word) for word in lexicon.spellings(words["hundred"]))
    for value, text in enumerate(words["ordinals"], start=3):
        yield from (("ordinal", value, word) for word in lexicon.spellings(text))
    for role, key in (("scale", "scales"), ("many", "many"), ("whole", "more"), ("times", "times")):
        for value, text in words.get(key, {}).items():
            yield from ((role, value, word) for word in lexicon.spellings(text))
    yield from (("times", "0.5", word) for word in lexicon.spellings(words["halved"]))
    if language in _COMPOUNDS:
        yield from _COMPOUNDS[language](words)


def _germanic(und: str, one: str, hundred: str, thousand: str) -> Any:
    """Numbers that are one word with the unit first: `fünfundzwanzig`, `tweehonderd`."""

    def compounds(words: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
        small = {value: lexicon.spellings(text)[0] for value, text in enumerate(words["units"])}
        small[1] = one
        for tens, text in enumerate(words["tens"], start=2):
            ten = lexicon.spellings(text)[0]
            small[10 * tens] = ten
            small |= {10 * tens + unit: small[unit] + und + ten for unit in range(1, 10)}
        whole = dict(small)
        for hundreds in range(1, 10):
            begin = (small[hundreds] if hundreds > 1 else "") + hundred
            whole[100 * hundreds] = begin
            whole |= {100 * hundreds + rest: begin + small[rest] for rest in range(1, 100)}
        for value, word in whole.items():
            if value > 20:
                yield "whole", value, fold(word)
            if value > 1:
                yield "whole", 1000 * value, fold(word + thousand)
        yield "hundred", 100, one + hundred
        yield "whole", 1000, one + thousand

    return compounds


def _italian(words: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    small = {value: lexicon.spellings(text)[0] for value, text in enumerate(words["units"])}
    for tens, text in enumerate(words["tens"], start=2):
        ten = lexicon.spellings(text)[0]
        small[10 * tens] = ten
        for unit in range(1, 10):
            small[10 * tens + unit] = (ten[:-1] if unit in (1, 8) else ten) + small[unit]
    whole = dict(small)
    for hundreds in range(1, 10):
        begin = (small[hundreds] if hundreds > 1 else "") + "cento"
        whole[100 * hundreds] = begin
        whole |= {100 * hundreds + rest: begin + small[rest] for rest in range(1, 100)}
    for value, word in whole.items():
        if value > 20:
            yield "whole", value, word
        if value > 1:
            yield "whole", 1000 * value, word + "mila"


_COMPOUNDS = {
    "german": _germanic("und", "ein", "hundert", "tausend"),
    "dutch": _germanic("en", "een", "honderd", "duizend"),
    "italian": _italian,
}
