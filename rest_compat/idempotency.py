"""`Idempotency-Key`: the first answer to a POST is given again to its repeats.

Kept for 24 hours (the worker's sweep deletes them), per account and operation, in the same
transaction as what the operation wrote: there is an answer if and only if there is an effect. An
advisory lock tells a request that is still in flight, and a mark in Redis one that works without a
connection. Answers are encrypted, since some hold a
secret that is shown once and stored nowhere else.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet
from redis.exceptions import RedisError
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from app.call import Call
from app.db import raw_statement, statement
from app.errors import Conflict, FieldError, IdempotencyConflict, ValidationFailed
from app.models import IdempotencyRow

_log = logging.getLogger(__name__)

MAX_KEY = 255
_HELD_SECONDS = 60
_LET_GO = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""

_TRY_LOCK = raw_statement("SELECT pg_try_advisory_xact_lock($1)", "lock")
_FIND = statement(
    select(IdempotencyRow.body_digest, IdempotencyRow.answer).where(
        IdempotencyRow.account_id == bindparam("account_id"),
        IdempotencyRow.operation == bindparam("operation"),
        IdempotencyRow.key == bindparam("key"),
    )
)
_KEEP = statement(
    insert(IdempotencyRow)
    .values(
        account_id=bindparam("account_id"),
        operation=bindparam("operation"),
        key=bindparam("key"),
        body_digest=bindparam("body_digest"),
        answer=bindparam("answer"),
    )
    .on_conflict_do_nothing()  # of two unconnected operations without Redis the first is kept
)


class InFlight(Conflict):
    """The first request under this key has not been answered yet."""

    default_message = "A request with this Idempotency-Key is being processed."
    retryable = True


def checked_key(key: str) -> str:
    """`key`; raises ValidationFailed unless it is 1 to 255 visible ASCII characters."""
    if 1 <= len(key) <= MAX_KEY and key.isascii() and key.isprintable():
        return key
    message = f"Must be 1 to {MAX_KEY} visible ASCII characters."
    raise ValidationFailed([FieldError("Idempotency-Key", "invalid", message)])


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What `encode` made of the first answer."""

    data: bytes


@dataclass(frozen=True, slots=True)
class IdempotentOnce:
    """`schema.operation.Once` for one request. `request`: what must be the same in a repeat.

    A `key` that is none is refused once the caller is admitted.
    """

    key: str
    operation: str
    request: bytes
    encode: Callable[[Any], bytes]

    async def earlier(self, call: Call) -> KeptAnswer | None:
        checked_key(self.key)
        names = self._names(call)
        lock = int.from_bytes(hashlib.sha256(repr(names).encode()).digest()[:8], signed=True)
        if not await call.db.value(_TRY_LOCK, lock=lock):
            raise InFlight
        row = await call.db.row(_FIND, **names)
        if row is None:
            return None
        if row["body_digest"] != self._digest():
            raise IdempotencyConflict
        call.replayed = True
        return KeptAnswer(self._box(call).decrypt(row["answer"]))

    @contextlib.asynccontextmanager
    async def in_flight(self, call: Call) -> AsyncIterator[None]:
        """Hold the key of an operation that holds no connection; raises InFlight.

        For a minute at most, should the process end: no such operation takes as long. Without
        Redis two at once both have their effect, and the first answer is kept.
        """
        redis = call.services.redis
        mark = f"idempotency:{hashlib.sha256(repr(self._names(call)).encode()).hexdigest()}"
        holder = secrets.token_hex(8)
        try:
            taken = await redis.set(mark, holder, nx=True, ex=_HELD_SECONDS)
        except (RedisError, OSError):
            _log.warning("no key is held: redis is away", exc_info=True)
            taken = True
        if not taken:
            raise InFlight
        try:
            yield
        finally:
            try:
                await redis.eval(_LET_GO, 1, mark, holder)  # type: ignore[misc]
            except (RedisError, OSError):
                _log.warning("a key is held on: redis is away")

    async def keep(self, call: Call, result: Any) -> None:
        answer = self._box(call).encrypt(self.encode(result))
        await call.db.execute(_KEEP, **self._names(call), body_digest=self._digest(), answer=answer)

    def _names(self, call: Call) -> dict[str, Any]:
        account_id = call.principal.account_id
        return {"account_id": account_id, "operation": self.operation, "key": self.key}

    def _digest(self) -> bytes:
        return hashlib.sha256(self.request).digest()

    def _box(self, call: Call) -> Fernet:
        key = call.services.settings.signing_key()
        return Fernet(urlsafe_b64encode(hashlib.sha256(b"idempotency\0" + key).digest()))
