"""What a command says: tables and colour on a terminal, plain columns or JSON anywhere else."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.cli.client.failures import Failure

# What could steer a terminal, or turn the order of a line: others may have written it.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WITHIN_LINE = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$")
_LONGEST_CELL = 60


@dataclass
class Output:
    """Where a command writes. `is_json`: the API's own body and nothing else."""

    is_json: bool = False
    is_quiet: bool = False
    is_terminal: bool = field(default_factory=lambda: sys.stdout.isatty())

    @property
    def is_attended(self) -> bool:
        """Whether somebody can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def body(self, content: bytes) -> None:
        """An answer as it came; on a terminal set out in lines."""
        if self.is_terminal:
            text = json.dumps(json.loads(content), ensure_ascii=False, indent=2)
            write(_STEERING.sub("�", text) + "\n")
        else:
            write_bytes(content.rstrip(b"\n") + b"\n")

    def value(self, value: Any) -> None:
        """Some JSON made of several answers."""
        self.body(json.dumps(value, ensure_ascii=False).encode())

    def note(self, text: str) -> None:
        """A remark for a person, on standard error."""
        if not (self.is_quiet or self.is_json):
            print(safe(text), file=sys.stderr, flush=True)

    def result(self, text: str) -> None:
        """The outcome of a command that has no body to show."""
        if not (self.is_quiet or self.is_json):
            write(safe(text) + "\n")

    def failure(self, failure: Failure) -> None:
        """What went wrong, on standard error."""
        if self.is_json:
            said = json.dumps(failure.body(), ensure_ascii=False)
            print(safe(said) if sys.stderr.isatty() else said, file=sys.stderr)
            return
        first, *others = failure.lines()
        lines = [f"vitae: {first}", *others]
        if sys.stderr.isatty() and "NO_COLOR" not in os.environ:
            lines[0] = f"\x1b[31mvitae:\x1b[0m {safe(first)}"
            lines[1:] = map(safe, others)
        else:
            lines = [safe(line) for line in lines]
        print("\n".join(lines), file=sys.stderr)

    def rows(
        self,
        rows: Sequence[dict[str, Any]],
        columns: Sequence[str],
        *,
        is_numbered: bool = True,
        first: int = 1,
    ) -> None:
        """A list: a table on a terminal, else a line each with its id first and tabs between."""
        if self.is_quiet and not self.is_json:
            for row in rows:
                write(f"{row.get('id', '')}\n")
        elif not self.is_terminal:
            names = ["id", *columns] if any("id" in row for row in rows) else columns
            for row in rows:
                cells = [row.get(name) for name in names]
                write("\t".join(cell(value) for value in cells) + "\n")
        elif not rows:
            self.note("There are none.")
        else:
            self._table(rows, columns, is_numbered, first)

    def _table(
        self, rows: Sequence[dict[str, Any]], columns: Sequence[str], is_numbered: bool, first: int
    ) -> None:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        shown = [name for name in columns if any(row.get(name) is not None for row in rows)]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        if is_numbered:
            table.add_column("#", justify="right", style="dim")
        for name in shown:
            table.add_column(name.replace("_", " "), overflow="fold")
        for number, row in enumerate(rows, first):
            cells = [Text(_brief(cell(row.get(name), _LONGEST_CELL))) for name in shown]
            table.add_row(*([Text(str(number))] if is_numbered else []), *cells)
        Console(highlight=False).print(table)

    def object(self, value: Any) -> None:
        """One thing with its fields, those below it set in."""
        if self.is_quiet:
            if isinstance(value, dict) and "id" in value:
                write(f"{value['id']}\n")
            return
        bold = "\x1b[1m{}\x1b[0m" if self.is_terminal and "NO_COLOR" not in os.environ else "{}"
        for line in _lines(value, "", bold):
            write(line + "\n")


def safe(text: str) -> str:
    """Text of others without what could steer a terminal."""
    return _STEERING.sub("�", text)


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


def _brief(text: str) -> str:
    """A moment to the minute; any other text as it is."""
    return _MOMENT.sub(r"\1 \2", text)


def _lines(value: Any, indent: str, bold: str) -> list[str]:
    found = []
    for name, one in value.items():
        if one is None or one in ([], {}) or (not indent and name in ("ok", "request_id")):
            continue
        label = f"{indent}{bold.format(safe(name.replace('_', ' ')))}"
        if isinstance(one, dict):
            found += [label, *_lines(one, indent + "  ", bold)]
        elif isinstance(one, list) and any(isinstance(item, (dict, list)) for item in one):
            found.append(label)
            for item in one:
                inner = _lines(item, indent + "    ", bold) if isinstance(item, dict) else []
                inner = inner or [f"{indent}    {cell(item)}"]
                found += [f"{indent}  - {inner[0].lstrip()}", *inner[1:]]
        elif isinstance(one, list):
            found.append(f"{label}  {cell(', '.join(cell(item) for item in one))}")
        elif isinstance(one, str) and "\n" in one.strip():
            found.append(label)
            found += [f"{indent}  {cell(line)}" for line in one.strip().splitlines()]
        else:
            found.append(f"{label}  {cell(one)}")
    return found


def write(text: str) -> None:
    """Write to standard output, whatever its encoding."""
    write_bytes(text.encode(errors="replace"))


def write_bytes(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
