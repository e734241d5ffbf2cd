"""What a style says of the boxes that have it, read off once for each style.

WeasyPrint asks a style for some sixty values each time that it lays out a box, and boxes are laid
out several times. Lengths that are no percentages are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import weasyprint.draw.border
import weasyprint.layout.background
import weasyprint.layout.float
import weasyprint.layout.percent
from weasyprint.draw import border
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure.boxes import (
    BlockBox,
    BlockContainerBox,
    Box,
    PageBox,
    ParentBox,
)
from weasyprint.layout import background, percent
from weasyprint.layout.absolute import AbsolutePlaceholder

_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
_CORNERS = tuple(
    f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
)
_NO_BACKGROUND = {"background": None, **dict.fromkeys(_CORNERS, (0, 0))}
_their_backgrounds = background.layout_box_backgrounds
_their_collisions = weasyprint.layout.float.avoid_collisions
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


def establishes_formatting_context(self: Any) -> bool:
    """Whether what is in this box stands apart from what is around it."""
    style = self.style
    try:
        apart, clipped = style.apart
    except AttributeError:
        apart, clipped = style.apart = (
            self.is_floated() or self.is_absolutely_positioned() or "flow-root" in style["display"],
            style["overflow"] != "visible",
        )
    if apart or self.is_column:
        return True
    if isinstance(self, BlockBox):
        return bool(clipped)
    return isinstance(self, BlockContainerBox)


def page_values(self: Any) -> tuple[Any, Any]:
    """The names of the pages on which a box begins and ends, those of its first and last child."""
    start = end = self.style["page"]
    children = self.children
    first = next(filter(_is_seen_by_breaks, children), None)
    if first is None:
        return start, end
    last = next(filter(_is_seen_by_breaks, reversed(children)))
    begins, ends = first.page_values()
    if last is not first:
        _, ends = last.page_values()
    return begins or start, ends or end


def _is_seen_by_breaks(child: Any) -> bool:
    return bool(child.is_in_normal_flow() or child.is_floated())


def descendants(self: Any, placeholders: bool = False) -> Iterator[Any]:
    """A box and all in it, parents first, without a generator for each of them."""
    waiting = [self]
    while waiting:
        box = waiting.pop()
        if placeholders and isinstance(box, AbsolutePlaceholder):
            box = box._box
        yield box
        if isinstance(box, Box):
            waiting.extend(reversed(box.children))


def avoid_collisions(
    context: Any, box: Any, containing_block: Any, outer: bool = True
) -> tuple[Any, Any, Any]:
    """Where there is room for `box` and how much of it, which is all where nothing floats."""
    if context.excluded_shapes or containing_block.style["direction"] == "rtl" or box.is_floated():
        found: tuple[Any, Any, Any] = _their_collisions(context, box, containing_block, outer)
        return found
    left = containing_block.content_box_x()
    right = left + containing_block.width
    if outer:
        return left, box.position_y, right - left
    left += box.margin_left
    right -= box.margin_right
    return left - box.margin_left, box.border_box_y() - box.margin_top, right - left


def layout_box_backgrounds(
    page: Any, box: Any, get_image_from_uri: Any, layout_children: bool = True, style: Any = None
) -> None:
    """Find what stands behind `box` and all in it, which for most boxes is nothing."""
    own = box.style
    try:
        nothing = own.nothing_behind
    except AttributeError:
        nothing = own.nothing_behind = _nothing_behind(own)
    if not nothing or style is not None or isinstance(box, PageBox):
        _their_backgrounds(page, box, get_image_from_uri, layout_children, style)
        return
    box.__dict__.update(_NO_BACKGROUND)
    if layout_children:
        for child in box.all_children():
            if isinstance(child, AbsolutePlaceholder):
                child = child._box
            layout_box_backgrounds(page, child, get_image_from_uri)


def _nothing_behind(style: Any) -> bool:
    return (
        style["visibility"] != "hidden"
        and get_color(style, "background_color").alpha == 0
        and not style["box_shadow"]
        and all(kind == "none" for kind, _ in style["background_image"])
        and style["border_image_source"][0] == "none"
        and style["mask_border_source"][0] == "none"
        and all((0, "px") in style[corner] for corner in _CORNERS)
    )


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
    (Box, "descendants", descendants),
    (Box, "establishes_formatting_context", establishes_formatting_context),
    (ParentBox, "page_values", page_values),
    (weasyprint.layout.float, "avoid_collisions", avoid_collisions),
    (weasyprint.layout.background, "layout_box_backgrounds", layout_box_backgrounds),
    (weasyprint.layout.percent, "resolve_percentages", resolve_percentages),
    (Box, "is_in_normal_flow", is_in_normal_flow),
    (weasyprint.draw.border, "draw_border", draw_border),
    (weasyprint.draw.border, "draw_outline", draw_outline),
]
