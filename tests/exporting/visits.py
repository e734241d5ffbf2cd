"""Questions and figures of an account, as the public page leaves them."""

from __future__ import annotations

from uuid import UUID

from app.services import Services
from tests.people import table


async def ask(services: Services, account_id: UUID, *questions: str) -> None:
    """Have each question asked and answered, a minute after the other, on 2026-03-17."""
    for number, question in enumerate(questions):
        await _asked(services, account_id, 1, question, number)


async def ask_often(services: Services, account_id: UUID, times: int) -> None:
    """Have as many questions asked and answered, of some hundred bytes each."""
    await _asked(services, account_id, times, "What does she do at night? " * 5, 0)


async def _asked(
    services: Services, account_id: UUID, times: int, question: str, minute: int
) -> None:
    await table(
        services,
        "WITH c AS (INSERT INTO conversations (id, account_id, channel, questions)"
        " VALUES (uuid7(), $1, 'page', 1) RETURNING id)"
        " INSERT INTO questions (id, conversation_id, account_id, asked_at, channel, question,"
        " answer, answer_status, answer_mode, confidence_band, sources, latency_ms)"
        " SELECT uuid7(), c.id, $1, '2026-03-17T12:00Z'::timestamptz + make_interval(mins => $4)"
        " + make_interval(secs => n / 1000.0), 'page', $2, 'She runs the night shift.',"
        " 'answered', 'extractive', 'high',"
        ' \'[{"section": "experience", "item_id": null, "title": "Nurse", "text": "Nights"}]\', 3'
        " FROM c, generate_series(1, $3) AS n",
        account_id,
        question,
        times,
        minute,
    )


async def count(services: Services, account_id: UUID, day: str, **counts: int) -> None:
    """Have each metric counted so often on a day, under the name of `example.org`."""
    for metric, number in counts.items():
        await table(
            services,
            "INSERT INTO audience_counts VALUES ($1, $2::text::date, $3, $4, $5)",
            account_id,
            day,
            metric,
            "example.org" if metric == "referrer" else "",
            number,
        )
