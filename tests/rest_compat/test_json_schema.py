"""JSON Schemas of wire types."""

from __future__ import annotations

from typing import Any, cast

import strawberry

from rest_compat.json_schema import SchemaBook


@strawberry.input(description="A parcel.")
class Parcel:
    label: str = strawberry.field(
        description="What is on it.", metadata={"schema": {"minLength": 1, "maxLength": 9}}
    )
    grams: int | None = strawberry.field(
        default=None, description="Its weight.", metadata={"schema": {"minimum": 1}}
    )


@strawberry.type
class Query:
    @strawberry.field
    def price(self, parcel: Parcel) -> int:
        return 1


def described() -> dict[str, Any]:
    core = cast("Any", strawberry.Schema(query=Query))._schema
    book = SchemaBook()
    book.of(core.type_map["Parcel"])
    return book.named["Parcel"]


def test_a_field_says_the_limits_that_it_was_declared_with() -> None:
    assert described()["properties"] == {
        "label": {
            "type": "string",
            "minLength": 1,
            "maxLength": 9,
            "description": "What is on it.",
        },
        "grams": {
            "type": ["integer", "null"],
            "minimum": 1,
            "maximum": 2**31 - 1,
            "description": "Its weight.",
        },
    }


def test_a_field_may_be_absent_unless_it_must_not_be_null() -> None:
    assert described()["required"] == ["label"]
