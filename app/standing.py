"""How an account stands: the facts by which its plan is told (`app.plans`)."""

from __future__ import annotations

from uuid import UUID

from app.db import Connection
from app.plans import Facts


async def facts_of(db: Connection, account_id: UUID) -> Facts:
    """What is known of an account. Nothing is sold yet, so no account has anything that counts."""
    return Facts()
