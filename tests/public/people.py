"""Published profiles to make pages of, without a database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from app.plans import Tier
from app.presentation.effective import Presentation
from app.presentation.layout import DEFAULT_LAYOUT, Layout
from app.presentation.themes import DEFAULT_THEME, THEMES
from app.profile.rules import FIELDS
from app.publication import Published

SOMEONE: dict[str, Any] = json.loads(Path(__file__).with_name("someone.json").read_text())

_PROFILE: dict[str, Any] = {
    "username": "ines",
    "full_name": "Ines",
    "headline": None,
    "bio": None,
    "location": None,
    "website": None,
    "github_url": None,
    "linkedin_url": None,
    "email": None,
    "phone": None,
    "open_to_work": False,
    "languages": [],
    "created_at": datetime(2025, 3, 1, tzinfo=UTC),
    "updated_at": datetime(2026, 2, 3, tzinfo=UTC),
}
_LISTS = ("bullets", "technologies")


def record_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """A record of what is given, with everything else empty."""
    return {
        "profile": _PROFILE | given.get("profile", {}),
        **{section: [_row(section, row) for row in given.get(section, [])] for section in FIELDS},
    }


def _row(section: str, given: Mapping[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {name: [] if name in _LISTS else None for name in FIELDS[section]}
    return {**empty, **({"is_current": False} if section == "experience" else {}), **given}


def published_of(
    given: Mapping[str, Any] = SOMEONE,
    theme: str = DEFAULT_THEME,
    *,
    accent: str | None = None,
    layout: Layout = DEFAULT_LAYOUT,
    visibility: str = "public",
    answers: bool = True,
    avatar_key: str | None = "avatars/1/2.jpg",
) -> Published:
    return Published(
        account_id=UUID(int=1),
        username="ines",
        former=False,
        visibility=visibility,
        answers_questions=answers,
        record=record_of(given),
        presentation=Presentation(THEMES[theme], accent, layout),
        tier=Tier.SUBSCRIPTION,
        avatar_key=avatar_key,
    )
