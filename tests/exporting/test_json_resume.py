"""JSON Resume: valid by its schema, and read back without loss."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from app.exporting.json_resume import EXTENSION, json_resume
from app.importing.json_resume import read_json_resume
from tests.exporting.comparing import as_record, plain_record
from tests.exporting.profiles import EMPTY, FULL, OPEN, Record, corpus, records

_SCHEMA = json.loads(Path(__file__).with_name("json_resume.schema.json").read_text())
_FORMATS = jsonschema.FormatChecker(["email"])
# RFC 3986, as far as an address with a host can offend against it.
_URI = re.compile(
    r"https?://[\w.:%-]+(/([\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(\?([\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(#([\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
    re.ASCII,
)


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or _URI.fullmatch(value) is not None


_FORMATS.checks("uri")(_is_uri)


def assert_valid(raw: Any) -> None:
    jsonschema.Draft7Validator(_SCHEMA, format_checker=_FORMATS).validate(raw)


def written(record: Record, **hidden: Any) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(json_resume(record, **hidden))
    return found


def test_what_the_standard_has_a_place_for_stands_there() -> None:
    found = written(FULL)
    assert found["basics"]["label"] == "Staff Engineer, Platforms; C++ & Go"
    assert [job["name"] for job in found["work"]] == ["Globex, Inc.", "Initech"]
    assert found["volunteer"][0]["organization"] == "Red Cross"
    assert found["skills"][0]["keywords"] == ["Go", "C++"]
    assert found["education"][0]["studyType"] == "MSc"
    assert found["certificates"][0]["date"] == "2021-05"
    assert found["projects"][0]["roles"] == ["Maintainer"]
    assert found["languages"][1] == {"language": "Polish"}
    assert found["meta"]["lastModified"] == "2026-03-17T15:00:00"


def test_addresses_are_written_in_ascii_for_the_standard() -> None:
    basics = written(FULL)["basics"]
    assert basics["url"] == "https://xn--zo-ija.example.org/~zoe?a=1&copy=2"
    assert basics[EXTENSION]["website"] == FULL["profile"]["website"]


@pytest.mark.parametrize("record", [FULL, EMPTY], ids=["full", "empty"])
def test_it_is_valid_by_the_schema(record: Record) -> None:
    assert_valid(written(record))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_any_profile_is_valid_and_comes_back(record: Record) -> None:
    found = written(record)
    assert_valid(found)
    preview = read_json_resume(found)
    assert plain_record(as_record(preview)) == plain_record(record)
    assert (preview.unplaced, preview.warnings) == ([], [])


@pytest.mark.parametrize("name", OPEN)
def test_a_profile_of_the_corpus_comes_back(name: str) -> None:
    record = corpus(name)
    found = written(record)
    assert_valid(found)
    assert plain_record(as_record(read_json_resume(found))) == plain_record(record)


def _without_extension(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_extension(v) for k, v in value.items() if k != EXTENSION}
    return [_without_extension(each) for each in value] if isinstance(value, list) else value


def test_without_the_extension_nearly_all_comes_back() -> None:
    lost = total = 0
    for name in OPEN:
        there = plain_record(corpus(name))
        back = plain_record(as_record(read_json_resume(_without_extension(written(corpus(name))))))
        total += len(there)
        lost += sum(back.get(where) != value for where, value in there.items())
    assert lost / total < 0.05


def test_what_was_edited_beside_the_extension_is_what_counts() -> None:
    edited = copy.deepcopy(written(FULL))
    edited["basics"]["url"] = "https://elsewhere.example.org"
    edited["skills"][0]["keywords"] = ["Go"]
    found = read_json_resume(edited)
    assert found.profile.website == "https://elsewhere.example.org"
    assert [skill.name for skill in found.skills][:2] == ["Go", "Patience"]


def test_hidden_sections_are_left_out() -> None:
    found = written(FULL, hidden={"summary", "experience", "certifications"})
    assert "summary" not in found["basics"]
    assert not found.keys() & {"work", "volunteer", "certificates"}
    assert found["skills"]
