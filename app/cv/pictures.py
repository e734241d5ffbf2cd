"""A portrait given as a data URL, made into a small sRGB JPEG that holds pixels and no more."""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import re
import threading
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageFile, ImageOps

from app.cv import bounds
from app.cv.findings import Unusable
from app.cv.model import Picture

_DATA_URL = re.compile(r"data:image/(?:jpeg|jpg|png|webp);base64,", re.ASCII | re.IGNORECASE)
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 88
# What our own JPEGs are made of: JFIF, tables, one baseline frame. No comment, no metadata.
_OWN_SEGMENTS = frozenset((0xE0, 0xDB, 0xC0, 0xC4, 0xDA))
# The largest PNGs take up to 320 MB while they are made small: one at a time in a process.
_decoding = threading.Lock()


def picture(data_url: str) -> Picture:
    """The picture of `data_url` (JPEG, PNG or WebP), upright, in sRGB, at most 800 pixels.

    The first frame of an animation is taken, transparency is set on white, and all metadata
    is dropped. A picture that this function made comes back unchanged. Takes up to a second
    of CPU for the largest; call it off the event loop. Raises Unusable: `picture` for what is
    not a picture, `too_large` for more than 3 MiB or 40 megapixels.
    """
    return _as_model(jpeg(_decoded(data_url)))


def jpeg(raw: bytes) -> bytes:
    """The same as a JPEG of the bytes of a JPEG, PNG or WebP, of whatever length."""
    try:
        with _decoding, _whole_files_only(), Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
            if image.width * image.height > bounds.PICTURE_PIXELS:
                raise _too_many_pixels()
            if _ours(raw, image):
                image.load()
                return raw
            image.draft("RGB", (2 * bounds.PICTURE_SIDE, 2 * bounds.PICTURE_SIDE))
            small = _flat(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Unusable:
        raise
    except Exception as error:
        # Broken files make Pillow raise almost anything: struct.error, TypeError, SyntaxError…
        raise Unusable("picture", "This picture can't be read; is it complete?") from error
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


@contextlib.contextmanager
def _whole_files_only() -> Iterator[None]:
    """Refuse files that end too soon, which WeasyPrint, once imported, has Pillow fill up."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def data_url(picture: Picture) -> str:
    """The data URL that gives `picture` again."""
    return f"data:image/jpeg;base64,{picture.data}"


def _too_many_pixels() -> Unusable:
    millions = bounds.PICTURE_PIXELS // 1_000_000
    return Unusable("too_large", f"A picture may have {millions} megapixels.")


def _as_model(jpeg: bytes) -> Picture:
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:  # reads no more than its head
        return Picture(data=base64.b64encode(jpeg).decode(), width=image.width, height=image.height)


def _decoded(data_url: str) -> bytes:
    head = _DATA_URL.match(data_url)
    if not head:
        raise Unusable(
            "picture", "Give the picture as a data URL: data:image/jpeg;base64,… (or png, webp)."
        )
    body = data_url[head.end() :]
    if len(body) > bounds.PICTURE_BYTES * 4 // 3 + 4:
        raise Unusable("too_large", f"A picture may have {bounds.PICTURE_BYTES >> 20} MiB.")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Unusable("picture", "The base64 of this data URL is broken.") from None


def _ours(raw: bytes, image: Image.Image) -> bool:
    """Whether `raw` is a JPEG such as `picture` makes, so that nothing is lost by a second pass."""
    if image.format != "JPEG" or image.mode != "RGB" or max(image.size) > bounds.PICTURE_SIDE:
        return False
    at = 2
    while raw[at : at + 1] == b"\xff" and raw[at + 1] in _OWN_SEGMENTS:
        if raw[at + 1] == 0xDA:
            # Any other marker after the scan begins would be a second image or a rider.
            return raw.find(b"\xff\xd9", at) == len(raw) - 2
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return False


def _flat(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, on white and within bounds."""
    profile = image.info.get("icc_profile")
    if image.mode in ("P", "1"):
        # These can't be blended, so shrinking them would drop rows and columns.
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Shrinking in two steps is faster, but Pillow has no first step for 16-bit grey.
    gap = None if image.mode.startswith("I") else 2.0
    side = bounds.PICTURE_SIDE
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=gap)
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        # Pillow clips 16-bit grey to 255 where it should scale.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.new("RGB", rgba.size, "white")
        image.paste(rgba, mask=rgba.getchannel("A"))
    return _in_srgb(image, profile)


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """`image` by its ICC `profile`, if it has a usable one; else taken to be sRGB."""
    if isinstance(profile, bytes) and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            converted.info.clear()
            return converted
    plain = image.convert("RGB")
    plain.info.clear()
    return plain
