"""New accounts, and the verification of their address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app import accounts, mail
from app.auth import letters, links, throttle
from app.auth.links import Purpose
from app.auth.passwords import password_rule
from app.call import Call
from app.db import Connection, statement, uuid7
from app.errors import Conflict, FieldError
from app.models import AccountRow, ProfileRow
from app.profile import usernames
from app.profile.made import make_profile
from app.security_events import Action, Actor, ActorKind, note

_WINDOW_SECONDS = 15 * 60
_MAILS_PER_ACCOUNT = 5
_MAIL_WINDOW_SECONDS = 60 * 60

_COLUMNS = (
    AccountRow.id,
    AccountRow.username,
    AccountRow.email,
    AccountRow.email_verified_at,
    AccountRow.created_at,
)
_TAKEN = statement(
    select(
        func.bool_or(func.lower(AccountRow.username) == func.lower(bindparam("username"))),
        func.bool_or(func.lower(AccountRow.email) == func.lower(bindparam("email"))),
    ).where(
        or_(
            func.lower(AccountRow.username) == func.lower(bindparam("username")),
            func.lower(AccountRow.email) == func.lower(bindparam("email")),
        )
    )
)
_INSERT = statement(
    insert(AccountRow)
    .values(
        id=bindparam("id"),
        username=bindparam("username"),
        email=bindparam("email"),
        password_hash=bindparam("password_hash"),
    )
    .on_conflict_do_nothing()
    .returning(*_COLUMNS)
)
_OWN = statement(
    select(
        *_COLUMNS,
        ProfileRow.full_name,
        AccountRow.password_hash.is_not(None).label("has_password"),
        AccountRow.delete_after,
    )
    .join(ProfileRow, ProfileRow.account_id == AccountRow.id)
    .where(AccountRow.id == bindparam("account"))
)
_BY_ID = statement(select(*_COLUMNS).where(AccountRow.id == bindparam("account")))
_VERIFIED = statement(
    update(AccountRow)
    .where(
        AccountRow.id == bindparam("account"),
        func.lower(AccountRow.email) == func.lower(bindparam("address")),
    )
    .values(
        email_verified_at=func.coalesce(AccountRow.email_verified_at, func.now()),
        updated_at=func.now(),
        version=AccountRow.version + 1,
    )
)


async def register(call: Call, *, username: str, email: str, password: str, full_name: str) -> Any:
    """The new account's row, with a profile of its own and a mail to verify its address.

    Raises ValidationFailed, RateLimited, and Conflict naming the fields that are taken. That an
    address is taken is told: the username beside it can't be reserved in silence, so hiding the
    other half would only puzzle people; the throttle keeps it from being a directory.
    """
    fields = accounts.Fields()
    name = fields.read("username", accounts.username, username)
    address = fields.read("email", accounts.email, email)
    person = fields.read("full_name", accounts.full_name, full_name)
    secret = fields.read("password", password_rule(unlike=[name, address]), password)
    fields.finish()

    await _throttle(call)
    await _refuse_taken(call.db, name, address)
    row = await call.db.row(
        _INSERT,
        id=uuid7(),
        username=name,
        email=address,
        password_hash=await call.services.passwords.hash(secret),
    )
    if row is None:  # somebody was faster while we hashed
        await _refuse_taken(call.db, name, address)
        raise Conflict("The username or e-mail address was just taken.")
    await usernames.refuse_kept(call.db, name, row["id"])
    await make_profile(call.db, row["id"], full_name=person, email=address)
    await note(call.db, Action.ACCOUNT_CREATED, row["id"], context=call.context)
    await _mail_link(call, row)
    return {**row, "full_name": person}


async def request_verification(call: Call, account_id: UUID) -> bool:
    """Mail a link to verify the account's address; False when it is verified already.

    Raises RateLimited.
    """
    row = await account(call.db, account_id)
    if row["email_verified_at"] is not None:
        return False
    await throttle.take(
        call.services.redis,
        throttle.Limit(
            "verification_mails", str(account_id), _MAILS_PER_ACCOUNT, _MAIL_WINDOW_SECONDS
        ),
    )
    await _mail_link(call, row)
    return True


async def verify(call: Call, token: str) -> None:
    """Mark as verified the address that a link was sent to; raises ValidationFailed.

    A link to an address that the account has no longer verifies nothing.
    """
    link = await links.use(call.db, token, Purpose.VERIFY_EMAIL)
    if not await call.db.execute(_VERIFIED, account=link.account_id, address=link.email):
        raise links.not_valid()
    await links.use_up(call.db, link.account_id, Purpose.VERIFY_EMAIL)
    await note(
        call.db,
        Action.EMAIL_VERIFIED,
        link.account_id,
        context=call.context,
        actor=Actor(ActorKind.MAILED_LINK),
        metadata={"email": link.email},
    )


async def account(db: Connection, account_id: UUID) -> Any:
    """The row of an account that exists."""
    return await db.row(_BY_ID, account=account_id)


async def own(call: Call) -> Any:
    """The caller's account with the name of its owner, and how they get into it."""
    return await call.db.row(_OWN, account=call.principal.account_id)


async def _throttle(call: Call) -> None:
    await throttle.take(
        call.services.redis,
        throttle.Limit(
            "registrations_per_address",
            throttle.network(call.context.address),
            call.services.settings.login_attempts_per_address,
            _WINDOW_SECONDS,
        ),
    )


async def _refuse_taken(db: Connection, username: str, email: str) -> None:
    row = await db.row(_TAKEN, username=username, email=email)
    taken = zip(("username", "email"), row or (), strict=False)
    fields = [FieldError(name, "taken", "Is taken already.") for name, is_so in taken if is_so]
    if fields:
        raise Conflict("The username or e-mail address is taken.", fields=fields)


async def _mail_link(call: Call, row: Any) -> None:
    token = await links.make(call.db, row["id"], row["email"], Purpose.VERIFY_EMAIL)
    letter = letters.verify_email(call.services.settings.public_url, row["username"], token)
    await mail.post(call.db, row["id"], row["email"], letter)
    mail.wake_after_commit(call)
