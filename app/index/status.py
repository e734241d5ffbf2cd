"""How complete the index of an account is, compared with what its profile says now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.auth.own import own_row
from app.call import Call
from app.db import raw_statement
from app.index.model import model_of
from app.index.states import FAILED_AFTER
from app.profile.rules import SECTIONS

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

PARTS = ("summary", "experience", "education", "projects", "skills", "languages", "certifications")

State = Literal["empty", "pending", "indexing", "ready", "stale", "failed"]

_ROWS = " UNION ALL ".join(
    f"SELECT '{section}' AS section, id AS item_id FROM {section} WHERE account_id = $1::UUID"
    for section in SECTIONS
)
_STATUS = raw_statement(
    "WITH state AS (SELECT * FROM index_states WHERE account_id = $1::UUID),"
    " changed AS (SELECT DISTINCT r.section, unnest(CASE WHEN r.section = 'profile'"
    " THEN ARRAY[NULL::UUID] ELSE item_ids END) AS item_id FROM revisions AS r, state"
    " WHERE r.account_id = $1::UUID AND sequence > indexed_sequence AND indexed_sequence > 0),"
    f" present AS ({_ROWS} UNION ALL SELECT 'summary', NULL FROM profiles"
    " WHERE account_id = $1::UUID AND (coalesce(headline, bio, location) IS NOT NULL"
    " OR open_to_work) UNION ALL SELECT 'languages', NULL FROM profiles"
    " WHERE account_id = $1::UUID AND languages <> '[]'),"
    " made AS (SELECT section, item_id, count(*) AS chunks,"
    " count(*) FILTER (WHERE model = $2::TEXT) AS embedded"
    " FROM chunks WHERE account_id = $1::UUID GROUP BY section, item_id),"
    " counted AS (SELECT present.section, count(*) AS rows, coalesce(sum(chunks), 0)::INT AS"
    " chunks, coalesce(sum(embedded), 0)::INT AS embedded, count(*) FILTER (WHERE"
    " embedded = chunks AND NOT EXISTS (SELECT 1 FROM changed WHERE changed.item_id"
    " IS NOT DISTINCT FROM present.item_id)) AS done FROM present LEFT JOIN made"
    " ON made.section = present.section AND made.item_id IS NOT DISTINCT FROM present.item_id"
    " GROUP BY present.section)"
    " SELECT coalesce((SELECT sequence FROM revisions WHERE account_id = $1::UUID"
    " ORDER BY sequence DESC LIMIT 1), 0) AS newest, chunked_sequence, indexed_sequence, model,"
    " attempts, updated_at, last_error, coalesce(lease_until > now(), false) AS at_work,"
    " (SELECT coalesce(jsonb_agg(counted), '[]') FROM counted) AS sections,"
    " EXISTS (SELECT 1 FROM made) AS has_chunks"
    " FROM (SELECT) AS always LEFT JOIN state ON true",
    "account_id",
    "model",
)


@dataclass(frozen=True, slots=True)
class SectionCount:
    """Rows of a section, their chunks, those of them that are embedded, and the rows all done."""

    section: str
    rows: int
    chunks: int
    embedded: int
    done: int


@dataclass(frozen=True, slots=True)
class Status:
    """`completeness` is the share of rows that are found as they are now, 1 where there is none."""

    state: State
    sections: list[SectionCount]
    completeness: float
    model: str
    updated_at: datetime | None
    last_error: str | None


async def status(call: Call) -> Status:
    """Of the caller's index; admits the caller."""
    model = model_of(call.services.settings)
    row = await own_row(call, _STATUS, model=model)
    assert row is not None
    found = {each["section"]: SectionCount(**each) for each in row["sections"]}
    sections = [found.get(part, SectionCount(part, 0, 0, 0, 0)) for part in PARTS]
    rows, done = (sum(getattr(each, name) for each in sections) for name in ("rows", "done"))
    return Status(
        state=_state(row, rows, model),
        sections=sections,
        completeness=done / rows if rows else 1.0,
        model=model,
        updated_at=row["updated_at"],
        last_error=row["last_error"],
    )


def _state(row: Any, rows: int, model: str) -> State:
    indexed = row["indexed_sequence"] or 0
    if indexed >= row["newest"] and (row["model"] == model or not row["has_chunks"]):
        return "ready" if rows else "empty"
    if row["at_work"]:
        return "indexing"
    if row["last_error"] is not None and row["attempts"] >= FAILED_AFTER:
        return "failed"
    if not rows and not row["has_chunks"]:
        return "empty"
    return "stale" if row["updated_at"] and indexed else "pending"
