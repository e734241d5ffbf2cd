"""The caller's public page, looked at before anything is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app import publication
from app.call import Call
from app.db import raw_statement
from app.errors import NotFound
from app.presentation.effective import Presentation
from app.presentation.layout import DEFAULT_LAYOUT, stored_layout
from app.presentation.themes import DEFAULT_THEME, THEMES
from app.web.profile.page import render
from resolvers import layout, theme
from schema.types.presentation import PagePreview, PagePreviewInput

_USERNAME = raw_statement("SELECT username FROM accounts WHERE id = $1", "account_id")


async def preview_page(call: Call, input: PagePreviewInput) -> PagePreview:
    """Your public page as it would be with other choices, none of which is stored.

    It shows those that your plan has not, too. There is no page of a private profile.
    """
    tried: dict[str, Any] = {
        **(theme.checked(input.theme) if input.theme else {}),
        **(layout.checked(input.layout) if input.layout else {}),
    }
    username = await call.db.value(_USERNAME, account_id=call.principal.account_id)
    hidden = (tried["hidden_sections"] or []) if "hidden_sections" in tried else None
    found = await publication.published(call.db, username, call.services.plans, hidden=hidden)
    if found is None:
        raise NotFound("A private profile has no page.")
    shown = replace(found, presentation=_with(found.presentation, tried))
    public_url = call.services.settings.public_url
    page = render(shown, public_url, datetime.now(UTC).date(), framed=True)
    return PagePreview(html=page.html, content_security_policy=page.policy)


def _with(shown: Presentation, tried: Mapping[str, Any]) -> Presentation:
    """`shown` with what is tried in its place."""
    at_first = {
        "section_order": DEFAULT_LAYOUT.section_order,
        "hidden_sections": DEFAULT_LAYOUT.hidden_sections,
        "font_preference": DEFAULT_LAYOUT.font_preference,
    }
    now = {name: getattr(shown.layout, name) for name in at_first}
    given = {name: tried[name] or at_first[name] for name in at_first if name in tried}
    theme_id = tried.get("theme_id", shown.theme.id) or DEFAULT_THEME
    accent = tried.get("accent_color", shown.accent_color)
    return Presentation(THEMES[theme_id], accent, stored_layout({**now, **given}))
