"""What a style says of the boxes that have it, read off once for each style.

WeasyPrint asks a style for some sixty values each time that it lays out a box, and boxes are laid
out several times. Lengths that are no percentages are the same for all of them.
"""

from __future__ import annotations

from typing import Any

import weasyprint.draw.border
import weasyprint.layout.percent
from weasyprint.draw import border
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import percent

_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
_their_percentages = percent.resolve_percentages
_their_border = border.draw_border
_their_outline = border.draw_outline


def resolve_percentages(box: Any, containing_block: Any) -> None:
    """Set the used values of lengths on `box`."""
    style = box.style
    try:
        lengths = style.lengths
    except AttributeError:
        lengths = style.lengths = _lengths(style)
    if lengths:
        box.__dict__.update(lengths)
    else:
        _their_percentages(box, containing_block)


def _lengths(style: Any) -> dict[str, Any] | None:
    """The used lengths of all boxes of `style`; None if they depend on what contains them."""
    if style["box_sizing"] != "content-box" or style["border_collapse"] == "collapse":
        return None
    lengths: dict[str, Any] = {}
    for name in _LENGTHS:
        value = style[name]
        if value == "auto":
            lengths[name] = 0 if name in ("min_width", "min_height") else value
        elif getattr(value, "unit", None) == "px":
            lengths[name] = value.value
        else:
            return None
    for side in _SIDES:
        lengths[f"border_{side}_width"] = style[f"border_{side}_width"]
    return lengths


def is_in_normal_flow(self: Any) -> bool:
    """Whether this box is in normal flow."""
    style = self.style
    try:
        flows: bool = style.flows
    except AttributeError:
        flows = style.flows = not (
            self.is_floated()
            or self.is_absolutely_positioned()
            or self.is_running()
            or self.is_footnote()
            or self.is_note()
        )
    return flows


def draw_border(stream: Any, box: Any) -> None:
    """Draw the borders of a box, which most boxes lack."""
    style = box.style
    try:
        bare = style.bare
    except AttributeError:
        bare = style.bare = (
            not any(style[f"border_{side}_width"] for side in _SIDES)
            and style["border_image_source"][0] == "none"
            and style["column_width"] == style["column_count"] == "auto"
            and style["border_collapse"] != "collapse"
        )
    if not bare:
        _their_border(stream, box)


def draw_outline(stream: Any, box: Any) -> None:
    """Draw the outlines of a box and of those in it."""
    if box.style["outline_width"]:
        _their_outline(stream, box)
        return
    for child in box.children:
        if isinstance(child, Box):
            draw_outline(stream, child)


REPLACED = [
    (weasyprint.layout.percent, "resolve_percentages", resolve_percentages),
    (Box, "is_in_normal_flow", is_in_normal_flow),
    (weasyprint.draw.border, "draw_border", draw_border),
    (weasyprint.draw.border, "draw_outline", draw_outline),
]
