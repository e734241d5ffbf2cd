"""All transcripts and all figures of a range of days, row by row, for who writes them into a file.

They come in pages, so memory does not grow with their number, and a connection is held for a page
only, however slowly the file is fetched. What is added meanwhile may or may not be among them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.db import Database, raw_statement

PAGE_ROWS = 500
_DAYS = 7  # whose figures are read at once; each has some hundreds at most


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A question with its answer. `sources` are objects of section, item_id, title and text."""

    transcript_id: UUID
    question_id: UUID
    asked_at: datetime
    channel: str
    question: str
    answer: str
    answer_status: str
    answer_mode: str
    confidence_band: str
    topic: str | None
    is_bot: bool
    sources: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class InsightsLine:
    """A figure of one day. `name` says which, such as a referrer's host; empty where there is only
    one, or for all that are not kept apart."""

    day: date
    metric: str
    name: str
    count: int


_TRANSCRIPTS = raw_statement(
    f"""
SELECT conversation_id AS transcript_id, id AS question_id, asked_at, channel, question, answer,
       answer_status, answer_mode, confidence_band, topic, is_bot, sources
FROM questions
WHERE account_id = $1 AND asked_at >= $2::date AND asked_at < $3::date + 1
AND (asked_at, id) > ($4::timestamptz, $5::uuid)
ORDER BY asked_at, id LIMIT {PAGE_ROWS}
""",  # noqa: S608 - of constants
    "account_id",
    "first",
    "last",
    "after_time",
    "after_id",
)
_INSIGHTS = raw_statement(
    """
SELECT day, metric, name, sum(count)::bigint AS count FROM (
  SELECT day, metric, name, count FROM audience_counts
  WHERE account_id = $1 AND day BETWEEN $2::date AND $3::date
  UNION ALL
  SELECT day, 'visitor', '', count(*) FROM audience_visitors
  WHERE account_id = $1 AND day BETWEEN $2::date AND $3::date GROUP BY day
  UNION ALL
  SELECT asked_at::date, 'question', answer_status, count(*) FROM questions
  WHERE account_id = $1 AND NOT is_bot AND asked_at >= $2::date AND asked_at < $3::date + 1
  GROUP BY 1, 3
) AS figures GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
""",
    "account_id",
    "first",
    "last",
)


async def transcripts(
    database: Database, account_id: UUID, first: date, last: date
) -> AsyncIterator[TranscriptLine]:
    """Questions asked from the first day (UTC) to the last, in the order of time.

    Raises DependencyUnavailable, at any row.
    """
    after_time, after_id = datetime.combine(first, time(), UTC), UUID(int=0)
    while True:
        async with database.connection() as db:
            rows = await db.rows(
                _TRANSCRIPTS,
                account_id=account_id,
                first=first,
                last=last,
                after_time=after_time,
                after_id=after_id,
            )
        for row in rows:
            yield TranscriptLine(**row)
        if len(rows) < PAGE_ROWS:
            return
        after_time, after_id = rows[-1]["asked_at"], rows[-1]["question_id"]


async def insights_rows(
    database: Database, account_id: UUID, first: date, last: date
) -> AsyncIterator[InsightsLine]:
    """Figures of each day (UTC) that has any, in the order of days.

    The metrics are those of `tally.Metric`, and `question` by the status of its answer. Raises
    DependencyUnavailable, at any row.
    """
    begin = first
    while begin <= last:
        end = min(last, date.fromordinal(min(date.max.toordinal(), begin.toordinal() + _DAYS - 1)))
        async with database.connection() as db:
            rows = await db.rows(_INSIGHTS, account_id=account_id, first=begin, last=end)
        for row in rows:
            yield InsightsLine(**row)
        if end == last:
            return
        begin = end + timedelta(days=1)
