"""Requests of visitors, and what the database has counted of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.audience.audience import Audience
from app.db import uuid7
from app.services import Services
from tests.people import table

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@dataclass(frozen=True)
class Shown:
    """As much of a published profile as counting looks at."""

    account_id: UUID


def this_day() -> date:
    """Asked for anew each time: tests may begin on one day and end on the next."""
    return datetime.now(UTC).date()


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


async def insert_count(
    services: Services, account_id: UUID, day: date, metric: str, name: str = "", count: int = 1
) -> None:
    await table(
        services,
        "INSERT INTO audience_counts (account_id, day, metric, name, count)"
        " VALUES ($1, $2, $3, $4, $5)",
        account_id,
        day,
        metric,
        name,
        count,
    )


async def insert_conversation(
    services: Services, account_id: UUID, *asked: dict[str, Any], at: datetime | None = None
) -> UUID:
    """One in which the questions `asked` were, at a moment; what they leave out is the usual."""
    conversation_id, at = uuid7(), at or datetime.now(UTC)
    await table(
        services,
        "INSERT INTO conversations (id, account_id, channel, started_at, last_at, questions)"
        " VALUES ($1, $2, 'page', $3, $3, $4)",
        conversation_id,
        account_id,
        at,
        len(asked),
    )
    for question in asked:
        row = {
            "id": uuid7(), "conversation_id": conversation_id, "account_id": account_id,
            "asked_at": at, "channel": "page", "question": "Does she know Rust?",
            "answer": "Yes, for four years.", "answer_status": "answered",
            "answer_mode": "extractive", "confidence_band": "high", "latency_ms": 12, **question,
        }  # fmt: skip
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        await table(
            services,
            f"INSERT INTO questions ({', '.join(row)}) VALUES ({places})",
            *row.values(),
        )
    return conversation_id
