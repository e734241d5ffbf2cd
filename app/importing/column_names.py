"""What a table's columns are headed with: `Examination`, `Board / University`, `CGPA (of 10)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from app.importing import lexicon
from app.importing.folding import fold, words_of
from app.importing.forms import asked_for

MIXED = "mixed"

_KINDS = (
    *("degree", "school", "board", "field", "grade", "title", "company"),
    *("time", "from", "to", "place", "tasks", "number", "remark"),
)
# What may stand in the cell of another, behind a comma.
_BESIDE = frozenset({"place", "field"})
_NAMES = frozenset({"degree", "school", "board", "title", "company", MIXED})
_ASIDE = re.compile(r"\s*[(（\[][^()（）\[\]]{1,30}[)）\]]")
_SIGNS = re.compile(r"\s*[/／|&+,;、・–-]\s*")
_LONGEST = 60


@cache
def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    named = [(phrase, kind) for kind in _KINDS for phrase in lexicon.phrases("tables", kind)]
    for phrase, kind in named:
        found.setdefault(_compact(phrase), kind)
    for phrase, kind in named:
        found.setdefault(_bare(phrase), kind)
    for phrase in lexicon.phrases("forms", "place"):
        found.setdefault(_compact(phrase), "place")
    found.pop("", None)
    return found


@cache
def _fillers() -> frozenset[str]:
    return frozenset(map(fold, lexicon.phrases("tables", "words")))


@cache
def _joints() -> frozenset[str]:
    return frozenset(map(fold, lexicon.phrases("tables", "joints")))


def _compact(text: str) -> str:
    return "".join(words_of(text))


def _bare(text: str) -> str:
    return "".join(word for word in words_of(text) if word not in _fillers())


def column_names(cells: Sequence[str]) -> list[str] | None:
    """What each column holds, where the cells of a row are all names of columns; else None.

    One of degree, school, board, field, grade, title, company, time, from, to, place, tasks,
    number, remark, or `MIXED` where a column holds several of them.
    """
    if len(cells) < 2:
        return None
    kinds: list[str] = []
    for cell in cells:
        kind = _kind(cell)
        if kind is None:
            return None
        kinds.append(kind)
    unlike = {"school" if kind == "board" else kind for kind in kinds}
    return kinds if len(unlike) > 1 and _NAMES & unlike else None


@lru_cache(maxsize=1024)
def _kind(cell: str) -> str | None:
    if len(cell) > _LONGEST:
        return None
    text = _ASIDE.sub(" ", cell).strip(" .:：*") or cell
    if whole := _one(text):
        return whole
    kinds = [_one(part) for part in _parts(text)]
    if None in kinds or not kinds:
        return None
    chief = {kind for kind in kinds if kind} - _BESIDE or {kind for kind in kinds if kind}
    if chief == {"school", "board"}:
        return "board"
    if chief <= {"from", "to", "time"}:
        return "time"
    return chief.pop() if len(chief) == 1 else MIXED


def _one(text: str) -> str | None:
    if not any(map(str.isalnum, text)):
        return "grade" if "%" in text else "number" if "#" in text else None
    asked = asked_for(text)
    known = _known().get(_compact(text)) or _known().get(_bare(text))
    return known or {"time": "time", "subjects": "field", "sector": "tasks"}.get(asked or "", asked)


def _parts(text: str) -> list[str]:
    """The names that one cell joins by signs or words."""
    parts: list[list[str]] = []
    for stretch in filter(None, _SIGNS.split(text)):
        parts.append([])
        for word in stretch.split():
            if fold(word) in _joints():
                parts.append([])
            else:
                parts[-1].append(word)
    return [" ".join(part) for part in parts if part]
