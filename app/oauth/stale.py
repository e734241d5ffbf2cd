"""What of OAuth is kept for how long, for the sweep."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import DateTime, bindparam, delete

from app.db import statement
from app.models import OAuthClientRow, OAuthGrantRow, OAuthRefreshTokenRow

_before = bindparam("before", type_=DateTime(timezone=True))

# Until then the second use of a token or code ends its grant; after it, it is merely refused.
_SPENT_KEPT = timedelta(days=60)
_ENDED_KEPT = timedelta(days=7)
_UNUSED_KEPT = timedelta(days=30)
# Longer than a grant lives that is not refreshed: a client in use is known for good.
_CLIENTS_KEPT = timedelta(days=400)

STALE = (
    (
        "OAuth grants",
        _ENDED_KEPT,
        statement(delete(OAuthGrantRow).where(OAuthGrantRow.expires_at < _before)),
    ),
    (
        "OAuth refresh tokens",
        _SPENT_KEPT,
        statement(delete(OAuthRefreshTokenRow).where(OAuthRefreshTokenRow.used_at < _before)),
    ),
    (
        "OAuth clients never used",
        _UNUSED_KEPT,
        statement(
            delete(OAuthClientRow).where(
                OAuthClientRow.last_used_at.is_(None), OAuthClientRow.created_at < _before
            )
        ),
    ),
    (
        "OAuth clients",
        _CLIENTS_KEPT,
        statement(delete(OAuthClientRow).where(OAuthClientRow.last_used_at < _before)),
    ),
)
"""What it is, how long it is kept, and the statement that removes what is older."""
