from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth import raw_keys
from app.auth.raw_keys import Prefix


def test_a_raw_key_is_its_prefix_178_random_bits_and_a_checksum() -> None:
    key = raw_keys.mint(Prefix.PERSONAL_TOKEN)
    assert key.text.startswith("vt_")
    assert len(key.text) == len("vt_") + 30 + 6
    assert 62**30 > 2**178
    assert key.text.removeprefix("vt_").isalnum()


def test_only_the_digest_is_needed_to_find_a_raw_key_again() -> None:
    key = raw_keys.mint(Prefix.API_KEY)
    assert key.digest == hashlib.sha256(key.text.encode()).digest()
    assert raw_keys.digest_of(key.text, Prefix.API_KEY) == key.digest


def test_no_two_keys_are_alike() -> None:
    assert len({raw_keys.mint(Prefix.LINK).text for _ in range(1000)}) == 1000


def test_a_hint_shows_both_ends_and_no_more() -> None:
    key = raw_keys.mint(Prefix.API_KEY)
    assert key.hint == f"{key.text[:7]}…{key.text[-4:]}"
    assert key.text not in repr(key)


@pytest.mark.parametrize("position", range(3, 39))
def test_one_wrong_character_is_refused_without_a_look_up(position: int) -> None:
    text = raw_keys.mint(Prefix.PERSONAL_TOKEN).text
    wrong = "x" if text[position] != "x" else "y"
    typo = text[:position] + wrong + text[position + 1 :]
    assert raw_keys.digest_of(typo, Prefix.PERSONAL_TOKEN) is None


def test_a_key_of_one_kind_is_none_of_another() -> None:
    token = raw_keys.mint(Prefix.PERSONAL_TOKEN).text
    disguised = Prefix.API_KEY.value + token.removeprefix("vt_")
    assert raw_keys.digest_of(token, Prefix.API_KEY) is None
    assert raw_keys.digest_of(disguised, Prefix.API_KEY) is None


@given(st.text(st.characters()))
def test_any_other_text_is_refused(text: str) -> None:
    assert raw_keys.digest_of(text, Prefix.LINK) is None
    assert raw_keys.digest_of("vl_" + text, Prefix.LINK) is None


def test_characters_outside_ascii_are_refused() -> None:
    text = raw_keys.mint(Prefix.LINK).text
    assert raw_keys.digest_of(text[:-1] + "é", Prefix.LINK) is None
    assert raw_keys.digest_of(text[:-1] + "\ud800", Prefix.LINK) is None


def test_a_derived_key_follows_from_its_kind_our_key_and_its_source_alone() -> None:
    def derived(prefix: Prefix = Prefix.LINK, key: bytes = b"k", source: bytes = b"s") -> str:
        return raw_keys.derived(prefix, key, source).text

    assert derived() == derived()
    assert raw_keys.digest_of(derived(), Prefix.LINK) is not None
    others = {derived(Prefix.API_KEY)[3:], derived(key=b"other")[3:], derived(source=b"other")[3:]}
    assert len(others | {derived()[3:]}) == 4
