"""A profile as cv_data, the JSON that résumés are made of (`POST /v1/resume/jobs`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from app.cv.from_profile import cv_data_of


def cv_data(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """cv_data, sections in `order` and without those `hidden`, which renders without warnings."""
    made = cv_data_of(record, template="original", sections_order=order, hidden=hidden)
    return orjson.dumps(made, option=orjson.OPT_INDENT_2)
