"""Telling owners that their plan is another one."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

from app.db import Connection
from app.plans import tier_of
from app.security_events import Action, Actor, ActorKind, note
from app.standing import facts_of


@contextlib.asynccontextmanager
async def told(db: Connection, account_id: UUID, kind: ActorKind, by: str) -> AsyncIterator[None]:
    """Tell the owner, in the same transaction, if what is done meanwhile changes the plan.

    `by` is the subscription, the checkout session or the operator that did it. A plan that ends
    with its time, and not by anything that is done, is not told of.
    """
    before = tier_of(await facts_of(db, account_id))
    yield
    after = tier_of(await facts_of(db, account_id))
    if after is not before:
        metadata = {"from": before.label, "to": after.label}
        await note(db, Action.PLAN_CHANGED, account_id, actor=Actor(kind, by), metadata=metadata)
