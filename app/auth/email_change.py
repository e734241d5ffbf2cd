"""Another e-mail address of an account: asked for, confirmed from the new one, undone from the old.

Nothing that is answered tells whose an address is. Who asks for one that belongs to another account
gets the same answer, and its owner a mail. A link to undo goes to the address before, if that had
been verified; it ends every session, for whoever changed the address may be somebody else. So it
also ends the links that were made after it: they lead to addresses of that somebody.
"""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy import bindparam, func, select, update

from app import accounts, mail
from app.auth import letters, links, proof, sessions, throttle
from app.auth.links import Purpose
from app.call import Call
from app.db import statement
from app.errors import FieldError
from app.models import AccountRow
from app.security_events import Action, Actor, ActorKind, note

_MAILS_PER_ACCOUNT = 5
_WINDOW_SECONDS = 60 * 60

_LOCK = statement(
    select(AccountRow.username, AccountRow.email, AccountRow.email_verified_at)
    .where(AccountRow.id == bindparam("account"))
    .with_for_update(key_share=True)
)
_OF_ADDRESS = statement(
    select(AccountRow.id).where(func.lower(AccountRow.email) == func.lower(bindparam("address")))
)
_SET = statement(
    update(AccountRow)
    .where(AccountRow.id == bindparam("account"))
    .values(
        email=bindparam("address"),
        email_verified_at=func.now(),
        updated_at=func.now(),
        version=AccountRow.version + 1,
    )
)


async def request(call: Call, email: str) -> None:
    """Mail a link to the new address, and a notice to the present one.

    Raises ValidationFailed, RateLimited, and ReauthenticationRequired unless the owner has signed
    in lately.
    """
    await proof.require(call)
    account_id, services = call.principal.account_id, call.services
    fields = accounts.Fields()
    address = fields.read("email", accounts.email, email)
    account: Any = await call.db.row(_LOCK, account=account_id)
    if address.lower() == account["email"].lower():
        fields.errors.append(FieldError("email", "same", "This is your address already."))
    fields.finish()
    await throttle.take(
        services.redis,
        throttle.Limit("email_changes", str(account_id), _MAILS_PER_ACCOUNT, _WINDOW_SECONDS),
        throttle.Limit("email_changes_to", address.lower(), _MAILS_PER_ACCOUNT, _WINDOW_SECONDS),
    )
    await links.use_up(call.db, account_id, Purpose.CHANGE_EMAIL)
    await _mail_new(call, account, address)
    await _mail_old(call, account)
    await note(
        call.db,
        Action.EMAIL_CHANGE_REQUESTED,
        account_id,
        context=call.context,
        metadata={"from": account["email"], "to": address},
    )
    mail.wake_after_commit(call)


async def confirm(call: Call, token: str) -> None:
    """Make the address that a link was sent to the account's, which proves it, too.

    Links to the address before that verify it or reset the password do nothing from then on.
    Raises ValidationFailed, also if the address has become another account's meanwhile.
    """
    link = await links.use(call.db, token, Purpose.CHANGE_EMAIL)
    await _set(call, Action.EMAIL_CHANGED, link)


async def undo(call: Call, token: str) -> None:
    """Give the account back the address that a link was sent to, and end all of its sessions.

    Before the change was confirmed, this stops it. Raises as `confirm` does.
    """
    link = await links.use(call.db, token, Purpose.UNDO_EMAIL_CHANGE)
    # Locked first: of a change that is being asked for at this moment, the links are found then.
    await call.db.row(_LOCK, account=link.account_id)
    await links.use_up(call.db, link.account_id, Purpose.CHANGE_EMAIL)
    await links.use_up(call.db, link.account_id, Purpose.UNDO_EMAIL_CHANGE, since=link.made_at)
    await _set(call, Action.EMAIL_CHANGE_UNDONE, link)
    await sessions.revoke_all(call, link.account_id)


async def _set(call: Call, action: Action, link: links.UsedLink) -> None:
    account = await call.db.row(_LOCK, account=link.account_id)
    if account is None:
        raise links.not_valid()
    try:
        async with call.db.transaction():
            await call.db.execute(_SET, account=link.account_id, address=link.email)
    except asyncpg.UniqueViolationError:
        raise links.not_valid() from None  # it has become another account's meanwhile
    await note(
        call.db,
        action,
        link.account_id,
        context=call.context,
        actor=Actor(ActorKind.MAILED_LINK),
        metadata={"from": account["email"], "to": link.email},
    )


async def _mail_new(call: Call, account: Any, address: str) -> None:
    url, account_id = call.services.settings.public_url, call.principal.account_id
    if await call.db.value(_OF_ADDRESS, address=address) is None:
        token = await links.make(call.db, account_id, address, Purpose.CHANGE_EMAIL)
        letter = letters.confirm_new_address(url, account["username"], token)
    else:
        letter = letters.address_in_use(url)
    await mail.post(call.db, account_id, address, letter)


async def _mail_old(call: Call, account: Any) -> None:
    account_id, undo_token = call.principal.account_id, None
    if account["email_verified_at"] is not None:
        undo_token = await links.make(
            call.db, account_id, account["email"], Purpose.UNDO_EMAIL_CHANGE
        )
    url = call.services.settings.public_url
    letter = letters.address_changing(url, account["username"], undo_token)
    await mail.post(call.db, account_id, account["email"], letter)
