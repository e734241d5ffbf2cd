"""Structured logs: one JSON object a line on standard error, or the same for people at a terminal.

Loggers take fields by `extra={"fields": {...}}`. Nothing that a caller sends is logged but ids
that we check the form of; never a header, a body, a query string or an error's arguments.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from app.settings import Settings


class JsonLines(logging.Formatter):
    """A record as one line: at, level, logger, message, the fields, and a traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        if record.exc_info:
            fields = {**fields, "traceback": self.formatException(record.exc_info)}
        level = record.levelname.lower()
        return _line(record.created, level, record.name, record.getMessage(), fields).decode()


def _line(at: float, level: str, logger: str, message: str, fields: dict[str, Any]) -> bytes:
    if sys.stderr.isatty():
        time_utc = datetime.fromtimestamp(at, UTC)
        traceback = fields.get("traceback", "")
        if "route" in fields and "ms" in fields:
            message, fields = _request(fields)
        told = " ".join(f"{k}={v}" for k, v in fields.items() if k != "traceback" and v is not None)
        return f"{time_utc:%H:%M:%S} {level:7} {message}  {told} {traceback}".rstrip().encode()
    line = {"at": _written(at), "level": level, "logger": logger, "message": message, **fields}
    return orjson.dumps(line, default=str)


def _written(at: float) -> str:
    """A time in UTC with milliseconds, as in 2026-03-17T15:00:00.000+00:00."""
    second = int(at)
    return f"{_second(second)}.{int((at - second) * 1000):03}+00:00"


@lru_cache(maxsize=2)  # busy servers write many lines a second
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _request(fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A request in words, and its ids where somebody may want to look into it."""
    message = "{method} {route} {status} {ms} ms".format_map(fields)
    if fields["status"] < 400 and not logging.root.isEnabledFor(logging.DEBUG):
        return message, {}
    said = ("method", "route", "status", "ms")
    return message, {name: value for name, value in fields.items() if name not in said}


def write(logger: str, message: str, fields: dict[str, Any], *, last: bool = True) -> None:
    """Write a line of level info for what happens with every request.

    By way of `logging` it would be a fifth of what the request costs. Unless it is the `last` of
    a request, it goes out with the next.
    """
    if logging.root.isEnabledFor(logging.INFO):
        line = _line(time.time(), "info", logger, message, fields)
        sys.stderr.buffer.write(line + b"\n")
        if last:
            sys.stderr.buffer.flush()


def configure_logging(settings: Settings) -> None:
    """Send all logs of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for noisy in (
        "httpx",
        "httpcore",
        "mcp",
        "fontTools",
        "weasyprint",
        "arq.worker",
        "uvicorn.error",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # None of these are in our lines, and finding them out for each record is most of its cost.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # The access log is ours (rest_compat/edge.py): it knows route, request id and principal.
    logging.getLogger("uvicorn.access").disabled = True
