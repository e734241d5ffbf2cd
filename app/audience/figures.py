"""What was counted of an account in a range of days, and which ranges can be asked for."""

from __future__ import annotations

from datetime import date, timedelta

from app.audience.tally import OTHERS
from app.db import raw_statement
from app.errors import FieldError, ValidationFailed
from app.standing import columns

MOST_DAYS = 366
MOST_NAMES = 50
"""Names of one metric that are told; the rest are told together."""
MOST_TOPICS = 20

PERIODS: dict[str, int | None] = {"7d": 7, "30d": 30, "90d": 90, "12m": 365, "all": None}
DEFAULT_PERIOD = "30d"

# Views and visitors by day, all else by name. Visitors of yesterday and today are told apart still;
# of days before only their number is left. `first` is null for all that there is.
INSIGHTS = raw_statement(
    f"""
SELECT a.id AS account_id, {columns("a.id")}, r.first, r.last,
       (SELECT coalesce(jsonb_agg(to_jsonb(line)), '[]') FROM (
          SELECT metric, day, CASE WHEN place <= {MOST_NAMES} THEN name ELSE '{OTHERS}' END AS name,
                 sum(count)::bigint AS count
          FROM (
            SELECT *, row_number() OVER (
              PARTITION BY metric, day IS NULL ORDER BY name = '{OTHERS}', count DESC, name
            ) AS place FROM (
              SELECT metric, CASE WHEN metric IN ('view', 'visitor') THEN day END AS day, name,
                     sum(count) AS count
              FROM audience_counts WHERE account_id = a.id AND day BETWEEN r.first AND r.last
              GROUP BY 1, 2, 3
            ) AS summed
          ) AS placed GROUP BY 1, 2, 3 ORDER BY count DESC, name
       ) AS line) AS lines,
       (SELECT coalesce(jsonb_agg(to_jsonb(line)), '[]') FROM (
          SELECT day, count(*) AS count FROM audience_visitors
          WHERE account_id = a.id AND day BETWEEN r.first AND r.last GROUP BY day
       ) AS line) AS visitors,
       (SELECT coalesce(jsonb_agg(to_jsonb(line)), '[]') FROM (
          SELECT answer_status, is_bot, count(*) AS count FROM questions
          WHERE account_id = a.id AND asked_at >= r.first AND asked_at < r.last + 1 GROUP BY 1, 2
       ) AS line) AS questions,
       (SELECT coalesce(jsonb_agg(to_jsonb(line)), '[]') FROM (
          SELECT min(topic) AS topic, count(*) AS questions, max(asked_at)::date AS last_asked_on
          FROM questions
          WHERE account_id = a.id AND asked_at >= r.first AND asked_at < r.last + 1
          AND topic IS NOT NULL AND answer_status <> 'answered' AND NOT is_bot
          GROUP BY lower(topic) ORDER BY 2 DESC, max(asked_at) DESC LIMIT {MOST_TOPICS}
       ) AS line) AS topics
FROM accounts AS a CROSS JOIN LATERAL (
  SELECT coalesce($2::date, greatest($4::date, least(
           a.created_at::date, (SELECT min(day) FROM audience_counts WHERE account_id = a.id)
         ))) AS first, $3::date AS last
) AS r
WHERE a.id = $1::UUID
""",  # noqa: S608 - of constants
    "account_id",
    "first",
    "last",
    "oldest",
)


def days_of(
    period: str | None, first: date | None, last: date | None, today: date
) -> tuple[date | None, date]:
    """The first and last day asked for; the first is None where all is asked for.

    Raises ValidationFailed for no period of ours, for one beside days of the caller's own, and for
    days that are in no order or too many.
    """
    if period is not None and (first or last):
        message = "Give either a period or `from` and `to`."
        raise ValidationFailed([FieldError("period", "ambiguous", message)])
    if first is None and last is None:
        length = _length_of(DEFAULT_PERIOD if period is None else period)
        return (today - timedelta(days=length - 1) if length else None), today
    last = last or today
    if first is None:
        length = _length_of(DEFAULT_PERIOD) or 1
        return date.fromordinal(max(1, last.toordinal() - length + 1)), last
    if first > last:
        raise ValidationFailed([FieldError("from", "out_of_range", "Must not be after `to`.")])
    if (last - first).days >= MOST_DAYS:
        message = f"Must be within {MOST_DAYS} days before `to`."
        raise ValidationFailed([FieldError("from", "out_of_range", message)])
    return first, last


def _length_of(period: str) -> int | None:
    if period not in PERIODS:
        known = ", ".join(PERIODS)
        raise ValidationFailed([FieldError("period", "unknown", f"Must be one of {known}.")])
    return PERIODS[period]


def oldest_kept(today: date, kept_days: int) -> date:
    """The first day whose figures are kept yet."""
    return date.fromordinal(max(1, today.toordinal() - kept_days + 1))
