from __future__ import annotations

import pytest

from app.cv import coverage
from app.cv.model import CV, Identity, Item, Section
from app.cv.normalise import normalise, to_cv_data
from tests.cv.samples import smallest, with_item
from workers import fonts

MONGOLIAN = "\u182e\u1823\u1829"
HIEROGLYPH = "\U00013000"


def test_the_list_is_that_of_the_fonts() -> None:
    listed = [line.split("-") for line in coverage.COVERED.read_text("ascii").split()]
    assert [(int(each[0], 16), int(each[-1], 16)) for each in listed] == list(fonts.covered())


@pytest.mark.parametrize(
    "text",
    ["Ελληνικά", "한국어 中文 日本語", "עברית العربية", "हिन्दी বাংলা தமிழ் ไทย", "ქართული հայերեն",
     "Tiếng Việt Łódź", "✓ ★ → € ₹ ₿", "👩‍💻 ❤️ 🇨🇭", "a\u200bb\u00adc \u2066x\u2069"],
)  # fmt: skip
def test_what_the_fonts_have_stays(text: str) -> None:
    assert coverage.settable(text) == text
    assert not coverage.missing([text])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Ada {MONGOLIAN}", "Ada"),
        (f"{HIEROGLYPH}\ufe0f Ada", "Ada"),
        ("𝗔𝗱𝗮 𝓛𝓸𝓿𝓮𝓵𝓪𝓬𝓮", "Ada Lovelace"),
        ("\ue000Ada \uf0b7", "Ada"),  # for private use
        (MONGOLIAN, ""),
    ],
)
def test_what_no_font_has_is_left_out_or_set_as_what_it_stands_for(text: str, shown: str) -> None:
    assert coverage.settable(text) == shown


def test_each_script_without_a_font_is_one_warning_that_names_its_letters() -> None:
    cv_data = with_item(bullets=[f"Engines {MONGOLIAN}", MONGOLIAN * 2, f"x {HIEROGLYPH}"])
    found = normalise(cv_data).warnings
    assert [(each.code, each.path) for each in found] == [("missing_glyphs", "cv_data")] * 2
    assert "Egyptian" in found[0].message
    assert HIEROGLYPH in found[0].message
    assert "Mongolian" in found[1].message
    assert all(letter in found[1].message for letter in MONGOLIAN)


def test_the_data_keeps_what_the_page_leaves_out() -> None:
    cv = normalise(with_item(bullets=[MONGOLIAN])).cv
    assert normalise(to_cv_data(cv)).cv == cv
    assert cv.sections[0].items[0].bullets == (MONGOLIAN,)


def test_in_place_of_a_name_of_which_nothing_can_be_set_stands_a_dash() -> None:
    found = normalise(smallest(identity={"first_name": MONGOLIAN}))
    assert [each.code for each in found.warnings][-1] == "missing_glyphs"
    assert coverage.as_set(found.cv).identity.first_name == "—"


def test_a_page_has_no_empty_bullets_items_or_sections() -> None:
    item = Item(title="Engine", bullets=("One", MONGOLIAN))
    cv = CV(
        identity=Identity(first_name="Ada", jobtitle=MONGOLIAN),
        sections=(
            Section(key="a", heading=MONGOLIAN, type="main", items=(item, Item(title=MONGOLIAN))),
            Section(key="b", heading="B", type="secondary", content=MONGOLIAN),
        ),
    )
    shown = coverage.as_set(cv)
    assert shown.identity == Identity(first_name="Ada")
    (section,) = shown.sections
    assert section.heading == "—"
    assert section.items == (Item(title="Engine", bullets=("One",)),)


def test_a_cv_of_which_all_can_be_set_is_not_copied() -> None:
    cv = normalise(smallest(identity__last_name="Łódź 李")).cv
    assert coverage.as_set(cv) is cv
