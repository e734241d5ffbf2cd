"""The account itself: its password, its e-mail address, and its end."""

from __future__ import annotations

from app import account_removal
from app.account_removal import Deletion
from app.auth import email_change, password_change, registration
from app.call import Call
from schema.types.account import AccountDeletion, ChangeEmailInput, ChangePasswordInput, LinkInput
from schema.types.identity import Accepted, OwnAccount


async def get_account(call: Call) -> OwnAccount:
    """Your account: its names and address, and whether it has a password or is to be deleted."""
    row = await registration.own(call)
    return OwnAccount(
        id=row["id"],
        username=row["username"],
        email=row["email"],
        email_verified=row["email_verified_at"] is not None,
        full_name=row["full_name"],
        created_at=row["created_at"],
        has_password=row["has_password"],
        delete_after=row["delete_after"],
    )


async def change_password(call: Call, input: ChangePasswordInput) -> None:
    """Change your password. All your other sessions end; API keys and personal tokens stay.

    An account that has no password yet gets one shortly after signing in.
    """
    await password_change.change(call, input.current_password, input.password)


async def change_email(call: Call, input: ChangeEmailInput) -> Accepted:
    """Ask for another e-mail address of your account.

    It changes once the link is followed that is sent there, within 24 hours. A notice goes to the
    present address; if that was verified, with a link that undoes it all for 7 days. The answer is
    the same whether or not the address belongs to another account. It must be shortly after you
    have signed in; else the answer is 403 `reauthentication_required`.
    """
    await email_change.request(call, input.email)
    return Accepted(message="A link is on its way to the new address.")


async def confirm_email_change(call: Call, input: LinkInput) -> None:
    """Confirm the new e-mail address by the link that was mailed to it."""
    await email_change.confirm(call, input.token)


async def undo_email_change(call: Call, input: LinkInput) -> None:
    """Undo a change of the e-mail address by the link that was mailed to the one before.

    All sessions of the account end. Choose a new password next.
    """
    await email_change.undo(call, input.token)


async def delete_account(call: Call) -> AccountDeletion:
    """Delete your account, for good some days from now.

    At once its public page is gone, and all sessions, API keys and tokens end, this one too. Until
    `delete_after` you can sign in, take everything along as one file, and keep the account with
    `DELETE /v1/me/deletion`. It must be shortly after you have signed in; else the answer is 403
    `reauthentication_required`. While a subscription goes on being paid the answer is 409.
    """
    return _shown(await account_removal.ask(call))


async def get_account_deletion(call: Call) -> AccountDeletion:
    """When your account will be deleted; 404 unless you have asked for that."""
    return _shown(await account_removal.pending(call.db, call.principal.account_id))


async def cancel_account_deletion(call: Call) -> None:
    """Keep your account after all. Keys and tokens that have ended do not come back."""
    await account_removal.cancel(call)


def _shown(deletion: Deletion) -> AccountDeletion:
    return AccountDeletion(
        asked_at=deletion.asked_at,
        delete_after=deletion.delete_after,
        export="/v1/me/exports/account",
        cancel="/v1/me/deletion",
    )
