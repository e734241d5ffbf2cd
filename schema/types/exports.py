"""Formats of what an owner takes along."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated

import strawberry


@strawberry.enum(
    description="`json` and `yaml` hold the whole profile; `json`, `jsonresume`, `cv_data` and"
    " `docx` can be imported again."
)
class ProfileFormat(Enum):
    JSON = "json"
    JSONRESUME = "jsonresume"
    CV_DATA = "cv_data"
    MARKDOWN = "markdown"
    TEXT = "text"
    YAML = "yaml"
    DOCX = "docx"
    HTML = "html"
    VCARD = "vcard"


@strawberry.enum(description="One JSON object with `items`, or CSV with a line for each.")
class RowsFormat(Enum):
    JSON = "json"
    CSV = "csv"


AllSections = Annotated[
    bool,
    strawberry.argument(
        name="all",
        description="Whether sections that your layout hides are in the file too. `json` and `yaml`"
        " always hold everything.",
    ),
]
FirstDay = Annotated[
    date | None,
    strawberry.argument(name="from", description="First day (UTC). Absent: the very first."),
]
LastDay = Annotated[
    date | None, strawberry.argument(name="to", description="Last day (UTC). Absent: today.")
]
