from __future__ import annotations

import pytest

from app.importing import pdf
from app.importing.document import Document
from app.importing.preview import Unreadable
from tests.importing import pages
from tests.importing.pages import text


def read(*contents: str, turn: int = 0) -> Document:
    return pdf.read_document(pages.pdf(*contents, turn=turn))


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def refused(data: bytes, password: str | None = None) -> str:
    with pytest.raises(Unreadable) as error:
        pdf.read_document(data, password)
    return error.value.code


def test_lines_come_from_the_top_with_their_place_and_look() -> None:
    document = read(text(50, 700, "Ada Lovelace", size=20, font="bold") + text(50, 670, "London"))
    first, second = document.lines
    assert (first.text, first.size, first.bold, first.page) == ("Ada Lovelace", 20, True, 1)
    assert (second.text, second.bold) == ("London", False)
    assert first.box is not None
    assert first.box[0] == pytest.approx(50, abs=2)
    assert first.box[1] < 100 < first.box[3] + 10


def test_an_encrypted_file_asks_for_its_password() -> None:
    data = pages.encrypted(pages.pdf(text(50, 700, "Secret life")), "open sesame")
    assert refused(data) == "encrypted"
    assert refused(data, "guess") == "wrong_password"
    assert texts(pdf.read_document(data, "open sesame")) == ["Secret life"]


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n", b"not a pdf", pages.pdf(text(50, 700, "Words"))[:150]],
    ids=["empty", "other", "cut"],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    assert refused(data) == "damaged"


def test_a_page_tree_in_a_circle_is_refused() -> None:
    data = pages.pdf(text(50, 700, "Words")).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
    assert refused(data) == "damaged"


def test_too_many_pages_are_refused() -> None:
    assert refused(pages.pdf(*[text(50, 700, "Words")] * 51)) == "too_many_pages"


def test_a_file_without_text_says_what_to_do() -> None:
    with pytest.raises(Unreadable) as error:
        pdf.read_document(pages.pdf("0 0 100 100 re f"))
    assert error.value.code == "no_text"
    assert "no text layer" in error.value.message


@pytest.mark.parametrize(
    "hidden",
    [
        "3 Tr " + text(50, 600, "Ninja keywords") + "0 Tr",
        "1 g " + text(50, 600, "Ninja keywords") + "0 g",
        text(5000, 600, "Ninja keywords"),
        text(50, 600, "Ninja keywords", size=0.8),
    ],
    ids=["invisible", "white", "outside", "tiny"],
)
def test_text_that_nobody_sees_is_left_out_and_told(hidden: str) -> None:
    document = read(text(50, 700, "Seen by all") + hidden)
    assert texts(document) == ["Seen by all"]
    assert [warning.code for warning in document.warnings] == ["hidden_text"]


def test_white_text_on_a_dark_ground_is_read() -> None:
    document = read("0 0 0.4 rg 0 500 300 200 re f 1 g " + text(50, 600, "Contact"))
    assert texts(document) == ["Contact"]
    assert document.warnings == ()


def test_the_text_layer_of_a_scan_is_read_and_told() -> None:
    document = read("3 Tr " + text(50, 700, "Recognised words"))
    assert texts(document) == ["Recognised words"]
    assert "recognised_text" in [warning.code for warning in document.warnings]


def test_text_drawn_twice_is_read_once() -> None:
    document = read(text(50, 700, "Experience") + text(50.3, 700, "Experience"))
    assert texts(document) == ["Experience"]


def test_letters_set_apart_are_drawn_together() -> None:
    document = read("3 Tc " + text(50, 700, "WORK EXPERIENCE") + "0 Tc")
    assert texts(document) == ["WORK EXPERIENCE"]


def test_an_accent_drawn_over_its_letter_is_one_letter() -> None:
    # As TeX does it: the accent first, and the letter moved back below it.
    document = read(text(50, 700, "Ren") + text(67.8, 700, "\u00b4") + text(67, 700, "e Dubois"))
    assert texts(document) == ["Ren\u00e9 Dubois"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(turn: int) -> None:
    # The page is turned by the viewer, and its text the other way, so that it stands upright.
    matrix = {90: "0 1 -1 0 400 100", 180: "-1 0 0 -1 400 400", 270: "0 -1 1 0 200 400"}[turn]
    below = {90: "0 1 -1 0 420 100", 180: "-1 0 0 -1 400 420", 270: "0 -1 1 0 180 400"}[turn]
    content = "".join(
        f"BT /plain 10 Tf {place} Tm ({words}) Tj ET\n"
        for place, words in ((matrix, "First line"), (below, "Second line"))
    )
    assert texts(read(content, turn=turn)) == ["First line", "Second line"]


def test_a_link_is_told_with_the_words_it_lies_on() -> None:
    data = pages.pdf(text(50, 700, "See my code here"), links=[(85, 695, 110, 712)])
    (line,) = pdf.read_document(data).lines
    assert [(link.text, link.url) for link in line.links] == [("code", "https://github.com/ada")]


def test_a_link_whose_box_is_upside_down_is_told_too() -> None:
    data = pages.pdf(text(50, 700, "See my code here"), links=[(85, 712, 110, 695)])
    assert pdf.read_document(data).lines[0].links


@pytest.mark.parametrize(
    ("meant", "read_as"),
    [("0041", "A"), ("D800", ""), ("DC00", ""), ("D800DC00DC00", "\U00010000"), ("DC00D83D", "")],
)
def test_a_glyph_that_means_half_a_character_is_left_out_and_the_rest_is_read(
    meant: str, read_as: str
) -> None:
    data = pages.pdf(text(50, 700, "Acme X Ltd", font="plain"), meaning={"X": meant})
    (line,) = texts(pdf.read_document(data))
    assert line.split() == ["Acme", *filter(None, [read_as]), "Ltd"]
    line.encode()
