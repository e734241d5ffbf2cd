"""A résumé as one page of HTML for a browser: what the PDF is made of, on a sheet of paper."""

from __future__ import annotations

import re
from functools import cache

from app.cv import pictures
from app.cv.designs import FOLDER
from app.cv.model import CV
from workers import render

_PAGE = re.compile(r"@page\s*\{[^{}]*?margin:\s*([^;}]+)")
_PAPER = {"a4": ("210mm", "297mm"), "letter": ("215.9mm", "279.4mm")}
_SHEET = """
@media screen {{
  html {{ box-sizing: border-box; width: {width}; margin: 1rem auto;
    padding: {top} {right} {bottom} {left}; background: #fff; box-shadow: 0 0 6mm #0003 }}
  body {{ min-height: calc({height} - {top} - {bottom}) }}
  .ground {{ position: absolute; height: auto; bottom: -{bottom} }}
}}
"""


def page(cv: CV) -> str:
    """The HTML, which needs nothing else and in which all that a person wrote is escaped."""
    html = render.render_html(cv)
    if cv.identity.picture:
        address = pictures.data_url(cv.identity.picture)
        html = html.replace('src="portrait:"', f'src="{address}"', 1)
    sheets = "".join((*_stylesheets(cv.template), render.variables(cv), _screen(cv)))
    return html.replace("</head>", f"<style>{sheets}</style>\n</head>", 1)


def _screen(cv: CV) -> str:
    width, height = _PAPER[cv.page_size]
    margins = _PAGE.findall("".join(_stylesheets(cv.template)))[-1].split()
    top, right, bottom, left = (margins[index % len(margins)] for index in range(4))
    if len(margins) == 3:
        left = right
    return _SHEET.format(width=width, height=height, top=top, right=right, bottom=bottom, left=left)


@cache
def _stylesheets(template: str) -> tuple[str, ...]:
    files = (FOLDER / "shared" / "base.css", FOLDER / template / "style.css")
    return tuple(file.read_text(encoding="utf-8") for file in files)
