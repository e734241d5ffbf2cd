from __future__ import annotations

import pytest

from app.importing.blocks import blocks_of, joined_text
from app.importing.document import Line
from tests.importing.pages import line

LONG = "Responsible for the looms of three mills and for the people who kept them running well,"


def texts(*lines: Line) -> list[str]:
    return [block.text for block in blocks_of(lines)]


def test_a_line_goes_on_where_the_next_word_had_no_room() -> None:
    assert texts(line(LONG), line("day and night", top=12)) == [f"{LONG} day and night"]


def test_a_short_line_ends_where_it_ends() -> None:
    assert texts(line("Engine Works"), line("London", top=12), line(LONG, top=24)) == [
        "Engine Works",
        "London",
        LONG,
    ]


def test_short_lines_of_a_narrow_list_stay_apart() -> None:
    names = ["Prototyping", "Figma", "User research"]
    lines = [line(name, top=12.0 * i, room=180) for i, name in enumerate(names)]
    assert texts(*lines) == names


def test_an_item_keeps_the_lines_that_hang_below_it() -> None:
    blocks = blocks_of(
        [
            line(LONG, bullet=True, left=50),
            line("day and night", top=12, left=50),
            line("Second item", top=24, left=50, bullet=True),
        ]
    )
    assert [(block.bullet, len(block.lines)) for block in blocks] == [(True, 2), (True, 1)]


def test_space_above_parts_paragraphs() -> None:
    assert len(texts(line(LONG), line("day and night", top=40, above=12))) == 2


def test_a_date_that_breaks_over_lines_is_whole() -> None:
    assert texts(line("Engine Works, Feb 2018 –"), line("April 2021", top=12)) == [
        "Engine Works, Feb 2018 – April 2021"
    ]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["an engi-", "neer of looms"], "an engineer of looms"),
        (["MCP-", "compatible tools"], "MCP-compatible tools"),
        (["full-", "stack web"], "full-stack web"),
        (["Ein-", "und Verkauf"], "Ein- und Verkauf"),
        (["2019-", "2021"], "2019-2021"),
        (["linkedin.com/in/ada-", "lovelace"], "linkedin.com/in/ada-lovelace"),
        (["負責訂單", "中心"], "負責訂單中心"),
    ],
    ids=["broken", "capitals", "compound", "shared", "numbers", "address", "chinese"],
)
def test_hyphens_are_undone_only_where_they_broke_a_word(parts: list[str], whole: str) -> None:
    assert joined_text(parts) == whole


def test_a_word_known_with_its_hyphen_keeps_it() -> None:
    lines = [line("the co-founder and the state-side", top=0), line("Made side-", top=20, above=9)]
    words = frozenset({"cross-border"})
    assert joined_text(["a cross-", "border loan"], words) == "a cross-border loan"
    assert len(blocks_of(lines)) == 2


def test_a_sentence_goes_on_overleaf() -> None:
    last = line(LONG, page=1, top=700)
    following = line("day and night", page=2, top=40, above=0)
    assert texts(last, following) == [f"{LONG} day and night"]
