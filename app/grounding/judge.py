"""Which claims no cited source says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.errors import FieldError
from app.grounding import days, durations, idioms, names, spelled
from app.grounding.claims import Claim, claims
from app.grounding.figures import Figure, addresses_in, figures_in, significant
from app.grounding.plain import plain
from app.grounding.sources import Source, normal
from app.grounding.wording import Wording

MOST_ERRORS = 100
_QUOTED = 80  # characters of a claim that a message quotes
_ADVICE = "cite the source that says so, or leave it out"
_ENDED = f"In the cited sources this has ended: {_ADVICE}."
_COUNTS = ("percent", "points")
_KINDS = {
    "identifier": "number",
    "headline": "title",
    "certificate": "title",
    "person": "name",
    "place": "name",
}
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
            text = idioms.without_idioms(idioms.rewritten(text))
            yield from _figures(claim, text, sources)
            return
        case "date":
            when = days.precise(text)
            found = any(when in source.days for source in sources)
        case "employer":
            found = any(_says_employer(source.naming(claim.field), text) for source in sources)
        case "title":
            found = any(_says_title(source.naming(claim.field), text) for source in sources)
        case "certificate":
            found = any(_says_certificate(source.wording, text) for source in sources)
        case "headline":
            found = _says_headline(text, sources)
        case "name":
            found = any(_says_name(source.wording, text) for source in sources)
        case "person":
            found = any(_says_person(source, text) for source in sources)
        case "place":
            found = any(_says_place(source.wording, text) for source in sources)
        case "present":
            going_on = [one for source in sources for one in source.spans(text)]
            if going_on and not any(going_on):
                yield FieldError(claim.path, "ungrounded_date", _ENDED)
            return
        case "identifier":
            found = any(_says_identifier(source, claim.field, text) for source in sources)
    if not found:
        kind = _KINDS.get(claim.what, claim.what)
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
    for quoted in _unsaid_addresses(text, sources):
        yield _complaint(claim, "number", quoted)
    counted = (*figures_in(text), *spelled.spelled_claims(text), *idioms.unnumbered(text))
    for figure in counted:
        if figure.text in told or _is_one(figure):
            continue
        if any(_says_figure(source, figure) for source in sources):
            continue
        if idioms.is_least(text, figure.at) and any(_exceeds(one, figure) for one in sources):
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


def _unsaid_addresses(text: str, sources: Sequence[Source]) -> Iterator[str]:
    """The addresses and telephone numbers with figures in them that nobody says."""
    for at, end in addresses_in(text):
        wanted = "".join(filter(str.isalnum, text[at:end].casefold()))
        if any(map(str.isdigit, wanted)) and not any(
            wanted in characters for source in sources for characters in source.characters
        ):
            yield text[at:end]


def _is_one(claim: Figure) -> bool:
    """Whether it is the figure of `1 of them` or `1st`, which count nothing in words either."""
    return (
        claim.values == (Decimal(1),)
        and claim.unit in ("", "ordinal")
        and not (claim.kind or claim.ratio or claim.named)
    )


def _exceeds(source: Source, claim: Figure) -> bool:
    """Whether the source says somewhat more than a round number."""
    least = claim.values[0] if claim.values else Decimal(0)
    if least < 10 or len(significant(f"{least:f}")) > 1:
        return False
    said = (*source.figures.all(), *(one for ones in source.spelled.values() for one in ones))
    return any(
        least <= value < 2 * least
        for figure in said
        if (figure.kind == claim.kind and figure.unit in ("", claim.unit) and not figure.named)
        if not figure.year
        for value in figure.values
    )


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
    for other, _ in _in_other_units(claim):
        yield from source.figures.of(significant(f"{other:f}"))
        yield from source.spelled.get(other, ())
    if _is_half(claim):
        yield from (*source.figures.of("1"), *source.spelled.get(Decimal(50), ()))


def _in_other_units(claim: Figure) -> Iterator[tuple[Decimal, str]]:
    for value in claim.values:
        yield from durations.otherwise(value, claim.unit)


def _is_half(claim: Figure) -> bool:
    return claim.unit == "times" and claim.values == (Decimal("0.5"),)


def _grounds(said: Figure, claim: Figure) -> bool:
    """Whether one figure of a source says what is claimed."""
    if claim.name and said.name == claim.name:
        return True
    if claim.ratio and not claim.spoken:
        return said.ratio == claim.ratio
    if said.named or (said.year and not said.counted):
        return False
    if _is_half(claim) and (
        said.ratio == "1/2" or (said.kind == "percent" and Decimal(50) in said.values)
    ):
        return True
    if any(unit == said.unit and other in said.values for other, unit in _in_other_units(claim)):
        return True
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


def _says_employer(said: Wording, text: str) -> bool:
    core = names.employer(text)
    if not core or not _says_words(said, core):
        return False
    if " " in core or core.upper() == core.lower():
        return True
    # Not just any word of a longer name: `Software` is no employer because of `Acme Software`.
    if any(names.begins(one, core) for one in said.own):
        return True
    said = said.free
    if not _says_words(said, core):
        return False
    # One word that is also an ordinary one, such as Target, must be written as a name is.
    word = re.escape(next((one for one in re.findall(r"\w+", text) if one.lower() == core), core))
    pattern = rf"(?<!\w)(?:{word}|{word.capitalize()}|{word.upper()})(?!\w)"
    return (
        not core.isalpha()
        or re.search(pattern, said.written) is not None
        or core not in said.written.casefold()
    )


def _says_words(said: Wording, words: str) -> bool:
    """Whether the words stand in their order in one text, with or without their hyphens."""
    if f" {words.strip()} " in said.words or f" {words.strip()} " in said.hyphenless:
        return True
    short = f" {names.joined(words)} "
    if short in said.words or short in said.hyphenless:
        return True
    if names.single_vowels(f" {words.strip()} ") in said.single_vowels:
        return True
    common = names.canonical(words)
    return bool(common.strip()) and common in said.titles


def _says_title(said: Wording, text: str) -> bool:
    text = names.without_marks(text)
    words = names.worded(text)
    if not words.strip() or _says_words(said, words):
        return bool(words.strip())
    if names.joined(words) in said.named:
        return True
    wanted = [names.canonical(names.worded(part)) for part in names.parts(text)]
    wanted = [part for part in wanted if part.strip()]
    if len(wanted) < 2 or not all(part in said.titles for part in wanted):
        return False
    places = (f" {one.strip()} " for one in said.titles.split(names.BREAK))
    return any(all(part in one for part in wanted) for one in places)


def _says_certificate(said: Wording, text: str) -> bool:
    words = names.uncertified(names.canonical(names.worded(text)))
    return _says_title(said, text) or (bool(words.strip()) and words in said.certificates)


def _says_person(source: Source, text: str) -> bool:
    words = names.worded(text)
    return _says_name(source.wording, text) or any(
        names.is_shortened(words, full) for full in source.full_names
    )


def _says_place(said: Wording, text: str) -> bool:
    """Whether the first place of several is said; the country of a town need not be."""
    return _says_name(said, text.partition(",")[0])


def _says_headline(text: str, sources: Sequence[Source]) -> bool:
    """Whether what somebody is said to be, rank and position, is said in one place."""
    for part in names.parts(text):
        wanted = names.ranks(names.worded(part))
        if wanted and not any(
            wanted <= set(one.split())
            for source in sources
            if all(f" {word} " in source.wording.titles for word in wanted)
            for one in source.wording.titles.split(names.BREAK)
        ):
            return False
    return True


def _says_name(said: Wording, text: str) -> bool:
    words = names.worded(text)
    if not words.strip():
        return True
    return _says_words(said, words) or names.joined(words) in said.named


def _says_identifier(source: Source, field: str, text: str) -> bool:
    wanted = "".join(filter(str.isalnum, text.casefold()))
    if field == "phone":
        wanted = "".join(filter(str.isdigit, text))[-_PHONE:]
    return any(wanted in characters for characters in source.characters)
