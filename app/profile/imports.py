"""Parses that wait to be committed, and committing one."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import orjson

from app.artifacts import Artifacts, import_key
from app.call import Call
from app.db import Connection, raw_statement, uuid7
from app.errors import Conflict, DependencyUnavailable, NotFound
from app.importing import merge
from app.importing.preview import Preview
from app.profile import bulk, record, rules

KEPT = timedelta(days=1)
MOST_KEPT = 20  # parses of one account that wait

_KEEP = raw_statement(
    "INSERT INTO imports (id, account_id, preview, expires_at)"
    " VALUES ($1, $2, $3, now() + $4::INTERVAL) RETURNING id, preview, expires_at",
    "id",
    "account_id",
    "preview",
    "kept",
)
_DROP_OLDEST = raw_statement(
    "DELETE FROM imports WHERE account_id = $1 AND committed_at IS NULL AND id IN"
    " (SELECT id FROM imports WHERE account_id = $1 AND committed_at IS NULL"
    " ORDER BY id DESC OFFSET $2) RETURNING id",
    "account_id",
    "most",
)
WAITING = raw_statement(
    "SELECT id FROM imports WHERE id = ANY($1::UUID[]) AND committed_at IS NULL"
    " AND expires_at > now()",
    "ids",
)
LIST = raw_statement(
    "SELECT id, created_at, expires_at, preview->>'format' AS format,"
    " (preview->>'pages')::int AS pages, preview->'profile'->>'full_name' AS full_name,"
    " jsonb_array_length(preview->'skills') + jsonb_array_length(preview->'experience')"
    " + jsonb_array_length(preview->'education') + jsonb_array_length(preview->'projects')"
    " + jsonb_array_length(preview->'certifications')"
    " + jsonb_array_length(preview->'languages') AS entries"
    " FROM imports WHERE account_id = $1 AND id < $2 AND committed_at IS NULL"
    " AND expires_at > now() ORDER BY id DESC LIMIT $3",
    "account_id",
    "before",
    "most",
)
_FIND = raw_statement(
    "SELECT id, preview, expires_at FROM imports"
    " WHERE id = $1 AND account_id = $2 AND expires_at > now()",
    "id",
    "account_id",
)
_LOCK = raw_statement(
    "SELECT preview, commit_digest, summary, expires_at <= now() AS expired FROM imports"
    " WHERE id = $1 AND account_id = $2 FOR UPDATE",
    "id",
    "account_id",
)
_COMMITTED = raw_statement(
    "UPDATE imports SET committed_at = now(), commit_digest = $2, summary = $3, preview = '{}'"
    " WHERE id = $1 AND committed_at IS NULL",
    "id",
    "digest",
    "summary",
)
_DISCARD = raw_statement(
    "DELETE FROM imports WHERE id = $1 AND account_id = $2 AND committed_at IS NULL"
    " AND expires_at > now() RETURNING id",
    "id",
    "account_id",
)
_WAS_COMMITTED = raw_statement(
    "SELECT 1 FROM imports WHERE id = $1 AND account_id = $2 AND committed_at IS NOT NULL",
    "id",
    "account_id",
)


async def keep(
    db: Connection, account_id: UUID, parse_id: UUID, preview: Preview
) -> tuple[Any, list[UUID]]:
    """Keep a preview to be committed; of those that wait, the oldest give way.

    The row, and the ids of those that gave way: their files go with them (`forget_files`).
    """
    row = await db.row(
        _KEEP,
        id=parse_id,
        account_id=account_id,
        preview=msgspec.to_builtins(preview),
        kept=KEPT,
    )
    dropped = await db.rows(_DROP_OLDEST, account_id=account_id, most=MOST_KEPT)
    return row, [each["id"] for each in dropped]


async def forget_files(artifacts: Artifacts, account_id: UUID, parse_ids: list[UUID]) -> None:
    """Remove the PDFs of imports that wait no longer; what a store that is away keeps is swept."""
    with contextlib.suppress(DependencyUnavailable):
        for parse_id in parse_ids:
            await artifacts.delete(import_key(account_id, parse_id))


async def find(call: Call, parse_id: UUID) -> Any:
    """A parse that waits or was committed; raises NotFound."""
    row = await call.db.row(_FIND, id=parse_id, account_id=call.principal.account_id)
    if row is None or not row["preview"]:
        raise _gone()
    return row


async def commit(
    call: Call,
    parse_id: UUID | None,
    given: Preview | None,
    mode: merge.Mode,
    parts: list[str] | None,
    replaced: Collection[str] = (),
) -> dict[str, Any]:
    """Take over what was `given`, or else what the parse found; what was done, entry by entry.

    Only the `parts` named, or else those of which anything was found: a section of which a file
    says nothing is not thereby to be emptied. What was given is taken entry by entry, and of what
    was parsed that once that is said twice. What is `replaced` gives way, whatever the mode.

    A parse is committed once: the same commit again answers as the first did, another is a
    Conflict, as is more than a profile may have. Raises NotFound for a parse that is not there or
    has expired, and ValidationFailed for what can't stand in a profile.
    """
    account_id = call.principal.account_id
    await call.db.execute(bulk.LOCK, account_id=account_id)
    digest = _digest(given, mode, parts, replaced)
    found = given
    if parse_id is not None:
        row = await call.db.row(_LOCK, id=parse_id, account_id=account_id)
        if row is None or (row["expired"] and row["summary"] is None):
            raise _gone()
        if row["summary"] is not None:
            if row["commit_digest"] != digest:
                raise Conflict("This parse was committed already, otherwise than asked now.")
            call.replayed = True
            summary: dict[str, Any] = row["summary"]
            return summary
        found = given or msgspec.convert(row["preview"], Preview)
    assert found is not None
    changes = await _changes(
        call, found, mode, parts, parse_id, replaced, as_sent=given is not None
    )
    for section, (before, wanted) in changes.sections.items():
        await bulk.write(call, call.db, section, "import", before, wanted)
    if changes.profile:
        await record.take_over(call, changes.profile)
    summary = _summary(changes.plan, changes.ids, parse_id, mode)
    if parse_id is not None:
        await call.db.execute(_COMMITTED, id=parse_id, digest=digest, summary=summary)
        artifacts = call.services.artifacts
        call.after_commit(partial(forget_files, artifacts, account_id, [parse_id]))
    return summary


async def discard(call: Call, parse_id: UUID) -> None:
    """Give up a parse that waits, with its file.

    Raises NotFound for one that is not there or has expired, and Conflict for one that was
    committed: of a commit at the same moment one of the two wins.
    """
    account_id = call.principal.account_id
    if await call.db.row(_DISCARD, id=parse_id, account_id=account_id) is None:
        if await call.db.row(_WAS_COMMITTED, id=parse_id, account_id=account_id) is None:
            raise _gone()
        raise Conflict("This parse was committed already; the history can take it back.")
    call.after_commit(partial(forget_files, call.services.artifacts, account_id, [parse_id]))


async def planned(
    call: Call,
    parse_id: UUID | None,
    given: Preview | None,
    mode: merge.Mode,
    parts: list[str] | None,
    replaced: Collection[str] = (),
) -> dict[str, Any]:
    """What `commit` would do now, without doing it; raises what it would raise.

    A parse that was committed already is NotFound.
    """
    found = given
    if parse_id is not None:
        row = await find(call, parse_id)
        found = given or msgspec.convert(row["preview"], Preview)
    assert found is not None
    changes = await _changes(
        call, found, mode, parts, parse_id, replaced, as_sent=given is not None
    )
    return _summary(changes.plan, {}, parse_id, mode)


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a commit writes: fields of the profile, and of each section that changes its rows as
    they are and as they shall be. `ids` are those of new rows, by section and label."""

    plan: merge.Plan
    profile: dict[str, Any]
    sections: dict[str, tuple[list[bulk.Row], list[bulk.Row]]]
    ids: dict[tuple[str, str], list[str]]


async def _changes(
    call: Call,
    found: Preview,
    mode: merge.Mode,
    parts: list[str] | None,
    parse_id: UUID | None,
    replaced: Collection[str],
    *,
    as_sent: bool,
) -> _Changes:
    if parts is None:
        parts = [part for part in merge.PARTS if getattr(found, part)]
    profile = await record.get(call)
    present = {section: await bulk.rows(call, call.db, section) for section in rules.SECTIONS}
    plan = merge.plan(
        {"profile": profile, **present}, found, mode, parts, as_sent=as_sent, replaced=replaced
    )
    if len(plan.profile.get("languages", ())) > rules.LANGUAGES:
        raise Conflict(f"A profile may have {rules.LANGUAGES} languages.", section="languages")
    sections: dict[str, tuple[list[bulk.Row], list[bulk.Row]]] = {}
    ids: dict[tuple[str, str], list[str]] = {}
    for section, rows in plan.sections.items():
        if not rows.changes:
            continue
        wanted, made = _wanted(section, rows, present[section], parse_id)
        bulk.hold_to_bounds(section, wanted)
        for row in made:
            ids.setdefault((section, merge.label_of(section, row)), []).append(row["id"])
        sections[section] = present[section], bulk.placed(wanted)
    return _Changes(plan, rules.profile(plan.profile), sections, ids)


def _wanted(
    section: str,
    planned: merge.SectionPlan,
    present: list[dict[str, Any]],
    parse_id: UUID | None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows to write, and of them those that are new."""
    rows = {row["id"]: row for row in present}
    imported = {"origin": "import", "parse_id": None if parse_id is None else str(parse_id)}
    wanted, made = [], []
    for index, row in enumerate(planned.rows):
        if row.id is not None and not row.changed:
            wanted.append(rows[row.id])
            continue
        values = rules.entry(section, row.values, f"{section}[{index}]")
        if row.id is None:
            made.append({"id": str(uuid7()), **imported, **values})
            wanted.append(made[-1])
        else:
            wanted.append({**rows[row.id], **values, **_origin(rows[row.id], imported)})
    return wanted, made


def _origin(row: dict[str, Any], imported: dict[str, Any]) -> dict[str, Any]:
    """A row that was written by hand stays so, for a reset must not take it away."""
    return imported if row["origin"] == "import" else {"origin": "hand"}


def _summary(
    plan: merge.Plan, ids: dict[tuple[str, str], list[str]], parse_id: UUID | None, mode: str
) -> dict[str, Any]:
    entries = []
    for outcome in plan.summary:
        entry = msgspec.to_builtins(outcome)
        if outcome.outcome == "created" and (same := ids.get((outcome.section, outcome.label))):
            entry["id"] = same.pop(0)
        entries.append(entry)
    counts = {
        what: sum(outcome.outcome == what for outcome in plan.summary)
        for what in ("created", "changed", "left", "deleted")
    }
    return {
        "parse_id": None if parse_id is None else str(parse_id),
        "mode": mode,
        **counts,
        "entries": entries,
    }


def _digest(
    given: Preview | None, mode: str, parts: list[str] | None, replaced: Collection[str]
) -> bytes:
    asked = [msgspec.to_builtins(given) if given else None, mode, parts, *sorted(replaced)]
    return hashlib.sha256(orjson.dumps(asked)).digest()


def _gone() -> NotFound:
    return NotFound("There is no such parse, or it has expired; parse the file again.")
