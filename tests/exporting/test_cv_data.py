"""cv_data: renders without warnings, and an import reads it back."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings

from app.cv.normalise import ADVICE, normalise
from app.exporting.cv_data import cv_data
from app.importing.cv_data import read_cv_data
from tests.exporting.comparing import as_record, plain_record
from tests.exporting.profiles import FULL, OPEN, Record, corpus, records


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_any_profile_renders_without_warnings(record: Record) -> None:
    made = orjson.loads(cv_data(record))
    assume(made["sections"] and any(map(str.isalnum, record["profile"]["full_name"])))
    assert [each for each in normalise(made).warnings if each.code not in ADVICE] == []


def test_sections_follow_the_layout() -> None:
    made = orjson.loads(cv_data(FULL, ["skills", "experience"], {"summary", "education"}))
    assert made["sections_order"] == [
        *("skills", "experience", "projects", "languages", "certifications")
    ]


def test_few_fields_of_the_corpus_are_lost() -> None:
    lost = total = 0
    for name in OPEN:
        there = plain_record(corpus(name))
        back = plain_record(as_record(read_cv_data(orjson.loads(cv_data(corpus(name))))))
        total += len(there)
        lost += sum(back.get(where) != value for where, value in there.items())
    assert lost / total < 0.005


@pytest.mark.parametrize("field", ["company", "institution"])
def test_names_are_never_lost(field: str) -> None:
    for name in OPEN:
        there = plain_record(corpus(name))
        back = plain_record(as_record(read_cv_data(orjson.loads(cv_data(corpus(name))))))
        named = {where: value for where, value in there.items() if where.endswith(field)}
        assert {where: back.get(where) for where in named} == named
