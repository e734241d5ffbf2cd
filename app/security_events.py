"""What happened to the security of an account: noted for its owner, and never changed.

An event is written in the transaction of what it tells, so there is never one without the other.
An attempt that fails has no transaction that lasts; its event is written beside it, after the
answer, so that neither the answer nor its time tells whether there was an account to write it to.
No event holds a secret.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.db import Connection, raw_statement

if TYPE_CHECKING:
    from app.call import Context

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_LONGEST_USER_AGENT = 400
_LONGEST_ID = 300

# How many failures of a kind are kept of an hour; the last of them says that there may be more.
FAILURES_AN_HOUR = 10


class Action(Enum):
    """What happened."""

    ACCOUNT_CREATED = "account_created"
    SIGN_IN = "sign_in"
    IDENTITY_LINKED = "identity_linked"
    REAUTHENTICATED = "reauthenticated"
    SESSION_ENDED = "session_ended"
    OTHER_SESSIONS_ENDED = "other_sessions_ended"
    REFRESH_TOKEN_REUSED = "refresh_token_reused"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET_REQUESTED = "password_reset_requested"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    EMAIL_VERIFIED = "email_verified"
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_CHANGED = "email_changed"
    EMAIL_CHANGE_UNDONE = "email_change_undone"
    SECOND_FACTOR_ENABLED = "second_factor_enabled"
    SECOND_FACTOR_DISABLED = "second_factor_disabled"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    TOKEN_CREATED = "token_created"  # noqa: S105
    TOKEN_ROTATED = "token_rotated"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    API_KEY_CREATED = "api_key_created"
    API_KEY_REVOKED = "api_key_revoked"
    CREDENTIAL_USED_FROM_NEW_ADDRESS = "credential_used_from_new_address"
    GRANT_GIVEN = "grant_given"
    GRANT_REVOKED = "grant_revoked"
    GRANT_REUSED = "grant_reused"
    EXPORTED = "exported"
    PLAN_CHANGED = "plan_changed"
    USERNAME_CHANGED = "username_changed"
    VISIBILITY_CHANGED = "visibility_changed"
    ACCOUNT_DELETION_ASKED = "account_deletion_asked"
    ACCOUNT_DELETION_CANCELED = "account_deletion_canceled"


class Outcome(Enum):
    """Whether it was done, or only tried."""

    SUCCESS = "success"
    FAILURE = "failure"


class ActorKind(Enum):
    """By what somebody acted."""

    SESSION = "session"
    API_KEY = "api_key"
    PERSONAL_TOKEN = "personal_token"  # noqa: S105
    OAUTH_CLIENT = "oauth_client"
    MAILED_LINK = "mailed_link"
    OUTSIDE_ISSUER = "outside_issuer"
    OPERATOR = "operator"
    PAYMENT = "payment"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: `id` of the credential, the client's id, or an operator's name."""

    kind: ActorKind
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What it was done to."""

    kind: str
    id: str | None = None


_COLUMNS = """
account_id, action, outcome, actor_kind, actor_id, target_kind, target_id, ip, user_agent,
request_id, metadata
"""
_NAMES = (
    "account_id",
    "action",
    "outcome",
    "actor_kind",
    "actor_id",
    "target_kind",
    "target_id",
    "ip",
    "user_agent",
    "request_id",
    "metadata",
)
_INSERT = raw_statement(
    f"INSERT INTO security_events ({_COLUMNS})"  # noqa: S608 - of constants
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    *_NAMES,
)
_INSERT_FAILURE = raw_statement(
    f"""
INSERT INTO security_events ({_COLUMNS})
SELECT a.id, $2, $3, $4, $5, $6, $7, $8, $9, $10,
       CASE WHEN before.count = {FAILURES_AN_HOUR - 1}
            THEN $11::jsonb || '{{"more_not_listed": true}}' ELSE $11 END
FROM accounts a CROSS JOIN LATERAL (
    SELECT count(*) FROM security_events
    WHERE account_id = a.id AND action = $2 AND outcome = 'failure'
      AND occurred_at > now() - interval '1 hour'
) AS before
WHERE a.id = $1::uuid AND before.count < {FAILURES_AN_HOUR}
FOR KEY SHARE OF a
""",  # noqa: S608 - of constants
    *_NAMES,
)

_MAY_CLEAR = raw_statement(
    "SELECT set_config('vitae.clear_security_events_before', $1::timestamptz::text, true)",
    "before",
)
_CLEAR = raw_statement(
    "DELETE FROM security_events"
    " WHERE occurred_at < $1 AND occurred_at < now() - interval '30 days'",
    "before",
)

LIST = raw_statement(
    """
SELECT id, occurred_at, action, outcome, actor_kind, actor_id, target_kind, target_id, ip,
       user_agent, request_id, metadata
FROM security_events
WHERE account_id = $1 AND id < $2
  AND ($3::text IS NULL OR action = $3) AND ($4::text IS NULL OR outcome = $4)
  AND ($5::timestamptz IS NULL OR occurred_at >= $5)
  AND ($6::timestamptz IS NULL OR occurred_at < $6)
ORDER BY id DESC LIMIT $7
""",
    "account_id",
    "before",
    "action",
    "outcome",
    "since",
    "until",
    "most",
)


async def note(
    db: Connection,
    action: Action,
    account_id: UUID,
    *,
    context: Context | None = None,
    outcome: Outcome = Outcome.SUCCESS,
    actor: Actor | None = None,
    target: Target | None = None,
    metadata: Mapping[str, Any] = _NOTHING,
) -> None:
    """Write an event of an account, in the transaction of `db`.

    `context` is the request's: it tells from where, and by which credential unless `actor` says
    who it was. `metadata` is JSON, and holds no secret.
    """
    values = _values(action, account_id, context, outcome, actor, target, metadata)
    await db.execute(_INSERT, **values)


def note_failure(
    context: Context,
    action: Action,
    account_id: UUID,
    *,
    target: Target | None = None,
    metadata: Mapping[str, Any] = _NOTHING,
) -> None:
    """Write, once the request is answered, that somebody tried `action` in vain.

    Of each kind an account keeps `FAILURES_AN_HOUR`, so that a flood of them hides nothing else.
    """
    services = context.services
    values = _values(action, account_id, context, Outcome.FAILURE, None, target, metadata)

    async def write() -> None:
        async with services.database.connection() as db:
            await db.execute(_INSERT_FAILURE, **values)

    services.chores.start(write())


async def clear(db: Connection, before: datetime) -> int:
    """Remove what happened before then, in a transaction; how much it was.

    What is not 30 days old stays, whatever is asked.
    """
    await db.execute(_MAY_CLEAR, before=before)
    return await db.execute(_CLEAR, before=before)


def _values(
    action: Action,
    account_id: UUID,
    context: Context | None,
    outcome: Outcome,
    actor: Actor | None,
    target: Target | None,
    metadata: Mapping[str, Any],
) -> dict[str, Any]:
    actor = actor or _caller(context)
    return {
        "account_id": account_id,
        "action": action.value,
        "outcome": outcome.value,
        "actor_kind": actor.kind.value,
        "actor_id": _kept(actor.id),
        "target_kind": target.kind if target else None,
        "target_id": _kept(target.id) if target else None,
        "ip": context.address if context else "",
        "user_agent": _printable(context.user_agent)[:_LONGEST_USER_AGENT] if context else "",
        "request_id": context.request_id if context else "",
        "metadata": dict(metadata),
    }


def _caller(context: Context | None) -> Actor:
    principal = context.principal if context is not None else None
    if principal is None:
        return Actor(ActorKind.ANYBODY)
    return Actor(ActorKind(principal.kind.value), str(principal.credential_id))


def _kept(id_: str | None) -> str | None:
    return None if id_ is None else _printable(id_)[:_LONGEST_ID]


def _printable(text: str) -> str:
    return text.replace("\0", "")


@lru_cache(10_000)
def network_of(address: str) -> str:
    """The network that an address counts as: a /24 of IPv4, a /48 of IPv6.

    Who moves within one is taken for the same; what is no address is a network by itself.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    length = 24 if isinstance(parsed, ipaddress.IPv4Address) else 48
    return str(ipaddress.ip_network((parsed, length), strict=False))
