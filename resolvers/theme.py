"""The theme of the caller's profile."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.auth.own import single_statement
from app.call import Call
from app.errors import FieldError, ValidationFailed
from app.plans import Entitlements, tier_of
from app.presentation import chosen, contrast
from app.presentation.effective import Presentation, presentation_of
from app.presentation.themes import DEFAULT_THEME, THEMES
from app.presentation.themes import Palette as ThemePalette
from app.presentation.themes import Theme as PageTheme
from app.standing import facts
from resolvers.sections import ExpectedVersion
from schema.types.presentation import (
    Accents,
    ColorScheme,
    ContrastWarning,
    ProfileTheme,
    Theme,
    ThemeColors,
    ThemePatch,
    ThemePreview,
)

_COLOR = re.compile(r"#[0-9a-f]{6}")


@single_statement
async def get_theme(call: Call) -> ProfileTheme:
    """The active theme, with all there are and whether your plan has them."""
    return _theme_of(call, await chosen.get(call))


async def update_theme(
    call: Call, input: ThemePatch, expected_version: ExpectedVersion = None
) -> ProfileTheme:
    """Choose a theme and an accent colour: absent leaves as it is, null takes a choice back.

    A premium theme or an accent colour that the plan has not is refused; taking one back never is.
    """
    changes = checked(input)
    if changes.get("accent_color") or _is_premium(changes.get("theme_id")):
        account = await chosen.get(call)
        call.services.plans.require("premium_themes", tier_of(facts(account)))
    return _theme_of(call, await chosen.change(call, changes, expected_version))


def checked(input: ThemePatch) -> dict[str, str | None]:
    """The given choices as they are stored; raises ValidationFailed."""
    changes: dict[str, str | None] = {}
    errors = []
    if input.theme_id is not None:
        changes["theme_id"] = theme_id = input.theme_id.value
        if theme_id is not None and theme_id not in THEMES:
            known = ", ".join(THEMES)
            message = f"There is no such theme, only {known}."
            errors.append(FieldError("theme_id", "unknown", message))
    if input.accent_color is not None:
        color = input.accent_color.value
        changes["accent_color"] = color and color.lower()
        if color is not None and not _COLOR.fullmatch(color.lower()):
            message = "Must be #RRGGBB, such as #1d5fb8."
            errors.append(FieldError("accent_color", "color", message))
    if errors:
        raise ValidationFailed(errors)
    return changes


def _is_premium(theme_id: str | None) -> bool:
    return theme_id is not None and THEMES[theme_id].premium


def _theme_of(call: Call, row: Mapping[str, Any]) -> ProfileTheme:
    tier = tier_of(facts(row))
    allowed = call.services.plans.entitlements(tier)
    shown = presentation_of(row, allowed)
    return ProfileTheme(
        # One that there is no more shows as the default, which it has become.
        theme_id=row["theme_id"] if row["theme_id"] in THEMES else DEFAULT_THEME,
        effective_theme_id=shown.theme.id,
        accent_color=row["accent_color"],
        effective_accent=Accents(light=shown.light_accent, dark=shown.dark_accent),
        available=allowed.premium_themes,
        effective_plan=tier.label,
        catalog=[_in_catalog(theme, allowed) for theme in THEMES.values()],
        warnings=list(_warnings(shown)),
        version=row["version"],
    )


def _in_catalog(theme: PageTheme, allowed: Entitlements) -> Theme:
    return Theme(
        id=theme.id,
        name=theme.name,
        premium=theme.premium,
        available=allowed.premium_themes or not theme.premium,
        preview=ThemePreview(
            light=_colors(theme.light),
            dark=_colors(theme.dark),
            heading_font=theme.heading_font,
            body_font=theme.body_font,
        ),
    )


def _colors(palette: ThemePalette) -> ThemeColors:
    return ThemeColors(
        **{each.name: getattr(palette, each.name) for each in dataclasses.fields(ThemeColors)}
    )


def _warnings(shown: Presentation) -> Iterator[ContrastWarning]:
    color, theme = shown.accent_color, shown.theme
    if color is None:
        return
    for scheme, palette in ((ColorScheme.LIGHT, theme.light), (ColorScheme.DARK, theme.dark)):
        ratio, ground = contrast.lowest(color, palette.grounds)
        if ratio < contrast.TEXT:
            suggestion = contrast.nearest_passing(color, palette.grounds)
            told = math.floor(ratio * 100) / 100  # never told as more than it is
            yield ContrastWarning(
                code="low_contrast",
                message=f"{color} has a contrast of {told} with {ground}, the {scheme.value} ground"
                f" of {theme.name}; readers need {contrast.TEXT}. The page uses {suggestion}.",
                scheme=scheme,
                background=ground,
                ratio=told,
                needed=contrast.TEXT,
                suggestion=suggestion,
            )
