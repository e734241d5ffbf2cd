"""A profile as our own JSON and YAML: all there is of it, which an import takes back.

It is what `GET /v1/me` answers of the profile and its sections, with the presentation beside it.
Nothing is hidden in it, for it is its owner's alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
import yaml

from app.exporting.moments import written
from app.profile.rules import FIELDS, PROFILE_FIELDS, SECTIONS

_PRESENTATION = (
    "theme_id",
    "accent_color",
    "section_order",
    "hidden_sections",
    "font_preference",
)


def own(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as JSON can hold it. `presentation` is in it where the record has one."""
    profile = record.get("profile") or {}
    made: dict[str, Any] = {
        "profile": {
            "username": profile.get("username"),
            **{name: profile.get(name) for name in PROFILE_FIELDS},
            "created_at": written(profile.get("created_at")),
            "updated_at": written(profile.get("updated_at")),
            "version": profile.get("version"),
        }
    }
    for section in SECTIONS:
        made[section] = [_row(section, row) for row in record.get(section) or ()]
    if presentation := record.get("presentation"):
        made["presentation"] = {name: presentation[name] for name in _PRESENTATION}
    return made


def _row(section: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row.get("id"),
        "position": row.get("position"),
        **{name: row.get(name) for name in FIELDS[section]},
        "origin": row.get("origin"),
        "created_at": written(row.get("created_at")),
        "updated_at": written(row.get("updated_at")),
        "version": row.get("version"),
    }


def own_json(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The whole profile as JSON in UTF-8, whatever the layout says."""
    return orjson.dumps(own(record), option=orjson.OPT_INDENT_2)


def own_yaml(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The same as YAML 1.1 of plain types, which every safe loader reads."""
    text: str = yaml.dump(own(record), Dumper=_Dumper, **_YAML)
    return text.encode()


_YAML: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "width": 100}


class _Dumper(yaml.SafeDumper):
    """Writes what stands in several places each time: people read no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """A text of several lines stands as they do, where YAML can write it so."""
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
