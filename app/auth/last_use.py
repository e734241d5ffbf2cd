"""When a key or token was last used and from where, remembered in the process and written once a
minute.

A write per request would cost more than the request. What was remembered since the last write
is lost when the process is killed: the time shown is then at most a minute too old.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.auth.new_addresses import NewAddresses
from app.call import CredentialKind
from app.db import raw_statement
from app.errors import DependencyUnavailable

if TYPE_CHECKING:
    from app.call import Context
    from app.db import Database

_log = logging.getLogger(__name__)

_INTERVAL_SECONDS = 60.0

# Core has no good word for a two-column unnest.
_WRITE = {
    kind: raw_statement(
        f"UPDATE {table} SET last_used_at = greatest(last_used_at, used.at)"  # noqa: S608
        " FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at)"
        f" WHERE {table}.id = used.id",
        "ids",
        "times",
    )
    for kind, table in (
        (CredentialKind.API_KEY, "api_keys"),
        (CredentialKind.PERSONAL_TOKEN, "personal_tokens"),
    )
}


class LastUse:
    """Uses since the last write, by credential; one timer that exists only while there are any."""

    def __init__(self) -> None:
        self._used: dict[CredentialKind, dict[UUID, datetime]] = {kind: {} for kind in _WRITE}
        self._addresses = NewAddresses()
        self._timer: asyncio.Task[None] | None = None
        self._database: Database | None = None

    def note(
        self,
        database: Database,
        kind: CredentialKind,
        credential_id: UUID,
        context: Context | None = None,
    ) -> None:
        """Remember that a credential was used now, by the request of `context`."""
        now = datetime.now(UTC)
        self._used[kind][credential_id] = now
        if context is not None:
            self._addresses.note(kind, credential_id, context, now)
        self._database = database
        if self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._write_later())

    async def write(self) -> None:
        """Write all that is remembered; what can't be written stays for the next time."""
        database = self._database
        for kind, used in self._used.items():
            if not used or database is None:
                continue
            self._used[kind] = {}
            try:
                # Ordered, so that two processes lock rows in the same order.
                ids = sorted(used)
                async with database.connection() as db:
                    await db.execute(_WRITE[kind], ids=ids, times=[used[id_] for id_ in ids])
            except (DependencyUnavailable, asyncio.CancelledError) as error:
                self._used[kind] = {**used, **self._used[kind]}
                if isinstance(error, asyncio.CancelledError):
                    raise
                _log.warning("last use of %d credentials not written yet", len(used))
        if database is not None:
            await self._addresses.write(database)

    async def close(self) -> None:
        """Write once more, and stop."""
        if self._timer is not None:
            self._timer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._timer
        await self.write()

    async def _write_later(self) -> None:
        while any(self._used.values()):
            await asyncio.sleep(_INTERVAL_SECONDS)
            await self.write()
