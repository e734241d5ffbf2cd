"""Transcripts and insights as files of rows: `/v1/me/exports/transcripts` and `insights`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import strawberry

from app.audience import figures, streams
from app.audience.streams import InsightsLine, TranscriptLine
from app.call import Call
from app.db import Database, raw_statement
from app.errors import FieldError, ValidationFailed
from app.exporting.noted import noted
from app.exporting.profile import filename
from app.exporting.rows import as_csv, as_json
from app.plans import Feature, tier_of
from app.standing import facts_of
from schema.types import insights as insights_types
from schema.types.download import Download, Stream
from schema.types.exports import FirstDay, LastDay, RowsFormat

_PATH = "/v1/me/exports"
_MEDIA_TYPES = {RowsFormat.JSON: "application/json", RowsFormat.CSV: "text/csv; charset=utf-8"}
_OWNER = raw_statement("SELECT username, created_at FROM accounts WHERE id = $1", "account_id")

Rows = Annotated[RowsFormat, strawberry.argument(description="What to write it in.")]


async def export_transcripts(
    call: Call,
    format: Rows = RowsFormat.JSON,
    from_: FirstDay = None,
    to: LastDay = None,
) -> Download:
    """What visitors have asked and what they were answered, a row a question, the oldest first.

    Rows are sent as they are read. A text in CSV that a spreadsheet would take for a formula begins
    with an apostrophe.
    """
    await _require(call, "transcripts_export")
    owner: Any = await call.db.row(_OWNER, account_id=call.principal.account_id)
    first, last = from_ or owner["created_at"].date(), to or datetime.now(UTC).date()
    if from_ is not None and first > last:
        raise ValidationFailed([FieldError("from", "out_of_range", "Must not be after `to`.")])
    return _file(
        call, owner, _Rows("transcripts", streams.transcripts, TranscriptLine, first, last), format
    )


async def export_insights(
    call: Call,
    format: Rows = RowsFormat.JSON,
    period: insights_types.Period = None,
    from_: insights_types.FirstDay = None,
    to: insights_types.LastDay = None,
) -> Download:
    """What was counted of your public page, a row for each figure of a day.

    `metric` says what was counted, `name` which of its kind, such as the host of a referrer.
    """
    await _require(call, "insights_export")
    owner: Any = await call.db.row(_OWNER, account_id=call.principal.account_id)
    today = datetime.now(UTC).date()
    oldest = figures.oldest_kept(today, call.services.settings.audience_retention_days)
    first, last = figures.days_of(period, from_, to, today)
    first = oldest if first is None else first
    return _file(
        call, owner, _Rows("insights", streams.insights_rows, InsightsLine, first, last), format
    )


async def _require(call: Call, feature: Feature) -> None:
    """Raise PlanRequired for a caller whose plan has it not."""
    tier = tier_of(await facts_of(call.db, call.principal.account_id))
    call.services.plans.require(feature, tier)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is exported: `read` gives each `line` of an account, from the first day to the last."""

    what: str
    read: Callable[[Database, UUID, date, date], AsyncIterator[Any]]
    line: type
    first: date
    last: date

    @property
    def columns(self) -> list[str]:
        return [field.name for field in fields(self.line)]

    async def of(
        self, database: Database, account_id: UUID
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The rows of an account as objects."""
        columns = self.columns
        async for line in self.read(database, account_id, self.first, self.last):
            yield {column: getattr(line, column) for column in columns}


def _file(call: Call, owner: Any, rows: _Rows, format: RowsFormat) -> Download:
    services, account_id = call.services, call.principal.account_id

    async def opened() -> AsyncIterator[bytes]:
        found = rows.of(services.database, account_id)
        chunks = (
            as_csv(found, rows.columns)
            if format is RowsFormat.CSV
            else as_json(found, {"from": rows.first, "to": rows.last})
        )
        return await services.export_turns.begun(account_id, chunks)

    days = {"from": rows.first.isoformat(), "to": rows.last.isoformat()}
    stream = Stream(
        url=f"{_PATH}/{rows.what}?{urlencode({'format': format.value} | days)}",
        media_type=_MEDIA_TYPES[format],
        filename=filename(owner["username"], rows.what, f".{format.value}"),
        size=None,
        etag=None,
        open=noted(call.context, account_id, rows.what, format.value, opened),
    )
    return Download(stream)
