"""What an operation is called with.

A request has one `Context`; each operation that it runs gets a `Call` of its own, because
sibling fields of a GraphQL query run at once and may share neither connection nor callbacks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from app.ear import Ear
from app.errors import InsufficientScope, Unauthenticated

if TYPE_CHECKING:
    from app.auth.authenticate import Presented
    from app.db import Connection
    from app.metering.meter import Metered
    from app.services import Services


class CredentialKind(Enum):
    """How a principal has shown who it is."""

    SESSION = "session"
    API_KEY = "api_key"
    PERSONAL_TOKEN = "personal_token"  # noqa: S105


class Scope(Enum):
    """What a personal token may be allowed to do (Gateway document, "Token Scopes")."""

    CHAT_RUN = "chat:run"
    RESUME_GENERATE = "resume:generate"
    TOOLS_INVOKE = "tools:invoke"
    MCP_CONNECT = "mcp:connect"


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request acts as, and by which credential.

    `credential_id` is the id of the session, API key or personal token. A session has all
    scopes; an API key has none, for owner routes ask for none.
    """

    account_id: UUID
    kind: CredentialKind
    credential_id: UUID
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credential of a request as it came: `bearer` or `api_key`, never both."""

    bearer: str | None = None
    api_key: str | None = None

    def __bool__(self) -> bool:
        return self.bearer is not None or self.api_key is not None

    def __repr__(self) -> str:
        return "Credentials(…)"  # never in a log or traceback


@dataclass(frozen=True, slots=True)
class Admission:
    """Whom an operation lets in: the kinds of credential (none: anybody) and the scopes needed.

    `optional`: a call without credentials is let in too; one with bad ones is not. `service`: it is
    for another service of this installation alone, which is no account's.
    """

    kinds: frozenset[CredentialKind] = frozenset()
    scopes: tuple[Scope, ...] = ()
    optional: bool = False
    service: bool = False

    def check_kind(self, kind: CredentialKind) -> None:
        """Raise Unauthenticated for a kind of credential that is not taken here."""
        if kind not in self.kinds:
            raise Unauthenticated(
                "This operation does not take this kind of credential.",
                reason="wrong_kind",
                accepted=sorted(kind.value for kind in self.kinds),
            )

    def check(self, principal: Principal) -> None:
        """Raise Unauthenticated or InsufficientScope for a principal that is not let in."""
        self.check_kind(principal.kind)
        for scope in self.scopes:
            if scope not in principal.scopes:
                raise InsufficientScope(required=scope.value)


@dataclass(slots=True)
class Context:
    """One request, over whichever surface.

    `principal` is set once it has been authenticated; `replayed`, once an operation of it has
    answered an earlier identical request again. `presented` is its credential once it has been
    read, and `metered` what limits it, once an operation has been counted.
    `service_key` is what another service shows for itself. An `ear` hears pieces of the answer
    while it is made. `is_private`: whoever calls asks not to be recognised.
    """

    services: Services
    request_id: str
    credentials: Credentials
    address: str = ""
    user_agent: str = ""
    principal: Principal | None = None
    replayed: bool = False
    presented: Presented | None = None
    metered: Metered | None = None
    service_key: str | None = field(default=None, repr=False)
    ear: Ear | None = None
    is_private: bool = False

    def anew(self) -> Context:
        """The same request, not authenticated yet."""
        return dataclasses.replace(self, principal=None, presented=None, metered=None)

    def for_operation(self) -> Context:
        """The context of one operation of it: this one, so that a request authenticates once."""
        return self


@dataclass(slots=True)
class Call:
    """One operation of a request: its connection, and what to do once it is committed.

    For a mutation `db` is inside the one transaction of the operation; the resolver never
    commits. Callbacks of `after_commit` run in order after the commit and never after a
    rollback. `replayed` says that this answers an earlier identical request again.
    """

    context: Context
    db: Connection
    admission: Admission = Admission()
    replayed: bool = False
    _after_commit: list[Callable[[], Awaitable[None] | None]] = field(default_factory=list)

    @property
    def services(self) -> Services:
        return self.context.services

    @property
    def principal(self) -> Principal:
        """The principal; raises Unauthenticated on a public operation without credentials."""
        if self.context.principal is None:
            raise Unauthenticated
        return self.context.principal

    def after_commit(self, callback: Callable[[], Awaitable[None] | None]) -> None:
        self._after_commit.append(callback)

    async def committed(self) -> None:
        """Run the callbacks; called by the operation once its transaction is committed."""
        for callback in self._after_commit:
            awaitable = callback()
            if awaitable is not None:
                await awaitable
