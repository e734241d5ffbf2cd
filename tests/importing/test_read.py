from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.importing import pdf
from app.importing.contact import label_of
from app.importing.document import Document
from app.importing.explain import explain
from app.importing.forms import asked_for, ends_label
from app.importing.preview import Preview
from app.importing.read import read_document, read_pdf
from app.importing.sections import sections_of
from tests.importing import pages

OPEN = sorted((Path(__file__).parent / "corpus" / "open").glob("*.pdf"))
LISTS = ("experience", "education", "projects", "certifications", "languages", "skills")
_WORD = re.compile(r"\w+")


@cache
def document(path: Path) -> Document:
    return pdf.read_document(path.read_bytes())


@cache
def preview(path: Path) -> Preview:
    return read_document(document(path), "pdf")


def entries(found: Preview) -> Iterator[Any]:
    yield found.profile
    for name in LISTS:
        yield from getattr(found, name)


@pytest.mark.parametrize("path", OPEN, ids=lambda path: path.stem)
def test_every_value_has_evidence(path: Path) -> None:
    for entry in entries(preview(path)):
        proven = {proof.field for proof in entry.evidence}
        for name in entry.__struct_fields__:
            if name != "evidence" and getattr(entry, name):
                assert name in proven, (name, entry)


@pytest.mark.parametrize("path", OPEN, ids=lambda path: path.stem)
def test_evidence_lies_on_its_page(path: Path) -> None:
    found = preview(path)
    for entry in entries(found):
        for proof in entry.evidence:
            assert proof.page is not None
            assert 1 <= proof.page <= (found.pages or 0)
            assert proof.box is not None
            left, top, right, bottom = proof.box
            assert left < right
            assert top < bottom
            assert proof.text.strip()


@pytest.mark.parametrize("path", OPEN, ids=lambda path: path.stem)
def test_no_word_of_a_document_is_lost(path: Path) -> None:
    found = preview(path)
    told = [proof.text for entry in entries(found) for proof in entry.evidence]
    told += [left.text for left in found.unplaced]
    told += [section.title for section in sections_of(document(path)) if section.title]
    words = Counter(word for text in told for word in _WORD.findall(text))
    joined = "".join(char for text in told for char in text if char.isalnum())
    lost = [
        word
        for line in document(path).lines
        for word in _WORD.findall(line.text)
        if not words[word]
        and word not in joined
        and label_of(f"{word}: x") is None
        and not any(word in segment.text and asked_for(segment.text) for segment in line.segments)
        and label_of(line.text) is None
        and not ends_label(line.text)
    ]
    assert lost == []


def test_the_stages_of_a_file_are_explained() -> None:
    content = pages.column(50, 700, ["*Ada Lovelace", "ada@example.org"]) + pages.column(
        50, 650, ["*Experience", "Software Engineer, Engine Works Ltd, 2019 - 2021"]
    )
    shown = "\n".join(explain(pdf.read_document(pages.pdf(content))))
    assert "Lines (4, pages 1)" in shown
    assert "experience: Experience" in shown
    assert "profile.email = 'ada@example.org'" in shown
    assert "experience[0].title = 'Software Engineer'" in shown


def test_warnings_of_the_file_are_in_its_preview() -> None:
    found = read_pdf(
        pages.pdf(pages.text(50, 700, "Ada Lovelace") + "3 Tr " + pages.text(50, 600, "x"))
    )
    assert [warning.code for warning in found.warnings] == ["hidden_text"]
    assert (found.format, found.pages) == ("pdf", 1)
