"""Parses that wait to be committed, and committing one."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import orjson

from app.call import Call
from app.db import Connection, raw_statement, uuid7
from app.errors import Conflict, NotFound
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
    " ORDER BY id DESC OFFSET $2)",
    "account_id",
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


async def keep(db: Connection, account_id: UUID, preview: Preview) -> Any:
    """Keep a preview to be committed; of those that wait, the oldest give way."""
    row = await db.row(
        _KEEP,
        id=uuid7(),
        account_id=account_id,
        preview=msgspec.to_builtins(preview),
        kept=KEPT,
    )
    await db.execute(_DROP_OLDEST, account_id=account_id, most=MOST_KEPT)
    return row


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
) -> dict[str, Any]:
    """Take over what was `given`, or else what the parse found; what was done, entry by entry.

    Only the `parts` named, or else those of which anything was found: a section of which a file
    says nothing is not thereby to be emptied. What was given is taken entry by entry, and of what
    was parsed that once that is said twice.

    A parse is committed once: the same commit again answers as the first did, another is a
    Conflict, as is more than a profile may have. Raises NotFound for a parse that is not there or
    has expired, and ValidationFailed for what can't stand in a profile.
    """
    account_id = call.principal.account_id
    await call.db.execute(bulk.LOCK, account_id=account_id)
    digest = _digest(given, mode, parts)
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
    taken = [part for part in merge.PARTS if getattr(found, part)] if parts is None else parts
    summary = await _take_over(call, found, mode, taken, parse_id, as_sent=given is not None)
    if parse_id is not None:
        await call.db.execute(_COMMITTED, id=parse_id, digest=digest, summary=summary)
    return summary


async def _take_over(
    call: Call,
    found: Preview,
    mode: merge.Mode,
    parts: list[str],
    parse_id: UUID | None,
    *,
    as_sent: bool,
) -> dict[str, Any]:
    db = call.db
    profile = await record.get(call)
    present = {section: await bulk.rows(call, db, section) for section in rules.SECTIONS}
    plan = merge.plan({"profile": profile, **present}, found, mode, parts, as_sent=as_sent)
    if len(plan.profile.get("languages", ())) > rules.LANGUAGES:
        raise Conflict(f"A profile may have {rules.LANGUAGES} languages.", section="languages")
    ids: dict[tuple[str, str], list[str]] = {}
    for section, planned in plan.sections.items():
        if not planned.changes:
            continue
        wanted, made = _wanted(section, planned, present[section], parse_id)
        for row in made:
            ids.setdefault((section, merge.label_of(section, row)), []).append(row["id"])
        await bulk.write(call, db, section, "import", present[section], bulk.placed(wanted))
    if plan.profile:
        await record.take_over(call, rules.profile(plan.profile))
    return _summary(plan, ids, parse_id, mode)


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


def _digest(given: Preview | None, mode: str, parts: list[str] | None) -> bytes:
    asked = [msgspec.to_builtins(given) if given else None, mode, parts]
    return hashlib.sha256(orjson.dumps(asked)).digest()


def _gone() -> NotFound:
    return NotFound("There is no such parse, or it has expired; parse the file again.")
