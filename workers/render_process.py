"""Rendering in a process of a pool (`app.pooled_process`): a CV comes in, its PDF goes out."""

from __future__ import annotations

import gc
import struct
from importlib import import_module
from typing import Any

import msgspec

from app.cv.model import CV

PAGES = struct.Struct("!I")  # the number of pages, before the PDF

# Boxes of pages live until the PDF is written: looking at them for cycles again and again, as after
# every 700 new ones, takes 4 to 7 % of a render and finds none.
_NEW_OBJECTS = 10_000

_renderer: Any = None


def warm(module: str) -> None:
    """Ready `module`, which has `warm()` and `render_pdf(cv)`."""
    global _renderer
    _renderer = import_module(module)
    _renderer.warm()
    gc.set_threshold(_NEW_OBJECTS)


def answer(request: bytes) -> bytes:
    """The pages and the PDF of a CV as JSON."""
    rendered = _renderer.render_pdf(msgspec.json.decode(request, type=CV))
    return PAGES.pack(rendered.pages) + bytes(rendered.pdf)
