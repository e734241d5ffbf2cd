"""One entry filled from another that says the same position, study, project or skill."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from app.cv.bounds import BULLETS
from app.cv.dates import reversed_span
from app.importing.matching import Dates, agree, dates_of, skill_key, words_key
from app.profile.rules import ENTRY_TEXT, TECHNOLOGIES

Entry = Mapping[str, Any]
Changes = dict[str, Any]

LISTS = {"bullets": (words_key, BULLETS), "technologies": (skill_key, TECHNOLOGIES)}
_DATES = ("start_date", "end_date", "is_current", "issued_on", "expires_on")


def merged(
    old: Entry, new: Entry, *, imported: bool, edited: bool = False
) -> tuple[Changes, list[str]]:
    """The fields of `old` that `new` changes, and the names of those that differ and stay.

    What is blank is filled and lists are added to, as far as there is room; the values of an
    `imported` entry give way to newer ones too. The lists of an `edited` one, which was imported
    and then changed by hand, stay: what is not in them was taken out or is worded anew.
    """
    changes, differing = _dates(old, new, imported=imported)
    for name, value in new.items():
        if name in _DATES or value in (None, "", []):
            continue
        if name in LISTS:
            there = old.get(name) or []
            missing = _missing(name, there, value)
            added = [] if edited else _fitting(name, missing, {**old, **changes})
            if added:
                changes[name] = [*there, *added]
            differing += [name] if len(added) < len(missing) else []
        elif name == "description" and not _has_room(value, old):
            differing += [] if _equal(old.get(name), value) else [name]
        elif old.get(name) in (None, "") or (imported and old[name] != value):
            changes[name] = value
        elif not _equal(old[name], value):
            differing.append(name)
    return changes, differing


def _equal(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return words_key(one) == words_key(other)
    return one == other


def _missing(name: str, there: Sequence[str], found: Sequence[str]) -> list[str]:
    """What is not there yet."""
    key, _ = LISTS[name]
    known = {key(text) for text in there}
    missing = []
    for text in found:
        if key(text) not in known:
            known.add(key(text))
            missing.append(text)
    return missing


def _fitting(name: str, missing: Sequence[str], entry: Entry) -> list[str]:
    """So much of what is missing as the entry may hold."""
    _, most = LISTS[name]
    missing = missing[: max(0, most - len(entry.get(name) or ()))]
    if name != "bullets":
        return list(missing)
    room = ENTRY_TEXT - len(entry.get("description") or "") - _length(entry)
    totals = itertools.accumulate(map(len, missing))
    return [text for text, total in zip(missing, totals, strict=True) if total <= room]


def _has_room(description: str, entry: Entry) -> bool:
    return len(description) + _length(entry) <= ENTRY_TEXT


def _length(entry: Entry) -> int:
    return sum(map(len, entry.get("bullets") or ()))


def _dates(old: Entry, new: Entry, *, imported: bool) -> tuple[Changes, list[str]]:
    """As `merged`, of the dates, which make sense together only."""
    if not any(name in new for name in _DATES):
        return {}, []
    names = ("issued_on", "expires_on") if "issued_on" in new else ("start_date", "end_date")
    there, given = dates_of({name: old.get(name) for name in new}), dates_of(new)
    start = _later_word(there.start, given.start, imported=imported)
    end, goes_on = _end(there, given, imported=imported)
    if start and end and reversed_span(start, end):
        start, end, goes_on = there
    after = zip((*names, "is_current"), (start, end, goes_on), there, strict=True)
    changes: Changes = {name: value for name, value, before in after if value != before}
    differing = []
    if given.start and start and not agree(start, given.start):
        differing.append(names[0])
    if (given.end or given.goes_on) and not _ends_alike(end, goes_on, given):
        differing.append(names[1])
    return changes, differing


def _later_word(there: str | None, given: str | None, *, imported: bool) -> str | None:
    """Which of two dates stands: what is there, but for an imported one that is now said better."""
    if not there or not given:
        return there or given
    if not imported or (agree(there, given) and len(given) <= len(there)):
        return there
    return given


def _end(there: Dates, given: Dates, *, imported: bool) -> tuple[str | None, bool]:
    if not (given.end or given.goes_on):
        return there.end, there.goes_on
    if not (there.end or there.goes_on):
        return given.end, given.goes_on
    if there.goes_on or given.goes_on:
        return (given if imported else there)[1:]
    return _later_word(there.end, given.end, imported=imported), False


def _ends_alike(end: str | None, goes_on: bool, given: Dates) -> bool:
    if given.goes_on or goes_on:
        return given.goes_on == goes_on
    return bool(end and given.end and agree(end, given.end))
