"""PDFs for the judges, into a folder: `pdfs.py FOLDER`. Every template with all sample people."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.workers import careers, samples
from workers.render import render_pdf


def main(folder: Path) -> None:
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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
