"""Readers `(raw, place) -> value` of the kinds of value that cv_data is made of.

A reader takes any JSON value. What is wrong it notes at the place, and then returns an empty
value, so that reading goes on and everything wrong is found in one pass.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from app.cv import bounds, dates, links, text
from app.cv.findings import Place, Unusable

Reader = Callable[[Any, Place], Any]

_NOW = {"description_bullets": "bullets"}
_PHONE_MOST = 10**15  # E.164: fifteen digits
_DROPPED = {
    "control_characters": "Control characters were left out.",
    "text_direction": "Marks that reorder text were left out.",
}


def line(raw: Any, at: Place, *, most: int = bounds.LINE, multiline: bool = False) -> str:
    """A text of at most `most` characters, on one line unless `multiline`."""
    if not isinstance(raw, str):
        at.error("type", "This must be text.")
        return ""
    if len(raw) <= most and (plain := text.plain(raw)) is not None:
        return plain
    if text.refused(raw):
        at.error("characters", "This holds NUL or half of a surrogate pair.")
        return ""
    cleaned, dropped = text.clean(raw[: most + 1], multiline=multiline)
    if max(len(raw), len(cleaned)) > most:
        at.error("too_long", f"This may have {most:,} characters.")
        return ""
    for code in dropped:
        at.warn(code, _DROPPED[code])
    return cleaned


def checked(raw: Any, at: Place, check: Callable[[str], str], most: int) -> str:
    """A text that `check` returns in its final form, or refuses by Unusable."""
    given = line(raw, at, most=most)
    try:
        return check(given) if given else ""
    except Unusable as error:
        at.error(error.code, error.message)
        return ""


paragraphs = partial(line, most=bounds.TEXT, multiline=True)
bullet = partial(line, most=bounds.TEXT)
url = partial(checked, check=links.web_url, most=bounds.URL)
email = partial(checked, check=links.email, most=bounds.EMAIL)


def phone(raw: Any, at: Place) -> str:
    """Text, or the number that a spreadsheet makes of it."""
    if type(raw) is int and 0 < raw < _PHONE_MOST:
        return str(raw)
    return line(raw, at)


def date(raw: Any, at: Place) -> str:
    """Text, or a year as a number."""
    if type(raw) is int and 1000 <= raw <= 9999:
        return str(raw)
    return checked(raw, at, dates.checked, bounds.LINE)


def members(raw: Any, at: Place, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """What is given of the object `raw`, read by its readers; null is not given."""
    if not isinstance(raw, dict):
        at.error("type", "This must be an object.")
        return {}
    for key in raw:
        if key not in readers:
            _unknown(key, at, readers)
    return {
        key: read(raw[key], at.key(key))
        for key, read in readers.items()
        if raw.get(key) is not None
    }


def _unknown(key: object, at: Place, known: Mapping[str, Reader]) -> None:
    if at.findings.warnings_full or not isinstance(key, str):
        # A body can hold a million such keys: they are counted, not looked at.
        at.findings.warning_count += 1
        return
    close = difflib.get_close_matches(key[:40].lower(), known, n=1)
    meant = f"; did you mean {_NOW.get(close[0], close[0])}?" if close else "."
    at.key(key).warn("unknown_key", f"This key is not known and was ignored{meant}")


def each(raw: Any, at: Place, most: int) -> Iterator[tuple[Any, Place]]:
    """The elements of the list `raw` and their places; nothing of a list that is too long."""
    if not isinstance(raw, list):
        at.error("type", "This must be a list.")
    elif len(raw) > most:
        at.error("too_many", f"This may have {most} entries, not {len(raw)}.")
    else:
        for index, element in enumerate(raw):
            yield element, at.index(index)
