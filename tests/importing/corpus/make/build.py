"""Makes the files of the open corpus again from their sources: `python -m
tests.importing.corpus.make.build [NAME …]`.

A source's suffix says how it is made: `.tex` by pdflatex (by xelatex if its first line says so),
`.html` by WeasyPrint, `.writer.html` and `.fodt` by LibreOffice, `.json` is cv_data for one of our
own templates, and a `.py` has a function `build` that saves a DOCX, which LibreOffice turns into a
PDF where the module says `OUTPUT = "pdf"`. Tests never run this: the made files are committed.
"""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.cv.normalise import normalise
from workers.render import render_pdf

_HERE = Path(__file__).parent
_OPEN = _HERE.parent / "open"
_NOT_SOURCES = {"__init__", "build", "word"}


def sources() -> Iterator[tuple[str, Path]]:
    for path in sorted(_HERE.iterdir()):
        name = path.name.split(".")[0]
        if path.suffix in {".tex", ".html", ".fodt", ".json", ".py"} and name not in _NOT_SOURCES:
            yield name, path


def build(name: str, source: Path) -> Path:
    """The made file, in the folder of the open corpus."""
    with tempfile.TemporaryDirectory() as folder:
        made = _make(name, source, Path(folder))
        kept = _OPEN / made.name
        shutil.copyfile(made, kept)
    return kept


def _make(name: str, source: Path, folder: Path) -> Path:
    if source.suffix == ".tex":
        return _latex(name, source, folder)
    if source.suffix == ".json":
        made = folder / f"{name}.pdf"
        made.write_bytes(render_pdf(normalise(json.loads(source.read_text())).cv).pdf)
        return made
    if source.suffix == ".py":
        module = importlib.import_module(f"tests.importing.corpus.make.{name}")
        made = folder / f"{name}.docx"
        module.build(made)
        return _writer(name, made, folder) if getattr(module, "OUTPUT", "docx") == "pdf" else made
    if source.name.endswith(".writer.html") or source.suffix == ".fodt":
        return _writer(name, source, folder)
    import weasyprint

    made = folder / f"{name}.pdf"
    weasyprint.HTML(filename=str(source)).write_pdf(made)
    return made


def _latex(name: str, source: Path, folder: Path) -> Path:
    engine = "xelatex" if "xelatex" in source.read_text().splitlines()[0] else "pdflatex"
    for _ in range(2):  # the second run knows the first one's page numbers
        done = subprocess.run(
            [engine, "-interaction=nonstopmode", f"-output-directory={folder}", str(source)],
            capture_output=True,
            cwd=_HERE,
            check=False,
        )
    log = done.stdout.decode(errors="replace")
    if done.returncode:
        raise SystemExit(f"{source.name}\n{log[log.find(chr(10) + '!') :][:1200]}")
    return folder / f"{name}.pdf"


def _writer(name: str, source: Path, folder: Path) -> Path:
    kind = ["--infilter=HTML (StarWriter)"] if source.suffix == ".html" else []
    copy = folder / f"{name}{source.suffix}"
    if copy != source:
        shutil.copyfile(source, copy)
    command = ["soffice", "--headless", *kind, "--convert-to", "pdf:writer_pdf_Export"]
    subprocess.run([*command, "--outdir", str(folder), str(copy)], capture_output=True, check=True)
    return folder / f"{name}.pdf"


if __name__ == "__main__":
    asked = set(sys.argv[1:])
    for name, source in sources():
        if not asked or name in asked:
            made = build(name, source)
            print(f"{made.name}: {made.stat().st_size // 1024} KB")
