"""Every export is written down among the security events of its account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

from app.call import Context
from app.security_events import Action, Target, note

Open = Callable[[], Awaitable[AsyncIterator[bytes] | bytes]]


def noted(context: Context, account_id: UUID, what: str, format: str, opened: Open) -> Open:
    """`opened`, of which is written that the owner takes `what` along, before the first byte.

    Without that nothing is taken: it raises DependencyUnavailable then.
    """

    async def open_() -> AsyncIterator[bytes] | bytes:
        found = await opened()
        try:
            async with context.services.database.connection() as db:
                await note(
                    db,
                    Action.EXPORTED,
                    account_id,
                    context=context,
                    target=Target("export", what),
                    metadata={"format": format},
                )
        except BaseException:
            if (close := getattr(found, "aclose", None)) is not None:
                await close()
            raise
        return found

    return open_
