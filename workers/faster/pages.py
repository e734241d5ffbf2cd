"""Pages of a long document, drawn as soon as they are laid out, of which little is kept then.

WeasyPrint lays out all pages, draws all of them and tags all of them, and keeps every box until the
file is written: of 30 pages that is half as much again as the whole process. Here a page is drawn
when the next is to be begun. Only what stands in its margins waits, for the number of pages, and of
its boxes remains what their tags are made of.

Documents of a few pages may be laid out again, and are left to WeasyPrint; so are those in which
anything depends on later pages, and those with what is drawn as an object of its own, which could
not be named before there is a PDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint.document
import weasyprint.layout.background
import weasyprint.layout.page
from weasyprint.document import Page
from weasyprint.draw import draw_background, draw_border, draw_stacking_context, set_mask_border
from weasyprint.formatting_structure.boxes import ParentBox, ReplacedBox, TextBox
from weasyprint.layout import layout_fixed_boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.pdf.stream import Stream
from weasyprint.stacking import StackingContext

from workers.faster.files import to_bytes

_FEW = 3  # pages
_SCALE = 0.75  # points of a PDF in a pixel
_RESOURCES = ("ExtGState", "XObject", "Pattern", "Shading")
_FOR_TAGS = ("element_tag", "element", "style", "children", "is_table_wrapper", "colspan")
_OPEN = 4  # of the last instructions of a page are looked at when more are added
_DRAWN_AS_OBJECTS = (
    lambda style: style["opacity"] < 1,
    lambda style: style["box_shadow"],
    lambda style: any(kind != "none" for kind, _ in style["background_image"]),
    lambda style: style["border_image_source"][0] != "none",
    lambda style: style["mask_border_source"][0] != "none",
)
_text_drawn: dict[str, Any] = {"children": ()}  # all that is kept of any text

_their_pages = weasyprint.layout.page.make_all_pages
_their_backgrounds = weasyprint.layout.background.layout_backgrounds


def make_all_pages(context: Any, root_box: Any, html: Any, pages: list[Any]) -> Iterator[Any]:
    """Lay out the pages, without what stands in their margins."""
    waiting: list[Any] = []
    drawing: _Drawing | None = None
    for page in _their_pages(context, root_box, html, pages):
        waiting.append(page)
        if len(waiting) == _FEW + 1 and not drawing and not pages:
            drawing = _Drawing.begun(context, root_box, waiting)
        if drawing:
            for each in waiting:
                drawing.draw(each)
            waiting = []
        yield page


def layout_backgrounds(page: Any, get_image_from_uri: Any) -> None:
    """Lay out backgrounds, of a page that is drawn those in its margins."""
    if not hasattr(page, "drawn"):
        _their_backgrounds(page, get_image_from_uri)
        return
    for margin in page.children[1:]:
        layout_box_backgrounds(page, margin, get_image_from_uri)


def page_of(page_box: Any) -> Any:
    """The page that is painted into a PDF."""
    return getattr(page_box, "drawn", None) or Page(page_box)


class _Drawing:
    """The pages of a document, drawn before there is a PDF, and what they share."""

    def __init__(self, context: Any, first: list[Any]) -> None:
        self.context = context
        self.fonts: dict[Any, Any] = {}
        self.images: dict[str, Any] = {}
        self.resources = pydyf.Dictionary({name: pydyf.Dictionary() for name in _RESOURCES})
        self._number = 0
        self._labelled: set[tuple[str, int]] = set()
        self._fixed = [SimpleNamespace(fixed_boxes=page.fixed_boxes) for page in first]

    @classmethod
    def begun(cls, context: Any, root_box: Any, first: list[Any]) -> _Drawing | None:
        """For a document that begins with the pages `first`; None if it can't be drawn so."""
        if context.target_collector.counter_lookup_items or context.footnotes:
            return None
        styles = {id(page.style): page.style for page in first}
        fixed = sum(len(page.fixed_boxes) for page in first)
        for box in root_box.descendants():
            styles[id(box.style)] = box.style
            fixed -= box.style["position"] == "fixed"
        if fixed or any(test(style) for style in styles.values() for test in _DRAWN_AS_OBJECTS):
            return None
        return cls(context, first)

    def draw(self, page_box: Any) -> None:
        """Draw the next page but for its margins, and keep what is needed of it."""
        self._note(page_box)
        parts = page_box.children
        root = parts[0]
        place = min(self._number, len(self._fixed))
        root.children = [
            *layout_fixed_boxes(self.context, self._fixed[:place], page_box),
            *root.children,
            *layout_fixed_boxes(self.context, self._fixed[place + 1 :], page_box),
        ]
        self._number += 1
        page_box.fixed_boxes = []
        page_box.children = (root,)
        _their_backgrounds(page_box, self.context.get_image_from_uri)
        page_box.drawn = _DrawnPage(page_box, self)
        page_box.children = parts
        # What goes on over a page is placed by what was around it on the one before.
        around = (each[1] for each in self.context.broken_out_of_flow.values())
        _strip(root, {id(box) for box in around})

    def _note(self, page_box: Any) -> None:
        """See to what pages after this one ask of it, as WeasyPrint does when it has them all."""
        for box in page_box.descendants():
            if box.bookmark_label:
                key = (box.element_tag.partition("::")[2], id(box.element))
                if key in self._labelled:
                    box.bookmark_label = ""
                self._labelled.add(key)
            if box.string_set and box.string_set != "none":
                for name, text in box.string_set:
                    self.context.string_set[name][self._number + 1].append(text)


class _DrawnPage(Page):  # type: ignore[misc]
    """A page that is drawn but for what stands in its margins."""

    def __init__(self, page_box: Any, drawing: _Drawing) -> None:
        super().__init__(page_box)
        self._drawing = drawing
        self._stream = Stream(
            drawing.fonts, None, drawing.resources, drawing.images, {}, {}, None, compress=True
        )
        self._stream.transform(d=-1, f=self.height * _SCALE)
        self._steps = _drawn_in_steps(page_box, self._stream)
        next(self._steps)
        drawn = self._stream.stream
        drawn[:-_OPEN] = [b"\n".join([to_bytes(each) for each in drawn[:-_OPEN]])]

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Draw what stands in the margins, and put all of it into `stream`."""
        for _ in self._steps:
            pass
        stream.stream[:] = self._stream.stream
        stream._tags.update(self._stream._tags)
        stream._fonts.update(self._drawing.fonts)
        stream._images.update(self._drawing.images)
        for name in _RESOURCES:
            stream._resources[name].update(self._drawing.resources[name])
        del self._stream, self._steps, self._drawing


def _drawn_in_steps(page: Any, stream: Any) -> Iterator[None]:
    """Draw `page` as `weasyprint.draw.draw_page` does, and stop before its margins."""
    with stream.stacked():
        stream.transform(a=_SCALE, d=_SCALE)
        context = StackingContext.from_page(page)
        marks = page.style["marks"]
        draw_background(stream, page.background, clip_box=False, bleed=page.bleed, marks=marks)
        set_mask_border(stream, page)
        draw_background(stream, page.canvas_background, clip_box=False)
        draw_border(stream, page)
        with stream.stacked(), stream.stacked():
            for each in context.zero_z_contexts:
                draw_stacking_context(stream, each)
            del context, each
            yield
            for margin in page.children[1:]:
                draw_stacking_context(stream, StackingContext.from_box(margin, page))


def _strip(box: Any, kept: set[int]) -> None:
    """Take from `box` and all in it what tags do not ask for."""
    for child in box.children:
        if isinstance(child, AbsolutePlaceholder):
            child = child._box
        if isinstance(child, TextBox):
            child.__dict__ = _text_drawn
        elif not isinstance(child, ReplacedBox):
            _strip(child, kept)
    if isinstance(box, ParentBox) and id(box) not in kept:
        had = vars(box)
        box.__dict__ = {name: had[name] for name in _FOR_TAGS if name in had}


REPLACED = [
    (weasyprint.layout.page, "make_all_pages", make_all_pages),
    (weasyprint.layout.background, "layout_backgrounds", layout_backgrounds),
    (weasyprint.document, "Page", page_of),
]
