"""Who may call what, as GraphQL sees it: the enums of `app.call`, and where they print."""

from __future__ import annotations

import strawberry

from app import call

CredentialKind = strawberry.enum(call.CredentialKind, description="How a caller shows who it is.")
Scope = strawberry.enum(call.Scope, description="What a personal token may be allowed to do.")
