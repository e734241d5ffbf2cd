from __future__ import annotations

import pytest

from app.cv.text import clean, printable, refused


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  a \t b  ", "a b"),
        ("a\r\nb\vc\u2028d", "a b c d"),
        ("e\u0301", "é"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),  # a joiner that Persian needs
        ("👩\u200d💻", "👩\u200d💻"),
        ("\u2067שלום\u2069 x", "\u2067שלום\u2069 x"),
        ("a\xa0b", "a\xa0b"),
    ],
)
def test_ordinary_text_is_composed_and_set_on_one_line(raw: str, cleaned: str) -> None:
    assert clean(raw, multiline=False) == (cleaned, ())


def test_paragraphs_keep_their_line_breaks() -> None:
    raw = "  one \r\n two\n\n\n\nthree\n"
    assert clean(raw, multiline=True) == ("one\ntwo\n\nthree", ())


@pytest.mark.parametrize(
    ("raw", "cleaned", "code"),
    [
        ("a\x01b\x7f\x9fc\ufeff\ufffe", "abc", "control_characters"),
        ("invoice\u202efdp.exe", "invoicefdp.exe", "text_direction"),
        ("\u2066open", "open", "text_direction"),
        ("closed\u2069", "closed", "text_direction"),
        ("\u2069\u2066", "", "text_direction"),
    ],
)
def test_what_hides_or_reorders_is_dropped_and_told(raw: str, cleaned: str, code: str) -> None:
    assert clean(raw, multiline=False) == (cleaned, (code,))


def test_an_isolate_must_close_on_its_line() -> None:
    assert clean("\u2066a\nb\u2069", multiline=True) == ("a\nb", ("text_direction",))


@pytest.mark.parametrize("raw", ["a\0", "\ud800", "x\udfffy"])
def test_nul_and_lone_surrogates_are_refused(raw: str) -> None:
    assert refused(raw)
    assert "\ufffd" in printable(raw)


def test_an_emoji_is_not_refused() -> None:
    assert not refused("🦊")
