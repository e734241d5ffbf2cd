"""How a batch of counts comes into the database: all of it once, or nothing of it.

A process numbers its batches. One that it does not know to be written, as the connection broke, it
sends again as it was; the number says whether it was written after all. So a batch is never counted
twice; one that was not written when its process was killed is lost.
"""

from __future__ import annotations

from uuid import UUID

from app.audience.tally import OTHERS, Tally
from app.audience.visitors import date_of
from app.db import Database, raw_statement

MOST_NAMES = 200
"""Names of one metric that a day of an account keeps apart; the rest are others."""

MOST_VISITORS = 100_000
"""About how many visitors of a day of an account are told apart."""

# The flush gives way to whoever waits for a row: it can come again, sooner than a deadlock is seen.
_GIVE_WAY = raw_statement("SET LOCAL lock_timeout = '300ms'")
_IS_NEW = raw_statement(
    "INSERT INTO audience_writers AS w (writer, batch) VALUES ($1, $2)"
    " ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, written_at = now()"
    " WHERE w.batch < excluded.batch",
    "writer",
    "batch",
)
_COUNT = raw_statement(
    f"""
WITH lines AS (
  SELECT n.* FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::bigint[])
         AS n (account_id, day, metric, name, count)
  JOIN accounts ON accounts.id = n.account_id
), taken AS (
  SELECT g.*, (SELECT count(*) FROM audience_counts AS c WHERE c.account_id = g.account_id
               AND c.day = g.day AND c.metric = g.metric AND c.name <> '{OTHERS}') AS names
  FROM (SELECT DISTINCT account_id, day, metric FROM lines WHERE name <> '{OTHERS}') AS g
), placed AS (
  SELECT l.*, c.name IS NOT NULL OR l.name = '{OTHERS}' OR t.names + row_number() OVER (
           PARTITION BY l.account_id, l.day, l.metric, c.name IS NULL
           ORDER BY l.count DESC, l.name
         ) <= {MOST_NAMES} AS has_place
  FROM lines AS l LEFT JOIN taken AS t USING (account_id, day, metric)
  LEFT JOIN audience_counts AS c USING (account_id, day, metric, name)
)
INSERT INTO audience_counts AS c (account_id, day, metric, name, count)
SELECT account_id, day, metric, CASE WHEN has_place THEN name ELSE '{OTHERS}' END, sum(count)
FROM placed GROUP BY 1, 2, 3, 4
-- Ordered, so that two processes lock rows in the same order.
ORDER BY 1, 2, 3, 4
ON CONFLICT (account_id, day, metric, name) DO UPDATE SET count = c.count + excluded.count
""",  # noqa: S608 - of constants
    "account_ids",
    "days",
    "metrics",
    "names",
    "counts",
)
# Visitors of a day that has given way to their number are none (`stale.py` waits an hour longer).
_SEE = raw_statement(
    f"""
WITH seen AS (
  SELECT n.* FROM unnest($1::uuid[], $2::date[], $3::bytea[]) AS n (account_id, day, visitor)
  JOIN accounts ON accounts.id = n.account_id
  WHERE n.day >= current_date - 1
), days AS (
  SELECT g.* FROM (SELECT DISTINCT account_id, day FROM seen) AS g
  WHERE (SELECT count(*) FROM audience_visitors AS v
         WHERE v.account_id = g.account_id AND v.day = g.day) < {MOST_VISITORS}
)
INSERT INTO audience_visitors (account_id, day, visitor)
SELECT account_id, day, visitor FROM seen JOIN days USING (account_id, day)
ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING
""",  # noqa: S608 - of constants
    "account_ids",
    "days",
    "visitors",
)


async def write(database: Database, writer: UUID, batch: int, tally: Tally) -> None:
    """Write a process's batch of that number, unless it is written already.

    Raises DependencyUnavailable and asyncpg's errors of locks and foreign keys; then it may be
    tried again.
    """
    async with database.transaction() as db:
        await db.execute(_GIVE_WAY)
        if not await db.execute(_IS_NEW, writer=writer, batch=batch):
            return
        if tally.counts:
            accounts, days, metrics, names = zip(*tally.counts, strict=True)
            await db.execute(
                _COUNT,
                account_ids=accounts,
                days=[date_of(day) for day in days],
                metrics=metrics,
                names=names,
                counts=list(tally.counts.values()),
            )
        if tally.digests:
            accounts, days, visitors = zip(*tally.digests, strict=True)
            await db.execute(
                _SEE,
                account_ids=accounts,
                days=[date_of(day) for day in days],
                visitors=visitors,
            )
