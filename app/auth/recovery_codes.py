"""Codes that stand in for an authenticator app that was lost: ten, shown once, each good once.

A code has 80 random bits, so that a digest of it can't be tried out and needs no slow hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update

from app.db import Connection, raw_statement, statement
from app.models import RecoveryCodeRow

COUNT = 10

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no letter looks like a digit
_LETTERS, _GROUP = 16, 4
_LOOKS_LIKE = str.maketrans("oil", "011")
_FORM = re.compile(f"[{_ALPHABET}]{{{_LETTERS}}}")

_Row = RecoveryCodeRow
_REMOVE = statement(delete(_Row).where(_Row.account_id == bindparam("account")))
_KEEP = raw_statement(
    "INSERT INTO recovery_codes (digest, account_id) SELECT unnest($1::bytea[]), $2",
    "digests",
    "account_id",
)
_USE = statement(
    update(_Row)
    .where(
        _Row.digest == bindparam("code"),
        _Row.account_id == bindparam("account"),
        _Row.used_at.is_(None),
    )
    .values(used_at=func.now())
)
_LEFT = statement(
    select(func.count()).where(_Row.account_id == bindparam("account"), _Row.used_at.is_(None))
)


async def renew(db: Connection, account_id: UUID) -> list[str]:
    """New codes of an account in place of all that it had; to be shown and never again."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(COUNT)]
    await remove(db, account_id)
    await db.execute(
        _KEEP, digests=[_digest(account_id, code) for code in codes], account_id=account_id
    )
    return ["-".join(re.findall(f".{{{_GROUP}}}", code)) for code in codes]


async def use(db: Connection, account_id: UUID, typed: str) -> bool:
    """Use a code up, in the transaction of `db`; False for one that is not good (any more)."""
    code = re.sub(r"[\s-]", "", typed).lower().translate(_LOOKS_LIKE)
    if not _FORM.fullmatch(code):
        return False
    return bool(await db.execute(_USE, code=_digest(account_id, code), account=account_id))


async def left(db: Connection, account_id: UUID) -> int:
    """How many codes of an account are still good."""
    count: int = await db.value(_LEFT, account=account_id)
    return count


async def remove(db: Connection, account_id: UUID) -> None:
    """Forget all codes of an account."""
    await db.execute(_REMOVE, account=account_id)


def _digest(account_id: UUID, code: str) -> bytes:
    return hashlib.sha256(account_id.bytes + code.encode()).digest()
