"""Make the files of this corpus from their sources: `python build.py [NAME…]`.

Needs TeX Live (pdflatex, xelatex), LibreOffice (soffice) and the project's own environment; the
files are committed, so that nothing else does. A source is NAME.tex (its first line names the
engine), NAME.html (WeasyPrint, or Writer if its first line says so), NAME.py (a DOCX, or by Writer
a PDF if its first line says so) or NAME.fodt (Writer).
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> None:
    """Make the named files, or all."""
    makers = {".tex": _latex, ".html": _html, ".py": _docx, ".fodt": _by_writer}
    for source in sorted(HERE.iterdir()):
        name = source.name.split(".")[0]
        if "-" in name and source.suffix in makers and (not names or name in names):
            with tempfile.TemporaryDirectory() as folder:
                made = makers[source.suffix](source, Path(folder))
                shutil.move(made, HERE.parent / f"{name}{made.suffix}")


def _latex(source: Path, folder: Path) -> Path:
    engine = "xelatex" if "XeLaTeX" in _first_line(source) else "pdflatex"
    command = [engine, "-interaction=nonstopmode", f"-output-directory={folder}", source.name]
    steady = {**os.environ, "TEXINPUTS": ".:", "SOURCE_DATE_EPOCH": "1773446400"}
    for _ in range(2):
        subprocess.run(command, cwd=HERE, env=steady, stdout=subprocess.DEVNULL, check=False)
    return folder / f"{source.stem}.pdf"


def _html(source: Path, folder: Path) -> Path:
    if "Writer" in _first_line(source):
        return _by_writer(source, folder, "--infilter=HTML (StarWriter)")
    from weasyprint import HTML

    made = folder / f"{source.stem}.pdf"
    HTML(filename=str(source), base_url=f"{folder}/").write_pdf(made)
    return made


def _docx(source: Path, folder: Path) -> Path:
    made = folder / f"{source.stem}.docx"
    runpy.run_path(str(source))["document"]().save(made)
    return _by_writer(made, folder) if "Writer" in _first_line(source) else made


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
    main(sys.argv[1:])
