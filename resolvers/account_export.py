"""All of an account as one file: `/v1/me/exports/account`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from app.auth import throttle
from app.call import Call
from app.db import raw_statement
from app.exporting.archive import Archive
from app.exporting.noted import noted
from app.exporting.profile import filename
from schema.types.download import Download, Stream

_PATH = "/v1/me/exports/account"
_A_DAY = 10
_DAY_SECONDS = 86_400
_USERNAME = raw_statement("SELECT username FROM accounts WHERE id = $1", "account_id")


async def export_account(call: Call) -> Download:
    """All that is held here of your account as a ZIP, whatever your plan.

    The profile (which can be imported again), its history, your portrait and résumés, what visitors
    asked, figures, credits, security events and what else there is, with a README. It is written
    while it is sent. Ten a day.
    """
    services, account_id = call.services, call.principal.account_id
    username: Any = await call.db.value(_USERNAME, account_id=account_id)
    today = datetime.now(UTC).date()
    archive = Archive(services.database, services.artifacts, account_id, today)

    async def opened() -> AsyncIterator[bytes]:
        limit = throttle.Limit("account exports", str(account_id), _A_DAY, _DAY_SECONDS)
        await throttle.take(services.redis, limit)
        return await services.export_turns.begun(account_id, archive.chunks())

    stream = Stream(
        url=_PATH,
        media_type="application/zip",
        filename=filename(username, "account", ".zip"),
        size=None,
        etag=None,
        open=noted(call.context, account_id, "account", "zip", opened),
    )
    return Download(stream)
