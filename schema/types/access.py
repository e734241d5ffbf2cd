"""Who may call what, as GraphQL sees it: the enums of `app.call`, made GraphQL's own here."""

from __future__ import annotations

import strawberry

from app.call import CredentialKind, Scope

strawberry.enum(CredentialKind, description="How a caller shows who it is.")
strawberry.enum(Scope, description="What a personal token may be allowed to do.")

__all__ = ["CredentialKind", "Scope"]
