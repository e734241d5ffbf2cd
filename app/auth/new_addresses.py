"""Keys and tokens that are used from where they never were before.

Told by network, not by address: who moves within one is taken for the same. A process asks the
database about a credential and a network once, off the path of the request; the network of whoever
made the credential is known from the start.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.call import CredentialKind
from app.db import raw_statement
from app.errors import DependencyUnavailable
from app.security_events import Action, network_of

if TYPE_CHECKING:
    from app.call import Context
    from app.db import Connection, Database

_log = logging.getLogger(__name__)

_MOST_REMEMBERED = 10_000
_MOST_A_DAY = 20  # of one credential; who has more addresses than that has told enough

_KNOW = raw_statement(
    "INSERT INTO credential_networks (credential_id, network, account_id) VALUES ($1, $2, $3)"
    " ON CONFLICT DO NOTHING",
    "credential_id",
    "network",
    "account_id",
)
_NAMES = ("ids", "networks", "ips", "user_agents", "request_ids", "times")
_WRITE = {
    kind: raw_statement(
        f"""
WITH used AS MATERIALIZED (
    SELECT u.*, a.id AS account_id,
           row_number() OVER (PARTITION BY u.id ORDER BY u.at) AS nth
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
         AS u (id, network, ip, user_agent, request_id, at)
    JOIN {table} c ON c.id = u.id JOIN accounts a ON a.id = c.account_id
    WHERE NOT EXISTS (SELECT FROM credential_networks n
                      WHERE n.credential_id = u.id AND n.network = u.network)
),
fresh AS (
    INSERT INTO credential_networks (credential_id, network, account_id)
    SELECT id, network, account_id FROM used
    WHERE nth + (SELECT count(*) FROM credential_networks n WHERE n.credential_id = used.id
                 AND n.created_at > now() - interval '1 day') <= {_MOST_A_DAY}
    ON CONFLICT DO NOTHING RETURNING credential_id, network
)
INSERT INTO security_events
    (account_id, occurred_at, action, actor_kind, actor_id, target_kind, target_id, ip,
     user_agent, request_id, metadata)
SELECT account_id, at, '{Action.CREDENTIAL_USED_FROM_NEW_ADDRESS.value}', '{kind.value}', id::text,
       '{kind.value}', id::text, ip, user_agent, request_id,
       jsonb_build_object('network', used.network)
FROM used JOIN fresh ON fresh.credential_id = used.id AND fresh.network = used.network
""",  # noqa: S608 - of constants
        *_NAMES,
    )
    for kind, table in (
        (CredentialKind.API_KEY, "api_keys"),
        (CredentialKind.PERSONAL_TOKEN, "personal_tokens"),
    )
}


@dataclass(frozen=True, slots=True)
class _Use:
    """A request by a credential from a network that this process has not seen it in."""

    ip: str
    user_agent: str
    request_id: str
    at: datetime


_Place = tuple[UUID, str]  # a credential and a network


class NewAddresses:
    """Uses to be looked at; `note` is on the path of every request and does next to nothing."""

    def __init__(self) -> None:
        self._seen: set[_Place] = set()
        self._new: dict[CredentialKind, dict[_Place, _Use]] = {kind: {} for kind in _WRITE}

    def note(
        self, kind: CredentialKind, credential_id: UUID, context: Context, at: datetime
    ) -> None:
        """Remember from where a credential is used."""
        place = (credential_id, network_of(context.address))
        if place in self._seen:
            return
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen.clear()
        self._seen.add(place)
        if len(self._new[kind]) < _MOST_REMEMBERED:
            user_agent = context.user_agent.replace("\0", "")
            self._new[kind][place] = _Use(context.address, user_agent, context.request_id, at)

    async def write(self, database: Database) -> None:
        """Tell the owners of what is new; what can't be told now stays for the next time."""
        for kind, new in self._new.items():
            if not new:
                continue
            self._new[kind] = {}
            try:
                async with database.connection() as db:
                    await db.execute(_WRITE[kind], **_columns(new))
            except (DependencyUnavailable, asyncio.CancelledError) as error:
                self._new[kind] = {**new, **self._new[kind]}
                if isinstance(error, asyncio.CancelledError):
                    raise
                _log.warning("new addresses of %d credentials not written yet", len(new))


async def know(db: Connection, context: Context, account_id: UUID, credential_id: UUID) -> None:
    """Take the network of a request for one that a credential, just made, is used from."""
    await db.execute(
        _KNOW,
        credential_id=credential_id,
        network=network_of(context.address),
        account_id=account_id,
    )


def _columns(new: dict[_Place, _Use]) -> dict[str, list[object]]:
    places = sorted(new)  # so that two processes lock rows in the same order
    uses = [new[place] for place in places]
    return {
        "ids": [credential_id for credential_id, _ in places],
        "networks": [network for _, network in places],
        "ips": [use.ip for use in uses],
        "user_agents": [use.user_agent for use in uses],
        "request_ids": [use.request_id for use in uses],
        "times": [use.at for use in uses],
    }
