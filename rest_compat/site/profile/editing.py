"""The profile with at most one of its parts open as a form: what every action here answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from app.errors import DomainError, NotFound
from rest_compat.site.forms import Form
from rest_compat.site.pages import Fault, page
from rest_compat.site.profile.area import HOME
from rest_compat.site.profile.fields import PARTS, SECTIONS, Field
from rest_compat.site.visitor import Visitor

NEW = "new"


@dataclass(slots=True)
class Editing:
    """The part that is open: its element's id, what stands in it, and what was wrong with it.

    `saved` holds, where it was changed by somebody else meanwhile, the fields that differ: their
    label, what is saved and what was written here.
    """

    id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    version: int | None = None
    fault: Fault | None = None
    saved: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_unsaved(self) -> bool:
        return self.fault is not None


def element(section: str, row_id: str) -> str:
    """The id of a row's element."""
    return f"{section}-{row_id}"


def saved_at(visitor: Visitor, element_id: str, notice: str) -> Response:
    """Go on to the profile, where that element is."""
    return visitor.to(f"{HOME}?shown={element_id}#{element_id}", notice)


async def show(
    visitor: Visitor,
    editing: Editing | None = None,
    error: DomainError | None = None,
    undo: dict[str, Any] | None = None,
) -> Response:
    """The page. `error` is what was wrong with the part that is open."""
    owner = await visitor.call("owner")
    editing = editing or Editing()
    if error is not None:
        editing.fault = _in_words(Fault.of(error))
    return page(
        visitor,
        "profile/page.html.j2",
        fault=error,
        owner=owner,
        profile=owner["profile"],
        parts=PARTS,
        sections=SECTIONS,
        editing=editing,
        undo=undo,
        shown=visitor.query.get("shown", ""),
    )


def _in_words(fault: Fault) -> Fault:
    """`fault` with fields called as the form calls them."""
    labels = {
        each.name: each.label
        for fields in (
            [part.fields for part in PARTS.values()],
            [s.fields for s in SECTIONS.values()],
        )
        for known in fields
        for each in known
        if "_" in each.name
    }
    pattern = re.compile("|".join(rf"\b{name}\b" for name in labels))
    fields = tuple(
        (path, pattern.sub(lambda found: f"“{labels[found[0]]}”", message))
        for path, message in fault.fields
    )
    return Fault(fault.message, fields)


async def opened(visitor: Visitor, part: str) -> Editing:
    """The part `head`, `experience/new` or `experience/<id>` with what is saved; or none."""
    name, _, row_id = part.partition("/")
    if name in PARTS and not row_id:
        profile = await visitor.call("profile")
        return Editing(name, profile, profile["version"])
    if name not in SECTIONS:
        raise NotFound
    if row_id == NEW:
        return Editing(element(name, NEW))
    row = await saved_row(visitor, name, row_id)
    return Editing(element(name, row_id), row, row["version"])


async def saved_row(visitor: Visitor, name: str, row_id: str) -> dict[str, Any]:
    """A row as it is now; raises NotFound."""
    operation = SECTIONS[name].operation
    row: dict[str, Any] = await visitor.call(operation, {f"{operation}_id": row_id})
    return row


def version_of(form: Form) -> int | None:
    """The version that a form was made from."""
    text = form.get("version")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def conflict(editing: Editing, fields: tuple[Field, ...], saved: dict[str, Any]) -> Editing:
    """`editing` with what was saved meanwhile beside it, to be saved over that if so wanted."""
    editing.version = saved["version"]
    for each in fields:
        theirs, ours = each.told(saved.get(each.name)), each.told(editing.values.get(each.name))
        if theirs != ours:
            editing.saved.append((each.label, theirs, ours))
    return editing
