"""What the account has used, as charts and tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.responses import Response

from rest_compat.site.account.account import area
from rest_compat.site.chart import bars_of
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

_RANGES = [("7", "7 days"), ("30", "30 days"), ("90", "3 months"), ("365", "A year")]


@area.get("/account/usage")
async def usage(visitor: Visitor) -> Response:
    days = visitor.query.get("days", "30")
    days = days if days in dict(_RANGES) else "30"
    first = datetime.now(UTC).date() - timedelta(days=int(days) - 1)
    found = await visitor.call("usage", {"from": first.isoformat()})
    requests, jobs = found["requests"], found["render_jobs"]
    return page(
        visitor,
        "account/usage.html.j2",
        usage=found,
        days=days,
        ranges=_RANGES,
        requests=bars_of(
            [(day["date"], day["count"], day["errors"]) for day in requests["by_day"]]
        ),
        jobs=bars_of([(day["date"], day["count"], 0) for day in jobs["by_day"]]),
    )
