"""The words in which a résumé is set: headings, dates, labels, in the language of its `locale`.

They are data, in `locales.toml`. The importer takes its words from there too, so that it reads what
we set.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("locales.toml")
_MOST = 35  # characters of a tag: RFC 5646, 4.4.1
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?:-[a-z0-9]{1,8})*",
    re.IGNORECASE,
)
# Tags that were withdrawn, or name a language that is written as another one.
_SAME = {"no": "nb", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "cmn": "zh", "prs": "fa"}
_WRITTEN_AS = {"nn": "nb", "bs": "hr", "cnr": "sr-Latn", "sh": "sr-Latn", "yue": "zh-Hant"}
_TRADITIONAL = ("TW", "HK", "MO")
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
# Keys of sections in cv_data that say the same. What others say is their owner's own words.
_KINDS = {
    "summary": ("summary", "profile", "about", "about me", "professional summary"),
    "experience": (
        *("experience", "work", "employment", "work experience", "work history"),
        *("professional experience", "employment history"),
    ),
    "education": ("education",),
    "projects": ("projects",),
    "skills": ("skills",),
    "languages": ("languages",),
    "certifications": ("certifications", "certificates"),
    "publications": ("publications",),
    "awards": ("awards", "honors", "honours"),
    "volunteering": ("volunteering", "volunteer", "volunteer experience"),
    "interests": ("interests", "hobbies"),
    "references": ("references",),
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names}
_APART = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r" [0-9]+$")
_PRESENT = frozenset(("present", "now", "today", "current", "ongoing"))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. `months` are empty where months are written in figures.

    The patterns are for `str.format`: of `{year}`, `{month}`, `{number}` and `{day}`, and of
    `{start}` and `{end}`; those of `years` stand under the kind of number that `{years}` is in
    CLDR's plurals. `name` is the English one of the language.
    """

    tag: str
    name: str
    present: str
    headings: Mapping[str, str]
    labels: Mapping[str, str]
    years: Mapping[str, str]
    months: tuple[str, ...] = ()
    year: str = "{year}"
    month: str = "{month} {year}"
    day: str = "{day} {month} {year}"
    span: str = "{start} \N{EN DASH} {end}"
    colon: str = ": "
    comma: str = ", "

    def date(self, year: str, month: int | None = None, day: int | None = None) -> str:
        """A date as it is written in a line of its own."""
        if month is None:
            return self.year.format(year=year)
        name = self.months[month - 1] if self.months else ""
        pattern = self.month if day is None else self.day
        return pattern.format(year=year, month=name, number=month, day=day)


def canonical(tag: str) -> str:
    """A tag of BCP 47 as it should be written, of language, script and region: `pt_br` is `pt-BR`.

    "" for what is no tag, and for a language that we have no words of.
    """
    match = _TAG.fullmatch(tag.strip().replace("_", "-")) if len(tag) <= _MOST else None
    if match is None:
        return ""
    language = match["language"].lower()
    script, region = (match["script"] or "").title(), (match["region"] or "").upper()
    whole = "-".join(part for part in (_SAME.get(language, language), script, region) if part)
    return whole if _variety(whole) in _tables() else ""


def words_of(tag: str) -> Words:
    """The words of a tag that `canonical` made."""
    return _words(_variety(tag))


def language_of(tag: str) -> str:
    """The language alone: `pt` of `pt-BR`."""
    return tag.partition("-")[0]


def right_to_left(tag: str) -> bool:
    """Whether the language of a tag is written from right to left."""
    return language_of(tag) in _RIGHT_TO_LEFT


def every() -> tuple[Words, ...]:
    """All that there are."""
    return tuple(map(_words, _tables()))


def is_present(text: str) -> bool:
    """Whether `text` says that something goes on, in English or as we say it in any language."""
    return text.casefold() in _all_present()


def heading(key: str, given: str, tag: str) -> str:
    """The heading of the section `key`, in the language of `tag` where its owner chose no words.

    `given` is what stands there: the key's own default is made another, in any of our languages,
    and what anybody wrote stays.
    """
    name = _NUMBERED.sub("", _APART.sub(" ", key).strip().lower())
    kind = _KIND_OF.get(name)
    if kind is None or given.casefold() not in _defaults(kind):
        return given
    if language_of(tag) == "en" and given.casefold() in _KINDS[kind]:
        return given
    return words_of(tag).headings[kind]


@lru_cache(maxsize=1000)
def _variety(tag: str) -> str:
    """The name of the table of a tag."""
    language, *more = tag.split("-")
    language = _WRITTEN_AS.get(language, language)
    match language:
        case "zh" if "Hant" in more or (more and more[0] in _TRADITIONAL):
            return "zh-Hant"
        case "sr" if "Latn" in more:
            return "sr-Latn"
        case "pt" if more and more[-1] != "BR":
            return "pt-PT"
    return language


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def _words(variety: str) -> Words:
    table = _tables()[variety]
    months = tuple(table["months"].split(", ")) if "months" in table else ()
    return Words(tag=variety, **(table | {"months": months}))


@cache
def _all_present() -> frozenset[str]:
    return _PRESENT | {words.present.casefold() for words in every()}


@cache
def _defaults(kind: str) -> frozenset[str]:
    """What the heading of a section reads that nobody chose, in lower case."""
    ours = (words.headings[kind] for words in every())
    return frozenset(text.casefold() for text in (*_KINDS[kind], *ours))
