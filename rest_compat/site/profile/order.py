"""The order of the rows of a section, by buttons or by dragging."""

from __future__ import annotations

from starlette.responses import Response

from app.errors import ValidationFailed
from rest_compat.site.forms import Form
from rest_compat.site.profile.area import HOME, area
from rest_compat.site.profile.editing import element
from rest_compat.site.profile.rows import section_of
from rest_compat.site.visitor import Visitor


@area.post(HOME + "/order/{section}")
async def order(visitor: Visitor, form: Form) -> Response:
    """Put the rows as `ids` says, or move the row `up` or `down` by one place."""
    section = section_of(visitor)
    moved = form.get("up") or form.get("down")
    ids = form.all("ids")
    if not ids:
        owner = await visitor.call("owner")
        ids = [row["id"] for row in owner[section.name]]
        _move(ids, moved, -1 if "up" in form else 1)
    try:
        await visitor.call("order_section", {"section": section.name, "ids": ids})
    except ValidationFailed:
        text = "The section was changed meanwhile, and nothing was moved."
        return visitor.to(f"{HOME}#{section.name}", text, "caution")
    at = element(section.name, moved) if moved in ids else section.name
    return visitor.to(f"{HOME}?shown={at}#{at}")


def _move(ids: list[str], moved: str, by: int) -> None:
    if moved not in ids:
        return
    at = ids.index(moved)
    to = min(max(at + by, 0), len(ids) - 1)
    ids.insert(to, ids.pop(at))
