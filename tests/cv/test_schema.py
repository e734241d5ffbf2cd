from __future__ import annotations

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from app.cv import bounds
from app.cv.model import CV, Identity, Item, Section
from app.cv.normalise import normalise, to_cv_data
from app.cv.schema import example, json_schema
from app.errors import ValidationFailed
from tests.cv.samples import smallest, with_item

VALIDATOR = Draft202012Validator(json_schema())

GOOD: list[dict[str, Any]] = [
    smallest(),
    smallest(template="harvard", theme_color="NavyBlue", font_size="11pt", font_family="arial"),
    smallest(font_size=9, sections_order=["work"]),
    smallest(font_size=" 13.75 pt "),
    smallest(font_size="14.00"),
    smallest(page_size="letter"),
    smallest(page_size="A4"),
    smallest(template=None, theme_color=None, font_size=None, font_family=None, page_size=None),
    smallest(identity={"last_name": "Lovelace", "first_name": None, "email": "ada@example.com"}),
    smallest(identity__website="example.com", identity__picture=""),
    smallest(identity__nickname="unknown keys only warn"),
    smallest(sections__hobbies=None),
    smallest(sections__work={"content": "x" * bounds.TEXT}),
    with_item(start="Summer 2020", end="Present", location=None, bullets=[]),
    with_item(description_bullets=["x"] * bounds.BULLETS),
    with_item(description="One.\nTwo."),
    with_item(description=None),
]
BAD: list[Any] = [
    None,
    [],
    {},
    smallest(identity=None),
    smallest(identity={}),
    smallest(identity__first_name=1),
    smallest(identity__email="x" * 300 + "@example.com"),
    smallest(identity__picture="https://example.com/me.jpg"),
    smallest(template="fancy"),
    smallest(theme_color=7),
    smallest(font_size=8.9),
    smallest(font_size="14.5pt"),
    smallest(font_size="15"),
    smallest(font_size="11px"),
    smallest(font_size=True),
    smallest(page_size="a3"),
    smallest(page_size=4),
    smallest(sections={}),
    smallest(sections=[]),
    smallest(sections={"": {"content": "x"}}),
    smallest(sections={"x" * (bounds.KEY + 1): {"content": "x"}}),
    smallest(sections={f"s{n}": {"content": "x"} for n in range(bounds.SECTIONS + 1)}),
    smallest(sections__work="text"),
    smallest(sections__work__type="side"),
    smallest(sections__work__content=["x"]),
    smallest(sections__work__content="x" * (bounds.TEXT + 1)),
    smallest(sections__work__items="x"),
    smallest(sections__work__items=["x"]),
    smallest(sections__work__items=[{"title": "x"}] * (bounds.ITEMS + 1)),
    smallest(sections_order="work"),
    smallest(sections_order=[None]),
    with_item(title="x" * (bounds.LINE + 1)),
    with_item(bullets="x"),
    with_item(bullets=[None]),
    with_item(bullets=["x"] * (bounds.BULLETS + 1)),
    with_item(start=True),
]


def test_the_schema_is_valid_json_schema_and_json() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert orjson.loads(orjson.dumps(json_schema())) == json_schema()
    assert b"$ref" not in orjson.dumps(json_schema())


def test_the_documented_example_fits_the_schema() -> None:
    VALIDATOR.validate(example()["cv_data"])
    assert example()["request_id"]


@pytest.mark.parametrize("cv_data", GOOD)
def test_what_fits_the_schema_is_normalised(cv_data: dict[str, Any]) -> None:
    VALIDATOR.validate(cv_data)
    VALIDATOR.validate(to_cv_data(normalise(cv_data).cv))


@pytest.mark.parametrize("cv_data", BAD)
def test_what_does_not_fit_the_schema_is_refused(cv_data: Any) -> None:
    assert not VALIDATOR.is_valid(cv_data)
    with pytest.raises(ValidationFailed):
        normalise(cv_data)


def test_every_field_of_a_cv_is_described() -> None:
    properties = json_schema()["properties"]
    section = properties["sections"]["additionalProperties"]["properties"]
    item = section["items"]["items"]["properties"]
    # `resume` is what we enclose of a profile; nobody gives it.
    assert set(properties) == set(CV.__struct_fields__) - {"resume"} | {"sections_order"}
    assert set(properties["identity"]["properties"]) == set(Identity.__struct_fields__)
    assert set(section) == set(Section.__struct_fields__) - {"key"} | {"title"}
    assert set(item) == set(Item.__struct_fields__) | {"description_bullets"}
    for place in (properties, properties["identity"]["properties"], item):
        assert all(field["description"] for field in place.values())
