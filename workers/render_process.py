"""Rendering in a process of a pool (`app.pooled_process`): a CV comes in, its PDF goes out."""

from __future__ import annotations

import ctypes
import gc
import struct
from importlib import import_module
from typing import Any

import msgspec

from app.cv.model import CV
from workers import later

PAGES = struct.Struct("!I")  # the number of pages, before the PDF

# Boxes of pages live until the PDF is written: looking at them for cycles again and again, as after
# every 700 new ones, takes 5 % of a render and finds none. Styles that are kept no longer are
# cycles: left alone they would make a process a fifth larger.
_NEW_OBJECTS = 10_000
_RENDERS = 8  # between two looks at everything, which take a millisecond or two
_MANY_PAGES = 3  # after more of them, memory is given back at once

_renderer: Any = None
_rendered = 0


def warm(module: str) -> None:
    """Ready `module`, which has `warm()` and `render_pdf(cv)`."""
    global _renderer
    with later.imported_when_used():
        _renderer = import_module(module)
        _renderer.warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


def answer(request: bytes) -> bytes:
    """The pages and the PDF of a CV as JSON."""
    rendered = _renderer.render_pdf(msgspec.json.decode(request, type=CV))
    _tidy(rendered.pages)
    return PAGES.pack(rendered.pages) + bytes(rendered.pdf)


def _tidy(pages: int) -> None:
    global _rendered
    _rendered += 1
    if pages > _MANY_PAGES or _rendered % _RENDERS == 0:
        gc.collect()
    if pages > _MANY_PAGES:
        _give_back()


def _give_back() -> None:
    """Give memory that is not in use back to the system, where its allocator can be told to."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
