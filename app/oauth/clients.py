"""Who asks for access: a client with a document, or one that registered itself (RFC 7591)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, select, update

from app.auth import throttle
from app.db import Connection, statement, uuid7
from app.errors import RateLimited
from app.models import OAuthClientRow
from app.oauth import redirects
from app.oauth.documents import MAX_REDIRECT_URIS, ClientDocuments, is_document_id, shown_name
from app.oauth.errors import OAuthError, UnknownClient
from app.services import Services

_HOUR_SECONDS = 60 * 60
_REGISTRATIONS_PER_ADDRESS = 30
_FETCHES_PER_ADDRESS = 60
_MOST_CLIENTS = 50_000
_ROOM = 1_000
_UNNAMED = "An application without a name"

_INSERT = statement(
    insert(OAuthClientRow)
    .values(id=bindparam("id"), name=bindparam("name"), redirect_uris=bindparam("redirect_uris"))
    .returning(OAuthClientRow.created_at)
)
_COUNT = statement(select(func.count()).select_from(OAuthClientRow))
# Whoever is about to ask an owner does so within minutes.
_MAKE_ROOM = statement(
    delete(OAuthClientRow).where(
        OAuthClientRow.id.in_(
            select(OAuthClientRow.id)
            .where(
                OAuthClientRow.last_used_at.is_(None),
                OAuthClientRow.created_at < func.now() - timedelta(hours=1),
            )
            .order_by(OAuthClientRow.id)
            .limit(_ROOM)
        )
    )
)
_FIND = statement(
    select(OAuthClientRow.name, OAuthClientRow.redirect_uris).where(
        OAuthClientRow.id == bindparam("client")
    )
)
_USED = statement(
    update(OAuthClientRow)
    .where(OAuthClientRow.id == bindparam("client"))
    .values(last_used_at=func.now())
)


@dataclass(frozen=True, slots=True)
class Client:
    """A client. `host` is where its document is, the one thing about it that is proven."""

    id: str
    name: str
    redirect_uris: list[str]
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """A client that has just registered; `issued_at` in seconds since 1970."""

    client: Client
    issued_at: int


async def find(
    services: Services, documents: ClientDocuments, client_id: str, address: str
) -> Client:
    """The client of that id; raises UnknownClient, and RateLimited for too many of one address."""
    if is_document_id(client_id):

        async def counted() -> None:
            limit = _per_address("client_documents_per_address", address, _FETCHES_PER_ADDRESS)
            await throttle.take(services.redis, limit)

        document = await documents.get(client_id, counted)
        host = urlsplit(client_id).hostname
        return Client(client_id, document.name, document.redirect_uris, host)
    row = None
    if (registered := _registered_id(client_id)) is not None:
        async with services.database.connection() as db:
            row = await db.row(_FIND, client=registered)
    if row is None:
        raise UnknownClient("The application is not registered here, or not any more.")
    return Client(client_id, row["name"], row["redirect_uris"])


async def register(services: Services, metadata: Any, address: str) -> Registered:
    """Register a client by its metadata; raises OAuthError, and RateLimited."""
    name, uris = _read(metadata)
    limit = _per_address("client_registrations_per_address", address, _REGISTRATIONS_PER_ADDRESS)
    await throttle.take(services.redis, limit)
    client_id = uuid7()
    async with services.database.connection() as db:
        if await db.value(_COUNT) >= _MOST_CLIENTS and not await db.execute(_MAKE_ROOM):
            raise RateLimited("Too many clients are registered just now.", retry_after=3600)
        at = await db.value(_INSERT, id=client_id, name=name, redirect_uris=uris)
    return Registered(Client(str(client_id), name, uris), int(at.timestamp()))


async def note_use(db: Connection, client_id: str) -> None:
    """Remember that a client is in use, so that its registration is kept."""
    if (registered := _registered_id(client_id)) is not None:
        await db.execute(_USED, client=registered)


def _read(metadata: Any) -> tuple[str, list[str]]:
    if not isinstance(metadata, dict):
        raise OAuthError("invalid_client_metadata", "Send a JSON object.")
    uris = metadata.get("redirect_uris")
    if not isinstance(uris, list) or not 0 < len(uris) <= MAX_REDIRECT_URIS:
        message = f"Name 1 to {MAX_REDIRECT_URIS} redirect_uris."
        raise OAuthError("invalid_redirect_uri", message)
    if not all(isinstance(uri, str) and redirects.is_acceptable(uri) for uri in uris):
        message = (
            "A redirect URI is https, http to this computer (127.0.0.1, [::1] or localhost), or"
            " has a scheme of the app's own, such as com.example.app; without fragment or user"
            " name."
        )
        raise OAuthError("invalid_redirect_uri", message)
    for field, ours in (("grant_types", "authorization_code"), ("response_types", "code")):
        wanted = metadata.get(field)
        if wanted is not None and (not isinstance(wanted, list) or ours not in wanted):
            raise OAuthError("invalid_client_metadata", f"{field} must hold {ours}.")
    name = metadata.get("client_name")
    try:
        shown = _UNNAMED if name in (None, "") else shown_name(name)
        return shown, list(dict.fromkeys(uris))
    except UnknownClient as refused:
        raise OAuthError("invalid_client_metadata", str(refused)) from None


def _registered_id(client_id: str) -> UUID | None:
    try:
        found = UUID(client_id)
    except ValueError:
        return None
    return found if str(found) == client_id else None


def _per_address(kind: str, address: str, most: int) -> throttle.Limit:
    return throttle.Limit(kind, throttle.network(address), most, _HOUR_SECONDS)
