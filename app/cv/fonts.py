"""Font names that people write, and the bundled families they are set in."""

from __future__ import annotations

import re

# A family of the same proportions where there is one: Arimo, Tinos and Carlito have the widths
# of Arial, Times New Roman and Calibri, so a CV breaks its lines where it did there.
FAMILIES: dict[str, tuple[str, ...]] = {
    "arimo": ("arial", "helvetica", "helvetica neue", "liberation sans", "sans", "sans serif"),
    "tinos": ("times", "times new roman", "liberation serif", "serif"),
    "carlito": ("calibri",),
    "lato": (),
    "inter": ("system ui", "segoe ui", "sf pro", "san francisco", "roboto"),
    "source-sans-3": ("source sans", "source sans pro"),
    "source-serif-4": ("source serif", "source serif pro", "georgia", "cambria", "charter"),
    "eb-garamond": ("garamond", "adobe garamond", "palatino", "book antiqua"),
    "noto-sans": ("noto", "open sans", "verdana", "tahoma"),
    "jetbrains-mono": ("mono", "monospace", "courier", "courier new", "consolas", "menlo"),
}

_SEPARATORS = re.compile(r"[\s_-]+")


def _plain(name: str) -> str:
    return _SEPARATORS.sub(" ", name.strip(" \"'").lower())


_KEY_OF = {_plain(name): key for key, others in FAMILIES.items() for name in (key, *others)}


def family(name: str) -> str | None:
    """The bundled family for `name`, or for the first that is known of a CSS list; else None."""
    keys = (_KEY_OF.get(_plain(part)) for part in name.split(","))
    return next((key for key in keys if key), None)
