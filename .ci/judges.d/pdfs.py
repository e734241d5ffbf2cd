"""PDFs for the judges, into a folder: `pdfs.py FOLDER`. Every template with all sample people, and
the example in every language, each in one template; `pdfs.py FOLDER everywhere`: in every one.

Below it, in `spoilt`, are some of which a judge must find that they are. `wrong.json` says which
standards these break, and `ours.json` which of them our own checks find broken, in any of the PDFs.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pypdf

from app.cv import locales
from app.cv.model import CV, Template
from tests.workers import careers, samples
from tests.workers.spoilt import spoilt, unspoilt
from workers.render import render_pdf
from workers.self_checks import checks


def in_languages(everywhere: bool) -> Iterator[tuple[Template, str]]:
    """Templates and the languages to set them in; another template for each, or all of them."""
    for index, words in enumerate(locales.every()):
        few = [samples.TEMPLATES[index % len(samples.TEMPLATES)]]
        for template in samples.TEMPLATES if everywhere else few:
            yield template, words.tag


def people(everywhere: bool) -> Iterator[tuple[str, CV]]:
    """Who is rendered, by the names of the files."""
    for template in samples.TEMPLATES:
        for name, cv in {
            "example": samples.example(template),
            "pictured": samples.pictured(samples.example(template)),
            "bare": samples.bare(template),
            "dense": samples.dense(template, 14),
            "unruly": samples.unruly(template),
            "nurse": careers.nurse(template),
            "professor": careers.professor(template),
            **{language: samples.written_in(template, language) for language in samples.WRITTEN},
        }.items():
            yield f"{template}-{name}.pdf", cv
    for template, tag in in_languages(everywhere):
        yield f"{template}-{tag}.pdf", samples.example(template, tag)


def render(path: Path, cv: CV) -> tuple[str, list[str]]:
    pdf = render_pdf(cv).pdf
    path.write_bytes(pdf)
    return path.name, broken(pdf)


def broken(pdf: bytes) -> list[str]:
    """The standards that our own checks find broken, of which certificates tell."""
    told = checks(pypdf.PdfReader(io.BytesIO(pdf)), pdf)
    return sorted({check["standard"] for check in told if not check["passed"]})


def spoil(pdf: bytes, folder: Path) -> dict[str, list[str]]:
    folder.mkdir()
    contents, wrong = {"unspoilt.pdf": unspoilt(pdf)}, {"unspoilt.pdf": list[str]()}
    for name, standards, content in spoilt(pdf):
        contents[f"{name}.pdf"], wrong[f"{name}.pdf"] = content, sorted(standards)
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    (folder / "wrong.json").write_text(json.dumps(wrong))
    return {file: broken(content) for file, content in contents.items()}


def main(folder: Path, everywhere: bool) -> None:
    folder.mkdir()
    names, cvs = zip(*people(everywhere), strict=True)
    with ProcessPoolExecutor() as pool:
        ours = dict(pool.map(render, [folder / name for name in names], cvs, chunksize=4))
    ours |= spoil((folder / "picture-pictured.pdf").read_bytes(), folder / "spoilt")
    (folder / "ours.json").write_text(json.dumps(ours))


if __name__ == "__main__":
    main(Path(sys.argv[1]), "everywhere" in sys.argv[2:])
