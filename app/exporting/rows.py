"""Rows as they come from the database, written as JSON or CSV a piece at a time."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from app.exporting.moments import written

Rows = AsyncGenerator[Mapping[str, Any], None]

_PIECE_BYTES = 32 * 1024
_MARK = "\ufeff"
# What a spreadsheet takes for the beginning of a formula; in Japanese ones the wide forms too.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]")


async def as_json(rows: Rows, about: Mapping[str, Any]) -> AsyncGenerator[bytes, None]:
    """One JSON object: the members of `about`, and the rows as the list `items`."""
    piece = [json_of(about)[:-1]]
    piece.append(b',"items":[\n' if about else b'"items":[\n')
    size, first = 0, True
    async with contextlib.aclosing(rows):
        async for row in rows:
            line = json_of(row)
            piece.append(line if first else b",\n" + line)
            size, first = size + len(line), False
            if size > _PIECE_BYTES:
                yield b"".join(piece)
                piece, size = [], 0
    piece.append(b"\n]}\n")
    yield b"".join(piece)


async def as_csv(rows: Rows, columns: Sequence[str]) -> AsyncGenerator[bytes, None]:
    """RFC 4180 in UTF-8, with a header line, and a byte order mark by which Excel knows UTF-8.

    A text that a spreadsheet would run as a formula begins with an apostrophe; `cell` says how to
    take it off again.
    """
    out = io.StringIO()
    out.write(_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    async with contextlib.aclosing(rows):
        async for row in rows:
            writer.writerow([cell(row[column]) for column in columns])
            if out.tell() > _PIECE_BYTES:
                yield out.getvalue().encode()
                out.seek(0)
                out.truncate()
    yield out.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as CSV holds it; lists and objects as JSON.

    Texts that begin as a formula does, after any apostrophes, are given one more apostrophe: taking
    the first off each that has one before such a beginning gives back what there was.
    """
    if isinstance(value, list | dict):
        value = json_of(value).decode()
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(value) if isinstance(value, datetime | date | UUID) else value


def json_of(value: Any) -> bytes:
    """A value of a row as JSON."""
    # As times are written everywhere else here, not as orjson would.
    option = orjson.OPT_PASSTHROUGH_DATETIME
    return orjson.dumps(dict(value) if isinstance(value, Mapping) else value, _plain, option)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
