"""How the public page looks: theme, accent, order of sections and typeface, beside a preview."""

from __future__ import annotations

import io
from typing import Any

import segno
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, Response

from app.cv.fonts import FAMILIES
from app.errors import DomainError, NotFound, PlanRequired, ValidationFailed
from app.presentation.layout import THEME_FONT
from app.publication import page_url
from rest_compat.site.area import Area
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

HOME = "/appearance"

_LAYOUT = ("section_order", "hidden_sections", "font_preference")

area = Area("Appearance", HOME)


@area.get(HOME)
async def appearance(visitor: Visitor) -> Response:
    return await _shown(visitor)


@area.post(f"{HOME}/theme")
async def choose_theme(visitor: Visitor, form: Form) -> Response:
    accent = form.text("own_accent") if form.text("accent") == "own" else None
    try:
        await visitor.call(
            "update_theme", {"input": {"theme_id": form.text("theme_id"), "accent_color": accent}}
        )
    except (ValidationFailed, PlanRequired) as error:
        return await _shown(visitor, error, QueryParams(list(form)))
    return visitor.to(HOME, "Your page has this theme now.")


@area.post(f"{HOME}/layout")
async def choose_layout(visitor: Visitor, form: Form) -> Response:
    order = form.all("section")
    move, _, moved = form.text("move").partition(":")
    if moved in order:
        at = order.index(moved)
        order.insert(max(at + (-1 if move == "up" else 1), 0), order.pop(at))
    shown = form.all("shown")
    layout: dict[str, Any] = {
        "section_order": order,
        "hidden_sections": [name for name in order if name not in shown],
        "font_preference": form.text("font_preference"),
    }
    try:
        await visitor.call("update_layout", {"input": layout})
    except (ValidationFailed, PlanRequired) as error:
        rest = [each for each in form if each[0] not in ("section", "move")]
        moved_too = QueryParams([*(("section", name) for name in order), *rest])
        return await _shown(visitor, error, moved_too)
    return visitor.to(f"{HOME}#layout", "Your page has this layout now.")


@area.post(f"{HOME}/layout/reset")
async def reset_layout(visitor: Visitor, form: Form) -> Response:
    """What every plan allows: the layout that all begin with."""
    await visitor.call("update_layout", {"input": dict.fromkeys(_LAYOUT)})
    return visitor.to(f"{HOME}#layout", "Your page has the usual layout again.")


@area.file(f"{HOME}/preview")
async def preview(visitor: Visitor) -> Response:
    """The public page with the choices of the query in place of those that are stored."""
    try:
        try:
            shown = await visitor.call("preview_page", {"input": _tried(visitor.query)})
        except ValidationFailed:  # an address that no form of ours made
            shown = await visitor.call("preview_page", {"input": {}})
    except NotFound:
        answer = page(visitor, "appearance/private.html.j2")
        policy = answer.headers["content-security-policy"]
        policy = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    else:
        answer, policy = HTMLResponse(shown["html"]), shown["content_security_policy"]
        answer.headers["cache-control"] = "no-store"
    answer.headers["content-security-policy"] = policy
    answer.headers["x-frame-options"] = "SAMEORIGIN"
    return answer


@area.file(f"{HOME}/qr.svg")
async def qr_code(visitor: Visitor) -> Response:
    """The address of the public page, to be read by a camera."""
    url = page_url(visitor.services.settings, (visitor.account or {})["username"])
    drawn = io.BytesIO()
    segno.make(url, micro=False).save(drawn, kind="svg", scale=4, border=3)
    headers = {"cache-control": "no-store"}
    return Response(drawn.getvalue(), headers=headers, media_type="image/svg+xml")


def _tried(query: QueryParams) -> dict[str, Any]:
    """The choices of the two forms as the operation takes them; of what is absent none."""
    tried: dict[str, Any] = {}
    if "theme_id" in query:
        tried["theme"] = {"theme_id": query["theme_id"]}
    if "accent" in query:
        accent = query.get("own_accent") if query["accent"] == "own" else None
        tried.setdefault("theme", {})["accent_color"] = accent
    if order := query.getlist("section"):
        shown = query.getlist("shown")
        tried["layout"] = {
            "section_order": order,
            "hidden_sections": [name for name in order if name not in shown],
            "font_preference": query.get("font_preference") or THEME_FONT,
        }
    return tried


async def _shown(
    visitor: Visitor, fault: DomainError | None = None, query: QueryParams | None = None
) -> Response:
    """The page; with the choices of the query, if one was refused, in place of those stored."""
    theme, layout = await visitor.call("theme"), await visitor.call("layout")
    tried = _tried(query or QueryParams())
    chosen = {
        **{name: theme[name] for name in ("theme_id", "accent_color")},
        **{name: layout[name] for name in _LAYOUT},
        **tried.get("theme", {}),
        **tried.get("layout", {}),
    }
    known = layout["section_order"]
    named = [name for name in chosen["section_order"] if name in known]
    chosen["section_order"] = list(dict.fromkeys([*named, *known]))
    answer = page(
        visitor,
        "appearance/page.html.j2",
        fault=fault,
        lacking=_lacking(fault, theme, tried) if isinstance(fault, PlanRequired) else None,
        theme=theme,
        layout=layout,
        chosen=chosen,
        tried=str(query or ""),
        fonts=[(THEME_FONT, "That of the theme"), *((name, _name(name)) for name in FAMILIES)],
        url=page_url(visitor.services.settings, (visitor.account or {})["username"]),
    )
    policy = answer.headers["content-security-policy"]
    answer.headers["content-security-policy"] = f"{policy}; frame-src 'self'"
    return answer


def _lacking(fault: PlanRequired, theme: dict[str, Any], tried: dict[str, Any]) -> dict[str, str]:
    """What it is that the plan has not, and the plan that has it."""
    what = "A layout of your own"
    if "theme" in tried:
        names = {each["id"]: each["name"] for each in theme["catalog"] if not each["available"]}
        name = names.get(tried["theme"].get("theme_id"))
        what = f"The theme {name}" if name else "An accent of your own"
    plans = {"plan": fault.details["required_plan"], "present": fault.details["effective_plan"]}
    return {"what": what, **{name: plan.capitalize() for name, plan in plans.items()}}


def _name(font: str) -> str:
    return font.replace("-", " ").title().replace("Eb ", "EB ").replace("brains", "Brains")
