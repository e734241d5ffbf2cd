"""Compare the truth of each file with what it shows:

python -m tests.importing.corpus.aside.check held|opened [NAME …]

Prints every value whose words do not stand in the file in that order, to be looked at by a
person: capitals made by a style, a wrapped word or a date are no faults. Says, too, what does not
have the shape of a preview.
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import orjson

from app.importing.preview import Preview

CORPUS = Path(__file__).resolve().parents[1]

_DATES = ("start_date", "end_date", "issued_on", "expires_on")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_SECTIONS = ("experience", "education", "projects", "certifications", "skills", "languages")


def main(corpus: str, *names: str) -> None:
    """Check the named truths, or all."""
    for truth in sorted((CORPUS / corpus).glob("*.json")):
        if not names or truth.stem in names:
            print(f"{truth.stem}:")
            for complaint in _complaints(truth):
                print(f"  {complaint}")


def _complaints(truth: Path) -> Iterator[str]:
    content = orjson.loads(truth.read_bytes())
    known = {"made_with", "language", "notes", "accept", "profile", "unplaced", *_SECTIONS}
    unknown = set(content) - known
    if unknown:
        yield f"unknown keys {unknown}"
    preview = {key: content[key] for key in ("profile", *_SECTIONS)}
    kept = msgspec.to_builtins(msgspec.convert({"format": "pdf", **preview}, Preview))
    shown = _plain(_text(truth))
    for key in ("profile", *_SECTIONS):
        rows = [preview[key]] if key == "profile" else preview[key]
        kept_rows = [kept[key]] if key == "profile" else kept[key]
        for number, (row, kept_row) in enumerate(zip(rows, kept_rows, strict=True)):
            for field, value in row.items():
                if field not in kept_row:
                    yield f"{key}[{number}].{field} is no field"
                yield from (
                    f"{key}[{number}].{field}: {text}" for text in _unseen(field, value, shown)
                )
    for text in content["unplaced"]:
        parts = re.split(r": |, (?=\d)", text)
        yield from (f"unplaced: {part}" for part in parts if _plain(part) not in shown)


def _unseen(field: str, value: Any, shown: str) -> Iterator[str]:
    for text in value if isinstance(value, list) else [value]:
        if field in _DATES:
            if not _DATE.fullmatch(text) or text[2:4] not in shown:
                yield text
        elif isinstance(text, str) and not all(_plain(line) in shown for line in text.split("\n")):
            yield text


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = re.sub(r"https?://(www\.)?", "", text)
    return re.sub(r"[\s\u00ad\u200b-]", "", text)


def _text(truth: Path) -> str:
    pdf = truth.with_suffix(".pdf")
    if pdf.exists():
        import pypdfium2

        document = pypdfium2.PdfDocument(pdf)
        links = re.findall(rb"/URI ?\(([^)]*)\)", b"".join(_objects(pdf)))
        flow = "\n".join(page.get_textpage().get_text_range() for page in document)
        read = ["pdftotext", "-layout", str(pdf), "-"]
        laid_out = subprocess.run(read, capture_output=True, check=True).stdout.decode()
        return flow + "\n" + laid_out + "\n" + b"\n".join(links).decode()
    with zipfile.ZipFile(truth.with_suffix(".docx")) as file:
        parts = [name for name in file.namelist() if name.startswith("word/")]
        xml = " ".join(file.read(name).decode() for name in parts)
    targets = " ".join(re.findall(r'Target="([^"]*)"', xml))
    return re.sub(r"<[^>]*>", "", xml).replace("&amp;", "&") + targets


def _objects(pdf: Path) -> Iterator[bytes]:
    import pypdf

    for page in pypdf.PdfReader(pdf).pages:
        for note in page.get("/Annots") or []:
            action = note.get_object().get("/A", {})
            if "/URI" in action:
                yield b"/URI(" + str(action["/URI"]).encode() + b")"


if __name__ == "__main__":
    main(*sys.argv[1:])
