from __future__ import annotations

import itertools
from typing import Any

import pytest

from app.db import uuid7
from app.index.chunks import chunks_of
from app.index.words import words
from app.profile.rules import SECTIONS
from tests.search.profiles import NAMES, read


def record(name: str) -> dict[str, Any]:
    given = read(name)
    for section in SECTIONS:
        for row in given[section]:
            row["id"] = uuid7()
    return given


@pytest.mark.parametrize("name", NAMES)
def test_each_row_is_whole_in_one_chunk_and_every_statement_in_some(name: str) -> None:
    given = record(name)
    chunks = chunks_of(given)
    whole = {chunk.item_id: chunk.text for chunk in chunks if chunk.ordinal == 0}
    for section in SECTIONS:
        for row in given[section]:
            text = whole[row["id"]]
            assert all(bullet in text for bullet in row.get("bullets", ()))
            assert (row.get("description") or "") in text
    assert len({chunk.digest for chunk in chunks}) == len(chunks)


@pytest.mark.parametrize("name", NAMES)
def test_addresses_and_numbers_to_reach_somebody_by_are_in_no_chunk(name: str) -> None:
    given = record(name)
    profile = given["profile"]
    private = [profile[field] for field in ("email", "phone", "website", "github_url")]
    for chunk, value in itertools.product(chunks_of(given), filter(None, private)):
        assert value not in chunk.text + chunk.embedded + chunk.title


def test_a_long_text_is_cut_into_statements_and_loses_nothing() -> None:
    given = record("student")
    sentences = [f"Sentence number {n} says something of its own." for n in range(200)]
    word = "".join(map(str, range(1200)))
    given["projects"][0].update(description=" ".join(sentences), bullets=[word])
    item_id = given["projects"][0]["id"]
    parts = [chunk for chunk in chunks_of(given) if chunk.item_id == item_id and chunk.ordinal]
    told = " ".join(chunk.text for chunk in parts)
    assert all(sentence in told for sentence in sentences)
    assert word in told.replace(" ", "")
    assert max(len(chunk.text) for chunk in parts) <= 600


def test_rows_in_another_order_are_embedded_as_before() -> None:
    given = record("chef")
    before = {chunk.digest for chunk in chunks_of(given)}
    given["experience"].reverse()
    given["experience"][0]["bullets"].reverse()
    after = {chunk.digest for chunk in chunks_of(given)}
    assert len(after - before) <= 1  # the row whose bullets stand otherwise


def test_what_is_said_twice_in_a_row_is_embedded_once() -> None:
    given = record("chef")
    given["projects"][0]["bullets"] = ["The same.", "The same.", "Another."]
    texts = [c.text for c in chunks_of(given) if c.item_id == given["projects"][0]["id"]]
    assert texts.count("The same.") == 1


def test_a_name_alone_is_nothing_to_find() -> None:
    given = record("chef")
    empty = dict.fromkeys(given["profile"]) | {
        "full_name": "Ann Lee",
        "languages": [],
        "open_to_work": False,
    }
    assert chunks_of({"profile": empty, **dict.fromkeys(SECTIONS, ())}) == []


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("C++ and C#, node.js", "cplusplus and csharp node js"),
        ("PostgreSQL/Redis", "postgresql redis"),
        ("Éric développé à Zürich", "eric developpe a zurich"),
        ("שָׁלוֹם", "שלום"),
        ("東京大学", "東京 京大 大学"),
        ("e5_small x+y", "e5 small x y"),
        ("'\\ :* & | !", ""),
    ],
    ids=["signs", "slash", "accents", "points", "unspaced", "underscore", "operators"],
)
def test_words_are_what_both_sides_have_in_common(text: str, read_as: str) -> None:
    assert words(text) == read_as
