"""What a PDF encloses, held to what stands on its pages.

Nothing that is enclosed counts against the visible text: a person reads the page. Both are compared
by their letters and digits, since setting a text changes its blanks, line ends and hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from app.cv import coverage
from app.importing.datewords import WORDS
from app.importing.document import Document, Line
from app.importing.enclosed import Enclosed
from app.importing.preview import Difference, Preview
from app.importing.preview import ImportWarning as Notice

_MOST_DIFFERENCES = 200
_MOST_CHARACTERS = 500  # of a difference
_MOST_OF_HEAD = 12  # words that wrap beside a date or in another column
_MOST_BESIDE = 12
_MOST_STARTS = 200
_ENTRIES = ("experience", "education", "projects", "certifications", "skills", "languages")
# What a page shows in another form, or not at all: a level as bars, a date in words.
_UNSHOWN = frozenset(
    (
        *("evidence", "employment_type", "level", "category", "years", "is_current"),
        *("start_date", "end_date", "issued_on", "expires_on", "credential_id", "credential_url"),
        *("grade", "field_of_study"),
    )
)
_DATES = ("start_date", "end_date", "issued_on", "expires_on")
_WEB = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_SENTENCE = re.compile(r"\n+")


def held(read: Preview, document: Document, enclosed: Enclosed) -> Preview:
    """The preview of a PDF: the enclosed data where the visible text says the same, else `read`,
    which is what the text alone says, with the differences."""
    read.warnings += enclosed.warnings
    if enclosed.preview is None:
        return read
    differences = list(_differences(read, document, enclosed))
    read.tampered = bool(differences) or enclosed.intact is False
    if read.tampered:
        read.differences = differences[:_MOST_DIFFERENCES]
        message = "What the PDF encloses is not what stands on its pages; the pages were read."
        read.warnings.append(Notice(code="tampered", message=message))
        return read
    found = enclosed.preview
    found.format, found.pages, found.tampered = read.format, read.pages, False
    found.warnings = [*read.warnings, *found.warnings]
    return found


def _differences(read: Preview, document: Document, enclosed: Enclosed) -> Iterator[Difference]:
    assert enclosed.preview is not None
    lines = [*document.lines, *document.running]
    visible = "\n".join(_shown(lines))
    shown, words = _letters(visible), _words(visible)
    valued = list(_texts(enclosed.preview))
    told = {_letters(text) for _, text in valued}
    other = [("", text) for text in enclosed.said if _letters(text) not in told]
    for path, text in (*valued, *other):
        if _letters(_WEB.sub("", text)) not in shown and not _beside(_words(text), words):
            yield Difference(kind="not_in_text", text=text[:_MOST_CHARACTERS], path=path or None)
    yield from _dates(read, enclosed.preview, shown)
    if enclosed.intact is not True:
        yield from _not_in_data(lines, enclosed)


def _beside(wanted: list[str], words: list[str]) -> bool:
    """Whether the few words of a head stand there in their lines, with what stands beside them."""
    if not 1 < len(wanted) <= _MOST_OF_HEAD:
        return False
    starts = [at for at, word in enumerate(words) if word == wanted[0]]
    return any(_follow(wanted, words, at) for at in starts[:_MOST_STARTS])


def _follow(wanted: list[str], words: list[str], at: int) -> bool:
    gaps = 0
    for word in wanted[1:]:
        if words[at + 1 : at + 2] == [word]:
            at += 1
            continue
        gaps += 1
        after = words[at + 1 : at + 2 + _MOST_BESIDE]
        if gaps > 2 or word not in after:
            return False
        at += 1 + after.index(word)
    return True


def _shown(lines: list[Line]) -> Iterator[str]:
    """The visible text, and the addresses that it leads to."""
    for line in lines:
        yield line.text
    for line in lines:
        for link in line.links:
            yield link.url


def _texts(preview: Preview) -> Iterator[tuple[str, str]]:
    """The values that a page shows letter by letter, by their places."""
    yield from _texts_of("profile", preview.profile)
    for section in _ENTRIES:
        for index, entry in enumerate(getattr(preview, section)):
            yield from _texts_of(f"{section}[{index}]", entry)


def _texts_of(path: str, entry: Any) -> Iterator[tuple[str, str]]:
    for name in entry.__struct_fields__:
        value = getattr(entry, name)
        if name in _UNSHOWN or not value:
            continue
        for text in value if isinstance(value, list) else [value]:
            for part in _SENTENCE.split(text):
                yield f"{path}.{name}", part


def _dates(read: Preview, data: Preview, shown: str) -> Iterator[Difference]:
    """Dates of the data that no entry of the same name on the page gives."""
    for section in ("experience", "education", "projects", "certifications"):
        beside: dict[str, list[Any]] = {}
        for entry in getattr(read, section):
            beside.setdefault(_name(entry), []).append(entry)
        for index, entry in enumerate(getattr(data, section)):
            same = beside.get(_name(entry), [])
            for field in _DATES:
                date = getattr(entry, field, None)
                seen = [each for one in same if (each := getattr(one, field, None))]
                if date and (date not in seen if seen else date[:4] not in shown):
                    path = f"{section}[{index}].{field}"
                    yield Difference(kind="not_in_text", text=date, path=path)


def _name(entry: Any) -> str:
    names = ("company", "title", "institution", "degree", "name")
    return "|".join(_letters(str(getattr(entry, name, None) or "")) for name in names)


def _not_in_data(lines: list[Line], enclosed: Enclosed) -> Iterator[Difference]:
    """Lines with a word that the data has nowhere, of a text that is not known to be as made."""
    assert enclosed.preview is not None
    texts = [text for _, text in _texts(enclosed.preview)] + enclosed.said
    texts += enclosed.headings
    known = _letters("\n".join(texts))
    rest = {_letters(value) for value in _every(enclosed.preview)}
    dated = {*WORDS.months, *WORDS.present, *WORDS.since, *WORDS.to}
    for line in lines:
        strange = [
            word
            for word in re.findall(r"\w+", line.text)
            if (letters := _letters(word))
            and letters not in known
            and letters not in dated
            and not any(letters in value for value in rest)
        ]
        if strange:
            text = line.text[:_MOST_CHARACTERS]
            yield Difference(kind="not_in_data", text=text, page=line.page)


def _every(preview: Preview) -> Iterator[str]:
    """What the data holds and a page shows in another form, and the headings it stands under."""
    for section in _ENTRIES:
        yield section
        for entry in getattr(preview, section):
            for name in _UNSHOWN - {"evidence", "is_current"}:
                if value := getattr(entry, name, None):
                    yield str(value)


def _words(text: str) -> list[str]:
    return [letters for word in text.split() if (letters := _letters(word))]


def _letters(text: str) -> str:
    """Letters, marks and digits alone."""
    # What no typeface has stands in the data and not on the page.
    folded = unicodedata.normalize("NFKC", coverage.settable(text)).casefold()
    # Thai tones are raised, and some readers find them a letter further on.
    return "".join(
        each
        for each in folded
        if each.isalnum()
        or (unicodedata.category(each) == "Mn" and not "\u0e00" <= each < "\u0f00")
    )
