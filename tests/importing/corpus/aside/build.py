"""Make the files of a corpus that was kept aside from the sources in its folder `make`:

python -m tests.importing.corpus.aside.build held|opened [NAME …]

Needs TeX Live (pdflatex, xelatex), LibreOffice (soffice) and the project's own environment; the
files are committed, so that nothing else does. A source is NAME.tex (its first line names the
engine), NAME.html (WeasyPrint, or Writer if its first line says so), NAME.py (a DOCX, or by Writer
a PDF if its first line says so), NAME.fodt (Writer) or NAME.cv.json (our own templates).
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[1]


def main(corpus: str, *names: str) -> None:
    """Make the named files, or all."""
    sources = CORPUS / corpus / "make"
    sys.path.insert(0, str(sources))
    makers = {".tex": _latex, ".html": _html, ".py": _docx, ".fodt": _by_writer, ".json": _own}
    for source in sorted(sources.iterdir()):
        name = source.name.split(".")[0]
        if "-" in name and source.suffix in makers and (not names or name in names):
            with tempfile.TemporaryDirectory() as folder:
                made = makers[source.suffix](source, Path(folder))
                shutil.move(made, CORPUS / corpus / f"{name}{made.suffix}")


def _latex(source: Path, folder: Path) -> Path:
    engine = "xelatex" if "XeLaTeX" in _first_line(source) else "pdflatex"
    command = [engine, "-interaction=nonstopmode", f"-output-directory={folder}", source.name]
    steady = {**os.environ, "TEXINPUTS": ".:", "SOURCE_DATE_EPOCH": "1773446400"}
    for _ in range(2):
        subprocess.run(
            command, cwd=source.parent, env=steady, stdout=subprocess.DEVNULL, check=False
        )
    return folder / f"{source.stem}.pdf"


def _html(source: Path, folder: Path) -> Path:
    if "Writer" in _first_line(source):
        return _by_writer(source, folder, "--infilter=HTML (StarWriter)")
    from weasyprint import HTML

    made = folder / f"{source.stem}.pdf"
    for weight in ("Regular", "Bold"):
        if f"NotoSansCJK-{weight}.otf" in source.read_text():
            _han(source.read_text(), weight, folder)
    HTML(filename=str(source), base_url=f"{folder}/").write_pdf(made)
    return made


def _han(text: str, weight: str, folder: Path) -> None:
    """The letters of the text alone: WeasyPrint leaves the tables of so large a font whole."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(f"/usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc", fontNumber=2)
    options = subset.Options(layout_features=[], name_IDs=[1, 2, 4, 6], hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    font.save(folder / f"NotoSansCJK-{weight}.otf")


def _docx(source: Path, folder: Path) -> Path:
    made = folder / f"{source.stem}.docx"
    runpy.run_path(str(source))["document"]().save(made)
    return _by_writer(made, folder) if "Writer" in _first_line(source) else made


def _own(source: Path, folder: Path) -> Path:
    import orjson

    from app.cv.normalise import normalise
    from workers.render import render_pdf

    made = folder / f"{source.name.split('.')[0]}.pdf"
    made.write_bytes(render_pdf(normalise(orjson.loads(source.read_bytes())).cv).pdf)
    return made


def _by_writer(source: Path, folder: Path, *options: str) -> Path:
    command = [
        "soffice",
        f"-env:UserInstallation={(folder / 'office').as_uri()}",
        "--headless",
        *options,
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(folder),
        str(source),
    ]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return folder / f"{source.stem}.pdf"


def _first_line(source: Path) -> str:
    return source.read_text().partition("\n")[0]


if __name__ == "__main__":
    main(*sys.argv[1:])
