"""`vitae render`: the server's renderer on a file."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import Any

import orjson

from app.errors import ValidationFailed

INVALID = 2
_STREAM = Path("-")


def run(source: Path, output: Path) -> int:
    """Render the JSON of `source` to `output`; 0, or 2 for what can't be read or rendered.

    `-` is standard input, and standard output.
    """
    # Imported here: WeasyPrint takes a second, and a mistyped name should not.
    from app.cv.normalise import normalise

    try:
        raw = _read(source)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return _refuse(f"{_named(source, 'standard input')} is not JSON ({place}: {error.msg})")
    except OSError as error:
        return _refuse(f"{source}: {error.strerror or error}")
    try:
        normalised = normalise(raw)
    except ValidationFailed as error:
        lines = [f"  {field.path}: {field.message}" for field in error.fields]
        return _refuse("\n".join([str(error), *lines]))
    for warning in normalised.warnings:
        print(f"warning: {warning.path}: {warning.message}", file=sys.stderr)

    from workers.render import render_pdf

    rendered = render_pdf(normalised.cv)
    try:
        _write(output, rendered.pdf)
    except OSError as error:
        return _refuse(f"{output}: {error.strerror or error}")
    pages = "1 page" if rendered.pages == 1 else f"{rendered.pages} pages"
    print(
        f"{_named(output, 'standard output')}: {pages}, {len(rendered.pdf) / 1000:.0f} kB",
        file=sys.stderr if output == _STREAM else sys.stdout,
    )
    return 0


def _read(source: Path) -> Any:
    """cv_data: the file itself, or what it has under that name."""
    data = sys.stdin.buffer.read() if source == _STREAM else source.read_bytes()
    raw = orjson.loads(data.removeprefix(codecs.BOM_UTF8))
    return raw["cv_data"] if isinstance(raw, dict) and "cv_data" in raw else raw


def _write(output: Path, pdf: bytes) -> None:
    if output == _STREAM:
        sys.stdout.buffer.write(pdf)
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(pdf)


def _named(path: Path, stream: str) -> str:
    return stream if path == _STREAM else str(path)


def _refuse(message: str) -> int:
    print(f"vitae: {message}", file=sys.stderr)
    return INVALID
