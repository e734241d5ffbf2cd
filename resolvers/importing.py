"""Imports: a file is parsed into a preview, and a preview is committed."""

from __future__ import annotations

import json
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
import orjson
import strawberry
from strawberry.scalars import JSON

from app.artifacts import import_key
from app.auth import throttle
from app.call import Call
from app.db import uuid7
from app.errors import DependencyUnavailable, FieldError, NotFound, RateLimited, ValidationFailed
from app.importing.fitting import fitted
from app.importing.merge import PARTS
from app.importing.preview import Preview
from app.profile import imports, rules
from app.unconnected import unconnected
from schema.types import importing as shown
from schema.types.download import Download, Stream
from schema.types.importing import (
    ImportCommitInput,
    ImportedEntry,
    ImportMode,
    ImportOutcome,
    ImportPreview,
    ImportPreviewInput,
    ImportSection,
    ImportSummary,
    WaitingImport,
)
from schema.types.paging import DEFAULT_LIMIT, Cursor, Limit, Page, page, window
from schema.types.upload import Upload

_PARSES_PER_HOUR = 300
_HOUR_SECONDS = 3600

_ENTRIES: dict[str, Any] = {
    "skills": shown.ImportedSkill,
    "experience": shown.ImportedExperience,
    "education": shown.ImportedEducation,
    "projects": shown.ImportedProject,
    "certifications": shown.ImportedCertification,
    "languages": shown.ImportedLanguage,
}


@unconnected
async def parse_import(
    call: Call,
    file: Annotated[
        Upload | None,
        strawberry.argument(
            description="A résumé: PDF, DOCX, JSON (JSON Resume, cv_data, an export of ours) or"
            " LinkedIn's data archive. It is recognised by its content."
        ),
    ] = None,
    document: Annotated[
        JSON | None,
        strawberry.argument(
            description="The same as a JSON document, instead of a file.",
            metadata={"body": "json"},
        ),
    ] = None,
    password: Annotated[
        str | None,
        strawberry.argument(
            description="Opens an encrypted PDF.", metadata={"schema": {"maxLength": 200}}
        ),
    ] = None,
) -> ImportPreview:
    """Read a résumé into a preview, in which each value says where it was found.

    Nothing of your profile changes. What was not understood stands in `unplaced`. The preview is
    kept for a day to be committed.
    """
    if (file is None) == (document is None):
        message = "Give a file or a JSON document, and not both."
        raise ValidationFailed([FieldError("file", "required", message)])
    account_id = call.principal.account_id
    limit = throttle.Limit("imports", str(account_id), _PARSES_PER_HOUR, _HOUR_SECONDS)
    await throttle.take(call.services.redis, limit)
    data = _json(document) if file is None else file.data
    try:
        read = await call.services.reader.read(data, password, account_id=account_id)
    except (DependencyUnavailable, RateLimited):  # nothing was read that could count
        await throttle.give_back(call.services.redis, limit)
        raise
    found = fitted(read)
    parse_id = uuid7()
    if found.page_sizes and not await _file_is_kept(call, parse_id, data, password):
        found.page_sizes = []
    async with call.services.database.transaction() as db:
        row, dropped = await imports.keep(db, account_id, parse_id, found)
    await imports.forget_files(call.services.artifacts, account_id, dropped)
    return _preview(row)


async def _file_is_kept(call: Call, parse_id: UUID, data: bytes, password: str | None) -> bool:
    """Keep a PDF for pictures of its pages. One that takes a password is not: we keep no such."""
    if password is not None:
        return False
    try:
        await call.services.artifacts.put(import_key(call.principal.account_id, parse_id), data)
    except DependencyUnavailable:
        return False
    return True


def _json(document: Any) -> bytes:
    try:
        return orjson.dumps(document)
    except TypeError:  # GraphQL can write numbers of any size in a document
        return json.dumps(document).encode()


async def list_imports(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[WaitingImport]:
    """Previews that wait to be committed, newest first; each for a day, 20 of them at most."""
    asked = {"account_id": call.principal.account_id, **window(limit, cursor)}
    return page(await call.db.rows(imports.LIST, **asked), limit, _waiting)


def _waiting(row: Any) -> WaitingImport:
    told = {key: value for key, value in row.items() if key != "id"}
    return WaitingImport(parse_id=row["id"], **told)


async def get_import(call: Call, parse_id: UUID) -> ImportPreview:
    """A preview that has not been committed yet."""
    return _preview(await imports.find(call, parse_id))


@unconnected
async def get_import_page(
    call: Call,
    parse_id: UUID,
    page: Annotated[int, strawberry.argument(description="From 1, as `page_pictures` names them.")],
) -> Download:
    """A picture of a page of a PDF that was parsed, to hold what was found against what stands
    there. Evidence has its boxes on it.

    It is there until the preview is committed or discarded, or expires.
    """
    services, account_id = call.services, call.principal.account_id
    async with services.database.connection() as db:
        found = await imports.find(Call(call.context, db, call.admission), parse_id)
    if not any(size["page"] == page for size in found["preview"].get("page_sizes", ())):
        raise NotFound("There is no picture of this page.")
    key = import_key(account_id, parse_id)

    async def load() -> bytes:
        return b"".join([chunk async for chunk in await services.artifacts.stream(key)])

    stream = Stream(
        url=_picture_url(parse_id, page),
        media_type="image/png",
        filename=f"page-{page}.png",
        size=None,
        etag=f"{parse_id}-{page}",
        open=partial(services.reader.picture, load, page, account_id=account_id),
        shown=True,
    )
    return Download(stream)


async def plan_import(call: Call, input: ImportCommitInput) -> ImportSummary:
    """What a commit would do now, without doing it: the same body, and the same answer.

    New entries have no ids yet. What a commit would refuse is refused.
    """
    given, parts, replaced = _asked(input)
    return _summary(
        await imports.planned(call, input.parse_id, given, input.mode.value, parts, replaced)
    )


async def commit_import(call: Call, input: ImportCommitInput) -> ImportSummary:
    """Take a preview over into your profile, all of it or nothing.

    A parse is committed once: the same commit again answers the same, another is a conflict. The
    history tells what was before, and gives it back.
    """
    given, parts, replaced = _asked(input)
    return _summary(
        await imports.commit(call, input.parse_id, given, input.mode.value, parts, replaced)
    )


async def discard_import(call: Call, parse_id: UUID) -> None:
    """Discard a preview that waits to be committed, with its file.

    Nothing of your profile changes. One that was committed already is a conflict: the history
    takes it back.
    """
    await imports.discard(call, parse_id)


def _asked(input: ImportCommitInput) -> tuple[Preview | None, list[str] | None, set[str]]:
    """The preview that was sent, what is to be taken over, and what of it replaces what is there;
    raises ValidationFailed."""
    if input.parse_id is None and input.preview is None:
        raise ValidationFailed([FieldError("parse_id", "required", "Give parse_id or preview.")])
    given = None if input.preview is None else _given(input.preview)
    return given, _parts(input), set(_replaced(input))


def _summary(summary: dict[str, Any]) -> ImportSummary:
    return ImportSummary(
        **{
            **summary,
            "parse_id": None if summary["parse_id"] is None else UUID(summary["parse_id"]),
            "mode": ImportMode(summary["mode"]),
            "entries": [_entry(entry) for entry in summary["entries"]],
        }
    )


def _preview(row: Any) -> ImportPreview:
    found = row["preview"]
    return ImportPreview(
        parse_id=row["id"],
        format=found["format"],
        pages=found["pages"],
        profile=_found(shown.ImportedProfile, found["profile"]),
        **{
            part: [_found(type_, entry) for entry in found[part]]
            for part, type_ in _ENTRIES.items()
        },
        unplaced=[shown.Unplaced(**text) for text in found["unplaced"]],
        warnings=[shown.PreviewWarning(**warning) for warning in found["warnings"]],
        tampered=found.get("tampered"),
        differences=[
            shown.PreviewDifference(**{**each, "kind": shown.DifferenceKind(each["kind"])})
            for each in found.get("differences", ())
        ],
        page_pictures=[
            shown.PagePicture(**size, url=_picture_url(row["id"], size["page"]))
            for size in found.get("page_sizes", ())
        ],
        expires_at=row["expires_at"],
    )


def _picture_url(parse_id: UUID, page: int) -> str:
    return f"/v1/me/import/{parse_id}/pages/{page}"


def _found(type_: Any, values: dict[str, Any]) -> Any:
    evidence = [shown.Evidence(**each) for each in values["evidence"]]
    return type_(**{**values, "evidence": evidence})


def _given(input: ImportPreviewInput) -> Preview:
    """A preview that somebody sent, by the rules of a profile; raises ValidationFailed."""
    errors: list[FieldError] = []
    values: dict[str, Any] = {"format": "vitae"}
    names = [name for name in rules.PROFILE_FIELDS if hasattr(input.profile, name)]
    try:
        values["profile"] = rules.profile(
            {name: value for name in names if (value := getattr(input.profile, name)) is not None}
        )
    except ValidationFailed as wrong:
        errors += _below("preview.profile.", wrong)
    for section in rules.SECTIONS:
        values[section] = []
        for index, entry in enumerate(getattr(input, section) or ()):
            raw = {name: getattr(entry, name) for name in rules.FIELDS[section]}
            try:
                values[section].append(rules.entry(section, raw))
            except ValidationFailed as wrong:
                errors += _below(f"preview.{section}[{index}].", wrong)
    spoken = [{"name": one.name, "level": one.level} for one in input.languages or ()]
    try:
        values["languages"] = rules.languages(spoken)
    except ValidationFailed as wrong:
        errors += _below("preview.languages", wrong)
    if errors:
        raise ValidationFailed(errors)
    return msgspec.convert(values, Preview)


def _parts(input: ImportCommitInput) -> list[str] | None:
    """What is to be taken over; None for all that the parse found.

    Of a preview that was sent, all lists that are there, empty ones too: what is absent from it is
    left alone. Raises ValidationFailed where such a one is to be replaced, which may mean either.
    """
    named = None
    if input.sections is not None:
        named = sorted({part.value for part in input.sections}, key=PARTS.index)
    if input.preview is None:
        return named
    sent = [part for part in PARTS if getattr(input.preview, part) is not None]
    if named is None:
        return sent
    replaced = named if input.mode is ImportMode.REPLACE else _replaced(input)
    absent = [part for part in replaced if part not in sent and part != "profile"]
    if absent:
        message = f"Not in the preview: {', '.join(absent)}. Send an empty list to empty a section."
        raise ValidationFailed([FieldError("sections", "absent", message)])
    return named


def _replaced(input: ImportCommitInput) -> list[str]:
    named = {part.value for part in input.replaced or ()}
    return [part for part in PARTS if part in named]


def _below(path: str, wrong: ValidationFailed) -> list[FieldError]:
    return [FieldError(path + field.path, field.code, field.message) for field in wrong.fields]


def _entry(entry: dict[str, Any]) -> ImportedEntry:
    return ImportedEntry(
        section=ImportSection(entry["section"]),
        outcome=ImportOutcome(entry["outcome"]),
        label=entry["label"],
        id=None if entry["id"] is None else UUID(entry["id"]),
        fields=list(entry["fields"]),
        differing=list(entry["differing"]),
    )
