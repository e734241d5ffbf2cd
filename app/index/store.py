"""Chunks and their vectors, written so that whoever reads them finds one state of a profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.db import Connection, raw_statement, uuid7
from app.index.chunks import Chunk
from app.index.words import words
from app.profile.rules import SECTIONS

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

# Whoever changes a profile holds its row, at least shared, until it commits. Who holds it alone
# knows that no revision with a lesser sequence than the newest is still to come.
_SETTLE = raw_statement(
    "SELECT 1 FROM profiles WHERE account_id = $1 FOR NO KEY UPDATE", "account_id"
)
_RECORD = raw_statement(
    "SELECT to_jsonb(p) AS profile, (SELECT coalesce(max(sequence), 0) FROM revisions"
    " WHERE account_id = $1) AS sequence, "
    + ", ".join(
        f"(SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.position, s.id), '[]')"
        f" FROM {section} AS s WHERE s.account_id = $1) AS {section}"
        for section in SECTIONS
    )
    + " FROM profiles AS p WHERE p.account_id = $1",
    "account_id",
)
_DROP = raw_statement(
    "DELETE FROM chunks WHERE account_id = $1 AND NOT digest = ANY($2::BYTEA[])",
    "account_id",
    "digests",
)
_COLUMNS = ("section", "item_id", "ordinal", "title", "text", "words", "language")
_PUT = raw_statement(
    f"INSERT INTO chunks AS c (id, account_id, digest, {', '.join(_COLUMNS)})"
    f" SELECT given.id, $1, decode(given.digest, 'hex'), {', '.join(_COLUMNS)}"
    " FROM jsonb_to_recordset($2::JSONB) AS given (id UUID, digest TEXT, section TEXT,"
    " item_id UUID, ordinal INT, title TEXT, text TEXT, words TEXT, language REGCONFIG)"
    f" ON CONFLICT (account_id, digest) DO UPDATE SET ({', '.join(_COLUMNS)}) ="
    f" ROW({', '.join(f'excluded.{name}' for name in _COLUMNS)})"
    f" WHERE ROW({', '.join(f'c.{name}' for name in _COLUMNS)}) IS DISTINCT FROM"
    f" ROW({', '.join(f'excluded.{name}' for name in _COLUMNS)})",
    "account_id",
    "chunks",
)
_MISSING = raw_statement(
    "SELECT digest FROM chunks WHERE account_id = $1 AND model IS DISTINCT FROM $2"
    " ORDER BY ordinal > 0, section, item_id, ordinal",
    "account_id",
    "model",
)
_EMBED = raw_statement(
    "UPDATE chunks AS c SET embedding = given.vector::VECTOR, model = $2"
    " FROM unnest($3::BYTEA[], $4::TEXT[]) AS given (digest, vector)"
    " WHERE c.account_id = $1 AND c.digest = given.digest",
    "account_id",
    "model",
    "digests",
    "vectors",
)


async def settled(db: Connection, account_id: UUID) -> tuple[dict[str, Any], int] | None:
    """In a transaction: a record, and the newest revision that it says; None if nobody is there."""
    await db.execute(_SETTLE, account_id=account_id)
    row = await db.row(_RECORD, account_id=account_id)
    if row is None:
        return None
    return {part: row[part] for part in ("profile", *SECTIONS)}, row["sequence"]


async def write(
    db: Connection, account_id: UUID, chunks: Sequence[Chunk], languages: Mapping[bytes, str]
) -> None:
    """In a transaction: make the chunks of an account these; those that stay keep their vectors."""
    digests = [chunk.digest for chunk in chunks]
    await db.execute(_DROP, account_id=account_id, digests=digests)
    rows = [_row(chunk, languages) for chunk in chunks]
    if rows:
        await db.execute(_PUT, account_id=account_id, chunks=rows)


def _row(chunk: Chunk, languages: Mapping[bytes, str]) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "digest": chunk.digest.hex(),
        "section": chunk.section,
        "item_id": None if chunk.item_id is None else str(chunk.item_id),
        "ordinal": chunk.ordinal,
        "title": chunk.title,
        "text": chunk.text,
        # Words are looked for in the whole of a row only.
        "words": words(f"{chunk.title} {chunk.text}") if chunk.ordinal == 0 else "",
        "language": languages.get(chunk.digest, "simple"),
    }


async def missing(db: Connection, account_id: UUID, model: str) -> list[bytes]:
    """Digests of the chunks that `model` has not embedded, whole rows first."""
    return [row["digest"] for row in await db.rows(_MISSING, account_id=account_id, model=model)]


async def embed(
    db: Connection, account_id: UUID, model: str, vectors: Mapping[bytes, Sequence[float]]
) -> None:
    """Keep vectors by the digests of their chunks; of a chunk that is gone, nothing."""
    await db.execute(
        _EMBED,
        account_id=account_id,
        model=model,
        digests=list(vectors),
        vectors=[f"[{','.join(map(repr, vector))}]" for vector in vectors.values()],
    )
