"""`vitae render`: the server's renderer on a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from app.errors import ValidationFailed

INVALID = 2


def run(source: Path, output: Path) -> int:
    """Render the JSON of `source` to `output`; 0, or 2 for what can't be read or rendered."""
    # Imported here: WeasyPrint takes a second, and a mistyped name should not.
    from app.cv.normalise import normalise

    try:
        raw = _read(source)
    except (OSError, ValueError) as error:
        return _refuse(f"{source}: {_reason(error)}")
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
        output.write_bytes(rendered.pdf)
    except OSError as error:
        return _refuse(f"{output}: {_reason(error)}")
    pages = "1 page" if rendered.pages == 1 else f"{rendered.pages} pages"
    print(f"{output}: {pages}, {len(rendered.pdf) / 1000:.0f} kB")
    return 0


def _read(source: Path) -> Any:
    """cv_data: the file itself, or what it has under that name."""
    raw = json.loads(source.read_bytes())
    return raw["cv_data"] if isinstance(raw, dict) and "cv_data" in raw else raw


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return f"is not JSON: {error}"


def _refuse(message: str) -> int:
    print(f"vitae: {message}", file=sys.stderr)
    return INVALID
