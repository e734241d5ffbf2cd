"""Requests of visitors, and what the database has counted of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.audience.audience import Audience
from app.services import Services
from tests.people import table

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@dataclass(frozen=True)
class Shown:
    """As much of a published profile as counting looks at."""

    account_id: UUID


def asking(
    *, address: str = "192.0.2.7", agent: str = FIREFOX, method: str = "GET", **headers: str
) -> dict[str, Any]:
    """The scope of a request; `sec_gpc="1"` is the header Sec-GPC."""
    fields = {"user-agent": agent, "host": "cv.example", **headers}
    return {
        "type": "http",
        "method": method,
        "client": (address, 50_000),
        "headers": [
            (name.replace("_", "-").encode(), value.encode("latin-1"))
            for name, value in fields.items()
        ],
        "state": {},
    }


def audience_of(services: Services, clock: Any = None) -> Audience:
    """One more process's, as it were."""
    more = {} if clock is None else {"clock": clock}
    return Audience(services.settings, services.database, services.redis, services.sessions, **more)


async def counted(services: Services, account_id: UUID) -> dict[tuple[str, str], int]:
    """What is written of all days, by metric and name."""
    rows = await table(
        services,
        "SELECT metric, name, sum(count)::int AS count FROM audience_counts"
        " WHERE account_id = $1 GROUP BY 1, 2",
        account_id,
    )
    return {(row["metric"], row["name"]): row["count"] for row in rows}


async def visitors(services: Services, account_id: UUID) -> dict[date, int]:
    """How many visitors are told apart, by day."""
    rows = await table(
        services,
        "SELECT day, count(*) AS visitors FROM audience_visitors WHERE account_id = $1"
        " GROUP BY 1 ORDER BY 1",
        account_id,
    )
    return {row["day"]: row["visitors"] for row in rows}
