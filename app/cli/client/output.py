"""What a command says: tables and colour on a terminal, plain columns or JSON anywhere else."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.cli.client import outline
from app.cli.client.failures import Failure
from app.cli.client.text import STEERING, brief, cell, safe

_LONGEST_CELL = 60
_SHORT_CELL = 16


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

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return shutil.get_terminal_size().columns

    def body(self, content: bytes) -> None:
        """An answer as it came; on a terminal set out in lines."""
        if self.is_terminal:
            text = json.dumps(json.loads(content), ensure_ascii=False, indent=2)
            write(STEERING.sub("�", text) + "\n")
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
            # Words stay whole where a longer column can give way.
            longest = max(len(cell(row.get(name))) for row in rows)
            is_short = max(longest, len(name)) <= _SHORT_CELL
            table.add_column(name.replace("_", " "), overflow="fold", no_wrap=is_short)
        for number, row in enumerate(rows, first):
            cells = [Text(brief(cell(row.get(name), _LONGEST_CELL))) for name in shown]
            table.add_row(*([Text(str(number))] if is_numbered else []), *cells)
        Console(highlight=False).print(table)

    def object(self, value: Any) -> None:
        """One thing with its fields, those below it set in."""
        if self.is_quiet:
            if isinstance(value, dict) and "id" in value:
                write(f"{value['id']}\n")
            return
        is_coloured = self.is_terminal and "NO_COLOR" not in os.environ
        emphasis = "\x1b[1m{}\x1b[0m".format if is_coloured else str
        for line in outline.lines(value, emphasis):
            write(line + "\n")


def write(text: str) -> None:
    """Write to standard output, whatever its encoding."""
    write_bytes(text.encode(errors="replace"))


def write_bytes(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
