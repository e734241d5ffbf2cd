"""Our own export, read back."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import orjson

from app.importing.vitae import read_vitae
from tests.importing.proof import assert_all_has_evidence, assert_no_word_is_lost, values_of

EXPORT: dict[str, Any] = orjson.loads(
    (Path(__file__).parent / "samples" / "vitae.json").read_bytes()
)
OURS = frozenset(
    "id username avatar_url created_at updated_at origin parse_id version".split()  # noqa: SIM905
)
SECTIONS = ("skills", "experience", "education", "projects", "certifications")


def changed(section: str, **fields: Any) -> dict[str, Any]:
    export = copy.deepcopy(EXPORT)
    export[section][0] |= fields
    return export


def test_everything_a_person_said_comes_back() -> None:
    preview = read_vitae(EXPORT)
    for section in SECTIONS:
        (entry,), (row,) = getattr(preview, section), EXPORT[section]
        said = {name: row[name] for name in values_of(entry)}
        assert values_of(entry) == said
        blank = {name for name, value in row.items() if value in (None, [])}
        assert row.keys() - OURS - {"position"} - blank == said.keys()
    told = values_of(preview.profile)
    assert told == {name: EXPORT["profile"][name] for name in told}
    assert len(told) == 8
    assert [(each.name, each.level) for each in preview.languages] == [
        ("Swedish", "native"),
        ("German", None),
    ]


def test_what_is_ours_makes_no_noise() -> None:
    preview = read_vitae({"ok": True, "request_id": "req_1", **EXPORT})
    assert (preview.unplaced, preview.warnings) == ([], [])


def test_all_has_evidence_and_nothing_is_lost() -> None:
    preview = read_vitae(EXPORT)
    assert_all_has_evidence(preview)
    assert_no_word_is_lost(preview, EXPORT, OURS)


def test_a_key_that_is_not_ours_stays_as_text() -> None:
    preview = read_vitae(changed("projects", licence="MIT"))
    assert [(each.text, each.path) for each in preview.unplaced] == [("MIT", "projects[0].licence")]


def test_an_edited_export_may_be_wrong() -> None:
    preview = read_vitae(changed("experience", end_date="2010", bullets="One\nTwo"))
    assert preview.experience[0].end_date is None
    assert preview.experience[0].bullets == ["One", "Two"]
    assert [warning.code for warning in preview.warnings] == ["end_before_start"]
    preview = read_vitae(changed("skills", years=-1, level=["x"]))
    assert sorted(warning.code for warning in preview.warnings) == ["type", "years"]


def test_an_entry_without_its_name_stays_as_text() -> None:
    preview = read_vitae(changed("certifications", name=" "))
    assert preview.certifications == []
    assert preview.unplaced[0].text.startswith("ERC\n2019-05-20")
    assert [warning.code for warning in preview.warnings] == ["incomplete"]


def test_a_position_that_has_ended_does_not_go_on() -> None:
    preview = read_vitae(changed("experience", end_date="2020", is_current=True))
    assert (preview.experience[0].end_date, preview.experience[0].is_current) == ("2020", False)
