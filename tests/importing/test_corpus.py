"""The reader on whole résumés: nothing invented, nothing lost, and no worse than it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest

from app.importing.document import Document, Line
from app.importing.forms import asked_for, ends_label
from app.importing.preview import Evidence, Preview
from app.importing.sections import sections_of
from tests.importing.likeness import words
from tests.importing.measure import Truth
from tests.importing.score import (
    CORPORA,
    CORPUS,
    document_of,
    files,
    floors,
    preview_of,
    score_corpus,
    total,
    truth_of,
)

FILES = [path for corpus in CORPORA for path in files(corpus)]
SECTIONS = ("skills", "experience", "education", "projects", "certifications", "languages")
# Their values are made from what was read, not copied: their evidence has the words.
DATES = {"start_date", "end_date", "issued_on", "expires_on"}
LINKS = {"website", "github_url", "linkedin_url", "url", "repository_url", "credential_url"}
MADE = DATES | LINKS | {"phone", "is_current"}

every_file = pytest.mark.parametrize(
    "path", [pytest.param(p, id=str(p.relative_to(CORPUS))) for p in FILES]
)


@cache
def _document(path: Path) -> Document:
    return document_of(path)


@cache
def _preview(path: Path) -> Preview:
    return preview_of(path)


def _entries(preview: Preview) -> Iterator[Any]:
    yield preview.profile
    for section in SECTIONS:
        yield from getattr(preview, section)


def _values(entry: Any) -> Iterator[tuple[str, str]]:
    """The name and text of each field that has a value; those of a list one by one."""
    for name in entry.__struct_fields__:
        value = getattr(entry, name)
        if name == "evidence" or not value:
            continue
        for one in value if isinstance(value, list) else [value]:
            yield name, str(one)


def _evidence(preview: Preview) -> Iterator[Evidence]:
    for entry in _entries(preview):
        yield from entry.evidence


def _solid(text: str) -> str:
    """All words without what parts them, so that hyphens at the ends of lines don't matter."""
    return "".join(words(text))


@every_file
def test_every_value_has_evidence_of_its_field(path: Path) -> None:
    for entry in _entries(_preview(path)):
        shown = {evidence.field for evidence in entry.evidence}
        assert {name for name, _ in _values(entry)} <= shown


@every_file
def test_evidence_tells_text_place_rule_and_confidence(path: Path) -> None:
    for evidence in _evidence(_preview(path)):
        assert evidence.text.strip()
        assert 0 < evidence.confidence <= 1
        assert "." in evidence.rule
        assert evidence.paragraph if path.suffix == ".docx" else evidence.page


@every_file
def test_no_value_has_words_that_do_not_stand_in_the_file(path: Path) -> None:
    lines = _document(path).lines
    whole = _solid(" ".join(line.text for line in lines))
    # A reader goes on in the next line of the same column, which need not be the next of all.
    by_column = _solid(" ".join(line.text for line in sorted(lines, key=lambda line: line.region)))
    for entry in _entries(_preview(path)):
        for name, value in _values(entry):
            if name not in MADE:
                for word in words(value):
                    assert word in whole or word in by_column, f"{name}: {value}"


@every_file
def test_no_word_of_the_file_is_lost(path: Path) -> None:
    document, preview = _document(path), _preview(path)
    kept = [evidence.text for evidence in _evidence(preview)]
    kept += [value for entry in _entries(preview) for _, value in _values(entry)]
    kept += [part for rest in preview.unplaced for part in (rest.text, rest.section or "")]
    kept += [section.title or "" for section in sections_of(document)]
    kept += [label for line in document.lines for label in _labels(line)]
    known, solid = {word for text in kept for word in words(text)}, _solid(" ".join(kept))
    lost = [
        word
        for read in (words(line.text) for line in document.lines)
        for place, word in enumerate(read)
        # What a line's end has broken is part of a longer word in what was kept.
        if word not in known
        and not (word in solid and (len(word) > 2 or place in {0, len(read) - 1}))
    ]
    assert lost == []


def _labels(line: Line) -> Iterator[str]:
    """What only says which field of a form stands beside it."""
    label = line.segments[0].text if line.segments else ""
    if asked_for(label) is not None or ends_label(label):
        yield label


@every_file
def test_a_truth_has_only_fields_of_a_preview(path: Path) -> None:
    given = json.loads(path.with_suffix(".json").read_bytes())
    _assert_within(given, msgspec.to_builtins(truth_of(path)))


def _assert_within(given: Any, kept: Any) -> None:
    if isinstance(given, dict):
        assert given.keys() <= kept.keys()
        for name in given:
            _assert_within(given[name], kept[name])
    elif isinstance(given, list):
        for one, other in zip(given, kept, strict=True):
            _assert_within(one, other)
    else:
        assert given == kept


@pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.stem) for p in files("open") if p.suffix == ".pdf"]
)
def test_a_truth_says_what_stands_on_the_pages(path: Path) -> None:
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    printed = _solid(" ".join(pages).replace("\ufffe", ""))
    for entry in _true_entries(truth_of(path)):
        for name, value in _values(entry):
            if name not in MADE:
                assert all(word in printed for word in words(value)), f"{name}: {value}"


def _true_entries(truth: Truth) -> Iterator[Any]:
    yield truth.profile
    for section in SECTIONS:
        yield from getattr(truth, section)


@pytest.mark.parametrize("corpus", CORPORA)
def test_no_score_falls_below_its_floor(corpus: str) -> None:
    reached = total(score_corpus(corpus)).counts
    fallen = {
        name: (round(reached[name].f1, 3), floor)
        for name, floor in floors().get(corpus, {}).items()
        if reached[name].f1 < floor
    }
    assert fallen == {}
