"""Our own JSON and YAML: all of a profile, and an import takes it back without loss."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from app.exporting.own import own_json, own_yaml
from app.importing.vitae import read_vitae
from tests.exporting.comparing import as_record, plain_record
from tests.exporting.profiles import EMPTY, FULL, OPEN, Record, corpus, records


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_any_profile_comes_back(record: Record) -> None:
    preview = read_vitae(orjson.loads(own_json(record)))
    assert plain_record(as_record(preview)) == plain_record(record)
    assert (preview.unplaced, preview.warnings) == ([], [])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_yaml_says_the_same_as_json(record: Record) -> None:
    assert yaml.safe_load(own_yaml(record)) == orjson.loads(own_json(record))


@pytest.mark.parametrize("name", OPEN)
def test_a_profile_of_the_corpus_comes_back(name: str) -> None:
    preview = read_vitae(orjson.loads(own_json(corpus(name))))
    assert plain_record(as_record(preview)) == plain_record(corpus(name))


def test_nothing_is_hidden_from_the_owner() -> None:
    assert own_json(FULL, ["skills"], {"experience", "summary"}) == own_json(FULL)
    assert own_yaml(FULL, ["skills"], {"experience", "summary"}) == own_yaml(FULL)


def test_what_belongs_to_the_server_is_left_out() -> None:
    profile = {**FULL["profile"], "account_id": "a", "avatar_key": "b"}
    found: dict[str, Any] = orjson.loads(own_json({**FULL, "profile": profile}))
    assert not found["profile"].keys() & {"account_id", "avatar_key"}
    assert found["profile"]["updated_at"] == "2026-03-17T15:00:00.123Z"


def test_the_presentation_goes_with_it_and_an_import_takes_no_offence() -> None:
    presentation = {
        "theme_id": "terminal",
        "accent_color": None,
        "section_order": ["skills"],
        "hidden_sections": [],
        "font_preference": None,
    }
    found = orjson.loads(own_json({**EMPTY, "presentation": presentation}))
    assert found["presentation"] == presentation
    assert read_vitae(found).unplaced == []


def test_a_text_of_several_lines_stands_in_yaml_as_it_does() -> None:
    assert "  bio: |-\n    Builds *platforms*.\n" in own_yaml(FULL).decode()
