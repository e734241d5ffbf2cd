from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from app.cv import bounds
from app.cv.findings import Unusable
from app.cv.normalise import normalise, to_cv_data
from app.cv.pictures import data_url, picture
from app.errors import ValidationFailed
from tests.cv.samples import smallest

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def encoded(image: Image.Image, kind: str, **how: Any) -> str:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return as_url(out.getvalue(), kind)


def as_url(raw: bytes, kind: str) -> str:
    return f"data:image/{kind.lower()};base64," + base64.b64encode(raw).decode()


def result(url: str) -> Image.Image:
    """The picture made of `url`, after checking that it says of itself what it is."""
    made = picture(url)
    image = Image.open(io.BytesIO(base64.b64decode(made.data)))
    image.load()
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    assert image.size == (made.width, made.height)
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    return image


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(pixel, colour, strict=True))


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("size", "made"), [((1600, 1200), (800, 600)), ((30, 40), (30, 40))])
def test_a_picture_becomes_a_jpeg_of_at_most_800_pixels(
    kind: str, size: tuple[int, int], made: tuple[int, int]
) -> None:
    image = result(encoded(Image.new("RGB", size, BLUE), kind))
    assert image.size == made
    assert near(image.getpixel((5, 5)), BLUE)


def test_a_picture_is_set_upright_and_its_metadata_is_dropped() -> None:
    image = Image.new("RGB", (40, 20), WHITE)
    image.paste(RED, (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right when shown
    exif[0x010F] = "Camera of somebody"
    url = encoded(image, "JPEG", exif=exif, quality=95, comment=b"where it was taken")
    upright = result(url)
    assert upright.size == (20, 40)
    assert near(upright.getpixel((10, 3)), RED)
    assert near(upright.getpixel((10, 36)), WHITE)
    assert b"Camera" not in base64.b64decode(picture(url).data)


def test_colours_are_converted_by_the_profile_of_the_picture() -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.find(b"rXYZ"), profile.find(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    url = encoded(Image.new("RGB", (20, 20), RED), "PNG", icc_profile=bytes(profile))
    assert near(result(url).getpixel((5, 5)), BLUE)


def test_a_broken_profile_is_ignored() -> None:
    url = encoded(Image.new("RGB", (20, 20), RED), "PNG", icc_profile=b"nonsense")
    assert near(result(url).getpixel((5, 5)), RED)


@pytest.mark.parametrize(
    ("image", "kind", "colour"),
    [
        (Image.new("RGBA", (20, 20), (255, 0, 0, 0)), "PNG", WHITE),
        (Image.new("LA", (20, 20), (0, 0)), "PNG", WHITE),
        (Image.new("L", (20, 20), 128), "PNG", (128, 128, 128)),
        (Image.new("1", (20, 20), 1), "PNG", WHITE),
        (Image.new("P", (20, 20), 0), "PNG", (0, 0, 0)),
        (Image.new("I;16", (20, 20), 0x8080), "PNG", (128, 128, 128)),
        (Image.new("I;16", (4000, 400), 0x8080), "PNG", (128, 128, 128)),
        (Image.new("P", (4000, 400), 0), "PNG", (0, 0, 0)),
        (Image.new("CMYK", (20, 20), (0, 0, 0, 0)), "JPEG", WHITE),
        (Image.new("RGBA", (20, 20), (0, 0, 255, 255)), "WEBP", BLUE),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else "",
)
def test_every_sort_of_pixel_is_understood(
    image: Image.Image, kind: str, colour: tuple[int, int, int]
) -> None:
    assert near(result(encoded(image, kind)).getpixel((5, 5)), colour)


def test_the_first_frame_of_an_animation_is_taken() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE)]
    url = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert near(result(url).getpixel((5, 5)), RED)


def test_a_picture_made_before_comes_back_unchanged() -> None:
    noise = Image.effect_noise((900, 700), 80).convert("RGB")
    made = picture(encoded(noise, "PNG"))
    assert picture(data_url(made)) == made


@pytest.mark.parametrize(
    "rider", [b"rider", b"\xff\xd8\xff\xd9", b"\xff\xfe\x00\x08secret\xff\xd9"]
)
def test_what_rides_behind_a_picture_is_dropped(rider: bytes) -> None:
    made = base64.b64decode(picture(encoded(Image.new("RGB", (20, 20), RED), "JPEG")).data)
    again = base64.b64decode(picture(as_url(made + rider, "JPEG")).data)
    assert b"rider" not in again
    assert b"secret" not in again
    assert len(again) < len(made) + len(rider)


@pytest.mark.parametrize(
    "size", [(100_000, 100_000), (8_000, 5_001), (65_000, 2_000), (1, 2**31 - 1)]
)
def test_a_pixel_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(Unusable) as caught:
        picture(as_url(png_of_size(*size), "PNG"))
    assert caught.value.code == "too_large"


def test_more_than_three_mebibytes_are_refused() -> None:
    with pytest.raises(Unusable) as caught:
        picture(as_url(bytes(bounds.PICTURE_BYTES + 4), "PNG"))
    assert caught.value.code == "too_large"


JPEG = base64.b64decode(encoded(Image.effect_noise((50, 50), 50), "JPEG").partition(",")[2])
GIF = b"GIF89a" + bytes(20)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.com/me.jpg",
        "file:///etc/passwd",
        "/etc/passwd",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png,x",
        "data:image/png;base64,",
        "data:image/png;base64,***",
        "data:image/png;base64,QUJD",
        as_url(JPEG[: len(JPEG) // 2], "JPEG"),
        as_url(JPEG[:20], "JPEG"),
        as_url(GIF, "PNG"),
        as_url(png_of_size(10, 10), "PNG"),
        as_url(png_of_size(0, 10), "PNG"),
        as_url(b"%PDF-1.4", "PNG"),
    ],
)
def test_what_is_no_picture_is_refused(url: str) -> None:
    import weasyprint  # noqa: F401 - it tells Pillow to take files that end too soon

    with pytest.raises(Unusable) as caught:
        picture(url)
    assert caught.value.code == "picture"


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
@settings(max_examples=300, deadline=None)
# Pillow warns of each piece of metadata that it can't read.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_damaged_picture_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = encoded(Image.linear_gradient("L").convert("RGB"), kind, exif=exif)
    raw = bytearray(base64.b64decode(whole.partition(",")[2]))
    for at in data.draw(st.lists(st.integers(0, min(len(raw), 400) - 1), max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    try:
        result(as_url(bytes(raw), kind))
    except Unusable as refusal:
        event(refusal.code)


def test_a_cv_says_where_its_picture_is_wrong() -> None:
    with pytest.raises(ValidationFailed) as caught:
        normalise(smallest(identity__picture="me.jpg"))
    assert [error.path for error in caught.value.fields] == ["cv_data.identity.picture"]


def test_a_picture_that_the_template_does_not_show_is_kept_with_a_warning() -> None:
    url = encoded(Image.new("RGB", (20, 20), RED), "PNG")
    normalised = normalise(smallest(identity__picture=url))
    assert normalised.cv.identity.picture == picture(url)
    assert [warning.code for warning in normalised.warnings] == ["picture_unused"]
    assert normalise(smallest(identity__picture=url, template="picture")).warnings == ()
    assert normalise(to_cv_data(normalised.cv)).cv == normalised.cv
