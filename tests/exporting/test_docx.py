"""DOCX: a Word document with real styles, which an import reads as well as our PDFs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from zipfile import ZipFile

import docx
import pytest
from hypothesis import HealthCheck, given, settings

from app.exporting.docx import word
from app.importing.docx import read_docx
from app.importing.read import read_document
from tests.exporting.profiles import EMPTY, FULL, OPEN, Record, corpus, records
from tests.importing import round_trip

# Of all fields; of our PDFs it is 0.0071.
_MOST_LOST = 0.0068
_NEVER_LOST = ("full_name", "company", "institution")


@cache
def _differences() -> tuple[round_trip.Difference, ...]:
    return tuple(each for name in OPEN for each in _of(name))


def _of(name: str) -> Iterator[round_trip.Difference]:
    record = corpus(name)
    preview = read_document(read_docx(word(record)), "docx")
    yield from round_trip.compared("docx", name, record, preview)


def test_few_fields_of_the_corpus_are_lost() -> None:
    fields = sum(map(round_trip.field_count, OPEN))
    assert len(_differences()) / fields <= _MOST_LOST


def test_names_and_employers_always_come_back() -> None:
    lost = [each for each in _differences() if each.where.rpartition(".")[2] in _NEVER_LOST]
    assert lost == []


def test_headings_and_lists_are_those_of_word() -> None:
    made = docx.Document(io.BytesIO(word(FULL)))
    styles = [(each.style.name, each.text) for each in made.paragraphs if each.style]
    assert styles[0] == ("Title", "Zoë Müller-Łuć")
    assert styles[1] == ("Subtitle", "Staff Engineer, Platforms; C++ & Go")
    headings = [text for style, text in styles if style == "Heading 1"]
    assert headings[:3] == ["Summary", "Experience", "Education"]
    assert ("Heading 2", "Globex, Inc.\tFeb 2020 – Present") in styles
    assert ("List Bullet", "Cut costs by 40 %.") in styles


def test_it_says_whose_it_is_and_nothing_of_what_made_it() -> None:
    core = docx.Document(io.BytesIO(word(FULL))).core_properties
    assert (core.author, core.last_modified_by) == ("Zoë Müller-Łuć", "Zoë Müller-Łuć")
    assert core.language == "en"
    assert str(core.modified) == "2026-03-17 15:00:00+00:00"
    with ZipFile(io.BytesIO(word(FULL))) as package:
        assert not [name for name in package.namelist() if "thumbnail" in name]
        assert b"python-docx" not in b"".join(map(package.read, package.namelist()))


def test_the_same_profile_makes_the_same_bytes() -> None:
    assert word(FULL) == word(FULL)


@pytest.mark.parametrize(
    ("name", "tag"),
    [("open/ja_eigyo_rirekisho", "ja-JP"), ("open/zh_engineer_xelatex", "zh-CN")],
    ids=["japanese", "chinese"],
)
def test_an_east_asian_profile_says_so(name: str, tag: str) -> None:
    with ZipFile(io.BytesIO(word(corpus(name)))) as package:
        assert f'w:eastAsia="{tag}"'.encode() in package.read("word/styles.xml")


def test_hidden_sections_are_left_out_and_the_rest_follows_the_order() -> None:
    made = docx.Document(io.BytesIO(word(FULL, ["skills"], {"summary", "experience"})))
    styled = [(each.style and each.style.name, each.text) for each in made.paragraphs]
    headings = [text for style, text in styled if style == "Heading 1"]
    assert headings == ["Skills", "Education", "Projects", "Languages", "Certifications"]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_whatever_was_typed_opens_and_runs_nothing(record: Record) -> None:
    made = word(record)
    assert docx.Document(io.BytesIO(made)).paragraphs[0].text == " ".join(
        record["profile"]["full_name"].split(" ")
    )
    with ZipFile(io.BytesIO(made)) as package:
        body = package.read("word/document.xml")
    assert not any(mark in body for mark in (b"w:fldSimple", b"w:instrText", b"w:object"))


def test_a_profile_of_nothing_but_a_name_is_one() -> None:
    assert [each.text for each in docx.Document(io.BytesIO(word(EMPTY))).paragraphs] == ["No Body"]
