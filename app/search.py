"""What of a profile answers a question: by meaning and by words, fused.

Vectors find what is said in other words; words find names, numbers, and languages of which the
model knows little. Each half puts the rows of one profile in an order, and the fused order goes
by the sum of 1 / (k + rank) (Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion"). Theirs
was k = 60, for a thousand documents; of a profile's few dozen rows the first few count. The words'
vote weighs as much as they have matched: most questions put it in words of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.db import Connection, raw_statement
from app.errors import DependencyUnavailable
from app.index.words import words

if TYPE_CHECKING:
    from app.services import Services

# All SQL here is put together of numbers of ours, at import.
# ruff: noqa: S608

LONGEST_QUESTION = 1_000  # characters
MOST_PASSAGES = 50
_EMBED_SECONDS = 2.0

_K = 5
_WORDS_VOTE = 0.3  # beside 1 of the meaning's; both measured (tests/search/score.py)


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a profile that may answer: one row, or the summary, or the languages.

    `section` is one of summary, experience, education, projects, skills, languages and
    certifications; `item_id` its row, None for what stands in the profile itself. `title` names
    it, `text` is all that it says, and `statement` that part of the text whose meaning is nearest.
    `score` orders the passages of one question, and says nothing beyond. `similarity` is the cosine
    of both meanings, None where words alone were compared; `matched` is how much of the question's
    words the passage has, 0 to 1, words that are rare in the profile counting more.
    """

    section: str
    item_id: UUID | None
    title: str
    text: str
    statement: str
    score: float
    similarity: float | None
    matched: float


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, best first; `by_meaning` is False where words alone were compared."""

    passages: list[Passage]
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vector of a question, and the model whose vectors it can be compared with."""

    model: str
    vector: Sequence[float]


_SEARCH = raw_statement(
    "WITH mine AS MATERIALIZED (SELECT *, CASE WHEN model = $3::TEXT"
    " AND vector_dims(embedding) = cardinality($2::REAL[])"
    " THEN 1 - (embedding <=> $2::REAL[]::VECTOR) END AS similarity"
    " FROM chunks WHERE account_id = $1::UUID AND ($4::TEXT[] IS NULL OR section = ANY($4))),"
    # A row of the profile means what that part of it does which is nearest to the question.
    " meant AS (SELECT section, item_id, max(similarity) AS similarity,"
    " (array_agg(text ORDER BY similarity DESC NULLS LAST, ordinal))[1] AS statement"
    " FROM mine GROUP BY section, item_id),"
    " whole AS (SELECT id, mine.section, mine.item_id, title, text, language, tsv,"
    " meant.similarity, meant.statement FROM mine JOIN meant ON mine.section = meant.section"
    " AND mine.item_id IS NOT DISTINCT FROM meant.item_id WHERE ordinal = 0),"
    # Each word of the question, as each language stems it, and how rare it is in this profile.
    " asked AS (SELECT language, lexeme FROM (SELECT DISTINCT language FROM whole) AS spoken,"
    " unnest(to_tsvector(language, $5::TEXT))"
    # Questions come in English too, where a profile is in another language.
    " WHERE to_tsvector('english', lexeme) <> ''),"
    " held AS (SELECT id, lexeme FROM asked JOIN whole USING (language)"
    " WHERE tsv @@ quote_literal(lexeme)::TSQUERY),"
    " rare AS (SELECT lexeme, ln(1 + (SELECT count(*) FROM whole)::FLOAT / count(id)) AS weight"
    " FROM held GROUP BY lexeme),"
    " all_asked AS (SELECT language, sum(coalesce(weight, ln(1 + (SELECT count(*) FROM whole))))"
    " AS weight FROM asked LEFT JOIN rare USING (lexeme) GROUP BY language),"
    " matched AS (SELECT held.id, sum(rare.weight) / min(all_asked.weight) AS matched"
    " FROM held JOIN rare USING (lexeme) JOIN whole ON whole.id = held.id"
    " JOIN all_asked USING (language) GROUP BY held.id),"
    " ranked AS (SELECT whole.*, coalesce(matched, 0) AS matched,"
    " CASE WHEN similarity IS NOT NULL"
    " THEN rank() OVER (ORDER BY similarity DESC NULLS LAST) END AS by_meaning,"
    " CASE WHEN matched IS NOT NULL"
    " THEN rank() OVER (ORDER BY matched DESC NULLS LAST) END AS by_words"
    " FROM whole LEFT JOIN matched USING (id))"
    " SELECT section, item_id, title, text, statement, similarity, matched,"
    f" coalesce(1.0 / ({_K} + by_meaning), 0)"
    f" + coalesce({_WORDS_VOTE} * matched / ({_K} + by_words), 0)"
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
    meant = await _meaning(services, question)
    async with services.database.connection() as db:
        passages = await compare(
            db, account_id, meant, words(question), limit=limit, sections=sections
        )
    return Found(passages, by_meaning=meant is not None)


async def compare(
    db: Connection,
    account_id: UUID,
    meant: Meaning | None,
    said: str,
    *,
    limit: int,
    sections: Collection[str] | None = None,
) -> list[Passage]:
    """Passages by what a question means and by the words `said`; either may be missing."""
    rows = await db.rows(
        _SEARCH,
        account_id=account_id,
        vector=meant and meant.vector,
        model=meant and meant.model,
        sections=None if sections is None else list(sections),
        words=said,
        most=max(0, min(limit, MOST_PASSAGES)),
    )
    return [_passage(row) for row in rows]


async def _meaning(services: Services, question: str) -> Meaning | None:
    """What a question means, from a worker; None if none tells in time."""
    try:
        answer = await services.queue.call("embed_query", question, deadline_seconds=_EMBED_SECONDS)
    except DependencyUnavailable:
        return None
    return Meaning(answer["model"], answer["vector"])


def _passage(row: Any) -> Passage:
    return Passage(
        section=row["section"],
        item_id=row["item_id"],
        title=row["title"],
        text=row["text"],
        statement=row["statement"],
        score=float(row["score"]),
        similarity=None if row["similarity"] is None else float(row["similarity"]),
        matched=float(row["matched"]),
    )
