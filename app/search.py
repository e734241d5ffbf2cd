"""What of a profile answers a question: by meaning and by words, fused.

Vectors find what is said in other words; words find names, numbers, and languages of which the
model knows little. Each half puts the chunks of one account in an order, and the fused order goes
by the sum of 1 / (60 + rank) (Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion").
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.db import raw_statement
from app.errors import DependencyUnavailable
from app.index.words import words

if TYPE_CHECKING:
    from app.services import Services

# All SQL here is put together of numbers of ours, at import.
# ruff: noqa: S608

LONGEST_QUESTION = 1_000  # characters
MOST_PASSAGES = 50
_EMBED_SECONDS = 2.0

_RANKS = 60  # of reciprocal rank fusion


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a profile that may answer.

    `section` is one of summary, experience, education, projects, skills, languages and
    certifications; `item_id` its row, None for what stands in the profile itself, and `ordinal`
    which piece of that row. `score` orders passages of one question, and says nothing beyond.
    `similarity` is the cosine of both meanings, None where only words were compared; `matched` is
    how much of the question's words the passage has, 0 to 1, rare ones counting more.
    """

    section: str
    item_id: UUID | None
    ordinal: int
    title: str
    text: str
    score: float
    similarity: float | None
    matched: float


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, best first; `by_meaning` is False where words alone were compared."""

    passages: list[Passage]
    by_meaning: bool


# $1 account, $2 vector or null, $3 its model, $4 sections or null, $5 words, $6 how many.
_SEARCH = raw_statement(
    "WITH mine AS MATERIALIZED (SELECT id, section, item_id, ordinal, title, text, language, tsv,"
    " CASE WHEN model = $3::TEXT THEN 1 - (embedding <=> $2::REAL[]::VECTOR) END AS similarity"
    " FROM chunks WHERE account_id = $1::UUID AND ($4::TEXT[] IS NULL OR section = ANY($4))),"
    # Each word of the question, as each language stems it, and how rare it is in this profile.
    " asked AS (SELECT language, lexeme FROM (SELECT DISTINCT language FROM mine) AS spoken,"
    " unnest(to_tsvector(language, $5::TEXT))),"
    " held AS (SELECT mine.id, asked.lexeme FROM asked JOIN mine USING (language)"
    " WHERE mine.tsv @@ quote_literal(asked.lexeme)::TSQUERY),"
    " rare AS (SELECT lexeme, ln(1 + (SELECT count(*) FROM mine)::FLOAT / count(id)) AS weight"
    " FROM held GROUP BY lexeme),"
    " all_asked AS (SELECT language, sum(coalesce(weight, ln(1 + (SELECT count(*) FROM mine))))"
    " AS weight FROM asked LEFT JOIN rare USING (lexeme) GROUP BY language),"
    " matched AS (SELECT held.id, sum(rare.weight) / min(all_asked.weight) AS matched"
    " FROM held JOIN rare USING (lexeme) JOIN mine ON mine.id = held.id"
    " JOIN all_asked USING (language) GROUP BY held.id),"
    " ranked AS (SELECT mine.*, coalesce(matched.matched, 0) AS matched,"
    " CASE WHEN similarity IS NOT NULL"
    " THEN rank() OVER (ORDER BY similarity DESC NULLS LAST) END AS by_meaning,"
    " CASE WHEN matched.matched IS NOT NULL"
    " THEN rank() OVER (ORDER BY matched.matched DESC NULLS LAST) END AS by_words"
    " FROM mine LEFT JOIN matched USING (id))"
    " SELECT section, item_id, ordinal, title, text, similarity, matched,"
    f" coalesce(1.0 / ({_RANKS} + by_meaning), 0) + coalesce(1.0 / ({_RANKS} + by_words), 0)"
    " AS score FROM ranked WHERE by_meaning IS NOT NULL OR by_words IS NOT NULL"
    " ORDER BY score DESC, similarity DESC NULLS LAST, id LIMIT $6::INT",
    "account_id",
    "vector",
    "model",
    "sections",
    "words",
    "most",
)


async def search(
    services: Services,
    account_id: UUID,
    question: str,
    *,
    limit: int = 8,
    sections: Collection[str] | None = None,
) -> list[Passage]:
    """The passages of one account that most likely answer, best first; of `sections` alone.

    Without a worker that knows what a question means, words alone are compared. Holds no
    connection while it waits for one. Raises DependencyUnavailable without a database.
    """
    found = await look(services, account_id, question, limit=limit, sections=sections)
    return found.passages


async def look(
    services: Services,
    account_id: UUID,
    question: str,
    *,
    limit: int = 8,
    sections: Collection[str] | None = None,
) -> Found:
    """The same, and whether meanings were compared."""
    question = question[:LONGEST_QUESTION]
    embedded = await _embedded(services, question)
    async with services.database.connection() as db:
        rows = await db.rows(
            _SEARCH,
            account_id=account_id,
            vector=embedded and embedded["vector"],
            model=embedded and embedded["model"],
            sections=None if sections is None else list(sections),
            words=words(question),
            most=max(0, min(limit, MOST_PASSAGES)),
        )
    return Found([_passage(row) for row in rows], by_meaning=embedded is not None)


async def _embedded(services: Services, question: str) -> dict[str, Any] | None:
    """The vector of a question and its model, from a worker; None if none tells in time."""
    try:
        embedded: dict[str, Any] = await services.queue.call(
            "embed_query", question, deadline_seconds=_EMBED_SECONDS
        )
    except DependencyUnavailable:
        return None
    return embedded


def _passage(row: Any) -> Passage:
    return Passage(
        section=row["section"],
        item_id=row["item_id"],
        ordinal=row["ordinal"],
        title=row["title"],
        text=row["text"],
        score=float(row["score"]),
        similarity=None if row["similarity"] is None else float(row["similarity"]),
        matched=float(row["matched"]),
    )
