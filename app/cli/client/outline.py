"""One thing with its fields, as lines: names beside values, lists of the like as columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from app.cli.client.text import brief, cell, safe

Emphasis = Callable[[str], str]

# What serves programs: --json has it.
_FOR_PROGRAMS = frozenset({"ok", "request_id", "version", "links", "mode"})
_LONGEST_NAME = 24
_LONGEST_COLUMN = 40
_MOST_COLUMNS = 6
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def lines(value: dict[str, Any], emphasis: Emphasis = str) -> list[str]:
    """The fields of an answer; `emphasis` sets off their names."""
    fields = _shown(value)
    if len(fields) == 1 and isinstance(only := next(iter(fields.values())), dict):
        fields = _shown(only)  # such as the job of an answer about one
    return _lines(fields, "", emphasis)


def _shown(value: dict[str, Any]) -> dict[str, Any]:
    return {
        name: one
        for name, one in value.items()
        if one is not None and one not in ([], {}) and not _is_for_programs(name, one)
    }


def _is_for_programs(name: str, value: Any) -> bool:
    return name in _FOR_PROGRAMS or (name == "preview" and isinstance(value, dict))


def _lines(fields: dict[str, Any], indent: str, emphasis: Emphasis) -> list[str]:
    width = min(_LONGEST_NAME, max((len(n) for n, v in fields.items() if _is_line(v)), default=0))
    found: list[str] = []
    for name, one in fields.items():
        label = safe(name.replace("_", " "))
        if _is_line(one):
            text = ", ".join(map(cell, one)) if isinstance(one, list) else brief(cell(one))
            found.append(f"{indent}{emphasis(label)}{' ' * (width - len(label))}  {text}")
            continue
        found.append(indent + emphasis(label))
        if isinstance(one, dict):
            found += _lines(_shown(one), indent + "  ", emphasis)
        elif isinstance(one, list):
            found += _listed(one, indent + "  ", emphasis)
        else:
            found += [f"{indent}  {cell(line)}" for line in one.strip().splitlines()]
    return found


def _is_line(value: Any) -> bool:
    if isinstance(value, list):
        texts = [item for item in value if isinstance(item, str)]
        return not any(isinstance(item, (dict, list)) for item in value) and (
            sum(map(len, texts)) <= _LONGEST_COLUMN * 3
        )
    return not isinstance(value, dict) and not (isinstance(value, str) and "\n" in value.strip())


def _listed(items: Sequence[Any], indent: str, emphasis: Emphasis) -> list[str]:
    if not all(isinstance(item, dict) for item in items):
        return [f"{indent}- {cell(item)}" for item in items]
    shown = [_shown(item) for item in items]
    if (columns := _columns(shown)) is not None:
        return _table(shown, columns, indent, emphasis)
    found: list[str] = []
    for item in shown:
        inner = _lines(item, indent + "  ", emphasis) or [indent + "  "]
        found += [f"{indent}- {inner[0].lstrip()}", *inner[1:]]
    return found


def _columns(items: Sequence[dict[str, Any]]) -> list[str] | None:
    """The names of columns, if the things are so much alike and so small that they fit in some."""
    names = list(dict.fromkeys(name for item in items for name in item))
    fits = all(
        not isinstance(one, (dict, list)) and len(cell(one)) <= _LONGEST_COLUMN and _is_line(one)
        for item in items
        for one in item.values()
    )
    return names if fits and len(items) > 1 and 1 < len(names) <= _MOST_COLUMNS else None


def _table(
    items: Sequence[dict[str, Any]], columns: list[str], indent: str, emphasis: Emphasis
) -> list[str]:
    busy = [item for item in items if not _is_empty_day(item)]
    rows = [[brief(cell(item.get(name))) for name in columns] for item in busy]
    labels = [safe(name.replace("_", " ")) for name in columns]
    widths = [max(map(len, column)) for column in zip(labels, *rows, strict=True)]
    found = []
    if busy:
        heads = [
            emphasis(one) + " " * (w - len(one)) for one, w in zip(labels, widths, strict=True)
        ]
        found.append(indent + "  ".join(heads).rstrip())
    for row in rows:
        padded = "  ".join(one.ljust(width) for one, width in zip(row, widths, strict=True))
        found.append(indent + padded.rstrip())
    if len(busy) < len(items):
        other = "other days" if busy else "days"
        found.append(f"{indent}(nothing on {len(items) - len(busy)} {other})")
    return found


def _is_empty_day(item: dict[str, Any]) -> bool:
    """Whether it tells of a day that there was nothing."""
    day = item.get("date")
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        return False
    return all(one == 0 for name, one in item.items() if name != "date")
