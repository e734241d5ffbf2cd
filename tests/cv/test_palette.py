from __future__ import annotations

import pypdfium2
import pytest

from app.cv.findings import Unusable
from app.cv.palette import CSS, DVIPS, color, contrast, luminance, pale

# As dvips defines them, in inks.
INKS = {
    "NavyBlue": (0.94, 0.54, 0, 0),
    "Maroon": (0, 0.87, 0.68, 0.32),
    "ForestGreen": (0.91, 0, 0.88, 0.12),
    "Mahogany": (0, 0.85, 0.87, 0.35),
    "RoyalPurple": (0.75, 0.90, 0, 0),
    "Tan": (0.14, 0.42, 0.56, 0),
    "Sepia": (0, 0.83, 1, 0.70),
    "Gray": (0, 0, 0, 0.50),
    "White": (0, 0, 0, 0),
}


def as_seen(inks: tuple[float, ...]) -> str:
    """What a PDF viewer shows of a page filled with these inks."""
    content = " ".join(map(str, inks)).encode() + b" k 0 0 9 9 re f"
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length " + str(len(content)).encode() + b">>stream\n" + content + b"\n"
        b"endstream endobj\ntrailer<</Root 1 0 R>>"
    )
    document = pypdfium2.PdfDocument(pdf)
    pixel = document[0].render(scale=1).to_pil().convert("RGB").getpixel((4, 4))
    document.close()
    return "#{:02x}{:02x}{:02x}".format(*pixel)


@pytest.mark.parametrize("name", INKS)
def test_a_dvips_colour_is_what_a_viewer_shows_of_its_inks(name: str) -> None:
    assert DVIPS[name] == as_seen(INKS[name])


def test_both_palettes_are_whole() -> None:
    assert len(DVIPS) == 68
    assert len(CSS) == 148
    for palette in (DVIPS, CSS):
        for value in palette.values():
            assert color(value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NavyBlue", "#006eb8"),
        ("navyblue", "#006eb8"),
        ("Green", DVIPS["Green"]),
        ("green", "#008000"),
        ("GREEN", "#008000"),
        ("RebeccaPurple", "#663399"),
        ("wildSTRAWBERRY", DVIPS["WildStrawberry"]),
        ("Black", "#000000"),
        ("#ABC", "#aabbcc"),
        ("#006EB8", "#006eb8"),
    ],
)
def test_a_colour_is_found_dvips_first_then_css_then_dvips_in_any_case(
    name: str, value: str
) -> None:
    assert color(name) == value


@pytest.mark.parametrize(
    "name",
    ["", "mauvish", "#12", "#12345", "#1234567", "#ggg", "006eb8", "rgb(0,0,0)", "transparent",
     "red;}", "#fff\n", "url(x)", "var(--x)"],
)  # fmt: skip
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(Unusable):
        color(name)


def test_contrast_is_what_wcag_says_of_two_colours_in_either_order() -> None:
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#ff0000", "#0000ff") == contrast("#0000ff", "#ff0000")
    assert contrast("#ff0000", "#0000ff") == pytest.approx(2.15, abs=0.005)


def test_pale_colours_are_told_from_dark_ones() -> None:
    assert pale("#ffffff")
    assert pale(DVIPS["Yellow"])
    assert not pale(DVIPS["NavyBlue"])
    assert not pale("#949494")  # 3.03 to 1
    assert pale("#959595")  # 2.99 to 1
