"""A profile as one HTML file that needs nothing else: for the web, for print, for mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from app.exporting.document import document_of, paragraphs


def html(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The document in UTF-8. All that a person wrote is escaped; nothing is fetched or run."""
    return _template().render(document=document_of(record, order, hidden)).encode()


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
    return environment.get_template("profile.html.j2")
