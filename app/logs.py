"""Structured logs: one JSON object a line on standard error.

Loggers take fields by `extra={"fields": {...}}`. Nothing that a caller sends is logged but ids
that we check the form of; never a header, a body, a query string or an error's arguments.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import orjson

from app.settings import Settings


class JsonLines(logging.Formatter):
    """A record as one line: at, level, logger, message, the fields, and a traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def configure_logging(settings: Settings) -> None:
    """Send all logs of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "fontTools", "weasyprint", "arq.worker"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # The access log is ours (rest_compat/edge.py): it knows route, request id and principal.
    logging.getLogger("uvicorn.access").disabled = True
