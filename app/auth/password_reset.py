"""A forgotten password, replaced by a link sent to the account's address."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update

from app import accounts, mail
from app.auth import letters, links, login, second_factor, sessions, throttle
from app.auth.links import Purpose
from app.auth.passwords import password_rule
from app.call import Call, Context
from app.db import statement
from app.models import AccountRow, ApiKeyRow, OutsideIdentityRow, PersonalTokenRow
from app.security_events import Action, Actor, ActorKind, note

_WINDOW_SECONDS = 60 * 60
_MAILS_PER_ADDRESSEE = 5

_BY_EMAIL = statement(
    select(AccountRow.id, AccountRow.username, AccountRow.email).where(
        func.lower(AccountRow.email) == func.lower(bindparam("address"))
    )
)
_LOCK = statement(
    select(AccountRow.username, AccountRow.email, AccountRow.email_verified_at)
    .where(
        AccountRow.id == bindparam("account"),
        func.lower(AccountRow.email) == func.lower(bindparam("address")),
    )
    .with_for_update()
)
_SET_PASSWORD = statement(
    update(AccountRow)
    .where(AccountRow.id == bindparam("account"))
    .values(
        password_hash=bindparam("hash"),
        email_verified_at=func.coalesce(AccountRow.email_verified_at, func.now()),
        updated_at=func.now(),
        version=AccountRow.version + 1,
    )
)
_REVOKE_KEYS = tuple(
    statement(
        update(table)
        .where(table.account_id == bindparam("account"), table.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
    for table in (ApiKeyRow, PersonalTokenRow)
)
_UNLINK = statement(
    delete(OutsideIdentityRow).where(OutsideIdentityRow.account_id == bindparam("account"))
)


async def request(call: Call, email: str) -> None:
    """Mail a link to the account of this address, if there is one.

    The account is looked up only after the answer, so neither the answer nor its time tells
    whether there is one. Raises RateLimited, which counts addresses without asking whose they are.
    """
    services, address = call.services, accounts.one_spelling(email)
    await throttle.take(
        services.redis,
        throttle.Limit(
            "reset_mails_per_address",
            throttle.network(call.context.address),
            services.settings.login_attempts_per_address,
            _WINDOW_SECONDS,
        ),
        throttle.Limit("reset_mails_per_account", address, _MAILS_PER_ADDRESSEE, _WINDOW_SECONDS),
    )

    async def after() -> None:
        services.chores.start(_mail_link(call.context, address))

    call.after_commit(after)


async def reset(call: Call, token: str, password: str) -> None:
    """Set a new password by a link; every session and every other such link ends, and with them a
    change of address that waits to be confirmed.

    Following the link proves that the address is the owner's. If that was never proven before,
    somebody else may have made the account in the owner's name: then keys, tokens, outside sign-ins
    and the second factor end as well. Raises ValidationFailed.
    """
    link = await links.use(call.db, token, Purpose.RESET_PASSWORD)
    # Locked before the sessions are revoked: a login under way waits, and then finds another hash.
    account = await call.db.row(_LOCK, account=link.account_id, address=link.email)
    if account is None:
        raise links.not_valid()
    rule = password_rule(unlike=[account["username"], account["email"]])
    fields = accounts.Fields()
    secret = fields.read("password", rule, password)
    fields.finish()
    hashed = await call.services.passwords.hash(secret)
    await call.db.execute(_SET_PASSWORD, account=link.account_id, hash=hashed)
    await sessions.revoke_all(call, link.account_id)
    await links.use_up_with_password(call.db, link.account_id)
    never_proven = account["email_verified_at"] is None
    if never_proven:
        await _drop_what_was_planted(call, link.account_id)
    await note(
        call.db,
        Action.PASSWORD_RESET,
        link.account_id,
        context=call.context,
        actor=Actor(ActorKind.MAILED_LINK),
        metadata={"keys_and_tokens_ended": never_proven},
    )
    letter = letters.password_changed(call.services.settings.public_url, account["username"])
    await mail.post(call.db, link.account_id, account["email"], letter)
    mail.wake_after_commit(call)

    async def forgive() -> None:
        await login.forgive_failures(call, account["username"], account["email"])

    call.after_commit(forgive)


async def _drop_what_was_planted(call: Call, account_id: UUID) -> None:
    for revoke in _REVOKE_KEYS:
        await call.db.execute(revoke, account=account_id)
    await call.db.execute(_UNLINK, account=account_id)
    if await second_factor.forget(call.db, account_id):
        await note(
            call.db,
            Action.SECOND_FACTOR_DISABLED,
            account_id,
            context=call.context,
            actor=Actor(ActorKind.MAILED_LINK),
        )


async def _mail_link(context: Context, address: str) -> None:
    services = context.services
    async with services.database.transaction() as db:
        row = await db.row(_BY_EMAIL, address=address)
        if row is None:
            return
        token = await links.make(db, row["id"], row["email"], Purpose.RESET_PASSWORD)
        letter = letters.reset_password(services.settings.public_url, row["username"], token)
        await mail.post(db, row["id"], row["email"], letter)
        await note(db, Action.PASSWORD_RESET_REQUESTED, row["id"], context=context)
    await mail.wake(services)
