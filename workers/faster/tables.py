"""The two styles of a table and of the box around it, made once for all tables of one style.

WeasyPrint divides the style of each table into these anew, and so works out again whatever
depends on them. In our templates each entry with its dates is a table.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import build

_their_table = build.wrap_table


class _Divided:
    """Stands for the style of a table while that is wrapped, where it need not be divided again."""

    def __init__(self, style: Any) -> None:
        self.anonymous_style = style.anonymous_style

    def copy(self) -> _Divided:
        return self

    def __getitem__(self, name: str) -> Any:
        return "separate" if name == "border_collapse" else None

    def __setitem__(self, name: str, value: Any) -> None:
        """Not kept: both styles are known."""


def wrap_table(box: Any, children: Any) -> Any:
    """The box around a table."""
    style = box.style
    known = vars(style).get("divided")
    if known is None:
        wrapper = _their_table(box, children)
        if style["border_collapse"] == "separate":
            style.divided = wrapper.get_wrapped_table().style, wrapper.style
        return wrapper
    box.style = _Divided(style)
    try:
        wrapper = _their_table(box, children)
    finally:
        box.style = style
    wrapper.get_wrapped_table().style, wrapper.style = known
    return wrapper


REPLACED = [(build, "wrap_table", wrap_table)]
