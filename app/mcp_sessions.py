"""Where Redis has the MCP sessions of an account, and how all of them end."""

from __future__ import annotations

import logging
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = logging.getLogger(__name__)

BEGUN = "mcp:session:"  # and the key of a session
OF_ACCOUNT = "mcp:sessions:"  # and the id of an account: the keys of its sessions


async def end_all(redis: Redis, account_id: UUID) -> None:
    """Forget all sessions of an account. Without Redis they expire by themselves."""
    listed = f"{OF_ACCOUNT}{account_id}"
    try:
        keys = await redis.smembers(listed)  # type: ignore[misc]
        await redis.delete(listed, *(BEGUN + key.decode() for key in keys))
    except (RedisError, OSError):
        _log.warning("MCP sessions not ended: redis is away")
