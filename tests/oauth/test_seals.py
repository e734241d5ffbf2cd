"""What is sealed for a browser, and what of it comes back."""

from __future__ import annotations

import dataclasses

import jwt
import pytest

from app.db import uuid7
from app.oauth.seals import Request, Seals
from app.settings import Settings

SETTINGS = Settings(jwt_key="a key for tests only, of sufficient length")
SEALS = Seals(SETTINGS)
REQUEST = Request("id", "Name", None, "https://a/b", "c" * 43, ["mcp:connect"], None)


def test_what_was_sealed_comes_back() -> None:
    anonymous, signed_in = SEALS.new_visit(), SEALS.new_visit(uuid7(), uuid7())
    for visit in (anonymous, signed_in):
        assert SEALS.visit(SEALS.sealed_visit(visit)) == visit
        assert SEALS.request(SEALS.sealed_request(REQUEST, visit), visit) == REQUEST


def test_a_request_is_of_its_visit_only() -> None:
    sealed = SEALS.sealed_request(REQUEST, SEALS.new_visit())
    assert SEALS.request(sealed, SEALS.new_visit()) is None


def test_what_is_sealed_for_one_purpose_is_nothing_for_another() -> None:
    visit = SEALS.new_visit()
    assert SEALS.visit(SEALS.sealed_request(REQUEST, visit)) is None
    assert SEALS.request(SEALS.sealed_visit(visit), visit) is None


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é", "." * 3])
def test_other_texts_are_nothing(text: str) -> None:
    assert SEALS.visit(text) is None
    assert SEALS.request(text, SEALS.new_visit()) is None


def test_nothing_is_taken_that_another_key_signed_or_none() -> None:
    other = Seals(dataclasses.replace(SETTINGS, jwt_key="another key, of sufficient length too"))
    assert SEALS.visit(other.sealed_visit(other.new_visit())) is None
    claims = {"id": "x", "aud": "visit", "exp": 4_000_000_000}
    assert SEALS.visit(jwt.encode(claims, "", algorithm="none")) is None
    session_key = SETTINGS.signing_key()
    assert SEALS.visit(jwt.encode(claims, session_key, algorithm="HS256")) is None
    assert SEALS.visit(jwt.encode(claims, SEALS.key, algorithm="HS256")) is not None
    claims["exp"] = 1_000_000_000
    assert SEALS.visit(jwt.encode(claims, SEALS.key, algorithm="HS256")) is None
