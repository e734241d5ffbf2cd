"""What of an entry is compared with others: its names, and when it was.

Entries are mappings of the fields of their section.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.cv.dates import reversed_span
from app.importing.folding import fold, words_of

Entry = Mapping[str, Any]

_LEGAL_FORMS = frozenset(
    (
        *("ab", "ag", "aps", "as", "asa", "bv", "co", "company", "corp", "corporation", "eg", "ev"),
        *("gbr", "gmbh", "inc", "incorporated", "kg", "kft", "limited", "llc", "llp", "ltd"),
        *("ltda", "mbh", "nv", "ohg", "oy", "oyj", "plc", "pte", "pty", "sa", "sarl", "sas", "se"),
        *("sl", "slu", "spa", "spol", "sprl", "srl", "sro", "ug", "zrt"),
    )
)
_EAST_ASIAN_FORMS = re.compile(
    "株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|주식회사"
)
_DOTS = re.compile(r"(?<=\w)\.(?=\w|\s|$)")
_IN_SKILLS = re.compile(r"[^\w+#]|_")


class Dates(NamedTuple):
    """From when to when, as precise as is known; `goes_on` is for a span without end."""

    start: str | None
    end: str | None
    goes_on: bool = False

    @property
    def known(self) -> bool:
        return bool(self.start or self.end or self.goes_on)


def organisation_key(name: str | None) -> str:
    """The name of an organisation as it is compared: without its legal form."""
    given = _EAST_ASIAN_FORMS.sub(" ", _DOTS.sub("", name or ""))
    words = words_of(given)
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def words_key(text: str | None) -> str:
    """A text as it is compared: its words alone, or all of it where it has none."""
    return " ".join(words_of(text or "")) or fold(text or "").strip()


def skill_key(name: str | None) -> str:
    """The name of a skill as it is compared: Node.js is NodeJS, but C is neither C++ nor C#."""
    folded = fold(name or "")
    return _IN_SKILLS.sub("", folded) or folded.strip()


def dates_of(entry: Entry) -> Dates:
    """When an entry was, by whatever names its section has for that."""
    if "issued_on" in entry:
        return Dates(entry.get("issued_on"), entry.get("expires_on"))
    return Dates(entry.get("start_date"), entry.get("end_date"), bool(entry.get("is_current")))


def agree(one: str, other: str) -> bool:
    """Whether two dates are the same as far as both are exact."""
    exact = min(len(one), len(other))
    return one[:exact] == other[:exact]


def compatible(one: Dates, other: Dates) -> bool:
    """Whether both may be of one entry: they begin or end alike, or lie over each other.

    Two spans of which one ends as the other begins are two.
    """
    if not (one.known and other.known):
        return True
    if one.start and other.start and agree(one.start, other.start):
        return True
    if one.end and other.end and agree(one.end, other.end):
        return True
    if one.goes_on and other.goes_on:
        return True
    for first, last in ((one, other), (other, one)):
        if first.start and last.end and not (first.end or first.goes_on or last.start):
            return not reversed_span(first.start, last.end)
    first, second = sorted((one, other), key=_begin)
    begins = _begin(second)
    if not first.start or not begins:
        return False
    return first.goes_on or bool(first.end and _before(begins, first.end))


def _begin(dates: Dates) -> str:
    return dates.start or dates.end or ""


def _before(one: str, other: str) -> bool:
    exact = min(len(one), len(other))
    return one[:exact] < other[:exact]
