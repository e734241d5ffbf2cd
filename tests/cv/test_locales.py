from __future__ import annotations

from decimal import Decimal
from typing import cast

import msgspec
import pytest
from babel import Locale, localedata
from babel.dates import get_month_names
from babel.units import format_unit

from app.cv import dates, locales, wording
from app.cv.from_profile import SECTIONS, cv_data_of
from app.cv.locales import Words
from app.cv.normalise import normalise, to_cv_data
from app.importing import dates as read_dates
from app.importing.headings import Heading, Section, section_of
from app.importing.skills import split_skills
from tests.cv.samples import smallest

EVERY = locales.every()
TAGS = [words.tag for words in EVERY]
COUNTS = [*map(float, range(1, 46)), 0.5, 1.5, 2.5, 7.5, 10.25, 100.0, 101.0, 111.0]
every_language = pytest.mark.parametrize("words", EVERY, ids=TAGS)


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("de", "de"), ("pt_br", "pt-BR"), ("zh-hant-hk", "zh-Hant-HK"), ("de-CH-1996", "de-CH"),
        ("iw", "he"), ("no", "nb"), ("nn", "nn"), ("es-419", "es-419"), (" fr ", "fr"),
        ("tlh", ""), ("", ""), ("deutsch", ""), ("de-", ""), ("x" * 100, ""), ("\u0664\u0662", ""),
    ],
)  # fmt: skip
def test_a_tag_is_written_as_it_should_be_or_known_to_be_none(given: str, tag: str) -> None:
    assert locales.canonical(given) == tag


@pytest.mark.parametrize(
    ("tag", "variety"),
    [
        ("pt-BR", "pt"), ("pt-PT", "pt-PT"), ("pt-AO", "pt-PT"), ("pt", "pt"), ("zh-TW", "zh-Hant"),
        ("zh-Hans-HK", "zh"), ("zh-CN", "zh"), ("sr-Latn-RS", "sr-Latn"), ("nn", "nb"),
        ("bs", "hr"),
    ],
)  # fmt: skip
def test_a_variety_has_words_of_its_own_where_they_differ(tag: str, variety: str) -> None:
    assert locales.words_of(tag).tag == variety


def test_there_are_words_of_more_than_forty_languages() -> None:
    assert len({locales.language_of(tag) for tag in TAGS}) > 40


@every_language
def test_months_are_those_of_cldr(words: Words) -> None:
    localedata._cache.clear()  # what it finds for one language gets into others
    known = [
        get_month_names(width, context, Locale.parse(words.tag, sep="-"))
        for width in ("abbreviated", "wide")
        for context in ("format", "stand-alone")
    ]
    if words.tag in ("en", "es"):
        known.append(get_month_names("abbreviated", "format", Locale(words.tag)))
    assert not words.months or list(words.months) in [
        [names[number] for number in range(1, 13)] for names in known
    ]


@every_language
def test_years_are_counted_as_cldr_counts_them(words: Words) -> None:
    counted = {years: wording.counted(years, words.tag) for years in COUNTS}
    localedata._cache.clear()
    spoken = Locale.parse(words.tag, sep="-")
    for years, told in counted.items():
        number = Decimal(f"{years:g}")
        known = {  # of some languages it has only one of the two
            format_unit(number, "duration-year", length=length, locale=spoken)
            for length in ("long", "short")
        }
        assert told in {each.replace("\xa0", " ") for each in known}


@every_language
def test_lists_are_parted_as_cldr_parts_them(words: Words) -> None:
    between = Locale.parse(words.tag, sep="-").list_patterns["standard"]["middle"]
    mark = between.removeprefix("{0}")[:1].strip()
    if words.tag == "ar":  # where each name follows a word for `and`
        mark = "\N{ARABIC COMMA}"
    assert words.comma.strip() == mark or (not mark and words.comma == ", ")


@every_language
@pytest.mark.parametrize("level", ["", "expert", "guru"])
def test_years_of_a_skill_are_read_as_they_are_counted(words: Words, level: str) -> None:
    name = "\u05ea\u05db\u05e0\u05d5\u05df" if locales.right_to_left(words.tag) else "Go"
    for years in COUNTS:
        told = wording.skill(name, level=level, years=years, locale=words.tag)
        assert wording.read_skill(told) == (name, level or None, years)
        if years < 100:
            [read] = split_skills(told)
            assert (read.name, read.level, read.years) == (name, level or None, years)


@every_language
def test_names_are_read_as_they_are_listed(words: Words) -> None:
    for names in (["Go", "SQL", "C++"], ["A (b, c)", "D"], ["Go, fast", "SQL"], ["\u05ea", "Go"]):
        assert wording.read_list(wording.listed(names, words.tag)) == names


@pytest.mark.parametrize("tag", ["ar", "fa", "he", "ur"])
def test_what_stands_beside_latin_letters_does_not_run_the_other_way(tag: str) -> None:
    assert wording.skill("Go", level="", years=5, locale=tag) == "Go (5 years)"
    assert wording.listed(["Go", "SQL"], tag) == "Go, SQL"


@every_language
def test_all_that_is_set_in_a_language_is_read_in_it(words: Words) -> None:
    for kind, text in words.headings.items():
        assert section_of(text) == Heading(cast("Section", kind), True)
    for month in range(1, 13):
        date = f"2018-{month:02}"
        assert read_dates.read_date(dates.shown(date, words.tag)) == date
    for date in ("2018", "2018-11-25"):
        assert read_dates.read_date(dates.shown(date, words.tag)) == date
    for field in words.labels:
        assert wording.read_label(wording.labelled(field, "1.3", words.tag)) == (field, "1.3")


@every_language
@pytest.mark.parametrize("start", ["2018", "2018-03", "2018-12-25"])
@pytest.mark.parametrize("end", ["2020", "2020-12", "Present"])
def test_spans_are_read_as_they_are_set(words: Words, start: str, end: str) -> None:
    span = read_dates.find_span(dates.period(start, end, words.tag))
    assert span is not None
    current = end == "Present"
    assert (span.start, span.end, span.is_current) == (start, None if current else end, current)


def test_spans_read_as_typographers_set_them() -> None:
    span = ("2018-03", "Present")
    assert dates.period(*span, "fr") == "mars 2018 – présent"
    assert dates.period(*span, "de-AT") == "März 2018 – heute"
    assert dates.period(*span, "ja") == "2018年3月～現在"
    assert dates.period(*span, "he") == "מרץ 2018 – היום"
    assert dates.period("2018", "heute", "hu") == "2018 – jelenleg"
    assert dates.period("Summer 2018", "the end", "fr") == "Summer 2018 – the end"


@pytest.mark.parametrize(
    ("key", "given", "heading"),
    [
        ("experience", "Experience", "Berufserfahrung"),
        ("work_history", "Work history", "Berufserfahrung"),
        ("experience_2", "Experience", "Berufserfahrung"),
        ("experience", "Expérience professionnelle", "Berufserfahrung"),
        ("experience", "Where I have been", "Where I have been"),
        ("patents", "Patents", "Patents"),
    ],
)
def test_only_a_heading_that_nobody_chose_is_translated(key: str, given: str, heading: str) -> None:
    assert locales.heading(key, given, "de") == heading


def test_an_english_heading_stays_as_its_key_says_it() -> None:
    assert locales.heading("work_history", "Work history", "en-GB") == "Work history"
    assert locales.heading("work_history", "Berufserfahrung", "en-GB") == "Experience"


def test_a_locale_sets_headings_and_is_kept() -> None:
    given = smallest(locale="pt_BR", sections__skills={"type": "secondary", "content": "SQL"})
    read = normalise(given)
    assert read.cv.locale == "pt-BR"
    assert "Competências" in [section.heading for section in read.cv.sections]
    assert normalise(to_cv_data(read.cv)).cv == read.cv
    assert not read.warnings


@pytest.mark.parametrize("locale", ["tlh", "deutsch", "de\x01\x02--"])
def test_an_unknown_locale_is_a_warning_and_the_text_decides(locale: str) -> None:
    read = normalise(smallest(locale=locale))
    assert [warning.code for warning in read.warnings][-1:] == ["unknown_locale"]
    assert read.cv == normalise(smallest()).cv


def test_no_locale_leaves_a_cv_as_it_was() -> None:
    assert normalise(smallest(locale=None)).cv == normalise(smallest()).cv
    assert "locale" not in to_cv_data(normalise(smallest()).cv)


@every_language
def test_a_profile_speaks_the_language_that_is_asked_for(words: Words) -> None:
    record = {
        "profile": {"full_name": "Ada Lovelace", "bio": "Computes.", "languages": [{"name": "X"}]},
        "experience": [
            {"company": "A", "start_date": "2018-03", "is_current": True, "technologies": ["SQL"]}
        ],
        "education": [{"institution": "B", "field_of_study": "Mathematics", "grade": "1.3"}],
        "projects": [{"name": "C", "url": "https://c.example"}],
        "skills": [{"name": "SQL"}],
        "certifications": [{"name": "D", "expires_on": "2027-05", "credential_id": "42"}],
    }
    cv = normalise(cv_data_of(record, locale=words.tag)).cv
    assert [section.heading for section in cv.sections] == [
        words.headings[kind] for kind in SECTIONS
    ]
    told = msgspec.json.encode(cv).decode()
    wanted = set(words.labels) - {"repository_url", "employment_type"}
    assert [field for field in sorted(wanted) if words.labels[field] not in told] == []
    assert dates.shown("2027-05", words.tag) in told
