"""The profile page, and saving the parts there is one of."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from app.errors import (
    Conflict,
    NotFound,
    PreconditionFailed,
    RateLimited,
    ValidationFailed,
)
from rest_compat.site.forms import Form
from rest_compat.site.profile.area import HOME, area
from rest_compat.site.profile.editing import Editing, conflict, opened, saved_at, show, version_of
from rest_compat.site.profile.fields import PARTS, Field
from rest_compat.site.visitor import Visitor

_MOST_LANGUAGES = 60
# Spoken languages are asked for as pairs, and told as one field where two versions differ.
_SPOKEN = Field("spoken", "Languages", "lines")


@area.get(HOME)
async def profile_page(visitor: Visitor) -> Response:
    """The profile; `edit` names a part to open, `undo` a revision that can be taken back."""
    part, undo = visitor.query.get("edit"), visitor.query.get("undo")
    editing = await opened(visitor, part) if part else None
    taken_back = None
    if undo:
        try:
            taken_back = await visitor.call("revision", {"revision_id": undo})
        except NotFound:
            taken_back = None
    return await show(visitor, editing, undo=taken_back)


@area.post(HOME + "/parts/{part}")
async def save_part(visitor: Visitor, form: Form) -> Response:
    part = PARTS.get(visitor.params["part"])
    if part is None:
        raise NotFound
    given = languages_of(form) if part.name == "languages" else part.read(form)
    version = version_of(form)
    try:
        await visitor.call("update_profile", {"input": given, "expected_version": version})
    except PreconditionFailed as error:
        return await _changed_meanwhile(visitor, part.name, given, error)
    except (ValidationFailed, Conflict, RateLimited) as error:
        return await show(visitor, Editing(part.name, given, version), error)
    return saved_at(visitor, part.name, "Saved.")


async def _changed_meanwhile(
    visitor: Visitor, name: str, given: dict[str, Any], error: PreconditionFailed
) -> Response:
    saved = await visitor.call("profile")
    if name == "languages":
        saved = {"spoken": _told(saved), "version": saved["version"]}
        editing = conflict(Editing(name, {"spoken": _told(given)}), (_SPOKEN,), saved)
        editing.values = given
    else:
        editing = conflict(Editing(name, given), PARTS[name].fields, saved)
    return await show(visitor, editing, error)


def _told(profile: dict[str, Any]) -> list[str]:
    return [", ".join(filter(None, (each["name"], each["level"]))) for each in profile["languages"]]


def languages_of(form: Form, prefix: str = "") -> dict[str, Any]:
    """The languages of a form, without the pairs that were left empty."""
    spoken = []
    for index in range(_MOST_LANGUAGES):
        at = f"{prefix}languages.{index}."
        name, level = form.text(at + "name"), form.maybe(at + "level")
        if name or level:
            spoken.append({"name": name, "level": level})
    return {"languages": spoken}
