"""Making a résumé: its look is chosen beside a preview of its first page."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from app.db import uuid7
from app.errors import (
    Conflict,
    DomainError,
    IdempotencyConflict,
    InsufficientCredits,
    ValidationFailed,
)
from app.profile import rules
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.resumes import look as looks
from rest_compat.site.resumes.look import Look
from rest_compat.site.resumes.resumes import HOME, area
from rest_compat.site.visitor import Visitor

NEW = f"{HOME}/new"
_AGAIN = "This form had made a résumé before. Send it once more to make another one."


@area.get(NEW)
async def choose(visitor: Visitor) -> Response:
    """The form, with the look of the query or, `from` a job, with that job's."""
    asked = Look.read(visitor.query)
    if asked.base and not asked.template:
        asked = Look.of_cv_data(await _cv_data(visitor, asked.base), asked.base)
    if not asked.base and not await _filled(visitor):
        return page(visitor, "resumes/nothing.html.j2")
    if not asked.base and asked.hidden is None:
        layout = await visitor.call("layout")
        asked = replace(asked, hidden=tuple(layout["effective_hidden_sections"]))
    return await _form(visitor, asked, previewed="preview" in visitor.query)


@area.post(NEW)
async def make(visitor: Visitor, form: Form) -> Response:
    asked = Look.read(form)
    wish = asked.wish(await _base(visitor, asked))
    request_id = form.text("request_id")
    try:
        made = await visitor.call(
            "create_resume_job", {"input": {"request_id": request_id, **wish}}
        )
    except IdempotencyConflict:
        return await _form(visitor, asked, fault=Conflict(_AGAIN))
    except (ValidationFailed, InsufficientCredits) as error:
        return await _form(visitor, asked, fault=error)
    return visitor.to(f"{HOME}/{made['job_id']}", "It is being made.")


@area.file(f"{HOME}/preview.png")
async def preview(visitor: Visitor) -> Response:
    """The first page as it would be."""
    asked = Look.read(visitor.query)
    wish = asked.wish(await _base(visitor, asked))
    answer = await visitor.download("preview_resume", {"input": {**wish, "format": "png"}})
    answer.headers["cache-control"] = "no-store"
    if told := looks.contrast_of(asked.theme_color):
        answer.headers["x-color"] = told
    return answer


async def _form(
    visitor: Visitor, asked: Look, *, fault: DomainError | None = None, previewed: bool = False
) -> Response:
    templates = (await visitor.call("resume_templates"))["templates"]
    filled = set() if asked.base else await _filled(visitor)
    return page(
        visitor,
        "resumes/new.html.j2",
        fault=fault,
        look=asked,
        templates=templates,
        selected=asked.template or templates[0]["name"],
        wallet=(await visitor.call("billing"))["wallet"],
        sections=looks.SECTIONS,
        filled=filled,
        says_nothing=not asked.base and filled <= set(asked.hidden or ()),
        swatches=looks.swatches(),
        fonts=looks.font_choices(),
        sizes=looks.size_choices(),
        papers=looks.PAPERS,
        languages=looks.language_choices(),
        told=looks.contrast_of(asked.theme_color),
        request_id=f"site-{uuid7()}",
        preview=_address(visitor) if previewed else "",
    )


async def _filled(visitor: Visitor) -> set[str]:
    """The sections of which the profile says anything."""
    owner = await visitor.call("owner")
    profile = owner["profile"]
    told = {"summary": profile["bio"], "languages": profile["languages"]}
    told |= {section: owner[section] for section in rules.SECTIONS}
    return {name for name, content in told.items() if content}


def _address(visitor: Visitor) -> str:
    """The preview of what the query asks for."""
    return f"{HOME}/preview.png?{urlencode(visitor.query.multi_items())}"


async def _base(visitor: Visitor, asked: Look) -> dict[str, Any] | None:
    return await _cv_data(visitor, asked.base) if asked.base else None


async def _cv_data(visitor: Visitor, job_id: str) -> dict[str, Any]:
    """What the résumé of a job says."""
    body = await visitor.content("resume_job_file", {"job_id": job_id, "format": "cv_data"})
    found: dict[str, Any] = json.loads(body)
    return found
