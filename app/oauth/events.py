"""What owners are told of the applications that they have connected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.call import Context
from app.db import Connection
from app.oauth.browser import SignedIn
from app.oauth.seals import Request
from app.security_events import Action, Actor, ActorKind, Outcome, Target, note


async def given(db: Connection, context: Context, request: Request, owner: SignedIn) -> None:
    """That the owner allowed what `request` asks for."""
    await note(
        db,
        Action.GRANT_GIVEN,
        owner.account_id,
        context=context,
        actor=Actor(ActorKind.SESSION, str(owner.session_id)),
        target=Target("oauth_client", request.client_id),
        metadata={"name": request.client_name, "scopes": request.scopes},
    )


async def ended(
    db: Connection, context: Context, action: Action, client_id: str, tokens: Sequence[Any]
) -> None:
    """That the grants of these access tokens ended, by their client or because of a theft."""
    outcome = Outcome.FAILURE if action is Action.GRANT_REUSED else Outcome.SUCCESS
    for token in tokens:
        await note(
            db,
            action,
            token["account_id"],
            context=context,
            outcome=outcome,
            actor=Actor(ActorKind.OAUTH_CLIENT, client_id),
            target=Target("personal_token", str(token["id"])),
            metadata={"name": token["name"]},
        )
