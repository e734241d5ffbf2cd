"""The layout of the caller's profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.auth.own import single_statement
from app.call import Call
from app.cv.from_profile import SECTIONS
from app.errors import ValidationFailed
from app.plans import tier_of
from app.presentation import chosen, layout
from app.presentation.effective import layout_of
from app.presentation.layout import Layout
from app.standing import facts
from resolvers.sections import ExpectedVersion
from schema.types.presentation import LayoutPatch, PageSection, ProfileLayout


@single_statement
async def get_layout(call: Call) -> ProfileLayout:
    """Order of sections, hidden sections and typeface, and what of it is in effect."""
    return _layout_of(call, await chosen.get(call))


async def update_layout(
    call: Call, input: LayoutPatch, expected_version: ExpectedVersion = None
) -> ProfileLayout:
    """Choose order, hidden sections and typeface: absent leaves, null takes a choice back.

    It needs a plan that has layouts, unless all that is given is null.
    """
    changes = checked(input)
    if not changes or any(value is not None for value in changes.values()):
        account = await chosen.get(call)
        call.services.plans.require("layout", tier_of(facts(account)))
    return _layout_of(call, await chosen.change(call, changes, expected_version))


def checked(input: LayoutPatch) -> dict[str, Any]:
    """The given choices as they are stored; raises ValidationFailed."""
    changes: dict[str, Any] = {}
    errors = []
    for field in ("section_order", "hidden_sections"):
        if (given := getattr(input, field)) is not None:
            names = None if given.value is None else [section.value for section in given.value]
            changes[field] = names
            errors += layout.doubled(field, names or ())
    if input.font_preference is not None:
        name = input.font_preference.value
        try:
            changes["font_preference"] = None if name is None else layout.checked_font(name)
        except ValidationFailed as wrong:
            errors += wrong.fields
    if errors:
        raise ValidationFailed(errors)
    return changes


def _layout_of(call: Call, row: Mapping[str, Any]) -> ProfileLayout:
    tier = tier_of(facts(row))
    allowed = call.services.plans.entitlements(tier)
    stored, shown = layout.stored_layout(row), layout_of(row, allowed)
    return ProfileLayout(
        section_order=_sections(stored.section_order),
        hidden_sections=_hidden(stored),
        font_preference=stored.font_preference,
        effective_section_order=_sections(shown.section_order),
        effective_hidden_sections=_hidden(shown),
        effective_font_preference=shown.font_preference,
        available=allowed.layout,
        effective_plan=tier.label,
        fonts=list(layout.FONT_PREFERENCES),
        version=row["version"],
    )


def _hidden(of: Layout) -> list[PageSection]:
    return _sections(name for name in SECTIONS if name in of.hidden_sections)


def _sections(names: Iterable[str]) -> list[PageSection]:
    return [PageSection(name) for name in names]
