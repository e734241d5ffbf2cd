"""What brings back to the queue whatever fell out of it, and clears what is kept no longer.

PostgreSQL says what is to be done; this compares it with what Redis and the store hold. Every
step may run twice, half-way, or in two workers at once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Date, DateTime, bindparam, delete

from app import account_removal, avatars, profile_pdfs, resume_pdfs, security_events
from app import resume_jobs as jobs
from app.artifacts import IMPORTS, parse_of
from app.audience import stale as audience
from app.db import Connection, statement
from app.models import (
    ApiQuotaRow,
    FormerUsernameRow,
    IdempotencyRow,
    ImportRow,
    MailRow,
    OneTimeLinkRow,
    RefreshTokenRow,
    SessionRow,
    UsageRow,
)
from app.oauth import stale as oauth
from app.profile import imports
from app.services import Services

log = logging.getLogger(__name__)

_IDEMPOTENCY_KEPT = timedelta(hours=24)
_DEAD_CREDENTIALS_KEPT = timedelta(days=7)
# Until then the second use of a refresh token ends its session; after it, it is merely refused.
_SPENT_TOKENS_KEPT = timedelta(days=60)
_SENT_MAILS_KEPT = timedelta(days=30)
# A file is named by its row seconds after it was stored; one that still isn't is nobody's.
_NAMELESS_KEPT = timedelta(hours=1)

_before = bindparam("before", type_=DateTime(timezone=True))
_STALE = (
    (
        "idempotency keys",
        _IDEMPOTENCY_KEPT,
        statement(delete(IdempotencyRow).where(IdempotencyRow.created_at < _before)),
    ),
    (
        "one-time links",
        _DEAD_CREDENTIALS_KEPT,
        statement(delete(OneTimeLinkRow).where(OneTimeLinkRow.expires_at < _before)),
    ),
    (
        "sessions",
        _DEAD_CREDENTIALS_KEPT,
        statement(delete(SessionRow).where(SessionRow.expires_at < _before)),
    ),
    (
        "refresh tokens",
        _SPENT_TOKENS_KEPT,
        statement(delete(RefreshTokenRow).where(RefreshTokenRow.used_at < _before)),
    ),
    (
        "mails",
        _SENT_MAILS_KEPT,
        statement(delete(MailRow).where(MailRow.sent_at < _before)),
    ),
    (
        "imports",
        timedelta(),
        statement(delete(ImportRow).where(ImportRow.expires_at < _before)),
    ),
    (
        "former usernames",
        timedelta(),
        statement(delete(FormerUsernameRow).where(FormerUsernameRow.kept_until < _before)),
    ),
    *oauth.STALE,
)

_first_day = bindparam("first_day", type_=Date())
_STALE_USAGE = statement(delete(UsageRow).where(UsageRow.day < _first_day))
_STALE_QUOTAS = statement(delete(ApiQuotaRow).where(ApiQuotaRow.month < _first_day))


async def sweep(services: Services) -> None:
    """Return jobs whose worker is gone, and wake workers for all that wait."""
    async with services.database.connection() as db:
        returned = await db.rows(jobs.RETURN_ABANDONED)
        hopeless = await db.rows(jobs.HOPELESS)
        given_up = [await db.row(jobs.GIVE_UP, job_id=row["id"]) for row in hopeless]
    for row in (*returned, *filter(None, given_up)):
        fields = {"job_id": str(row["id"]), "attempt": row["attempt"]}
        log.warning("worker of a job is gone", extra={"fields": fields})
        await jobs.announce(services.redis, row["id"])
    await services.queue.render_jobs([(row["id"], row["attempt"]) for row in returned])
    await _wake_waiting(services)


async def _wake_waiting(services: Services) -> None:
    after: tuple[datetime, UUID] = (datetime.min.replace(tzinfo=UTC), UUID(int=0))
    while True:
        async with services.database.connection() as db:
            rows = await db.rows(jobs.WAITING, after_time=after[0], after_id=after[1])
        if not rows:
            return
        missing = await services.queue.wake_again([(row["id"], row["attempt"]) for row in rows])
        if missing:
            log.info("jobs queued again", extra={"fields": {"count": missing}})
        after = (rows[-1]["updated_at"], rows[-1]["id"])


async def clear(services: Services) -> None:
    """Remove what has passed its time, and files that no job and no profile names."""
    now = datetime.now(UTC)
    async with services.database.connection() as db:
        for what, kept, remove in _STALE:
            _note(what, await db.execute(remove, before=now - kept))
        await db.execute(jobs.EMPTY_EXPIRED)
        await _clear_usage(db, now.date(), services.settings.usage_retention_days)
        for what, count in (await audience.clear(db, services.settings, now)).items():
            _note(what, count)
    await _clear_events(services, now)
    await account_removal.remove_due(services)
    for folder, named in (
        (resume_pdfs.FOLDER, resume_pdfs.named),
        (avatars.FOLDER, _named_by_profiles),
        (IMPORTS, _named_by_imports),
    ):
        async for page in services.artifacts.list(folder):
            keys = [a.key for a in page if a.modified < now - _NAMELESS_KEPT]
            await _remove_nameless(services, keys, named)
    async for page in services.artifacts.list(profile_pdfs.FOLDER):
        for old in (a for a in page if a.modified < now - profile_pdfs.KEPT):
            await services.artifacts.delete(old.key)


async def _clear_usage(db: Connection, today: date, kept_days: int) -> None:
    first_day = date.fromordinal(max(1, today.toordinal() - kept_days))
    _note("usage", await db.execute(_STALE_USAGE, first_day=first_day))
    # The present month's quota counts, however short figures are kept.
    first_month = min(first_day, today.replace(day=1))
    _note("quotas", await db.execute(_STALE_QUOTAS, first_day=first_month))


async def _clear_events(services: Services, now: datetime) -> None:
    kept = timedelta(days=services.settings.security_event_retention_days)
    async with services.database.transaction() as db:
        _note("security events", await security_events.clear(db, now - kept))


def _note(what: str, count: int) -> None:
    if count:
        log.info("removed", extra={"fields": {"what": what, "count": count}})


_Named = Callable[[Connection, list[str]], Awaitable[set[str]]]


async def _named_by_profiles(db: Connection, keys: list[str]) -> set[str]:
    return {row["avatar_key"] for row in await db.rows(avatars.IN_USE, keys=keys)}


async def _named_by_imports(db: Connection, keys: list[str]) -> set[str]:
    """The PDFs of imports that wait to be committed."""
    rows = await db.rows(imports.WAITING, ids=[parse_of(key) for key in keys])
    waiting = {row["id"] for row in rows}
    return {key for key in keys if parse_of(key) in waiting}


async def _remove_nameless(services: Services, keys: list[str], named: _Named) -> None:
    if not keys:
        return
    async with services.database.connection() as db:
        kept = await named(db, keys)
    for key in keys:
        if key not in kept:
            await services.artifacts.delete(key)
            log.info("artifact removed", extra={"fields": {"key": key}})
