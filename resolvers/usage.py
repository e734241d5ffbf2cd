"""What an account has used: `/v1/me/usage`."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.auth.own import own_row, single_statement
from app.call import Call, CredentialKind
from app.db import raw_statement
from app.errors import FieldError, NotFound, ValidationFailed
from app.metering.counts import Outcome
from app.metering.quota import month_of
from app.plans import tier_of
from app.standing import facts_of
from schema.types.usage import (
    DEFAULT_DAYS,
    MAX_DAYS,
    MAX_KEYS,
    FirstDay,
    LastDay,
    Usage,
    UsageDay,
    UsageEndpoint,
    UsageJobDay,
    UsageJobs,
    UsageKey,
    UsageOutcomes,
    UsageQuota,
    UsageRequests,
)

# The lines of usage are summed three ways in one pass; of each line only what it is summed by is
# not null.
_USAGE = raw_statement(
    """
SELECT coalesce((SELECT taken FROM api_quotas WHERE account_id = a.id AND month = $2::date), 0)
       AS taken,
       (SELECT coalesce(jsonb_agg(to_jsonb(line)), '[]') FROM (
          SELECT day, operation, method, path, credential_id, kind, outcome,
                 sum(count)::bigint AS count
          FROM usage
          WHERE account_id = a.id AND day BETWEEN $3::date AND $4::date
          GROUP BY GROUPING SETS
            ((day, outcome), (operation, method, path, outcome), (credential_id, kind))
       ) AS line) AS lines,
       (SELECT coalesce(jsonb_object_agg(id, name), '{}') FROM (
          SELECT id, name FROM api_keys WHERE account_id = a.id
          UNION ALL SELECT id, name FROM personal_tokens WHERE account_id = a.id
       ) AS named WHERE id IN (
          SELECT credential_id FROM usage
          WHERE account_id = a.id AND day BETWEEN $3::date AND $4::date
       )) AS names,
       (SELECT coalesce(jsonb_agg(to_jsonb(line)), '[]') FROM (
          SELECT created_at::date AS day, status, count(*) AS count
          FROM resume_jobs
          WHERE account_id = a.id AND created_at >= $3::date AND created_at < $4::date + 1
          GROUP BY 1, 2
       ) AS line) AS jobs
FROM accounts AS a WHERE a.id = $1
""",
    "account_id",
    "month",
    "first",
    "last",
)


@single_statement
async def usage(call: Call, from_: FirstDay = None, to: LastDay = None) -> Usage:
    """What your account has used.

    Operations by day, endpoint, credential and outcome, résumé jobs, and the month's quota of API
    keys. Sessions and personal tokens are counted too, and consume no quota. A GraphQL document
    counts once for each operation in it.
    """
    quota = call.services.meter.quota
    month, ends_at = month_of(quota.clock())
    first, last = day_range(from_, to, datetime.fromtimestamp(quota.clock(), UTC).date())
    row = await own_row(call, _USAGE, month=month, first=first, last=last)
    if row is None:
        raise NotFound
    account_id = call.principal.account_id
    tier = tier_of(await facts_of(call.db, account_id))
    limit = call.services.plans.entitlements(tier).api_quota
    counter = quota.known(account_id)
    used = max(0, row["taken"] - (counter.left if counter is not None else 0))
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    return Usage(
        from_=first,
        to=last,
        plan=tier.label,
        quota=UsageQuota(
            limit=limit,
            used=used,
            remaining=max(0, limit - used),
            resets_at=datetime.fromtimestamp(ends_at, UTC),
        ),
        requests=_requests(row["lines"], row["names"], days),
        render_jobs=_render_jobs(row["jobs"], days),
    )


def day_range(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days asked for; raises ValidationFailed."""
    last = last or today
    if first is None:
        first = date.fromordinal(max(1, last.toordinal() - DEFAULT_DAYS + 1))
    if first > last:
        raise ValidationFailed([FieldError("from", "out_of_range", "Must not be after `to`.")])
    if (last - first).days >= MAX_DAYS:
        message = f"Must be within {MAX_DAYS} days before `to`."
        raise ValidationFailed([FieldError("from", "out_of_range", message)])
    return first, last


def _requests(
    lines: list[dict[str, Any]], names: dict[str, str], days: list[date]
) -> UsageRequests:
    by_day: dict[str, Counter[str]] = {day.isoformat(): Counter() for day in days}
    by_endpoint: dict[tuple[str, str, str], Counter[str]] = {}
    by_key = []
    for line in lines:
        if line["day"] is not None:
            by_day[line["day"]][line["outcome"]] += line["count"]
        elif line["operation"] is not None:
            key = line["operation"], line["method"], line["path"]
            by_endpoint.setdefault(key, Counter())[line["outcome"]] += line["count"]
        else:
            by_key.append(_key(line, names))
    outcomes = sum(by_day.values(), Counter())
    endpoints = [
        UsageEndpoint(
            operation=operation, method=method or None, path=path or None,
            count=counts.total(), errors=_errors(counts),
        )
        for (operation, method, path), counts in by_endpoint.items()
    ]  # fmt: skip
    return UsageRequests(
        total=outcomes.total(),
        by_day=[
            UsageDay(date=date.fromisoformat(day), count=counts.total(), errors=_errors(counts))
            for day, counts in by_day.items()
        ],
        by_endpoint=sorted(endpoints, key=lambda e: (-e.count, e.operation)),
        by_key=sorted(by_key, key=lambda key: (-key.count, key.id))[:MAX_KEYS],
        by_outcome=UsageOutcomes(**{outcome.value: outcomes[outcome.value] for outcome in Outcome}),
    )


def _key(line: dict[str, Any], names: dict[str, str]) -> UsageKey:
    credential_id = line["credential_id"]
    return UsageKey(
        kind=CredentialKind(line["kind"]),
        id=UUID(credential_id),
        name=names.get(credential_id),
        count=line["count"],
    )


def _errors(counts: Counter[str]) -> int:
    return counts.total() - counts[Outcome.OK.value]


def _render_jobs(lines: list[dict[str, Any]], days: list[date]) -> UsageJobs:
    by_day: Counter[str] = Counter()
    by_status: Counter[str] = Counter()
    for line in lines:
        by_day[line["day"]] += line["count"]
        by_status[line["status"]] += line["count"]
    return UsageJobs(
        total=by_status.total(),
        succeeded=by_status["succeeded"],
        failed=by_status["failed"],
        canceled=by_status["canceled"],
        by_day=[UsageJobDay(date=day, count=by_day[day.isoformat()]) for day in days],
    )
