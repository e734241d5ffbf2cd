"""The account itself: types and inputs of changing and of deleting it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.types.identity import PASSWORD
from schema.types.sealed import sealed


@strawberry.input(description="A new password, by who is signed in.")
class ChangePasswordInput:
    password: str = strawberry.field(
        description="The new password; rules as at registration.", metadata=PASSWORD
    )
    current_password: str | None = strawberry.field(
        default=None, description="The present one; absent if the account has none yet."
    )

    __repr__ = sealed


@strawberry.input(description="A new e-mail address.")
class ChangeEmailInput:
    email: str = strawberry.field(
        description="A link to confirm it is sent there.", metadata={"schema": {"format": "email"}}
    )


@strawberry.input(description="A link that was mailed.")
class LinkInput:
    token: str = strawberry.field(description="`token` of the link.")

    __repr__ = sealed


@strawberry.type(description="That your account will be deleted.")
class AccountDeletion:
    asked_at: datetime = strawberry.field(description="When you asked for it.")
    delete_after: datetime = strawberry.field(description="When everything is removed for good.")
    export: str = strawberry.field(
        description="Where you can take everything along until then; sign in again first."
    )
    cancel: str = strawberry.field(description="What to DELETE to keep the account.")
