"""PDFs for the judges, into a folder: `pdfs.py FOLDER`. Every template with all sample people, and
the example in every language, each in one template; `pdfs.py FOLDER everywhere`: in every one.

Below it, in `spoilt`, are some of which a judge must find that they are, and `wrong.json`, which
says of these what standards they break.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from app.cv import locales
from app.cv.model import CV, Template
from tests.workers import careers, samples
from tests.workers.spoilt import spoilt, unspoilt
from workers.render import render_pdf


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


def render(path: Path, cv: CV) -> None:
    path.write_bytes(render_pdf(cv).pdf)


def spoil(pdf: bytes, folder: Path) -> None:
    folder.mkdir()
    (folder / "unspoilt.pdf").write_bytes(unspoilt(pdf))
    wrong: dict[str, list[str]] = {"unspoilt.pdf": []}
    for name, standards, content in spoilt(pdf):
        wrong[f"{name}.pdf"] = sorted(standards)
        (folder / f"{name}.pdf").write_bytes(content)
    (folder / "wrong.json").write_text(json.dumps(wrong))


def main(folder: Path, everywhere: bool) -> None:
    folder.mkdir()
    names, cvs = zip(*people(everywhere), strict=True)
    with ProcessPoolExecutor() as pool:
        list(pool.map(render, [folder / name for name in names], cvs, chunksize=4))
    spoil((folder / "picture-pictured.pdf").read_bytes(), folder / "spoilt")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "everywhere" in sys.argv[2:])
