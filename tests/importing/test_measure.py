"""The rules by which a preview is compared with the truth."""

from __future__ import annotations

from typing import Any

import pytest

from app.importing.preview import (
    FoundEducation,
    FoundExperience,
    FoundLanguage,
    FoundProfile,
    FoundSkill,
    Preview,
)
from tests.importing.likeness import alike, pairs, same_date, same_name, same_phone, words
from tests.importing.measure import Count, Score, Truth, score

JOB: dict[str, Any] = {
    "company": "Marlowe & Finch LLP",
    "title": "Senior Accountant",
    "start_date": "2019-03",
    "is_current": True,
    "bullets": ["Close the books", "Prepare schedules"],
}


def _score(true: dict[str, Any], found: dict[str, Any]) -> Score:
    about = {"made_with": "", "language": "en", "notes": "", "profile": FoundProfile()}
    return score(Truth(**{**about, **true}), Preview(format="pdf", **found))


def _jobs(true: list[dict[str, Any]], found: list[dict[str, Any]]) -> dict[str, Count]:
    lists = ([FoundExperience(**job) for job in jobs] for jobs in (true, found))
    return _score(*({"experience": jobs} for jobs in lists)).counts


def _triple(count: Count) -> tuple[int, int, int]:
    return count.right, count.missed, count.invented


@pytest.mark.parametrize(
    ("one", "other"),
    [("Café Müller", "cafe muller"), ("C++", "c++"), ("云杉科技", "云杉科技"), ("A-B", "a b")],
    ids=["accents", "signs", "chinese", "hyphen"],
)
def test_names_are_equal_without_case_accents_and_punctuation(one: str, other: str) -> None:
    assert same_name(one, other)


def test_names_of_languages_with_signs_differ() -> None:
    assert not same_name("C", "C++")
    assert words("C# and C++") == ["c#", "and", "c++"]


def test_word_order_does_not_matter_to_likeness_but_extra_words_do() -> None:
    assert alike("University of Leeds", "Leeds, University of") == 1
    assert alike("University of Leeds", "University of Leeds, School of Medicine") < 0.85


def test_nothing_is_like_nothing_and_unlike_something() -> None:
    assert alike(None, None) == 1
    assert alike(None, "Leeds") == 0


def test_dates_are_compared_to_the_month_only_where_the_true_one_has_it() -> None:
    assert same_date("2019", "2019-03")
    assert not same_date("2019-03", "2019")
    assert same_date("2019-03-01", "2019-03")
    assert not same_date(None, "2019")


def test_a_telephone_number_may_lack_its_country() -> None:
    assert same_phone("+44 7700 900 418", "07700 900418")
    assert not same_phone("+44 7700 900 418", "07700 900419")
    assert not same_phone("+44 7700 900 418", "418")


def test_equal_values_are_paired_with_the_nearest() -> None:
    made = pairs(["a", "a"], ["a"], lambda t, f: float(t == f))
    assert made == [("a", "a"), ("a", None)]


def test_an_entry_found_whole_is_right_with_its_dates_and_bullets() -> None:
    counts = _jobs([JOB], [JOB])
    assert _triple(counts["experience"]) == (1, 0, 0)
    assert _triple(counts["experience: with dates"]) == (1, 0, 0)
    assert _triple(counts["experience: whole bullets"]) == (2, 0, 0)


def test_an_entry_with_a_wrong_date_is_found_but_not_with_dates() -> None:
    counts = _jobs([JOB], [JOB | {"start_date": "2019-04"}])
    assert _triple(counts["experience"]) == (1, 0, 0)
    assert _triple(counts["experience: with dates"]) == (0, 1, 1)


def test_an_entry_that_ended_is_not_one_that_goes_on() -> None:
    counts = _jobs([JOB], [JOB | {"is_current": False}])
    assert _triple(counts["experience: with dates"]) == (0, 1, 1)


def test_company_and_title_the_wrong_way_round_are_missed_and_invented() -> None:
    swapped = JOB | {"company": JOB["title"], "title": JOB["company"]}
    counts = _jobs([JOB], [swapped])
    assert _triple(counts["experience"]) == (0, 1, 1)
    assert _triple(counts["experience: whole bullets"]) == (0, 2, 2)


def test_bullets_are_compared_although_the_company_is_wrong() -> None:
    counts = _jobs([JOB], [JOB | {"company": "Prairie Implement Co."}])
    assert _triple(counts["experience"]) == (0, 1, 1)
    assert _triple(counts["experience: with dates"]) == (0, 1, 1)
    assert _triple(counts["experience: whole bullets"]) == (2, 0, 0)


def test_an_entry_split_in_two_counts_one_as_invented() -> None:
    counts = _jobs([JOB], [JOB, JOB | {"bullets": []}])
    assert _triple(counts["experience"]) == (1, 0, 1)


def test_the_same_job_twice_is_paired_by_its_dates() -> None:
    earlier = JOB | {"start_date": "2010-01", "end_date": "2011-01", "is_current": False}
    counts = _jobs([JOB, earlier], [earlier, JOB])
    assert _triple(counts["experience: with dates"]) == (2, 0, 0)


def test_degree_and_field_are_compared_together_and_apart() -> None:
    true = FoundEducation(institution="York", degree="BSc", field_of_study="Nursing")
    found = FoundEducation(institution="York", degree="BSc Nursing")
    counts = _score({"education": [true]}, {"education": [found]}).counts
    assert _triple(counts["education"]) == (1, 0, 0)
    assert _triple(counts["education: degree"]) == (0, 1, 1)
    assert _triple(counts["education: field_of_study"]) == (0, 1, 0)


def test_a_skill_that_is_not_in_the_truth_is_invented() -> None:
    true, found = ([FoundSkill(name=n) for n in names] for names in (["SQL"], ["sql", "Go"]))
    made = _score({"skills": true}, {"skills": found})
    assert _triple(made.counts["skills"]) == (1, 0, 1)
    assert ("skills", "Go") in made.invented


def test_a_reading_that_is_accepted_is_right() -> None:
    true = FoundProfile(location="Rosenplan 3, 04109 Leipzig")
    readings = {"Rosenplan 3, 04109 Leipzig": ["Leipzig"]}
    found = {"profile": FoundProfile(location="Leipzig")}
    assert _triple(_score({"profile": true}, found).counts["profile: location"]) == (0, 1, 1)
    accepted = _score({"profile": true, "accept": readings}, found)
    assert _triple(accepted.counts["profile: location"]) == (1, 0, 0)


def test_a_language_without_its_level_misses_only_the_level() -> None:
    true, found = [FoundLanguage(name="Igbo", level="fluent")], [FoundLanguage(name="Igbo")]
    counts = _score({"languages": true}, {"languages": found}).counts
    assert _triple(counts["languages"]) == (1, 0, 0)
    assert _triple(counts["languages: level"]) == (0, 1, 0)


def test_links_are_compared_without_scheme_and_last_slash() -> None:
    true = FoundProfile(website="https://www.example.com/", github_url="https://github.com/a")
    found = FoundProfile(website="http://example.com")
    counts = _score({"profile": true}, {"profile": found}).counts
    assert _triple(counts["profile: links"]) == (1, 1, 0)


def test_counts_of_files_add_up() -> None:
    both = Score()
    for found in ([JOB], []):
        lists = ([FoundExperience(**job) for job in jobs] for jobs in ([JOB], found))
        both += _score(*({"experience": jobs} for jobs in lists))
    count = both.counts["experience"]
    assert (count.precision, count.recall, round(count.f1, 2)) == (1.0, 0.5, 0.67)
