"""What visitors asked and were answered, for the owner to read. `app/answering` writes it."""

from __future__ import annotations

from app.db import raw_statement

LIST = raw_statement(
    """
SELECT c.id, c.channel, c.started_at, c.last_at, c.questions, told.first_question, told.statuses,
       told.by_machine
FROM conversations AS c CROSS JOIN LATERAL (
  SELECT (array_agg(q.question ORDER BY q.id))[1] AS first_question,
         array_agg(DISTINCT q.answer_status) AS statuses, bool_or(q.is_bot) AS by_machine
  FROM (SELECT * FROM questions WHERE conversation_id = c.id ORDER BY id LIMIT 100) AS q
) AS told
WHERE c.account_id = $1::uuid AND c.id < $2::uuid
AND ($3::date IS NULL OR c.last_at >= $3) AND ($4::date IS NULL OR c.started_at < $4 + 1)
AND (($5::text IS NULL AND $6::text IS NULL) OR EXISTS (
  SELECT FROM questions AS q WHERE q.conversation_id = c.id
  AND ($5 IS NULL OR q.answer_status = $5)
  AND ($6 IS NULL OR q.question ILIKE $6 OR q.answer ILIKE $6)
))
ORDER BY c.id DESC LIMIT $7
""",
    "account_id",
    "before",
    "first",
    "last",
    "status",
    "pattern",
    "most",
)
ONE = raw_statement(
    "SELECT id, channel, started_at, last_at, questions FROM conversations"
    " WHERE account_id = $1::uuid AND id = $2::uuid",
    "account_id",
    "id",
)
QUESTIONS = raw_statement(
    """
SELECT id, 0 AS position, asked_at, question, answer, answer_status, answer_mode, confidence_band,
       sources, topic, is_bot, model, latency_ms
FROM questions WHERE account_id = $1::uuid AND conversation_id = $2::uuid AND id > $3::uuid
ORDER BY id LIMIT $4
""",
    "account_id",
    "id",
    "after_id",
    "most",
)
DELETE = raw_statement(
    "DELETE FROM conversations WHERE account_id = $1::uuid AND id = $2::uuid", "account_id", "id"
)


def containing(text: str | None) -> str | None:
    """The pattern of what has `text` somewhere; None for a blank one, which everything has."""
    words = " ".join((text or "").split())
    if not words:
        return None
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
