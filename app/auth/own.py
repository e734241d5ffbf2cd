"""What belongs to the caller, in the round trip that also shows who the caller is.

An operation that is one statement about the caller's own rows need not authenticate first and
need no transaction: `own_row` looks the credential up in the same statement, and reads or writes
nothing where it is no longer good or lacks the scope.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, TypeVar

from app.auth import service
from app.auth.authenticate import authenticate, lookup, noted
from app.call import Call
from app.db import Statement
from app.errors import Unauthenticated

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])

_PARAMETER = re.compile(r"\$(\d+)(::UUID\b)?")
_MARK = "is_single_statement"


def single_statement(resolver: F) -> F:
    """Mark a resolver all of whose effect is one `own_row`, which is then atomic by itself.

    It may be called before the caller is known: it must use nothing of the principal before
    `own_row`, and `admit` before any costly work.
    """
    setattr(resolver, _MARK, True)
    return resolver


def is_single_statement(resolver: Callable[..., Any]) -> bool:
    return getattr(resolver, _MARK, False)


async def admit(call: Call) -> None:
    """See that the caller may run this operation.

    Raises Unauthenticated, InsufficientScope and ServiceOnly.
    """
    context, admission = call.context, call.admission
    if admission.service:
        service.check(context)
    if not admission.kinds:
        return
    if context.principal is None:
        if not context.credentials:
            if admission.optional:
                return
            raise Unauthenticated(reason="missing")
        context.principal = await authenticate(call)
    admission.check(context.principal)


async def own_row(call: Call, statement: Statement, **values: Any) -> Any | None:
    """The row of a statement whose `account_id` is the caller's, or None; admits the caller.

    `statement` has a parameter `account_id`, and does nothing where that is null. It may have
    `credential_id` and `credential_kind` too, which tell how the caller has shown who it is.
    """
    rows = await own_rows(call, statement, **values)
    return rows[0] if rows else None


async def own_rows(call: Call, statement: Statement, **values: Any) -> list[Any]:
    """All rows of such a statement."""
    if call.context.principal is None and call.context.credentials:
        found = lookup(call, call.admission.scopes)
        if found is not None:
            call.admission.check_kind(found.kind)
            both = _joined(found.statement, statement)
            values["credential_kind"] = found.kind.value
            rows = await call.db.rows(both, **found.values, **values)
            if rows:
                call.context.principal = noted(call, found.principal(rows[0]))
                return [] if rows[0]["own_is_missing"] else rows
    # The credential is not good, or lacks the scope, or is of another issuer: find out which.
    await admit(call)
    caller = call.principal
    values["credential_kind"] = caller.kind.value
    return await call.db.rows(
        statement, account_id=caller.account_id, credential_id=caller.credential_id, **values
    )


_OF_CALLER = {
    "account_id": "(SELECT caller_account_id FROM caller)",
    "credential_id": "(SELECT caller_id FROM caller)",
}


@cache
def _joined(credential: Statement, own: Statement) -> Statement:
    """Both in one: `own` for the account that `credential` finds."""
    names = list(credential.names)

    def renumbered(match: re.Match[str]) -> str:
        name = own.names[int(match[1]) - 1]
        if name in _OF_CALLER:
            return _OF_CALLER[name]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}{match[2] or ''}"

    steps = _PARAMETER.sub(renumbered, own.steps or f"own AS ({own.sql})")
    return Statement(
        # Both parts are statements of ours, compiled at import.
        f"WITH caller AS MATERIALIZED ({credential.sql}), {steps}"  # noqa: S608
        " SELECT caller.*, own.*, own IS NULL AS own_is_missing"
        " FROM caller LEFT JOIN own ON true",
        tuple(names),
        {**credential.defaults, **own.defaults},
    )
