"""PDFs for the judges, into a folder: `pdfs.py FOLDER`. Every template with all sample people, and
the example in every language, each in one template; `pdfs.py FOLDER everywhere`: in every one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from app.cv import locales
from app.cv.model import Template
from tests.workers import careers, samples
from workers.render import render_pdf


def in_languages(everywhere: bool) -> Iterator[tuple[Template, str]]:
    """Templates and the languages to set them in; another template for each, or all of them."""
    for index, words in enumerate(locales.every()):
        few = [samples.TEMPLATES[index % len(samples.TEMPLATES)]]
        for template in samples.TEMPLATES if everywhere else few:
            yield template, words.tag


def main(folder: Path, everywhere: bool) -> None:
    folder.mkdir()
    for template in samples.TEMPLATES:
        people = {
            "example": samples.example(template),
            "pictured": samples.pictured(samples.example(template)),
            "bare": samples.bare(template),
            "dense": samples.dense(template, 14),
            "unruly": samples.unruly(template),
            "nurse": careers.nurse(template),
            "professor": careers.professor(template),
            **{language: samples.written_in(template, language) for language in samples.WRITTEN},
        }
        for name, cv in people.items():
            (folder / f"{template}-{name}.pdf").write_bytes(render_pdf(cv).pdf)

    for template, tag in in_languages(everywhere):
        pdf = render_pdf(samples.example(template, tag)).pdf
        (folder / f"{template}-{tag}.pdf").write_bytes(pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "everywhere" in sys.argv[2:])
