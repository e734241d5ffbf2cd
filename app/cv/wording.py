"""The words in which cv_data says what it has no key for, and how they are read back.

A résumé says `Technologies: Python, Go` in a bullet, `Engineer (freelance)` in a title and
`French (native)` in a list: the same words serve who reads the page and what reads it in again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from app.cv import locales

# What stands in parentheses after a position; any other kind of employment gets a label.
EMPLOYMENT_TYPES = frozenset(
    (
        "apprenticeship",
        "contract",
        "contractor",
        "fixed-term",
        "freelance",
        "freelancer",
        "intern",
        "internship",
        "part-time",
        "seasonal",
        "self-employed",
        "temporary",
        "trainee",
        "traineeship",
        "volunteer",
        "working student",
    )
)
# What a résumé takes for granted and does not say.
USUAL_EMPLOYMENT = frozenset(("full-time", "full time", "fulltime", "full_time", "permanent"))

# Degrees that read as "BSc in Physics"; others, of other languages, as "Laurea, Fisica".
_ENGLISH_DEGREE = re.compile(
    r"(?:Bachelor|Master|Doctor|Associate|Diploma|Certificate|Minor|Major|Degree|Honours|PhD|Ph\.D"
    r"|[BM]\.?\s?(?:Sc|A|Eng|S|Ed|Tech|Phil|Res|Com)|MBA|BBA|LL[BM]|EdD|MD|DPhil|HND|HNC)\b",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"(?:bachelor|master|m[aá]ster|doctor|doctorat|dottorato|doutorado|promotion|dr\.|licence"
    r"|licencia|licenciatura|grado|laurea|diplom|magister|staatsexamen|mestrado|bacharel|tecn"
    r"|t[eé]cn|maturit|abitur|baccalaur|bts|dut|ing[eé]ni|propedeuse|hbo|wo|mba|bsc|msc|phd"
    r"|学士|修士|博士|硕士|本科|专科)",
    re.IGNORECASE,
)
_LEVEL_WORD = re.compile(
    r"(?:beginner|novice|basic|elementary|intermediate|upper[- ]intermediate|advanced|proficient"
    r"|expert|master|familiar|competent|good|very good|excellent|fluent|native|bilingual"
    r"|working knowledge|professional|[abc][12]|[0-9]{1,2}(?:\.[0-9])?/(?:5|10)|[0-9]{1,3} ?%"
    r"|[●○★☆]+)",
    re.IGNORECASE,
)

_COLON = re.compile(r"\s*[:\uff1a]\s*")
_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_COUNT = "{years}"
_BARE = {"one": 1.0, "two": 2.0}  # where a language has words without a number
_COMMAS = ",\u3001\u060c"
_NOTES = re.compile(r"(?:(?P<level>.*)(?:, |[\u3001\u060c] ?))?(?P<last>.*)")
_LEVEL = "level: "


class Skill(NamedTuple):
    """A skill as a list of skills names it."""

    name: str
    level: str | None
    years: float | None


def labelled(field: str, value: str, locale: str = "") -> str:
    """`value` under the label of `field`, in English or in `locale`: `Grade: 1.3`."""
    words = locales.words_of(locale or "en")
    return f"{words.labels[field]}{words.colon}{value}"


def read_label(text: str) -> tuple[str, str] | None:
    """The field and the value that `text`, as `labelled` wrote it in any language, names; None for
    other text."""
    label, *value = _COLON.split(text, maxsplit=1)
    field = _fields().get(label.casefold().strip())
    return (field, value[0]) if field and value and value[0].strip() else None


@cache
def _fields() -> dict[str, str]:
    """The fields by their labels in all languages."""
    return {
        label.casefold(): field
        for words in reversed(locales.every())
        for field, label in words.labels.items()
    }


def listed(names: Iterable[str], locale: str = "") -> str:
    """Names as one text, parted by commas of `locale`, or by semicolons where a name has one."""
    names = list(names)
    apart = any(_split(name, _COMMAS) != [name] for name in names)
    return ("; " if apart else comma("".join(names), locale)).join(names)


def comma(text: str, locale: str) -> str:
    """What parts the names of a list of which `text` are the letters."""
    return locales.words_of(_beside(text, locale)).comma


def _beside(text: str, locale: str) -> str:
    """The locale whose words stand beside a text: English beside Latin letters in one from right
    to left, where words of its own would pull what they belong to apart."""
    latin = locales.right_to_left(locale) and not _FROM_RIGHT.search(text)
    return "en" if latin else locale or "en"


def read_list(text: str) -> list[str]:
    """The names of a text that `listed` or a person wrote; marks in parentheses part nothing."""
    parts = _split(text, ";")
    return parts if len(parts) > 1 else _split(text, _COMMAS)


@lru_cache(maxsize=1000)
def counted(years: float, locale: str = "") -> str:
    """So many years, as `locale` or else English says it: `1 year`, `2,5 Jahre`, `5 лет`."""
    from babel import Locale  # takes longer to import than all the rest of us
    from babel.numbers import format_decimal

    words = locales.words_of(locale or "en")
    spoken = Locale.parse(words.tag, sep="-")
    number = Decimal(f"{years:g}")
    pattern = words.years.get(spoken.plural_form(number)) or words.years["other"]
    shown = format_decimal(number, locale=spoken, decimal_quantization=False, group_separator=False)
    return pattern.format(years=shown)


def read_years(text: str) -> float | None:
    """How many years a text is that `counted` wrote in any language; None for any other text."""
    units, bare = _years()
    if found := units.fullmatch(text):
        return float(found[1].replace(",", "."))
    return bare.get(text)


@cache
def _years() -> tuple[re.Pattern[str], dict[str, float]]:
    """What counts years in all languages, behind a number and without one."""
    patterns = {(kind, each) for words in locales.every() for kind, each in words.years.items()}
    units = {each.removeprefix(_COUNT).strip() for _, each in patterns if _COUNT in each}
    unit = "|".join(map(re.escape, sorted(units, key=lambda each: (-len(each), each))))
    number = r"([0-9]{1,3}(?:[.,][0-9]{1,6})?)"
    bare = {each: _BARE[kind] for kind, each in patterns if _COUNT not in each}
    return re.compile(rf"{number}\s?(?:{unit})", re.IGNORECASE), bare


def degree(name: str, field: str) -> str:
    """A degree and its field as one: `BSc in Physics`; "" where they can't be told apart again."""
    if not (name and field):
        return name
    whole = f"{name} in {field}" if _ENGLISH_DEGREE.match(name) else f"{name}, {field}"
    return whole if read_degree(whole) == (name, field) else ""


def read_degree(text: str) -> tuple[str, str] | None:
    """The degree and the field of what `degree` or a person wrote; None where there is no field."""
    mark = " in " if _ENGLISH_DEGREE.match(text) else ", "
    name, _, field = text.partition(mark)
    known = mark == " in " or _DEGREE.match(name)
    return (name, field) if field and known else None


def skill(name: str, *, level: str, years: float | None, locale: str = "") -> str:
    """`Python (expert, 5 years)`, with the years as `locale` counts them; a level not known as one
    is named: `Python (level: guru)`."""
    notes, beside = [], _beside(name, locale)
    if level:
        notes.append(level if _LEVEL_WORD.fullmatch(level) else _LEVEL + level)
    if years is not None:
        notes.append(counted(years, beside))
    return f"{name} ({locales.words_of(beside).comma.join(notes)})" if notes else name


def read_skill(text: str) -> Skill | None:
    """What `skill` wrote, where parentheses tell of a level or years; None for other text."""
    if not (parted := read_parentheses(text)):
        return None
    name, note = parted
    noted = _NOTES.fullmatch(note)
    years = read_years(noted["last"]) if noted else None
    level = (noted["level"] or "") if noted and years is not None else note
    if level.startswith(_LEVEL):
        level = level.removeprefix(_LEVEL)
    elif level and not _LEVEL_WORD.fullmatch(level):
        return None
    return Skill(name, level or None, years)


def in_parentheses(name: str, note: str) -> str:
    """`French (native)`, or the name alone where there is nothing to note."""
    return f"{name} ({note})" if note else name


def read_parentheses(text: str) -> tuple[str, str] | None:
    """The name and what stands in parentheses at its end; None where nothing does."""
    name, _, note = text[:-1].rpartition("(")
    name, note = name.strip(), note.strip()
    return (name, note) if name and note and text.endswith(")") and ")" not in note else None


def _split(text: str, marks: str) -> list[str]:
    """The parts of `text` between any of `marks` that stand in no parentheses."""
    parts, depth, begin = [], 0, 0
    for at, character in enumerate(text):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif character in marks and not depth:
            parts.append(text[begin:at].strip())
            begin = at + 1
    return [part for part in (*parts, text[begin:].strip()) if part]
