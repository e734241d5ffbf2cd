"""A new password, chosen by who is signed in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select, update

from app import accounts, mail
from app.auth import letters, links, proof, sessions
from app.auth.passwords import password_rule
from app.call import Call
from app.db import statement
from app.errors import FieldError, ValidationFailed
from app.models import AccountRow
from app.security_events import Action, note

# Locked before sessions are revoked: a login under way waits, and then finds another hash.
_LOCK = statement(
    select(AccountRow.username, AccountRow.email, AccountRow.password_hash)
    .where(AccountRow.id == bindparam("account"))
    .with_for_update(key_share=True)
)
_SET = statement(
    update(AccountRow)
    .where(AccountRow.id == bindparam("account"))
    .values(password_hash=bindparam("hash"), updated_at=func.now(), version=AccountRow.version + 1)
)


async def change(call: Call, present: str | None, password: str) -> None:
    """Set a new password; all other sessions and all links to a new password or address end.

    An account that has a password must show it; one that has none must have signed in lately.
    Raises ValidationFailed, RateLimited, ReauthenticationRequired.
    """
    account_id = call.principal.account_id
    account: Any = await call.db.row(_LOCK, account=account_id)
    rule = password_rule(unlike=[account["username"], account["email"]])
    fields = accounts.Fields()
    secret = fields.read("password", rule, password)
    had_one = account["password_hash"] is not None
    if had_one and present is None:
        message = "Send the password that you have now."
        fields.errors.append(FieldError("current_password", "missing", message))
    elif not had_one and present is not None:
        raise ValidationFailed(
            [FieldError("current_password", "unexpected", "This account has no password yet.")]
        )
    fields.finish()
    if present is None:
        await proof.require(call)
    else:
        await proof.check_password(call, Action.PASSWORD_CHANGED, "current_password", present)
    await call.db.execute(_SET, account=account_id, hash=await call.services.passwords.hash(secret))
    ended = await sessions.end_others(call)
    await links.use_up_with_password(call.db, account_id)
    await note(
        call.db,
        Action.PASSWORD_CHANGED,
        account_id,
        context=call.context,
        metadata={"first": not had_one, "sessions_ended": ended},
    )
    letter = letters.password_changed_in_person(
        call.services.settings.public_url, account["username"]
    )
    await mail.post(call.db, account_id, account["email"], letter)
    mail.wake_after_commit(call)
