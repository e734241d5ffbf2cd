"""Values of JSON as programs write them: several lines where one would be too long."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_WIDTH = 76
_NAME = re.compile(r"[A-Za-z_]\w*$")


def javascript(value: Any, indent: str = "") -> str:
    """`value` as a literal of JavaScript, for a place where lines begin with `indent`."""
    return _written(value, indent, _Style(bare_keys=True, last_comma=True))


def python(value: Any, indent: str = "") -> str:
    """The same in Python."""
    constants = {True: "True", False: "False", None: "None"}
    return _written(value, indent, _Style(step="    ", last_comma=True, constants=constants))


def pretty(value: Any, indent: str = "") -> str:
    """The same as JSON."""
    return _written(value, indent, _Style())


@dataclass(frozen=True, slots=True)
class _Style:
    step: str = "  "
    bare_keys: bool = False
    last_comma: bool = False
    constants: dict[Any, str] = field(default_factory=dict)


def _written(value: Any, indent: str, style: _Style) -> str:
    def inner(one: Any) -> str:
        return _written(one, indent + style.step, style)

    if isinstance(value, dict):
        keys = (key if style.bare_keys and _NAME.match(key) else _text(key) for key in value)
        parts = [f"{key}: {inner(one)}" for key, one in zip(keys, value.values(), strict=True)]
        return _joined(parts, "{ }" if style.bare_keys else "{}", indent, style)
    if isinstance(value, list):
        return _joined([inner(one) for one in value], "[]", indent, style)
    if value is None or isinstance(value, bool):
        return style.constants.get(value, _text(value))
    return _text(value)


def _joined(parts: list[str], braces: str, indent: str, style: _Style) -> str:
    opening, space, closing = braces[0], braces[1:-1], braces[-1]
    line = f"{opening}{space}{', '.join(parts)}{space}{closing}"
    if not parts or (len(indent) + len(line) <= _WIDTH and "\n" not in line):
        return line if parts else opening + closing
    inside = indent + style.step
    body = f",\n{inside}".join(parts) + ("," if style.last_comma else "")
    return f"{opening}\n{inside}{body}\n{indent}{closing}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
