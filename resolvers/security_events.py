"""What happened to the security of the account: `/v1/me/security-events`."""

from __future__ import annotations

from typing import Any

from app import security_events
from app.call import Call
from app.errors import FieldError, ValidationFailed
from app.security_events import Action, ActorKind, Outcome
from schema.types.paging import DEFAULT_LIMIT, Cursor, Limit, Page, page, window
from schema.types.security import (
    EventAction,
    EventOutcome,
    EventsFrom,
    EventsTo,
    SecurityActor,
    SecurityEvent,
    SecurityTarget,
)


async def list_security_events(
    call: Call,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    action: EventAction = None,
    outcome: EventOutcome = None,
    from_: EventsFrom = None,
    to: EventsTo = None,
) -> Page[SecurityEvent]:
    """What happened to the security of your account, newest first.

    Sign-ins and failed ones, tokens and keys, changes of password, e-mail address and plan,
    exports and what you have granted to applications. Nobody can change or remove an event. Of
    failures of one kind ten are listed in an hour; the tenth says `more_not_listed`.
    """
    if from_ is not None and to is not None and from_ > to:
        raise ValidationFailed([FieldError("from", "out_of_range", "Must not be after `to`.")])
    rows = await call.db.rows(
        security_events.LIST,
        account_id=call.principal.account_id,
        action=action.value if action else None,
        outcome=outcome.value if outcome else None,
        since=from_,
        until=to,
        **window(limit, cursor),
    )
    return page(rows, limit, _shown)


def _shown(row: Any) -> SecurityEvent:
    return SecurityEvent(
        id=row["id"],
        occurred_at=row["occurred_at"],
        action=Action(row["action"]),
        outcome=Outcome(row["outcome"]),
        actor=SecurityActor(kind=ActorKind(row["actor_kind"]), id=row["actor_id"]),
        target=SecurityTarget(kind=row["target_kind"], id=row["target_id"])
        if row["target_kind"]
        else None,
        ip=row["ip"] or None,
        user_agent=row["user_agent"] or None,
        request_id=row["request_id"] or None,
        metadata=row["metadata"],
    )
