"""Text for a screen or a line: what others wrote can neither steer the one nor break the other."""

from __future__ import annotations

import json
import re
from typing import Any

# What could steer a terminal, or turn the order of a line: others may have written it.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WITHIN_LINE = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$")


def safe(text: str) -> str:
    """Text of others without what could steer a terminal."""
    return STEERING.sub("�", text)


def cell(value: Any, longest: int | None = None) -> str:
    """A value as one line."""
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    text = safe(_WITHIN_LINE.sub(" ", text))
    if longest is not None and len(text) > longest:
        return text[: longest - 1] + "…"
    return text


def brief(text: str) -> str:
    """A moment to the minute; any other text as it is."""
    return _MOMENT.sub(r"\1 \2", text)
