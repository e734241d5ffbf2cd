"""`vitae parse`: what an import finds in a file, without any server."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from app.importing.fitting import fitted
from app.importing.preview import Unreadable

INVALID = 2
_STREAM = Path("-")


def run(source: Path, *, explain: bool, password: str | None) -> int:
    """Print the preview of `source` as JSON or, to `explain`, what each stage saw; 0, or 2."""
    try:
        data = sys.stdin.buffer.read() if source == _STREAM else source.read_bytes()
        if explain:
            _explain(data, password)
        else:
            _preview(data, password)
    except OSError as error:
        return _refuse(f"{source}: {error.strerror or error}")
    except Unreadable as error:
        return _refuse(f"{source}: {error.message} ({error.code})")
    return 0


def _preview(data: bytes, password: str | None) -> None:
    from app.importing.read_process import read

    found = msgspec.json.encode(fitted(read(data, password)))
    print(msgspec.json.format(found, indent=2).decode())


def _explain(data: bytes, password: str | None) -> None:
    from app.importing import pdf
    from app.importing.docx import read_docx
    from app.importing.explain import explain
    from app.importing.recognise import recognise

    kind = recognise(data)
    if kind not in ("pdf", "docx"):
        raise Unreadable(
            "unknown_format", "Only a PDF or DOCX is read in stages; leave --explain out"
        )
    document = pdf.read_document(data, password) if kind == "pdf" else read_docx(data)
    for line in explain(document, kind):
        print(line)


def _refuse(message: str) -> int:
    print(f"vitae: {message}", file=sys.stderr)
    return INVALID
