"""What of the audience is kept no longer, and what gives way to less."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from app.audience.figures import oldest_kept
from app.db import Connection, Statement, raw_statement
from app.settings import Settings

_AT_ONCE = 20_000
_SILENT_WRITERS_KEPT = timedelta(days=30)

# An hour longer than a digest may still be written (`writing.py`), so that none is counted twice.
_ADD_UP_VISITORS = raw_statement(
    f"""
WITH gone AS (
  DELETE FROM audience_visitors WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM audience_visitors WHERE day < (now() - interval '25 hours')::date
    LIMIT {_AT_ONCE} FOR UPDATE SKIP LOCKED
  )) RETURNING account_id, day
)
INSERT INTO audience_counts AS c (account_id, day, metric, name, count)
SELECT account_id, day, 'visitor', '', count(*) FROM gone GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (account_id, day, metric, name) DO UPDATE SET count = c.count + excluded.count
""",  # noqa: S608 - of constants
)
_FORGET_COUNTS = raw_statement(
    f"""
DELETE FROM audience_counts WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM audience_counts WHERE day < $1::date LIMIT {_AT_ONCE}
))
""",  # noqa: S608 - of constants
    "first_day",
)
_FORGET_CONVERSATIONS = raw_statement(
    """
DELETE FROM conversations WHERE id = ANY (ARRAY(
  SELECT id FROM conversations WHERE last_at < $1::timestamptz LIMIT 500
))
""",
    "before",
)
_FORGET_WRITERS = raw_statement(
    "DELETE FROM audience_writers WHERE written_at < $1::timestamptz", "before"
)


async def clear(db: Connection, settings: Settings, now: datetime) -> dict[str, int]:
    """Remove what has passed its time, by what it was.

    Visitors of days that are over become their number. Each step is a statement of its own and
    bounded, so that none takes long; it may be left half-way and begun again.
    """
    today = now.astimezone(UTC).date()
    first_day = oldest_kept(today, settings.audience_retention_days)
    before = _midnight(oldest_kept(today, settings.transcript_retention_days))
    return {
        "days of visitors": await _until_none(db, _ADD_UP_VISITORS),
        "figures of the audience": await _until_none(db, _FORGET_COUNTS, first_day=first_day),
        "conversations": await _until_none(db, _FORGET_CONVERSATIONS, before=before),
        "silent writers": await db.execute(_FORGET_WRITERS, before=now - _SILENT_WRITERS_KEPT),
    }


async def _until_none(db: Connection, statement: Statement, **values: object) -> int:
    total = 0
    while touched := await db.execute(statement, **values):
        total += touched
    return total


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
