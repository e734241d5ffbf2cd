"""What an import found, as the review shows it: entries with what is doubtful, and their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rest_compat.site.forms import Form
from rest_compat.site.profile.fields import PARTS, SECTIONS, Field

# Below this a value is shown as doubtful: one in ten or so of those that a reader finds.
_SURE = 0.8

_LANGUAGE = (Field("name", "Language", half=True), Field("level", "Level", half=True))
_PROFILE = tuple(
    each for part in ("head", "contact") for each in PARTS[part].fields if each.kind != "flag"
)
FIELDS: dict[str, tuple[Field, ...]] = {
    "profile": _PROFILE,
    **{name: section.fields for name, section in SECTIONS.items()},
    "languages": _LANGUAGE,
}
TITLES = {
    "profile": "Who you are",
    **{name: section.title for name, section in SECTIONS.items()},
    "languages": "Languages",
}
_ENTRIES = (*SECTIONS, "languages")


@dataclass(frozen=True, slots=True)
class Value:
    """One field of an entry. `key` names it in the form, and its places on the pages."""

    key: str
    field: Field
    value: Any
    doubt: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a section, or the profile; `is_kept` unless it is to be dropped."""

    key: str
    label: str
    values: list[Value]
    is_kept: bool = True

    @property
    def doubtful(self) -> list[Value]:
        return [value for value in self.values if value.doubt or value.wrong]


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the preview, doubtful entries first. `how` is merge, replace or leave."""

    name: str
    title: str
    entries: list[Entry]
    how: str = "merge"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place: a box on a page, or a text where there are no pages. `key` is the field read there,
    empty for text that no field took."""

    key: str
    text: str
    box: tuple[float, float, float, float] | None = None


@dataclass(slots=True)
class Sheet:
    """A page with its picture; or, without a `url`, the texts of the file in their order."""

    page: int | None
    url: str = ""
    width: float = 0
    height: float = 0
    marks: list[Mark] = field(default_factory=list)


def found(
    preview: Mapping[str, Any], form: Form | None = None, wrong: Mapping[str, str] | None = None
) -> list[Found]:
    """The parts of a preview of which anything was found; with a `form`, as it has edited them."""
    parts = []
    for name in FIELDS:
        entries = [
            _entry(name, key, raw, form, wrong or {}) for key, raw in _raw_entries(preview, name)
        ]
        entries = [entry for entry in entries if name != "profile" or entry.values]
        if entries:
            how = form.get(f"how.{name}", "merge") if form else "merge"
            entries.sort(key=lambda entry: not entry.doubtful)
            parts.append(Found(name, TITLES[name], entries, how))
    return parts


def _raw_entries(preview: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if name == "profile":
        yield name, preview[name]
        return
    for index, raw in enumerate(preview[name]):
        yield f"{name}.{index}", raw


def _entry(
    name: str, key: str, raw: Mapping[str, Any], form: Form | None, wrong: Mapping[str, str]
) -> Entry:
    doubts = _doubts(raw["evidence"])
    prefix = f"{key}."
    values = []
    for each in FIELDS[name]:
        value = raw.get(each.name)
        if name == "profile" and not value:
            continue
        if form is not None:
            value = each.read(form, prefix)
        at = prefix + each.name
        values.append(Value(at, each, value, doubts.get(each.name, ""), wrong.get(at, "")))
    now = {value.field.name: value.value for value in values}
    label = SECTIONS[name].label(now) if name in SECTIONS else now.get("name") or ""
    kept = form is None or name == "profile" or f"keep.{key}" in form
    return Entry(key, label, values, kept)


def _doubts(evidence: list[dict[str, Any]]) -> dict[str, str]:
    """By field, of the least certain place it was read at: what stood there, and how sure."""
    doubts = {}
    for each in sorted(evidence, key=lambda each: -each["confidence"]):
        if each["confidence"] < _SURE:
            read = each["text"] if len(each["text"]) <= 120 else each["text"][:119] + "…"
            doubts[each["field"]] = f"Read from “{read}”, {each['confidence']:.0%} sure."
    return doubts


def sheets(preview: Mapping[str, Any], address: str) -> list[Sheet]:
    """The pages with the places on them, or all texts in the order of the file."""
    pages = {
        each["page"]: Sheet(
            each["page"], f"{address}/pages/{each['page']}.png", each["width"], each["height"]
        )
        for each in preview["page_pictures"]
    }
    texts: list[tuple[Any, Mark]] = []
    for key, place in _places(preview):
        box = place["box"] and tuple(round(edge, 1) for edge in place["box"])
        mark = Mark(key, place["text"], box)
        if place["page"] in pages and box:
            pages[place["page"]].marks.append(mark)
        elif not pages:
            texts.append((_order(place), mark))
    if pages:
        return list(pages.values())
    texts.sort(key=lambda text: text[0])
    return [Sheet(None, marks=[mark for _, mark in texts])] if texts else []


def _places(preview: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in FIELDS:
        for key, raw in _raw_entries(preview, name):
            for each in raw["evidence"]:
                yield f"{key}.{each['field']}", each
    for each in preview["unplaced"]:
        yield "", each


def _order(place: dict[str, Any]) -> tuple[int, int, float, list[tuple[int, str]]]:
    """Where a place is in the file; numbers in a path count as numbers."""
    path = [
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in (place["path"] or "").replace("[", ".").replace("]", "").split(".")
    ]
    top = place["box"][1] if place["box"] else 0
    return place["page"] or 0, place["paragraph"] or 0, top, path


def asked(preview: Mapping[str, Any], form: Form) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The body of a commit that a form asks for, and of each section which entries are in it."""
    parts: dict[str, Any] = {}
    kept: dict[str, list[int]] = {}
    taken, replaced = [], []
    for part in found(preview, form):
        if part.how not in ("merge", "replace"):
            continue
        taken.append(part.name)
        if part.how == "replace":
            replaced.append(part.name)
        entries = [entry for entry in part.entries if entry.is_kept]
        if part.name == "profile":
            parts[part.name] = _values(entries[0])
            continue
        entries.sort(key=_index)
        kept[part.name] = [_index(entry) for entry in entries]
        parts[part.name] = [_values(entry) for entry in entries]
    given: dict[str, Any] = {"mode": "merge", "sections": taken, "replaced": replaced}
    return {**given, "parse_id": preview["parse_id"], "preview": parts}, kept


def _index(entry: Entry) -> int:
    return int(entry.key.rpartition(".")[2])


def _values(entry: Entry) -> dict[str, Any]:
    return {value.field.name: value.value for value in entry.values}
