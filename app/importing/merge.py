"""What committing an import would change, worked out without doing it.

`merge` deletes nothing and lets what was written by hand stand: it fills what is blank and adds
bullets and technologies that are not there; rows that came from an import and were not touched
since take newer values, and of those that were edited the lists stay as they are. Doing it twice
changes nothing the second time. `replace` makes the sections what was found; a row that is found
again keeps its id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, get_args

import msgspec
from msgspec import structs

from app.importing.filling import merged
from app.importing.matching import words_key
from app.importing.pairing import once, pairs
from app.importing.preview import (
    FoundCertification,
    FoundEducation,
    FoundExperience,
    FoundLanguage,
    FoundProfile,
    FoundProject,
    FoundSkill,
    Preview,
    SectionName,
)

Mode = Literal["merge", "replace"]
What = Literal["created", "changed", "left", "deleted"]

SECTIONS: tuple[SectionName, ...] = get_args(SectionName)
PARTS = ("profile", *SECTIONS, "languages")

_LABELS = {
    "experience": ("title", "company"),
    "education": ("degree", "field_of_study", "institution"),
}

_ENTRIES = {
    "skills": FoundSkill,
    "experience": FoundExperience,
    "education": FoundEducation,
    "projects": FoundProject,
    "certifications": FoundCertification,
    "languages": FoundLanguage,
}
_FIELDS = {
    section: tuple(name for name in entry.__struct_fields__ if name != "evidence")
    for section, entry in _ENTRIES.items()
}

Entry = dict[str, Any]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one entry, or of the profile's own fields, for a person to read.

    `fields` are those that were filled, changed or added to; `differing` are those where something
    else was found than what stands there and was kept. `id` is None for what gets an id yet or has
    none.
    """

    section: str
    outcome: What
    label: str
    id: str | None = None
    fields: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


class PlannedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it shall be: all fields of its section. `id` is None for one to be inserted."""

    id: str | None
    values: Entry
    changed: tuple[str, ...] = ()


class SectionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a section as they shall stand, first to last, and the ids of those to delete."""

    rows: list[PlannedRow]
    deletes: list[str]
    reordered: bool = False

    @property
    def inserts(self) -> list[Entry]:
        return [row.values for row in self.rows if row.id is None]

    @property
    def updates(self) -> dict[str, Entry]:
        """By id, the fields that change."""
        return {
            row.id: {field: row.values[field] for field in row.changed}
            for row in self.rows
            if row.id is not None and row.changed
        }

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.inserts or self.updates or self.deletes or self.reordered)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`profile` has the fields of the profile that change, its `languages` among them."""

    profile: Entry
    sections: dict[str, SectionPlan]
    summary: list[Outcome]


def plan(
    existing: Mapping[str, Any],
    found: Preview,
    mode: Mode,
    sections: Collection[str] = PARTS,
    *,
    as_sent: bool = False,
    replaced: Collection[str] = (),
) -> Plan:
    """What a commit of `found` changes in `existing`, a record such as `GET /v1/me` answers.

    `sections` names what is to be taken over: `profile` (its own fields), the five sections and
    `languages`. A row without `origin` counts as written by hand. What a file says twice of an
    entry is put together, but not `as_sent`: then somebody has looked at the entries. Of what is
    `replaced` the mode is `replace`, whatever it is for the others.
    """

    def mode_of(part: str) -> Mode:
        return "replace" if part in replaced else mode

    profile = dict(existing.get("profile") or {})
    changes: Entry = {}
    summary: list[Outcome] = []
    if "profile" in sections:
        outcome, changes = _profile(profile, found.profile, mode_of("profile"))
        summary.append(outcome)
    if "languages" in sections:
        spoken = list(profile.get("languages") or ())
        entries = _entries("languages", found, as_sent=as_sent)
        planned, outcomes = _section("languages", spoken, entries, mode_of("languages"))
        summary += outcomes
        if (languages := [row.values for row in planned.rows]) != spoken:
            changes["languages"] = languages
    plans: dict[str, SectionPlan] = {}
    for section in SECTIONS:
        if section in sections:
            rows = list(existing.get(section) or ())
            entries = _entries(section, found, as_sent=as_sent)
            plans[section], outcomes = _section(section, rows, entries, mode_of(section))
            summary += outcomes
    return Plan(profile=changes, sections=plans, summary=summary)


def _entries(section: str, found: Preview, *, as_sent: bool) -> list[Entry]:
    entries = [
        {name: getattr(each, name) for name in _FIELDS[section]} for each in getattr(found, section)
    ]
    return entries if as_sent else once(section, entries)


# The profile


def _profile(profile: Entry, found: FoundProfile, mode: Mode) -> tuple[Outcome, Entry]:
    changes: Entry = {}
    differing = []
    for name, value in structs.asdict(found).items():
        old = profile.get(name)
        if name == "evidence" or not value or value == old:
            continue
        if mode == "replace" or not old:
            changes[name] = value
        elif words_key(old) != words_key(value):
            differing.append(name)
    outcome = Outcome(
        section="profile",
        outcome="changed" if changes else "left",
        label=profile.get("full_name") or found.full_name or "",
        fields=tuple(changes),
        differing=tuple(differing),
    )
    return outcome, changes


# Sections


def _section(
    section: str, rows: list[Entry], found: list[Entry], mode: Mode
) -> tuple[SectionPlan, list[Outcome]]:
    matched = pairs(section, rows, found)
    planned: dict[int, PlannedRow] = {}
    outcomes = []
    for index, entry in enumerate(found):
        row = rows[matched[index]] if index in matched else None
        planned[index], outcome = _planned(section, row, entry, mode)
        outcomes.append(outcome)
    if mode == "replace":
        kept = set(matched.values())
        gone = [row for index, row in enumerate(rows) if index not in kept]
        order = [matched[index] for index in range(len(found)) if index in matched]
        outcomes += [_deleted(section, row) for row in gone]
        return SectionPlan(
            rows=list(planned.values()),
            deletes=[row_id for row in gone if (row_id := _id(row))],
            reordered=order != sorted(order),
        ), outcomes
    by_row = {row: index for index, row in matched.items()}
    kept_rows = [
        planned[by_row[index]] if index in by_row else _as_it_is(section, row)
        for index, row in enumerate(rows)
    ]
    return SectionPlan(rows=_placed(kept_rows, planned, matched), deletes=[]), outcomes


def _planned(
    section: str, row: Entry | None, entry: Entry, mode: Mode
) -> tuple[PlannedRow, Outcome]:
    if row is None:
        new = PlannedRow(id=None, values=entry)
        return new, Outcome(section=section, outcome="created", label=label_of(section, entry))
    values = {name: row.get(name) for name in entry}
    differing: list[str] = []
    if mode == "replace":
        changes = {name: value for name, value in entry.items() if value != values[name]}
    else:
        imported = row.get("origin") == "import"
        edited = not imported and row.get("parse_id") is not None
        changes, differing = merged(values, entry, imported=imported, edited=edited)
    values |= changes
    outcome = Outcome(
        section=section,
        outcome="changed" if changes else "left",
        label=label_of(section, values),
        id=_id(row),
        fields=tuple(changes),
        differing=tuple(differing),
    )
    return PlannedRow(id=_id(row), values=values, changed=tuple(changes)), outcome


def _as_it_is(section: str, row: Entry) -> PlannedRow:
    return PlannedRow(id=_id(row), values={name: row.get(name) for name in _FIELDS[section]})


def _deleted(section: str, row: Entry) -> Outcome:
    return Outcome(section=section, outcome="deleted", label=label_of(section, row), id=_id(row))


def _id(row: Entry) -> str | None:
    return None if row.get("id") is None else str(row["id"])


def _placed(
    kept: list[PlannedRow], planned: Mapping[int, PlannedRow], matched: Mapping[int, int]
) -> list[PlannedRow]:
    """The rows that were there, in their order, and each new one beside what it was found beside.

    It follows the row before it in the import, or else stands before the row after it; an import
    of which nothing was there follows at the end.
    """
    before: dict[int, list[PlannedRow]] = {}
    after: dict[int, list[PlannedRow]] = {}
    leading: list[PlannedRow] = []
    last: int | None = None
    for index in sorted(planned):
        if index in matched:
            if last is None:
                before[matched[index]] = leading
                leading = []
            last = matched[index]
        elif last is None:
            leading.append(planned[index])
        else:
            after.setdefault(last, []).append(planned[index])
    placed: list[PlannedRow] = []
    for at, row in enumerate(kept):
        placed += [*before.get(at, ()), row, *after.get(at, ())]
    return placed + leading


def label_of(section: str, entry: Mapping[str, Any]) -> str:
    """An entry in a few words."""
    parts = (entry.get(name) for name in _LABELS.get(section, ("name",)))
    return ", ".join(part for part in parts if part)
