"""Records compared value by value."""

from __future__ import annotations

from typing import Any

import msgspec

from app.importing.preview import Preview
from app.profile import rules

_SAID = (
    *("full_name", "headline", "bio", "location", "website", "github_url", "linkedin_url"),
    *("email", "phone"),
)


def as_record(preview: Preview) -> dict[str, Any]:
    """The record that an import would make of an empty profile."""
    raw = msgspec.to_builtins(preview)
    record = {"profile": {name: raw["profile"][name] for name in _SAID}}
    record["profile"]["languages"] = raw["languages"]
    return record | {section: raw[section] for section in rules.SECTIONS}


def plain_record(record: dict[str, Any]) -> dict[str, Any]:
    """What a person said in it, by its place; what is empty is not there."""
    said = {
        f"profile.{name}": value
        for name in _SAID
        if (value := record["profile"].get(name)) not in (None, "")
    }
    lists = {section: record[section] for section in rules.SECTIONS}
    lists["languages"] = record["profile"].get("languages") or []
    for section, rows in lists.items():
        for index, row in enumerate(rows):
            for field in rules.FIELDS.get(section, ("name", "level")):
                if (value := row.get(field)) not in (None, "", [], False):
                    said[f"{section}[{index}].{field}"] = value
    return said
