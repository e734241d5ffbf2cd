"""Whose the keys and tokens are that this process has seen, so that use can be counted before
the database is asked. It lets nobody in: whether a credential stands is asked with each request."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.auth.authenticate import Presented
from app.call import CredentialKind, Principal

_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """A credential and the account that it counts for."""

    account_id: UUID
    kind: CredentialKind
    credential_id: UUID

    @classmethod
    def of(cls, principal: Principal) -> Caller:
        return cls(principal.account_id, principal.kind, principal.credential_id)


class Callers:
    """Callers by the digest of their key or token; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._known: dict[bytes, Caller] = {}

    def find(self, presented: Presented) -> Caller | None:
        """Whom a credential names; of a key or token, only if it was good before."""
        if presented.claims is not None:
            claims = presented.claims
            return Caller(claims.account_id, CredentialKind.SESSION, claims.session_id)
        return self.find_by_digest(presented.digest)

    def find_by_digest(self, digest: bytes) -> Caller | None:
        """Whom a key or token names that was good before."""
        return self._known.get(digest)

    def remember(self, presented: Presented, principal: Principal) -> None:
        """Note whose a credential is that is good now."""
        if presented.digest and presented.digest not in self._known:
            if len(self._known) >= _KEPT:
                del self._known[next(iter(self._known))]
            self._known[presented.digest] = Caller.of(principal)

    def forget(self, presented: Presented) -> None:
        """Of a credential that is not good any more."""
        self._known.pop(presented.digest, None)
