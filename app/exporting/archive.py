"""All that an owner has here as one ZIP, written while it is read.

No more of it is in memory than a few rows or a piece of one file, and no connection is held while
the client reads. The files are read one after the other, so what changes meanwhile may be in a
later file and not in an earlier one.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.artifacts import Artifacts
from app.audience import streams
from app.db import Database, raw_statement
from app.errors import NotFound
from app.exporting.archive_tables import FILES, Table
from app.exporting.json_resume import json_resume
from app.exporting.own import own_json
from app.exporting.rows import as_json, json_of
from app.presentation import chosen
from app.profile import record

Bytes = AsyncGenerator[bytes, None]

_PIECE_BYTES = 32 * 1024
_OWN = 0o600 << 16  # what unpacks it makes files that are their owner's alone

_ACCOUNT = raw_statement(
    "SELECT username, email, email_verified_at, created_at, deletion_asked_at, delete_after"
    " FROM accounts WHERE id = $1",
    "account_id",
)
_JOBS = raw_statement(
    "SELECT id, artifact_key FROM resume_jobs WHERE account_id = $1 AND status = 'succeeded'"
    " AND (expires_at IS NULL OR expires_at > now())"
    " AND ($2::UUID IS NULL OR id > $2::UUID) ORDER BY id LIMIT 200",
    "account_id",
    "after",
)
_READ_ME = """\
All that this server holds of your account. Times are UTC.

profile.json              your profile, complete; it can be imported again
profile.jsonresume.json   the same as JSON Resume (https://jsonresume.org)
portrait.jpg              your portrait, if you have one
resume/                   the PDFs of your résumé jobs that are kept yet
history.json              every change of your profile, with what was before
transcripts.json          what visitors asked, and what they were answered
insights.json             what was counted of your public page
ledger.json, wallet.json  your credits
security-events.json      who signed in, made keys, took exports, and when

The other files are what their names say. Passwords, keys and tokens are nowhere in here: of these
only digests are kept. The files were read one after the other, not at one instant.
"""


class _Sink:
    """What a ZIP is written to: it can't be sought in, and is emptied by who sends it on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return taken


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive of one account. `today` is the last day (UTC) that is told of."""

    database: Database
    artifacts: Artifacts
    account_id: UUID
    today: date

    async def chunks(self) -> Bytes:
        """The bytes of the ZIP. Raises DependencyUnavailable at any of them."""
        sink = _Sink()
        with ZipFile(sink, "w", ZIP_DEFLATED) as package:
            async with contextlib.aclosing(self._files()) as files:
                async for name, content in files:
                    async with contextlib.aclosing(content):
                        with package.open(self._entry(name), "w") as file:
                            async for piece in content:
                                file.write(piece)
                                if sink.size > _PIECE_BYTES:
                                    yield sink.take()
        yield sink.take()

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, datetime.now(UTC).timetuple()[:6])
        # What is packed already gets no smaller.
        entry.compress_type = ZIP_STORED if name.endswith((".pdf", ".jpg")) else ZIP_DEFLATED
        entry.external_attr = _OWN
        return entry

    async def _files(self) -> AsyncGenerator[tuple[str, Bytes], None]:
        yield "README.txt", _whole(_READ_ME.encode())
        async with self.database.connection() as db:
            account: Any = await db.row(_ACCOUNT, account_id=self.account_id)
            profile = await record.of_account(db, self.account_id)
            profile["presentation"] = await chosen.of_account(db, self.account_id)
        yield "account.json", _whole(json_of(dict(account)))
        yield "profile.json", _whole(own_json(profile))
        yield "profile.jsonresume.json", _whole(json_resume(profile))
        if key := profile["profile"]["avatar_key"]:
            async for file in self._stored("portrait.jpg", key):
                yield file
        days = self.database, self.account_id, account["created_at"].date(), self.today
        for name, lines in (
            ("transcripts.json", streams.transcripts(*days)),
            ("insights.json", streams.insights_rows(*days)),
        ):
            yield name, as_json(_objects(lines), {})
        for name, table in FILES.items():
            yield name, self._table(table)
        async for file in self._resumes():
            yield file

    async def _table(self, table: Table) -> Bytes:
        """Rows as a JSON list, in the text that the database wrote."""
        after, before = None, b"[\n"
        while True:
            async with self.database.connection() as db:
                rows = await db.rows(table.page, account_id=self.account_id, after=after)
            for row in rows:
                yield before + row["line"].encode()
                before = b",\n"
            if len(rows) < table.rows:
                break
            after = rows[-1]["key"]
        yield b"\n]\n" if before == b",\n" else b"[]\n"

    async def _resumes(self) -> AsyncGenerator[tuple[str, Bytes], None]:
        after = None
        while True:
            async with self.database.connection() as db:
                rows = await db.rows(_JOBS, account_id=self.account_id, after=after)
            if not rows:
                return
            for row in rows:
                async for file in self._stored(f"resume/{row['id']}.pdf", row["artifact_key"]):
                    yield file
            after = rows[-1]["id"]

    async def _stored(self, name: str, key: str) -> AsyncGenerator[tuple[str, Bytes], None]:
        """A file of the artifacts; nothing where it was removed meanwhile."""
        try:
            opened = await self.artifacts.stream(key)
        except NotFound:
            return
        yield name, _pieces(opened)


async def _whole(data: bytes) -> Bytes:
    yield data


async def _pieces(opened: AsyncIterator[bytes]) -> Bytes:
    async for piece in opened:
        yield piece


async def _objects(lines: AsyncIterator[Any]) -> AsyncGenerator[Mapping[str, Any], None]:
    async for line in lines:
        yield asdict(line)
