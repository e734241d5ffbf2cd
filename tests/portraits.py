"""Pictures to upload."""

from __future__ import annotations

import io

from PIL import Image


def portrait(side: int = 1200, colour: str = "teal", form: str = "PNG") -> bytes:
    """A square picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, form)
    return out.getvalue()
