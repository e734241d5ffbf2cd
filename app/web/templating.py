"""How templates of pages are read: everything is escaped, and a name that nothing fills fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.web.assets import assets

_TEMPLATES = Path(__file__).with_name("templates")


def environment(folder: str, extensions: Sequence[str] = ()) -> Environment:
    """The templates in that folder of app/web/templates, which know the static files by name."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES / folder),
        extensions=extensions,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["assets"] = {name: asset.url for name, asset in assets().items()}
    return made
