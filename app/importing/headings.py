"""What a heading heads: the wording of sections in many languages, however it is dressed.

A heading is compared without case, accents, spaces and marks, so that `WORK EXPERIENCE`,
`1. Work experience:` and `W O R K  E X P E R I E N C E` are the same one.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal, cast, get_args

import msgspec

from app.importing import lexicon
from app.importing.folding import fold

Section = Literal[
    "experience",
    "education",
    "skills",
    "projects",
    "certifications",
    "languages",
    "summary",
    "contact",
    "volunteering",
    "publications",
    "awards",
    "interests",
    "references",
    "other",
]

_LONGEST = 64  # characters of a heading
_MOST_WORDS = 7
_LONG = 9  # letters of a heading that may be misspelt
_NUMBERING = re.compile(
    r"^\W*(?:\(?\d{1,2}(?:[.)]\d{0,2}|\s)|\(?[IVX]{1,4}[.):]|\(?[A-Ha-h][.)]|"
    r"第?[一二三四五六七八九十]{1,2}[、.．,，)）])\s*"
)
_ASIDE = re.compile(r"\s*[(（\[][^()（）\[\]]{0,40}[)）\]]\s*\W*$")
_SPACED = re.compile(r"(?:[^\W_]\W?[ \u00a0\u2009\u3000]{1,4}){2,}[^\W_]\W?")
_SPACED_PAIR = re.compile(r"[\u3400-\u9fff][ \u3000]{1,6}[\u3400-\u9fff]")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_ROMANCE = ("french", "spanish", "italian", "portuguese", "catalan", "romanian")


class Heading(msgspec.Struct, frozen=True):
    """`exact` is true where the whole wording is known, and false where only a part of it is.

    `also` are the further sections that the same heading names, as in `Skills & Languages`.
    """

    section: Section
    exact: bool
    also: tuple[Section, ...] = ()


def section_of(text: str) -> Heading | None:
    """The section that a line heads, or None for a line that is no heading.

    Wording alone decides; how a line looks is for the caller to weigh, most of all where a
    heading isn't `exact`.
    """
    if not 1 < len(text) <= _LONGEST or "@" in text or text.endswith((";", "?", "!")):
        return None
    bare = _bare(text)
    compact = _compact(bare)
    if not compact or compact.isdigit():
        return None
    if section := _WORDING.sections.get(compact):
        return Heading(section, True)
    words = [fold(word) for word in _WORDS.findall(bare)]
    if len(words) > _MOST_WORDS or bare.rstrip().endswith(".") or any(c.isdigit() for c in bare):
        return None
    if heading := _joined(bare, words):
        return heading
    if section := _with_qualifiers(words):
        return Heading(section, True)
    section = _headed(bare, words) or _misspelt(compact, words)
    return Heading(section, False) if section else None


class _Wording:
    """The tables of `data/headings.toml`, read when first asked."""

    @cached_property
    def sections(self) -> dict[str, Section]:
        """Compact wording to section. Of two languages that disagree, the earlier wins."""
        found: dict[str, Section] = {}
        for section in get_args(Section):
            for phrase in lexicon.phrases("headings", section):
                found.setdefault(_compact(phrase), cast(Section, section))
        return found

    @cached_property
    def initial(self) -> frozenset[str]:
        """Headings of languages in which what is headed comes first: `Compétences en vente`."""
        return self._of(_ROMANCE)

    @cached_property
    def final(self) -> frozenset[str]:
        """Headings of languages in which it comes last: `Teaching Experience`."""
        tables = lexicon.table("headings")
        return self._of(tuple(name for name in tables if name not in _ROMANCE))

    def _of(self, languages: tuple[str, ...]) -> frozenset[str]:
        tables = lexicon.table("headings")
        return frozenset(
            _compact(phrase)
            for language in languages
            for section in get_args(Section)
            for phrase in tables[language].get(section, "").split(",")
        )

    @cached_property
    def shortened(self) -> dict[str, Section]:
        """Long wordings with any one letter left out, to know those that were typed wrong."""
        return {
            compact[:i] + compact[i + 1 :]: section
            for compact, section in self.sections.items()
            if len(compact) >= _LONG and compact.isascii()
            for i in range(len(compact))
        }

    @cached_property
    def around(self) -> frozenset[str]:
        return frozenset(map(fold, lexicon.phrases("headings", "around")))

    @cached_property
    def joints(self) -> re.Pattern[str]:
        words = sorted(map(re.escape, lexicon.phrases("headings", "joints")), key=len, reverse=True)
        spaced = "|".join(word for word in words if word.isascii())
        tight = "|".join(word for word in words if not word.isascii())
        return re.compile(rf"\s*[&+/|,，、・·•;＆／]\s*|\s+(?:{spaced})\s+|\s*(?:{tight})\s*", re.I)

    @cached_property
    def misleading(self) -> tuple[str, ...]:
        return tuple(" " + fold(phrase) for phrase in lexicon.phrases("headings", "not"))


_WORDING = _Wording()


def _bare(text: str) -> str:
    """Without numbering, decoration, an aside in brackets, and the spaces of spaced-out letters."""
    text = _ASIDE.sub("", _NUMBERING.sub("", text)).strip()
    if _SPACED.fullmatch(text.strip(" :：")) or _SPACED_PAIR.fullmatch(text):
        return "".join(text.split())
    return text


def _compact(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _joined(bare: str, words: list[str]) -> Heading | None:
    """Two to four headings in one: `Work Experience & Internships`, `Sprachen und EDV`."""
    parts = [part for part in _WORDING.joints.split(bare) if part]
    if not 2 <= len(parts) <= 4:
        return None
    known = [_part(part) for part in parts]
    first = known[0]
    if first is None:
        return None
    also = tuple(dict.fromkeys(section for section in known if section and section != first))
    if all(known):
        return Heading(first, True, also)
    titled = bare[:1].isupper() or not bare.isascii()
    if titled and len(words) <= 5 and 2 * sum(map(bool, known)) >= len(parts) and first in _FIRM:
        return Heading(first, False, also)  # `Education and Professional Standing`
    return None


def _part(part: str) -> Section | None:
    section = _WORDING.sections.get(_compact(part))
    return section or _with_qualifiers([fold(word) for word in _WORDS.findall(part)])


def _with_qualifiers(words: list[str]) -> Section | None:
    """A heading among words that change nothing: `Relevant Experience`, `Ausgewählte Projekte`."""
    kept = [word for word in words if word not in _WORDING.around]
    if not kept or len(kept) == len(words):
        return None
    return _WORDING.sections.get("".join(kept).replace("'", ""))


def _headed(bare: str, words: list[str]) -> Section | None:
    """A heading with a word of its own: `Hospital Experience`, `Compétences en vente`."""
    if not 2 <= len(words) <= 4 or not _is_titled(bare):
        return None
    folded = " " + " ".join(words)
    if folded.endswith(_WORDING.misleading):
        return None
    for size in (2, 1):
        if len(words) <= size:
            continue
        last = "".join(words[-size:]).replace("'", "")
        if last in _WORDING.final:
            return _firm(last)
        first = "".join(words[:size]).replace("'", "")
        if first in _WORDING.initial and len(words) <= size + 2 and first not in _WORDING.final:
            return _firm(first)
    return None


def _misspelt(compact: str, words: list[str]) -> Section | None:
    """A heading with one letter wrong, missing, or too many: `WORK EXPERINCE`, `Educaton`."""
    if len(words) > 3 or len(compact) < _LONG - 1 or compact.endswith("d"):
        return None
    if section := _WORDING.shortened.get(compact):
        return section
    for i in range(len(compact)):
        left = compact[:i] + compact[i + 1 :]
        if section := _WORDING.sections.get(left) or _WORDING.shortened.get(left):
            return section if len(left) >= _LONG - 1 else None
    return None


def _firm(compact: str) -> Section | None:
    """The section of a part of a heading, where a part can say it at all."""
    section = _WORDING.sections[compact]
    return section if section in _FIRM else None


_FIRM = frozenset(
    {
        "experience",
        "education",
        "skills",
        "projects",
        "certifications",
        "languages",
        "publications",
        "awards",
        "interests",
        "volunteering",
    }
)


def _is_titled(text: str) -> bool:
    """Whether it is written as headings are: in capitals, or with a capital first and no stop."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and (letters[0].isupper() or not letters[0].islower())
