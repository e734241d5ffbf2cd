"""How near what was found in a résumé comes to what stands in it.

Each file has beside it what a careful reader finds in it, `NAME.json`. A field's counts are summed
over all files (micro-average): precision is right / (right + invented), recall is right / (right +
missed), F1 their harmonic mean. A value that was found and is not in the truth is invented; a wrong
value is both missed and invented. A file that can't be read misses everything.

Rules. Words are compared without case, accents and punctuation, by characters in Chinese and
Japanese. *Alike* is `likeness.alike` of at least 0.85: token-set similarity, strict about words
that are only on one side. An experience is found if company and title are both alike, an education
if the institution and degree with field of study, taken together, are, a project and a
certification if their names are; each true entry is paired with at most one found. `with dates`
asks besides that both dates are right, to the month where the truth has one and to the year
elsewhere, and whether it goes on. Other fields of entries are compared within pairs, where an entry
that was not found is compared with one that shares its company, title, institution or degree, if
there is one; those of an entry alone are missed or invented. Names, skills and languages must be
equal word by word; telephone numbers agree by digits, with or without the country; links without
scheme, `www.` and last slash. Headline, location, titles and the like must be alike. Biography,
descriptions and `bullets` count words (as a multiset, entry by entry); `whole bullets` counts
bullets that are alike from end to end. `accept` in a truth names, for a true value, readings that
are as right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from app.importing.preview import (
    FoundCertification,
    FoundEducation,
    FoundExperience,
    FoundLanguage,
    FoundProfile,
    FoundProject,
    FoundSkill,
    Preview,
)
from tests.importing import likeness
from tests.importing.likeness import alike, same_date, same_name, same_phone, same_text

T = TypeVar("T")
Same = Callable[[Any, Any], bool]


class Truth(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a careful reader finds in one file, in the shape of a preview."""

    made_with: str
    language: str
    notes: str
    accept: dict[str, list[str]] = msgspec.field(default_factory=dict)
    profile: FoundProfile
    experience: list[FoundExperience] = msgspec.field(default_factory=list)
    education: list[FoundEducation] = msgspec.field(default_factory=list)
    projects: list[FoundProject] = msgspec.field(default_factory=list)
    certifications: list[FoundCertification] = msgspec.field(default_factory=list)
    skills: list[FoundSkill] = msgspec.field(default_factory=list)
    languages: list[FoundLanguage] = msgspec.field(default_factory=list)
    unplaced: list[str] = msgspec.field(default_factory=list)


@dataclass
class Count:
    """How often a field was right, missed and invented."""

    right: int = 0
    missed: int = 0
    invented: int = 0

    def __iadd__(self, other: Count) -> Count:
        self.right += other.right
        self.missed += other.missed
        self.invented += other.invented
        return self

    @property
    def seen(self) -> int:
        return self.right + self.missed + self.invented

    @property
    def precision(self) -> float:
        return self.right / ((self.right + self.invented) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + self.missed) or 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / ((2 * self.right + self.missed + self.invented) or 1)


@dataclass
class Score:
    """The counts of each field in one file or many, and in words what went wrong."""

    accept: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    missed: list[tuple[str, str]] = field(default_factory=list)
    invented: list[tuple[str, str]] = field(default_factory=list)

    def readings(self, true: object) -> list[object]:
        return [true, *self.accept.get(str(true), [])]

    def alike(self, true: str | None, found: str | None) -> float:
        """How alike the found text is to the true one, or to a reading that is as right."""
        return max(alike(str(r) if r else None, found) for r in self.readings(true))

    def named(self, true: Any, found: Any) -> float:
        """How alike the names of two entries are, 0 if they are not."""
        likely = self.alike(true.name, found.name)
        return likely if likely >= likeness.ALIKE else 0.0

    def add(self, name: str, true: object, found: object, same: Same) -> None:
        """Count one value of a field; "" and None are no value."""
        count = self.counts[name]
        if true and found and any(same(reading, found) for reading in self.readings(true)):
            count.right += 1
            return
        if true:
            count.missed += 1
            self.missed.append((name, str(true)))
        if found:
            count.invented += 1
            self.invented.append((name, str(found)))

    def add_all(self, name: str, true: Sequence[Any], found: Sequence[Any], same: Same) -> None:
        """Count the values of a field that has several, in any order."""

        def near(one: Any, other: Any) -> float:
            return float(any(same(reading, other) for reading in self.readings(one)))

        for one, other in likeness.pairs(true, found, near):
            self.add(name, one, other, same)

    def add_words(self, name: str, true: Sequence[str | None], found: Sequence[str | None]) -> None:
        expected, read = likeness.word_count(true), likeness.word_count(found)
        for kind, words in (("missed", expected - read), ("invented", read - expected)):
            if words:
                getattr(self, kind).append((name, " ".join(words.elements())))
        right = expected & read
        self.counts[name] += Count(
            _total(right), _total(expected) - _total(right), _total(read) - _total(right)
        )

    def __iadd__(self, other: Score) -> Score:
        for name, count in other.counts.items():
            self.counts[name] += count
        return self


def _total(words: Counter[str]) -> int:
    return sum(words.values())


def score(truth: Truth, preview: Preview) -> Score:
    """What `preview` found of what stands in the file."""
    made = Score(accept=truth.accept)
    _profile(made, truth.profile, preview.profile)
    _experience(made, truth.experience, preview.experience)
    _education(made, truth.education, preview.education)
    _projects(made, truth.projects, preview.projects)
    _certifications(made, truth.certifications, preview.certifications)
    made.add_all(
        "skills", [s.name for s in truth.skills], [s.name for s in preview.skills], same_name
    )
    for one, other in likeness.pairs(
        truth.languages, preview.languages, lambda t, f: float(same_name(t.name, f.name))
    ):
        made.add("languages", _of(one, "name"), _of(other, "name"), same_name)
        made.add("languages: level", _of(one, "level"), _of(other, "level"), same_text)
    return made


def _of(entry: object, name: str) -> Any:
    return getattr(entry, name, None)


def _profile(made: Score, true: FoundProfile, found: FoundProfile) -> None:
    rules: dict[str, Same] = {
        "full_name": same_name,
        "headline": same_text,
        "email": lambda t, f: t.casefold() == f.casefold(),
        "phone": same_phone,
        "location": same_text,
    }
    for name, same in rules.items():
        made.add(f"profile: {name}", _of(true, name), _of(found, name), same)
    made.add_all("profile: links", _links(true), _links(found), str.__eq__)
    made.add_words("profile: bio (words)", [true.bio], [found.bio])


def _links(profile: FoundProfile) -> list[str]:
    return _bare([profile.website, profile.github_url, profile.linkedin_url])


def _bare(urls: Sequence[str | None]) -> list[str]:
    return [likeness.bare_link(url) for url in urls if url]


def _near(made: Score, true: tuple[Any, Any], found: tuple[Any, Any], dated: bool) -> float:
    """The likeness of two entries by two fields, where equal dates decide a tie.

    At least `ALIKE` if both fields are alike, less if one is, 0 if none is.
    """
    pairs = zip(true, found, strict=True)
    shares = [made.alike(t, f) if t and f else float(t == f) for t, f in pairs]
    if min(shares) >= likeness.ALIKE:
        return min(shares) + 0.01 * dated
    one = any(t and share >= likeness.ALIKE for t, share in zip(true, shares, strict=True))
    return (0.5 + 0.1 * sum(shares) + 0.01 * dated) if one else 0.0


def _same_span(true: Any, found: Any) -> bool:
    return (
        same_date(true.start_date, found.start_date)
        and same_date(true.end_date, found.end_date)
        and _of(true, "is_current") == _of(found, "is_current")
    )


def _span(entry: Any) -> str:
    end = "…" if _of(entry, "is_current") else entry.end_date
    return f"{entry.start_date}/{end}"


def _entry(
    made: Score, section: str, one: Any, other: Any, label: Callable[[Any], str], found: bool
) -> None:
    """Count an entry, and once more with its dates."""
    made.add(section, one and label(one), other and label(other), lambda *_: found)
    dated = _sides(one, other, lambda e: e and f"{label(e)} {_span(e)}")
    right = found and _same_span(one, other)
    made.add(f"{section}: with dates", *dated, lambda *_: right)


def _sides(one: Any, other: Any, get: Callable[[Any], T]) -> tuple[T, T]:
    return get(one), get(other)


def _texts(made: Score, section: str, one: Any, other: Any) -> None:
    bullets = _sides(one, other, lambda e: _of(e, "bullets") or [])
    made.add_words(f"{section}: bullets (words)", *bullets)
    made.add_all(f"{section}: whole bullets", *bullets, same_text)
    prose = _sides(one, other, lambda e: [_of(e, "description")])
    made.add_words(f"{section}: description (words)", *prose)


def _technologies(made: Score, section: str, one: Any, other: Any) -> None:
    tools = _sides(one, other, lambda e: _of(e, "technologies") or [])
    made.add_all(f"{section}: technologies", *tools, same_name)


def _alone(made: Score, section: str, name: str, true: Sequence[Any], found: Sequence[Any]) -> None:
    values = _sides(true, found, lambda side: [v for e in side if (v := _of(e, name))])
    made.add_all(f"{section}: {name} alone", *values, same_text)


def _experience(made: Score, true: list[FoundExperience], found: list[FoundExperience]) -> None:
    def near(t: FoundExperience, f: FoundExperience) -> float:
        return _near(made, (t.company, t.title), (f.company, f.title), _same_span(t, f))

    for one, other in likeness.pairs(true, found, near):
        found_it = bool(one and other and near(one, other) >= likeness.ALIKE)
        _entry(made, "experience", one, other, lambda e: f"{e.title} @ {e.company}", found_it)
        for name in ("location", "employment_type"):
            made.add(f"experience: {name}", _of(one, name), _of(other, name), same_text)
        _texts(made, "experience", one, other)
        _technologies(made, "experience", one, other)
    for name in ("company", "title"):
        _alone(made, "experience", name, true, found)


def _studies(entry: FoundEducation) -> str:
    return " ".join(filter(None, (entry.degree, entry.field_of_study)))


def _education(made: Score, true: list[FoundEducation], found: list[FoundEducation]) -> None:
    def near(t: FoundEducation, f: FoundEducation) -> float:
        true_pair, found_pair = ((e.institution, _studies(e)) for e in (t, f))
        return _near(made, true_pair, found_pair, _same_span(t, f))

    for one, other in likeness.pairs(true, found, near):
        found_it = bool(one and other and near(one, other) >= likeness.ALIKE)
        _entry(
            made, "education", one, other, lambda e: f"{_studies(e)} @ {e.institution}", found_it
        )
        for name in ("degree", "field_of_study", "location", "grade"):
            made.add(f"education: {name}", _of(one, name), _of(other, name), same_text)
        text = _sides(one, other, lambda e: [*(_of(e, "bullets") or []), _of(e, "description")])
        made.add_words("education: text (words)", *text)
    _alone(made, "education", "institution", true, found)


def _projects(made: Score, true: list[FoundProject], found: list[FoundProject]) -> None:
    for one, other in likeness.pairs(true, found, lambda t, f: made.named(t, f)):
        _entry(made, "projects", one, other, lambda e: str(e.name), bool(one and other))
        _texts(made, "projects", one, other)
        _technologies(made, "projects", one, other)
        links = _sides(one, other, lambda e: _bare([_of(e, "url"), _of(e, "repository_url")]))
        made.add_all("projects: links", *links, str.__eq__)


def _certifications(
    made: Score, true: list[FoundCertification], found: list[FoundCertification]
) -> None:
    for one, other in likeness.pairs(true, found, lambda t, f: made.named(t, f)):
        made.add("certifications", _of(one, "name"), _of(other, "name"), same_text)
        made.add("certifications: issuer", _of(one, "issuer"), _of(other, "issuer"), same_text)
        for name in ("issued_on", "expires_on"):
            made.add(f"certifications: {name}", _of(one, name), _of(other, name), same_date)
