"""Contact sheets of all templates, to be looked at: `python -m tests.workers.sheets FOLDER`.

One PNG for each sample person: all templates beside each other, each in its own colour and
typeface. `--pages 3` shows the first pages of each, `--page-size`, `--font-size` and `--colour`
set all alike, and `--thumbnails FOLDER` makes a small PNG of each template, as the README shows it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import pypdfium2
from msgspec import structs
from PIL import Image

from app.cv.designs import DESIGNS
from app.cv.model import CV, FONT_SIZE, PageSize, Template
from tests.workers import careers, samples
from workers.render import render_pdf

COLOURS: dict[Template, str] = {
    "original": "#0f5c4c",
    "harvard": "#7a1f3d",
    "business": "#1d3f72",
    "picture": "#1d3f72",
    "academic": "#5b2333",
    "banner": "#14532d",
    "compact": "#1d3f72",
    "executive": "#6b5b3e",
    "letterpress": "#8a3324",
    "swiss": "#c8102e",
    "timeline": "#0b7285",
}
PEOPLE: dict[str, Callable[[Template], CV]] = {
    "example": lambda template: samples.pictured(samples.example(template)),
    "nurse": lambda template: samples.pictured(careers.nurse(template)),
    "chef": lambda template: samples.pictured(careers.chef(template)),
    "student": careers.student,
    "lawyer": careers.lawyer,
    "professor": careers.professor,
    "career": lambda template: samples.dense(template, 9),
    "lifetime": lambda template: samples.dense(template, 60),
    "unruly": samples.unruly,
    "hebrew": lambda template: samples.written_in(template, "Hebrew"),
    "japanese": lambda template: samples.written_in(template, "Japanese"),
}
_COLUMNS, _GAP, _GROUND = 6, 8, "#888888"
_THUMBNAIL = 420  # pixels of its width


def dressed(cv: CV) -> CV:
    """`cv` in the typeface of its template and a colour that suits it."""
    return structs.replace(
        cv,
        font_family=DESIGNS[cv.template].font_family,
        theme_color=COLOURS.get(cv.template, cv.theme_color),
    )


def pages(cv: CV, scale: float, most: int) -> list[Image.Image]:
    """The first pages of `cv` as pictures, at `scale` pixels a point."""
    document = pypdfium2.PdfDocument(render_pdf(cv).pdf)
    return [document[at].render(scale=scale).to_pil() for at in range(min(most, len(document)))]


def sheet(documents: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """Documents of a few pages each, all of about one size, beside and below each other."""
    pictures = [picture for document in documents for picture in document]
    width = max(picture.width for picture in pictures) + _GAP
    height = max(picture.height for picture in pictures) + _GAP
    most = max(map(len, documents))
    abreast = max(1, _COLUMNS // most)
    rows = -(-len(documents) // abreast)
    whole = Image.new("RGB", (abreast * most * width + _GAP, rows * height + _GAP), _GROUND)
    for at, document in enumerate(documents):
        row, column = divmod(at, abreast)
        for page, picture in enumerate(document):
            left = (column * most + page) * width
            whole.paste(picture, (_GAP + left, _GAP + row * height))
    return whole


def thumbnail(template: Template) -> Image.Image:
    """What the README shows of a template."""
    cv = dressed(samples.pictured(careers.nurse(template)))
    (large,) = pages(cv, 2, most=1)
    height = round(large.height * _THUMBNAIL / large.width)
    small = large.resize((_THUMBNAIL, height), Image.Resampling.LANCZOS)
    return small.quantize(64, dither=Image.Dither.NONE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", nargs="*", choices=PEOPLE, default=list(PEOPLE))
    parser.add_argument("--templates", nargs="*", choices=DESIGNS, default=list(DESIGNS))
    parser.add_argument("--pages", type=int, default=1, help="of each résumé")
    parser.add_argument("--scale", type=float, default=0.9, help="pixels a point")
    parser.add_argument("--page-size", choices=get_args(PageSize), default="a4")
    parser.add_argument("--font-size", type=float, default=FONT_SIZE, help="points")
    parser.add_argument("--colour", help="#rrggbb, of all templates")
    parser.add_argument("--thumbnails", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for name in given.people:
        cvs = [dressed(PEOPLE[name](template)) for template in given.templates]
        shown = [
            structs.replace(
                cv,
                page_size=given.page_size,
                font_size=given.font_size,
                theme_color=given.colour or cv.theme_color,
            )
            for cv in cvs
        ]
        documents = [pages(cv, given.scale, given.pages) for cv in shown]
        sheet(documents).save(given.folder / f"{name}.png")
    if given.thumbnails:
        for template in given.templates:
            thumbnail(template).save(given.thumbnails / f"{template}.png", optimize=True)


if __name__ == "__main__":
    main()
