from __future__ import annotations

import pytest

from workers.lines import comma, ended, room, running

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("text", "last_line"),
    [
        ("Wrote the menu after the market and not before it.", "not before it."),
        ("Sanctioned three parallel schemes of arrangement.", "of arrangement."),
        ("Looked after the whole building and its responsibility.", "responsibility."),
        ("Kept up the Donaudampfschifffahrtsgesellschaft for us.", "for us."),
    ],
)
def test_the_last_words_of_a_text_are_tied_until_they_look_like_a_line(
    text: str, last_line: str
) -> None:
    free, _, tied = running(text).replace(" " + JOINER, "~").rpartition(" ")
    assert tied.replace("~", " ").endswith(last_line)
    assert "~" not in free
    assert running(text).replace(JOINER, "") == text


@pytest.mark.parametrize("text", ["", " ", "Trained.", "Two short words.", "x" * 4_000])
def test_what_needs_one_line_or_has_no_blank_stays_as_it_is(text: str) -> None:
    assert ended(text) == text


def test_a_link_at_the_end_of_a_text_stays_one() -> None:
    html = running("All of it can be read at https://a.example")
    assert 'href="https://a.example">https://a.example</a>' in html


def test_a_date_follows_a_short_word_in_its_line_and_a_long_one_where_there_is_room() -> None:
    assert comma("Guide of France", "2022") == f", {JOINER}"
    assert comma("Zeitschrift für Gesellschaftsrecht", "2016") == ", "


def test_letters_that_are_wider_than_figures_take_more_room() -> None:
    assert room("2018") == 4
    assert room("2018\u5e74") == 6
    assert 4 < room("\u10db\u10d0\u10e0") < 6
