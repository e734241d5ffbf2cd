"""cv_data for tests: the documented example, and the smallest that renders."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import orjson

EXAMPLE: dict[str, Any] = orjson.loads(
    (Path(__file__).parents[2] / "app" / "cv" / "example.json").read_bytes()
)["cv_data"]

_SMALLEST: dict[str, Any] = {
    "identity": {"first_name": "Ada"},
    "sections": {"work": {"type": "main", "items": [{"title": "Engine"}]}},
}


def smallest(**changes: Any) -> dict[str, Any]:
    """The smallest cv_data, changed at paths such as `identity__email`."""
    cv_data = copy.deepcopy(_SMALLEST)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = cv_data
        for key in parents:
            place = place[key]
        place[last] = value
    return cv_data


def with_item(**item: Any) -> dict[str, Any]:
    """The smallest cv_data with one item of these fields."""
    return smallest(sections__work__items=[{"title": "Engine", **item}])
