"""Importing a résumé: given, held against its pages, planned, and only then taken over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from app.errors import (
    Conflict,
    DependencyUnavailable,
    DomainError,
    FieldError,
    PayloadTooLarge,
    RateLimited,
    ValidationFailed,
)
from rest_compat.site.forms import Form
from rest_compat.site.pages import counted, page
from rest_compat.site.profile.area import HOME, area
from rest_compat.site.profile.found import FIELDS, TITLES, asked, found, sheets
from rest_compat.site.visitor import Visitor
from schema.root import IMPORT_BODY, PREVIEW_BODY

IMPORT = HOME + "/import"

_PLACE = re.compile(r"(?:preview\.)?(\w+)(?:\[(\d+)\])?\.?(\w+)?")
_FORMATS = {
    "pdf": "PDF",
    "docx": "Word",
    "json_resume": "JSON Resume",
    "linkedin": "LinkedIn’s archive",
    "cv_data": "cv_data",
    "vitae": "An export of ours",
}
# What to do about a file that can't be read, beside what is wrong with it.
_ADVICE = {
    "encrypted": "Type its password below and choose the file again.",
    "wrong_password": "Mind capital letters, and choose the file again.",
    "no_text": "",
    "unknown_format": "PDF, Word (.docx), JSON Resume and LinkedIn’s archive (.zip) are read. Save"
    " an older .doc or .odt as PDF first.",
    "damaged": "Open it in the program it was written in, and save it as PDF anew.",
    "too_many_pages": "Save the pages that matter as a PDF of their own.",
    "too_slow": "Save it as PDF anew, without large pictures.",
    "too_much_memory": "Save it as PDF anew, without large pictures.",
    "failed": "Save it as PDF anew, from the program it was written in.",
}


@area.get(IMPORT)
async def import_page(visitor: Visitor) -> Response:
    return await _upload(visitor)


@area.post(IMPORT, largest=IMPORT_BODY)
async def give(visitor: Visitor, form: Form) -> Response:
    """Read a file, and go on to what was found in it."""
    file = form.file("file")
    given = {"file": file, "password": form.maybe("password")}
    try:
        if file is None or not file.data:
            raise ValidationFailed([FieldError("file", "required", "Choose a file first.")])
        preview = await visitor.call("parse_import", given)
    except (ValidationFailed, RateLimited, DependencyUnavailable, PayloadTooLarge) as error:
        return await _upload(visitor, error)
    return visitor.to(f"{IMPORT}/{preview['parse_id']}")


async def _upload(visitor: Visitor, error: DomainError | None = None) -> Response:
    code = error.fields[0].code if error and error.fields else ""
    advice = _ADVICE.get(code, "")
    return page(
        visitor,
        "profile/import.html.j2",
        fault=error,
        advice=advice,
        waiting=(await visitor.call("imports"))["items"],
        formats=_FORMATS,
        asks_password=code in ("encrypted", "wrong_password"),
    )


@area.get(IMPORT + "/{parse_id}")
async def review_page(visitor: Visitor) -> Response:
    return _review(visitor, await _preview(visitor))


@area.post(IMPORT + "/{parse_id}", largest=PREVIEW_BODY)
async def review_again(visitor: Visitor, form: Form) -> Response:
    """The review as it was left."""
    return _review(visitor, await _preview(visitor), form)


@area.get(IMPORT + "/{parse_id}/pages/{page:int}.png")
async def picture(visitor: Visitor) -> Response:
    return await visitor.download("import_page", dict(visitor.params))


@area.post(IMPORT + "/{parse_id}/plan", largest=PREVIEW_BODY)
async def plan(visitor: Visitor, form: Form) -> Response:
    """What taking it over would do, to be confirmed."""
    preview = await _preview(visitor)
    body, kept = asked(preview, form)
    try:
        if not body["sections"]:
            message = "Nothing is to be taken over: choose at least one part."
            raise ValidationFailed([FieldError("sections", "required", message)], message)
        summary = await visitor.call("plan_import", {"input": body})
    except (ValidationFailed, Conflict) as error:
        return _review(visitor, preview, form, error, kept)
    outcomes = {
        what: [each for each in summary["entries"] if each["outcome"] == what]
        for what in ("created", "changed", "deleted", "left")
    }
    return page(
        visitor,
        "profile/plan.html.j2",
        summary=summary,
        outcomes=outcomes,
        titles=TITLES,
        labels={name: {each.name: each.label for each in FIELDS[name]} for name in FIELDS},
        carried=list(form),
        address=f"{IMPORT}/{preview['parse_id']}",
    )


@area.post(IMPORT + "/{parse_id}/commit", largest=PREVIEW_BODY)
async def commit(visitor: Visitor, form: Form) -> Response:
    preview = await _preview(visitor)
    body, kept = asked(preview, form)
    try:
        summary = await visitor.call("commit_import", {"input": body})
    except (ValidationFailed, Conflict) as error:
        return _review(visitor, preview, form, error, kept)
    told = [
        f"{counted(summary[what], 'entry', 'entries')} {words}"
        for what, words in (("created", "added"), ("changed", "changed"), ("deleted", "deleted"))
        if summary[what]
    ]
    text = ", ".join(told) or "Nothing had to be changed"
    return visitor.to(HOME, f"Imported: {text}. The history can take it back.")


@area.post(IMPORT + "/{parse_id}/discard")
async def discard(visitor: Visitor, form: Form) -> Response:
    try:
        await visitor.call("discard_import", dict(visitor.params))
    except Conflict as late:
        return visitor.to(IMPORT, late.message, "caution")
    return visitor.to(IMPORT, "It is discarded, with its file. Your profile is as it was.")


async def _preview(visitor: Visitor) -> dict[str, Any]:
    asked_for = {"parse_id": visitor.params["parse_id"]}
    preview: dict[str, Any] = await visitor.call("import_preview", asked_for)
    return preview


def _review(
    visitor: Visitor,
    preview: dict[str, Any],
    form: Form | None = None,
    error: DomainError | None = None,
    kept: dict[str, list[int]] | None = None,
) -> Response:
    wrong = dict(_wrong(error, kept or {})) if error else {}
    parts = found(preview, form, wrong)
    address = f"{IMPORT}/{preview['parse_id']}"
    return page(
        visitor,
        "profile/review.html.j2",
        fault=error,
        wrong=wrong,
        preview=preview,
        parts=parts,
        sheets=sheets(preview, address),
        doubtful=[
            (part.title, entry.label, value)
            for part in parts
            for entry in part.entries
            for value in entry.doubtful
        ],
        address=address,
    )


def _wrong(error: DomainError, kept: dict[str, list[int]]) -> Iterator[tuple[str, str]]:
    """What is wrong, by the names that the fields have in the form."""
    for each in error.fields:
        place = _PLACE.match(each.path)
        if place is None:
            continue
        name, index, field = place.groups()
        if index is None:
            yield f"{name}.{field}", each.message
        elif int(index) < len(kept.get(name, ())):
            yield f"{name}.{kept[name][int(index)]}.{field}", each.message
