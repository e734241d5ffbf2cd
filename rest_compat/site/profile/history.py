"""What was changed in the profile, by what, and how to have it back."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from app.errors import Conflict
from app.web.browsers import named
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.profile.area import HOME, area
from rest_compat.site.profile.differences import changes
from rest_compat.site.profile.fields import SECTIONS
from rest_compat.site.visitor import Visitor

HISTORY = HOME + "/history"

_A_PAGE = 20
_MOST_NAMES = 100
_NAMES = {"profile": "Profile"} | {name: section.title for name, section in SECTIONS.items()}
_DONE = {
    "create": "added",
    "update": "changed",
    "delete": "deleted",
    "reorder": "put in another order",
    "replace": "replaced as a whole",
    "import": "imported",
    "restore": "restored",
    "reset": "cleared of what was imported",
}


@area.get(HISTORY)
async def history_page(visitor: Visitor) -> Response:
    section = visitor.query.get("section")
    asked: dict[str, Any] = {"limit": _A_PAGE, "section": section if section in _NAMES else None}
    if cursor := visitor.query.get("cursor"):
        asked["cursor"] = cursor
    found = await visitor.call("history", asked)
    names = await _credentials(visitor)
    return page(
        visitor,
        "profile/history.html.j2",
        revisions=[_shown(each, names) for each in found["items"]],
        next_cursor=found["next_cursor"],
        cursor=cursor,
        section=asked["section"],
        names=_NAMES,
    )


@area.get(HISTORY + "/{revision_id}")
async def revision_page(visitor: Visitor) -> Response:
    """One change in full, and what taking it back would do: it alone, or all since then."""
    asked = {"revision_id": visitor.params["revision_id"]}
    revision = await visitor.call("revision", asked)
    previews = []
    for scope in ("change", "section"):
        told, refused = None, None
        try:
            told = await visitor.call("restoration", {**asked, "scope": scope})
        except Conflict as error:
            refused = error.message
        rows = changes(told["section"], told["before"], told["after"]) if told else []
        previews.append((scope, told, rows, refused))
    return page(
        visitor,
        "profile/revision.html.j2",
        revision=_shown(revision, await _credentials(visitor)),
        previews=previews,
    )


@area.post(HISTORY + "/{revision_id}")
async def restore(visitor: Visitor, form: Form) -> Response:
    asked = {
        "revision_id": visitor.params["revision_id"],
        "input": {"scope": form.get("scope", "change")},
    }
    try:
        done = await visitor.call("restore_revision", asked)
    except Conflict as error:
        return visitor.to(f"{HISTORY}/{asked['revision_id']}", error.message, "caution")
    text = "It is as it was." if done["changed"] else "Everything was so already."
    return visitor.to(HISTORY, text)


def _shown(revision: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    section, action = revision["section"], revision["action"]
    rows = changes(section, revision["before"], revision["after"]) if revision["whole"] else []
    is_of_one = section == "profile" or revision["item_id"] is not None
    return {
        "id": revision["id"],
        "created_at": revision["created_at"],
        "section": _NAMES[section],
        "title": f"{_subject(section, is_of_one)} {_DONE[action]}",
        "is_brief": action in ("create", "delete"),
        "label": rows[0].label if is_of_one and rows else "",
        "rows": rows,
        "is_of_one": is_of_one,
        "is_whole": revision["whole"],
        "count": len(revision["item_ids"]),
        "by": names.get(revision["credential_id"], _UNKNOWN[revision["credential"]]),
    }


def _subject(section: str, is_of_one: bool) -> str:
    if is_of_one and section in SECTIONS:
        return SECTIONS[section].one.capitalize()
    return _NAMES[section]


_UNKNOWN = {
    "session": "a session that has ended",
    "api_key": "an API key",
    "personal_token": "a token",
}


async def _credentials(visitor: Visitor) -> dict[str, str]:
    """Names of sessions, keys and tokens by their ids."""
    limit = {"limit": _MOST_NAMES}
    names = {
        each["id"]: "this browser" if each["current"] else named(each["user_agent"])
        for each in (await visitor.call("sessions", limit))["items"]
    }
    for operation, kind in (("api_keys", "API key"), ("tokens", "token")):
        for each in (await visitor.call(operation, limit))["items"]:
            names[each["id"]] = f"{kind} “{each['name']}”"
    return names
