"""Which claims no cited source says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.errors import FieldError
from app.grounding import days, names, spelled
from app.grounding.claims import Claim, claims
from app.grounding.figures import Figure, figures_in, significant
from app.grounding.plain import plain
from app.grounding.sources import Source, normal

MOST_ERRORS = 100
_QUOTED = 80  # characters of a claim that a message quotes
_ADVICE = "cite the source that says so, or leave it out"
_COUNTS = ("percent", "points")
_SAME_ONLY = ("times", "ordinal")
_MOST_DOZENS = 12_000_000
_PHONE = 8  # digits at the end of a telephone number that tell it


def ungrounded(
    section: str, values: Mapping[str, Any], sources: Sequence[Source], path: str = ""
) -> list[FieldError]:
    """A complaint for each claim of `values` that none of the sources says.

    `section` is one of the five or `profile`; `values` are the fields given, `path` where they
    stand in the request.
    """
    errors: list[FieldError] = []
    for claim in claims(section, values, path):
        if _says_the_field(claim, sources):
            continue
        errors += _judged(claim, sources)
        if len(errors) >= MOST_ERRORS:
            return errors[:MOST_ERRORS]
    return errors


def _says_the_field(claim: Claim, sources: Sequence[Source]) -> bool:
    said = (claim.field, normal(claim.text))
    return any(said in source.said for source in sources)


def _judged(claim: Claim, sources: Sequence[Source]) -> Iterator[FieldError]:
    text = plain(claim.text)
    match claim.what:
        case "number":
            yield from _figures(claim, text, sources)
            return
        case "date":
            when = days.precise(text)
            found = any(when in source.days for source in sources)
        case "employer":
            found = any(_says_employer(source, text) for source in sources)
        case "title":
            found = any(_says_title(source, text) for source in sources)
        case "headline":
            found = _says_headline(text, sources)
        case "name":
            found = any(_says_name(source, text) for source in sources)
        case "identifier":
            found = any(_says_identifier(source, claim.field, text) for source in sources)
    if not found:
        kind = {"identifier": "number", "headline": "title"}.get(claim.what, claim.what)
        yield _complaint(claim, kind, text)


def _complaint(claim: Claim, kind: str, quoted: str) -> FieldError:
    quoted = " ".join(quoted.replace("\x01", " ").split())
    shown = quoted if len(quoted) <= _QUOTED else quoted[:_QUOTED] + "…"
    return FieldError(
        claim.path,
        f"ungrounded_{kind}",
        f"The cited sources do not say “{shown}”: {_ADVICE}.",
    )


# Figures and dates in a text


def _figures(claim: Claim, text: str, sources: Sequence[Source]) -> Iterator[FieldError]:
    told: set[str] = set()
    for quoted in _unsaid_days(text, sources):
        if quoted not in told:
            told.add(quoted)
            yield _complaint(claim, "date", quoted)
    for figure in (*figures_in(text), *spelled.spelled_claims(text)):
        if figure.text in told or any(_says_figure(source, figure) for source in sources):
            continue
        told.add(figure.text)
        yield _complaint(claim, "date" if figure.year else "number", figure.text)


def _unsaid_days(text: str, sources: Sequence[Source]) -> Iterator[str]:
    """The dates of a text that nobody says; of several readings of one, one is enough."""
    readings: dict[tuple[int, int], list[days.Day]] = {}
    for day in days.days_in(text):
        if day.end - day.at != 4:  # a year alone may be a number
            readings.setdefault((day.at, day.end), []).append(day)
    for (at, end), read in readings.items():
        alike = {day.when for day in read}
        if not any(when in source.days for source in sources for when in alike):
            yield text[at:end]


def _says_figure(source: Source, claim: Figure) -> bool:
    if claim.year and any((int(value), 0, 0) in source.days for value in claim.values):
        return True
    if claim.unit == "many":
        return _says_magnitude(source, claim)
    if any(_grounds(figure, claim) for figure in _alike(source, claim)):
        return True
    return bool(claim.apart) and all(
        _says_figure(source, Figure(str(part), 0, 0, (part,))) for part in claim.apart
    )


def _alike(source: Source, claim: Figure) -> Iterator[Figure]:
    """The figures of a source that could be the same number or name."""
    if claim.name:
        first = re.search(r"\d+(?:[.,']\d+)*", claim.name)
        if first:
            yield from source.figures.of(significant(first[0]))
        yield from source.figures.of(significant(claim.name))
    for value in claim.values:
        yield from source.figures.of(significant(f"{value.normalize():f}"))
        if 0 < value < _MOST_DOZENS and value % 12 == 0:
            yield from source.figures.of(significant(f"{value / 12:f}"))  # two dozen
    for value in claim.values:
        yield from source.spelled.get(value, ())


def _grounds(said: Figure, claim: Figure) -> bool:
    """Whether one figure of a source says what is claimed."""
    if claim.name and said.name == claim.name:
        return True
    if claim.ratio and not claim.spoken:
        return said.ratio == claim.ratio
    if said.named or (said.year and not said.counted):
        return False
    if said.kind != claim.kind and (claim.kind or said.kind in _COUNTS):
        return False
    if said.unit != claim.unit:
        if said.unit in _SAME_ONLY or claim.unit == "times":
            return False
        if said.unit and claim.unit:
            return False
    return any(value in said.values or value in said.apart for value in claim.values)


def _says_magnitude(source: Source, claim: Figure) -> bool:
    """`Thousands` is said by the same word and by any number of so many digits."""
    least = claim.values[0]
    if any(figure.unit == "many" for figure in source.spelled.get(least, ())):
        return True
    most = least * Decimal(1000)
    said = (*source.figures.all(), *(one for ones in source.spelled.values() for one in ones))
    return any(
        least <= value < most
        for figure in said
        if not (figure.named or figure.year or figure.kind in _COUNTS)
        for value in figure.values
    )


# Names


def _says_employer(source: Source, text: str) -> bool:
    core = names.employer(text)
    if not core or not _says_words(source, core):
        return False
    # One word that is also an ordinary one, such as Target, must be written as a name is.
    if " " in core or core.upper() == core.lower() or not core.isalpha():
        return True
    word = re.escape(next((one for one in re.findall(r"\w+", text) if one.lower() == core), core))
    pattern = rf"(?<!\w)(?:{word}|{word.capitalize()}|{word.upper()})(?!\w)"
    written = source.written
    return re.search(pattern, written) is not None or core not in written.casefold()


def _says_words(source: Source, words: str) -> bool:
    """Whether the words stand in their order in one text, with or without their hyphens."""
    if f" {words.strip()} " in source.words or f" {words.strip()} " in source.hyphenless:
        return True
    short = f" {names.joined(words)} "
    if short in source.words or short in source.hyphenless:
        return True
    common = names.canonical(words)
    return bool(common.strip()) and common in source.titles


def _says_title(source: Source, text: str) -> bool:
    text = names.without_marks(text)
    words = names.worded(text)
    if not words.strip() or _says_words(source, words):
        return bool(words.strip())
    if names.joined(words) in source.named:
        return True
    wanted = [names.canonical(names.worded(part)) for part in names.parts(text)]
    wanted = [part for part in wanted if part.strip()]
    if len(wanted) < 2 or not all(part in source.titles for part in wanted):
        return False
    said = (f" {one.strip()} " for one in source.titles.split(names.BREAK))
    return any(all(part in one for part in wanted) for one in said)


def _says_headline(text: str, sources: Sequence[Source]) -> bool:
    """Whether what somebody is said to be, rank and position, is said in one place."""
    for part in names.parts(text):
        wanted = names.ranks(names.worded(part))
        if wanted and not any(
            wanted <= set(one.split())
            for source in sources
            if all(f" {word} " in source.titles for word in wanted)
            for one in source.titles.split(names.BREAK)
        ):
            return False
    return True


def _says_name(source: Source, text: str) -> bool:
    words = names.worded(text)
    if not words.strip():
        return True
    return _says_words(source, words) or names.joined(words) in source.named


def _says_identifier(source: Source, field: str, text: str) -> bool:
    wanted = "".join(filter(str.isalnum, text.casefold()))
    if field == "phone":
        wanted = "".join(filter(str.isdigit, text))[-_PHONE:]
    return any(wanted in characters for characters in source.characters)
