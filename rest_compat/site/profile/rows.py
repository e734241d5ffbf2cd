"""Rows of the five sections: added, saved, deleted, and had back."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from app.errors import Conflict, NotFound, PreconditionFailed, RateLimited, ValidationFailed
from rest_compat.site.forms import Form
from rest_compat.site.profile.area import HOME, area
from rest_compat.site.profile.editing import (
    NEW,
    Editing,
    conflict,
    element,
    saved_at,
    saved_row,
    show,
    version_of,
)
from rest_compat.site.profile.fields import SECTIONS, Section
from rest_compat.site.visitor import Visitor

_GONE = "It was deleted meanwhile. You may save it as a new one."


def section_of(visitor: Visitor) -> Section:
    """The section that the path names; raises NotFound."""
    section = SECTIONS.get(visitor.params["section"])
    if section is None:
        raise NotFound
    return section


@area.post(HOME + "/sections/{section}")
async def add(visitor: Visitor, form: Form) -> Response:
    section = section_of(visitor)
    given = section.read(form)
    try:
        row = await visitor.call(f"create_{section.operation}", {"input": given})
    except (ValidationFailed, Conflict, RateLimited) as error:
        return await show(visitor, Editing(element(section.name, NEW), given), error)
    return saved_at(visitor, element(section.name, row["id"]), "Added.")


@area.post(HOME + "/sections/{section}/{row_id}")
async def save(visitor: Visitor, form: Form) -> Response:
    """Replace a row; where it was changed by others meanwhile, show both."""
    section, row_id = section_of(visitor), visitor.params["row_id"]
    given, version = section.read(form), version_of(form)
    at = element(section.name, row_id)
    asked = {f"{section.operation}_id": row_id, "input": given, "expected_version": version}
    try:
        await visitor.call(f"update_{section.operation}", asked)
    except NotFound:
        editing = Editing(element(section.name, NEW), given)
        return await show(visitor, editing, Conflict(_GONE))
    except PreconditionFailed as error:
        saved = await saved_row(visitor, section.name, row_id)
        editing = conflict(Editing(at, given), section.fields, saved)
        return await show(visitor, editing, error)
    except (ValidationFailed, Conflict, RateLimited) as error:
        return await show(visitor, Editing(at, given, version), error)
    return saved_at(visitor, at, "Saved.")


@area.post(HOME + "/sections/{section}/{row_id}/delete")
async def delete(visitor: Visitor, form: Form) -> Response:
    section, row_id = section_of(visitor), visitor.params["row_id"]
    asked: dict[str, Any] = {f"{section.operation}_id": row_id}
    try:
        asked["expected_version"] = version_of(form)
        await visitor.call(f"delete_{section.operation}", asked)
    except PreconditionFailed:
        text = "It was changed meanwhile, and is not deleted. Look at it first."
        at = element(section.name, row_id)
        return visitor.to(f"{HOME}?shown={at}#{at}", text, "caution")
    revisions = await visitor.call("history", {"item_id": row_id, "limit": 1})
    return visitor.to(f"{HOME}?undo={revisions['items'][0]['id']}#undo")


@area.post(HOME + "/undo/{revision_id}")
async def undo(visitor: Visitor, form: Form) -> Response:
    """Have a deleted row back."""
    try:
        done = await visitor.call(
            "restore_revision", {"revision_id": visitor.params["revision_id"]}
        )
    except Conflict as error:
        return visitor.to(HOME, error.message, "caution")
    at = HOME
    if (revision := done["revision"]) and revision["section"] in SECTIONS and revision["item_ids"]:
        found = element(revision["section"], revision["item_ids"][0])
        at = f"{HOME}?shown={found}#{found}"
    return visitor.to(at, "It is back." if done["changed"] else "It is there already.")
