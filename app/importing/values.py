"""Values as JSON and tables write them, made into the text, dates and numbers of a profile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from app.cv import text
from app.cv.dates import checked as checked_date
from app.cv.findings import Unusable
from app.importing import dates

_ISO = re.compile(r"[0-9]{4}(?:-[0-9]{1,2}(?:-[0-9]{1,2})?)?")
_TIME_OF_DAY = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d.*", re.DOTALL)
_MOST_YEARS = 80
_LONGEST_DATE = 100  # characters


def clean(raw: str, *, multiline: bool = False) -> str:
    """`raw` as it may stand in a profile: without NUL, halves of characters and hidden marks."""
    if (plain := text.plain(raw)) is not None:
        return plain
    whole = raw.encode("utf-16", "surrogatepass").decode("utf-16", "ignore").replace("\0", "")
    return text.clean(whole, multiline=multiline)[0]


def read_date(raw: Any) -> str:
    """A date as YYYY, YYYY-MM or YYYY-MM-DD, "" for none; raises Unusable for anything else."""
    written = one_text(raw)
    if not written:
        return ""
    if of_day := _TIME_OF_DAY.fullmatch(written):
        written = of_day[1]
    try:
        if _ISO.fullmatch(written):
            return checked_date(written)
        read = dates.read_date(written) if len(written) <= _LONGEST_DATE else None
    except Unusable as error:
        raise Unusable("date", "this is not a date of the calendar.") from error
    if not read:
        raise Unusable("date", "this was not understood as a date.")
    return read


def blank(value: object) -> bool:
    """Whether nothing is said."""
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def one_text(raw: Any, *, multiline: bool = False) -> str:
    """A text, or a number as it is written; raises Unusable for anything else."""
    if isinstance(raw, str):
        return clean(raw, multiline=multiline)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(raw)
    raise Unusable("type", "this should be text.")


def years(raw: Any) -> float:
    """A number of years; raises Unusable."""
    try:
        given = float(one_text(raw))
    except ValueError:
        raise Unusable("type", "this should be a number of years.") from None
    if not 0 <= given <= _MOST_YEARS:  # not true of NaN either
        raise Unusable("years", f"years are 0 to {_MOST_YEARS}.")
    return given


def flag(raw: Any) -> bool | None:
    """True, or None for false; raises Unusable for anything else."""
    if isinstance(raw, bool):
        return raw or None
    raise Unusable("type", "this should be true or false.")


def leaves(value: object) -> Iterator[str]:
    """The texts of a JSON value in reading order; keys are left out, they are the format's."""
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            stack.extend(reversed(list(each.values())))
        elif isinstance(each, list | tuple):
            stack.extend(reversed(each))
        elif isinstance(each, str):
            if words := clean(each, multiline=True):
                yield words
        elif each is not None:
            yield json.dumps(each) if isinstance(each, bool) else str(each)
