"""What holds of every preview: each value has its evidence, and no word of the source is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from app.importing.folding import words_of
from app.importing.preview import Evidence, Preview
from app.importing.values import clean

_ENTRIES = ("skills", "experience", "education", "projects", "certifications", "languages")


def found_in(preview: Preview) -> Iterator[Any]:
    """The profile and all entries."""
    yield preview.profile
    for name in _ENTRIES:
        yield from getattr(preview, name)


def evidence_of(preview: Preview) -> Iterator[Evidence]:
    for found in found_in(preview):
        yield from found.evidence


def values_of(found: Any) -> dict[str, Any]:
    """What was found, without what is blank and without the evidence."""
    return {
        name: value
        for name, value in structs.asdict(found).items()
        if name != "evidence" and value not in (None, [], False)
    }


def assert_all_has_evidence(preview: Preview) -> None:
    for found in found_in(preview):
        shown = {evidence.field for evidence in found.evidence}
        assert values_of(found).keys() <= shown, found
    for evidence in evidence_of(preview):
        assert 0 < evidence.confidence <= 1
        assert evidence.rule.startswith(f"{preview.format}.")
        assert evidence.path
    unplaced = {f"unplaced[{index}]" for index in range(len(preview.unplaced))}
    for warning in preview.warnings:
        assert warning.path is None or warning.path in unplaced, warning


def assert_no_word_is_lost(preview: Preview, source: object, but_for: frozenset[str]) -> None:
    """Each word of the texts in `source`, a JSON value, is evidence or unplaced; the values of
    the keys `but_for` say nothing of a person."""
    kept = {word for evidence in evidence_of(preview) for word in words_of(evidence.text)}
    kept.update(word for unplaced in preview.unplaced for word in words_of(unplaced.text))
    for text in _texts(source, but_for):
        assert set(words_of(clean(text, multiline=True))) <= kept, text


def _texts(value: object, but_for: frozenset[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            if key not in but_for:
                yield from _texts(member, but_for)
    elif isinstance(value, list):
        for element in value:
            yield from _texts(element, but_for)
    elif isinstance(value, str):
        yield value
