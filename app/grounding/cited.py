"""The sources that a call cites, as they are stored."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.call import Call
from app.db import raw_statement
from app.errors import FieldError, ValidationFailed
from app.grounding import MOST_CITED
from app.grounding.judge import ungrounded
from app.grounding.sources import Source
from app.profile.rules import SECTIONS

MOST_SOURCES = 200  # of a call that replaces many rows
MOST_BYTES = 2 << 20  # of all sources together, as JSON
_SMALL = 20_000  # bytes whose judging takes no longer than a thread does to start

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

_EACH = " UNION ALL ".join(
    (
        *(
            f"SELECT id, '{section}' AS kind, to_jsonb(t) AS data FROM {section} AS t"
            " WHERE account_id = $1::UUID AND id = ANY($2::UUID[])"
            for section in SECTIONS
        ),
        "SELECT account_id, 'profile', to_jsonb(t) FROM profiles AS t"
        " WHERE account_id = $1::UUID AND account_id = ANY($2::UUID[])",
        "SELECT id, 'import', preview FROM imports WHERE account_id = $1::UUID"
        " AND id = ANY($2::UUID[]) AND expires_at > now() AND preview <> '{}'::JSONB",
        "SELECT id, 'resume_job', jsonb_build_object('identity', (cv -> 'identity') - 'picture',"
        " 'sections', cv -> 'sections') FROM resume_jobs WHERE account_id = $1::UUID"
        " AND id = ANY($2::UUID[])",
    )
)
# What is too much in all does not leave the database.
_CITED = raw_statement(
    "SELECT id, kind, size, CASE WHEN sum(size) OVER () <= $3::INT THEN data END AS data FROM"
    f" (SELECT id, kind, data, octet_length(data::TEXT) AS size FROM ({_EACH}) AS each) AS cited",
    "account_id",
    "ids",
    "most",
)

Cited = Sequence[UUID] | None
Grounds = tuple[str, Mapping[str, Any], Cited, str]  # section, values, what is cited, path


async def hold_to_sources(call: Call, *grounds: Grounds) -> None:
    """Raise ValidationFailed for each claim that what is cited for it does not say.

    The caller must have been admitted. What cites nothing is not judged.
    """
    judged = [ground for ground in grounds if ground[2] is not None]
    if not judged:
        return
    _refuse_too_many(judged)
    wanted = {row_id for _, _, ids, _ in judged for row_id in ids or ()}
    found = await call.db.rows(
        _CITED, account_id=call.principal.account_id, ids=list(wanted), most=MOST_BYTES
    )
    if found and found[0]["data"] is None:
        message = f"The cited sources are over {MOST_BYTES >> 20} MiB together; cite fewer."
        raise ValidationFailed([FieldError(_path(judged[0][3]), "too_much_text", message)])
    sources = {row["id"]: Source(row["kind"], row["data"]) for row in found}
    _refuse_unknown(judged, sources)
    if sum(row["size"] for row in found) > _SMALL or len(judged) > 1:
        errors = await asyncio.to_thread(_judge, judged, sources)
    else:
        errors = _judge(judged, sources)
    if errors:
        message = "Some of what is given is not in the cited sources."
        raise ValidationFailed(errors, message)


def _judge(judged: list[Grounds], sources: Mapping[UUID, Source]) -> list[FieldError]:
    return [
        error
        for section, values, ids, path in judged
        for error in ungrounded(section, values, [sources[row_id] for row_id in ids or ()], path)
    ]


def _refuse_too_many(judged: list[Grounds]) -> None:
    errors = [
        FieldError(_path(path), "invalid", f"Give 1 to {MOST_CITED} ids.")
        for _, _, ids, path in judged
        if not 1 <= len(ids or ()) <= MOST_CITED
    ]
    if not errors and len({row_id for _, _, ids, _ in judged for row_id in ids or ()}) > (
        MOST_SOURCES
    ):
        message = f"At most {MOST_SOURCES} sources can be cited in one call."
        errors = [FieldError(_path(judged[0][3]), "too_many", message)]
    if errors:
        raise ValidationFailed(errors)


def _refuse_unknown(judged: list[Grounds], sources: Mapping[UUID, Source]) -> None:
    message = (
        "You have no such source: cite rows of your sections, imports that are not committed yet,"
        " résumé jobs or, for the profile, the id of your account."
    )
    errors = [
        FieldError(f"{_path(path)}[{index}]", "unknown_source", message)
        for _, _, ids, path in judged
        for index, row_id in enumerate(ids or ())
        if row_id not in sources
    ]
    if errors:
        raise ValidationFailed(errors)


def _path(path: str) -> str:
    return f"{path}.grounded_in" if path else "grounded_in"
