"""The catalogue of language models, and how an installation changes it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app.model_catalogue import Access, InvalidCatalogue, Protocol, Surface, catalogue
from app.settings import InvalidSetting, Settings

README = Path(__file__).resolve().parent.parent / "README.md"
HOUSE = {
    "label": "House",
    "protocol": "openai_chat",
    "origin": "configured",
    "surfaces": ["mcp", "api", "mcp"],
    "access": "paid",
}


def test_the_built_in_models_are_each_named_once_and_only_ours_runs_here() -> None:
    models = catalogue()
    assert len({model.id for model in models}) == len(models) > 1
    run_here = [(m.id, m.origin) for m in models if Surface.API in m.surfaces]
    assert run_here == [("vitae-extractive", "vitae")]


def test_a_new_id_adds_a_model_after_the_built_in_ones() -> None:
    *before, house = catalogue(json.dumps({"house/llm:8b": HOUSE}))
    assert tuple(before) == catalogue()
    assert (house.id, house.label, house.origin) == ("house/llm:8b", "House", "configured")
    assert (house.protocol, house.access) == (Protocol.OPENAI_CHAT, Access.PAID)


def test_surfaces_stand_in_one_order_and_once() -> None:
    assert catalogue(json.dumps({"house": HOUSE}))[-1].surfaces == (Surface.API, Surface.MCP)


def test_fields_of_a_known_id_replace_its_own_in_its_place_and_null_takes_it_out() -> None:
    first, second, *rest = catalogue()
    changed = catalogue(json.dumps({first.id: {"access": "subscription"}, second.id: None}))
    assert [model.id for model in changed] == [first.id, *(model.id for model in rest)]
    assert changed[0].access is Access.SUBSCRIPTION
    assert (changed[0].label, changed[0].surfaces) == (first.label, first.surfaces)


def test_changes_are_read_from_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    path.write_text(json.dumps({"house": HOUSE}))
    assert catalogue(str(path)) == catalogue(json.dumps({"house": HOUSE}))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ("{", "truncated"),
        ('{"house": {"label": "House"}}', "house: .*protocol"),
        (json.dumps({"house": HOUSE | {"access": "rich"}}), r"house: .*rich.*\$\.access"),
        (json.dumps({"house": HOUSE | {"price": 3}}), "house: .*price"),
        (json.dumps({"house": HOUSE | {"surfaces": []}}), r"house: .*\$\.surfaces"),
        (json.dumps({"house": HOUSE | {"origin": "A b"}}), r"house: .*\$\.origin"),
        (json.dumps({"house": 3}), "house: expected an object or null"),
        (json.dumps({"a house": HOUSE}), "'a house' is not an id"),
        (json.dumps({"": HOUSE}), "'' is not an id"),
    ],
    ids=[
        "cut", "incomplete", "access", "unknown-field", "no-surface", "origin", "number",
        "blank-in-id", "empty-id",
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_told_by_its_id_and_its_place(changes: str, told: str) -> None:
    with pytest.raises(InvalidCatalogue, match=told):
        catalogue(changes)


@pytest.mark.parametrize(
    "content",
    [None, b"[]", b'{"\xff": null}', b"x" * 1_000_001],
    ids=["missing", "a-list", "not-utf-8", "too-large"],
)
def test_a_file_that_can_not_be_used_is_refused_at_start(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "models.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidSetting, match=r"^MODEL_CATALOGUE: "):
        Settings.from_env({"MODEL_CATALOGUE": str(path)})


def test_the_example_of_the_readme_adds_a_model_and_takes_one_out() -> None:
    written = re.search(r"MODEL_CATALOGUE='(\{.*?\})'\n", README.read_text(), re.DOTALL)
    assert written is not None
    ids = {model.id for model in catalogue(written[1])}
    assert ids ^ {model.id for model in catalogue()} == {"house-llm", "gpt-5"}


def test_a_good_catalogue_is_taken_at_start() -> None:
    given = json.dumps({"house": HOUSE})
    assert Settings.from_env({"MODEL_CATALOGUE": f" {given}\n"}).model_catalogue == given
