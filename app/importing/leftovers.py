"""Words of the document that no field tells of: they are unplaced, so that nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from app.importing import evidence as seen
from app.importing.contact import label_of
from app.importing.document import Document, Line
from app.importing.forms import asked_for, ends_label
from app.importing.preview import Evidence, Preview, Unplaced
from app.importing.sections import Section

_WORD = re.compile(r"\w+")
_LISTS = ("experience", "education", "projects", "certifications", "languages", "skills")


def leftovers(
    document: Document, sections: Sequence[Section], preview: Preview
) -> Iterator[Unplaced]:
    """For every line what is told of it nowhere: neither as evidence, nor unplaced, nor as heading.

    Labels that only say what stands beside them are no loss.
    """
    texts = [proof.text for proof in _proofs(preview)]
    texts += [left.text for left in preview.unplaced]
    texts += [section.title for section in sections if section.title]
    told = Counter(word for text in texts for word in _WORD.findall(text))
    whole = "".join(char for text in texts for char in text if char.isalnum())
    heads = {section.heading.text for section in sections if section.heading}
    for line in document.lines:
        if line.text in heads:
            continue
        missing = _missing(line, told, whole)
        if missing and not _is_label(line, missing):
            yield seen.unplaced_line(line, None, missing)


def _proofs(preview: Preview) -> Iterator[Evidence]:
    """Each piece of evidence once, though several fields may have been read from it."""
    known: set[tuple[str, int | None, object, int | None]] = set()
    found: list[msgspec.Struct] = [preview.profile]
    for name in _LISTS:
        found.extend(getattr(preview, name))
    for one in found:
        for proof in getattr(one, "evidence", ()):
            key = (proof.text, proof.page, proof.box, proof.paragraph)
            if key not in known:
                known.add(key)
                yield proof


def _missing(line: Line, told: Counter[str], whole: str) -> str:
    """The line from its first to its last word that is told nowhere, or an empty text."""
    first = last = None
    for match in _WORD.finditer(line.text):
        word = match[0]
        if told[word] > 0:
            told[word] -= 1
        elif len(word) < 4 or word not in whole:  # a broken word stands whole somewhere
            first = match.start() if first is None else first
            last = match.end()
    return line.text[first:last] if first is not None else ""


def _is_label(line: Line, missing: str) -> bool:
    start = line.segments[0].text if line.segments else missing
    if asked_for(start) is not None or asked_for(missing) is not None or ends_label(missing):
        return True
    return len(missing.split()) <= 3 and label_of(f"{missing}: x") is not None
