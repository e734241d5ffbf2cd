"""The reference as pages of HTML: an overview at /docs, and a page for each tag below it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import app.web
from app.web.assets import assets
from rest_compat.fields import breakable
from rest_compat.reference import reference, slug

DOCS = "/docs"


def render(document: dict[str, Any]) -> dict[str, str]:
    """The pages of an OpenAPI document by their addresses, in the order they are read in."""
    whole = reference(document)
    shared = {
        "reference": whole,
        "docs": DOCS,
        "assets": {name: asset.url for name, asset in assets().items()},
        "credential_names": {one.id: one.name for one in whole.credentials},
    }
    stops = [(DOCS, "Overview"), *((f"{DOCS}/{group.id}", group.name) for group in whole.groups)]
    pages = {}
    for number, (path, name) in enumerate(stops):
        group = whole.groups[number - 1] if number else None
        template = "group.html.j2" if group else "overview.html.j2"
        pages[path] = (
            _environment()
            .get_template(template)
            .render(
                shared,
                group=group,
                name=name,
                before=stops[number - 1] if number else None,
                after=stops[number + 1] if number + 1 < len(stops) else None,
            )
        )
    return pages


@cache
def _environment() -> Environment:
    folder = Path(app.web.__file__).parent / "templates" / "reference"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"slug": slug, "breakable": breakable, "short": _short}
    return environment


def _short(path: str) -> str:
    """A path as it is told from others in a list where all are of one version."""
    return path.removeprefix("/v1")
