"""Pictures of pages in a process of a pool (`app.pooled_process`): from PDF to PNG."""

from __future__ import annotations

import io
import struct

import pypdfium2
from PIL import Image

WIDTH = struct.Struct("!I")  # of the picture in pixels, before the PDF

_TALLEST = 2  # times its width; what is below that of a page is not shown
_COLOURS = 256


def warm() -> None:
    """All that is needed is loaded by importing this."""


def answer(request: bytes) -> bytes:
    """The first page of a PDF as a PNG."""
    (width,) = WIDTH.unpack_from(request)
    pdf = pypdfium2.PdfDocument(request[WIDTH.size :])
    try:
        page = pdf[0]
        across, down = page.get_size()
        below = max(0.0, down - _TALLEST * across)
        bitmap = page.render(scale=width / across, crop=(0, below, 0, 0))
        image = bitmap.to_pil().convert("RGB")
    finally:
        pdf.close()
    out = io.BytesIO()
    image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    return out.getvalue()
