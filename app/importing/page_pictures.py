"""A page of a PDF as a picture, for whoever compares what was read with what stands there."""

from __future__ import annotations

import io
import math

import pypdfium2
from PIL import Image

from app.importing.pdf import opened
from app.importing.preview import Unreadable

_WIDTH = 1100  # pixels: sharp at the width that a page has beside the fields
_MOST_PIXELS = 3_000_000  # of a page that is very long
_MOST_COLORS = 128


def picture(data: bytes, number: int) -> bytes:
    """A PNG of page `number`, from 1; raises `Unreadable`."""
    pdf = opened(data)
    try:
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(_WIDTH / width, math.sqrt(_MOST_PIXELS / (width * height)))
        drawn = page.render(scale=scale, may_draw_forms=False).to_pil()
    except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError) as error:
        raise Unreadable("damaged_page", "This page can't be drawn.") from error
    finally:
        pdf.close()
    return _png(drawn)


def _png(drawn: Image.Image) -> bytes:
    """Few colours: what is to be read is text, and a quarter of the bytes shows it as well."""
    written = io.BytesIO()
    few = drawn.convert("RGB").quantize(
        _MOST_COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    few.save(written, "png")
    return written.getvalue()
