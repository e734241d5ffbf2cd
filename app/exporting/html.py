"""A profile or a résumé as one HTML file that needs nothing else: for web, print and mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from app.cv import pictures
from app.cv.palette import readable
from app.exporting.document import Document, document_of, paragraphs

_DARK = "#17191c"  # the paper of screens that are set to be dark, as in the stylesheet


def html(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The profile as an HTML file in UTF-8."""
    return written(document_of(record, order, hidden))


def written(document: Document) -> bytes:
    """The document in UTF-8. All that a person wrote is escaped; nothing is fetched or run."""
    lit = readable(document.look.color, _DARK)
    return _template().render(document=document, lit=lit).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["paragraphs"] = paragraphs
    environment.filters["data_url"] = pictures.data_url
    return environment.get_template("profile.html.j2")
