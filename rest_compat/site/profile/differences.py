"""What differs between two states of a profile or of its rows, for people to read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rest_compat.site.profile.fields import PARTS, SECTIONS, Field

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_TOKENS = 3000  # of both texts together: to compare more takes too long for a page
_LEAST_ALIKE = 0.3

Piece = tuple[Literal["same", "gone", "new"], str]
Row = Mapping[str, Any]

_PROFILE = (
    *(each for part in PARTS.values() for each in part.fields),
    Field("languages", "Languages"),
    Field("avatar_key", "Portrait"),
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: stretches of text that stayed, went or came."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row, or the profile itself, whose `label` is empty."""

    kind: Literal["added", "deleted", "changed", "moved"]
    label: str
    fields: list[FieldChange] = field(default_factory=list)


def changes(section: str, before: Any, after: Any) -> list[RowChange]:
    """What became of each row; states are those of a revision."""
    if section == "profile":
        fields = list(_fields(_PROFILE, before or {}, after or {}))
        return [RowChange("changed", "", fields)]
    was, now = _by_id(before), _by_id(after)
    return [_row(section, was.get(id_), now.get(id_)) for id_ in {**was, **now}]


def _by_id(state: Any) -> dict[str, Row]:
    rows = state if isinstance(state, list) else [state] if state else []
    return {row["id"]: row for row in rows}


def _row(section: str, before: Row | None, after: Row | None) -> RowChange:
    known = SECTIONS[section]
    label = known.label(after or before or {})
    if after is None:
        return RowChange("deleted", label)
    if before is None:
        return RowChange("added", label, list(_fields(known.fields, {}, after)))
    fields = list(_fields(known.fields, before, after))
    return RowChange("changed" if fields else "moved", label, fields)


def _fields(fields: tuple[Field, ...], before: Row, after: Row) -> Iterator[FieldChange]:
    for each in fields:
        # Where there was nothing before, a flag that is not set says nothing.
        if each.kind == "flag" and each.name not in before and not after.get(each.name):
            continue
        old, new = _told(each, before.get(each.name)), _told(each, after.get(each.name))
        if old != new and (each.name in before or each.name in after):
            yield FieldChange(each.label, pieces(old, new))


def _told(each: Field, value: Any) -> str:
    if each.name == "languages":
        return ", ".join(
            f"{one['name']} ({one['level']})" if one.get("level") else one["name"]
            for one in value or ()
        )
    return "" if value is None else each.told(value)


def pieces(old: str, new: str) -> list[Piece]:
    """Both texts as one, word by word; one after the other where little is the same."""
    whole: list[Piece] = [("gone", old), ("new", new)]
    whole = [(kind, text) for kind, text in whole if text]
    if len(whole) < 2:
        return whole
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(was) + len(now) > _MOST_TOKENS:
        return whole
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    if matcher.ratio() < _LEAST_ALIKE:
        return whole
    found: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(was[i1:i2])))
            continue
        found += [("gone", "".join(was[i1:i2]))] if i1 < i2 else []
        found += [("new", "".join(now[j1:j2]))] if j1 < j2 else []
    return found
