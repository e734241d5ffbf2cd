"""What clients call by themselves: registration, tokens, revocation. Errors are of RFC 6749."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app import http
from app.auth import throttle
from app.bodies import ClientGone
from app.call import Context
from app.errors import (
    DependencyUnavailable,
    DomainError,
    PayloadTooLarge,
    RateLimited,
    docs_url,
)
from app.oauth import clients, devices, scopes
from app.oauth.devices import Devices
from app.oauth.documents import ClientDocuments
from app.oauth.errors import OAuthError, UnknownClient
from app.oauth.grants import Grants, Tokens
from app.oauth.seals import Visit
from app.services import Services
from rest_compat.errors import STATUS
from rest_compat.oauth.forms import body_of, form_of, needed
from rest_compat.oauth.metadata import DEVICE_GRANT, SHORT_DEVICE, resource

# Hosted clients refresh the tokens of all their people from a few addresses.
CALLS_PER_ADDRESS, CALLS_SECONDS = 3_000, 600

_NOT_KEPT = {"cache-control": "no-store", "pragma": "no-cache"}

Answering = Callable[[Request], Awaitable[Response]]


class ClientEndpoints:
    """The endpoints that take no browser."""

    def __init__(
        self, services: Services, documents: ClientDocuments, grants: Grants, devices: Devices
    ) -> None:
        self._services = services
        self._documents = documents
        self._grants = grants
        self._devices = devices

    async def token(self, request: Request) -> Response:
        """Tokens for a code or a refresh token (RFC 6749, 4.1.3 and 6)."""
        await throttle.take(self._services.redis, calls_of(self._address(request)))
        form = await form_of(request, self._services)
        grant_type, client_id = needed(form, "grant_type", "client_id")
        self._see_resource(form)
        if grant_type == "authorization_code":
            code, uri, verifier = needed(form, "code", "redirect_uri", "code_verifier")
            tokens = await self._grants.redeem(
                self._context(request),
                code,
                client_id=client_id,
                redirect_uri=uri,
                verifier=verifier,
            )
        elif grant_type == "refresh_token":
            (token,) = needed(form, "refresh_token")
            tokens = await self._grants.refresh(
                self._context(request), token, client_id=client_id, scope=form.get("scope")
            )
        elif grant_type == DEVICE_GRANT:
            (device_code,) = needed(form, "device_code")
            return answered(await self._for_device(request, device_code, client_id))
        else:
            message = f"grant_type is authorization_code, refresh_token or {DEVICE_GRANT}."
            raise OAuthError("unsupported_grant_type", message)
        return answered(_shown(tokens))

    async def _for_device(self, request: Request, code: str, client_id: str) -> dict[str, Any]:
        """What the owner gave to a program that waits: a session, or a grant's tokens."""
        decision = await self._devices.decision(code, client_id)
        if "code" not in decision:
            visit = Visit("", UUID(decision["session_id"]), UUID(decision["account_id"]))
            session = await devices.start_session(self._context(request), visit)
            return {
                "access_token": session.access_token,
                "token_type": "Bearer",
                "expires_in": session.expires_in,
                "refresh_token": session.refresh_token,
            }
        tokens = await self._grants.redeem(
            self._context(request),
            decision["code"],
            client_id=client_id,
            redirect_uri="",
            verifier=code,
        )
        return _shown(tokens)

    async def device_authorization(self, request: Request) -> Response:
        """Have a program wait for its owner (RFC 8628, 3.1)."""
        form = await form_of(request, self._services)
        (client_id,) = needed(form, "client_id")
        address, settings = self._address(request), self._services.settings
        if client_id == devices.COMMAND_LINE:
            name, host, wanted = devices.COMMAND_LINE_NAME, None, list[str]()
        else:
            self._see_resource(form)
            client = await clients.find(self._services, self._documents, client_id, address)
            name, host, wanted = client.name, client.host, scopes.asked(form.get("scope"))
        begun = await self._devices.begin(client_id, name, host, wanted, address)
        page = settings.public_url + SHORT_DEVICE
        return answered(
            {
                "device_code": begun.device_code,
                "user_code": begun.user_code,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?user_code={begun.user_code}",
                "expires_in": int(devices.LIFE.total_seconds()),
                "interval": devices.INTERVAL_SECONDS,
            }
        )

    async def revoke(self, request: Request) -> Response:
        """End a grant by one of its tokens (RFC 7009); an unknown one is no error."""
        await throttle.take(self._services.redis, calls_of(self._address(request)))
        form = await form_of(request, self._services)
        token, client_id = needed(form, "token", "client_id")
        await self._grants.revoke(self._context(request), token, client_id=client_id)
        return Response(status_code=200, headers=_NOT_KEPT)

    async def register(self, request: Request) -> Response:
        """Register a client (RFC 7591)."""
        body = await body_of(request, self._services)
        try:
            metadata = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise OAuthError("invalid_client_metadata", "Send a JSON object.") from None
        made = await clients.register(self._services, metadata, self._address(request))
        return answered(_registered(made, metadata), 201)

    def _address(self, request: Request) -> str:
        return http.new_context(self._services, request.scope, public=True).address

    def _context(self, request: Request) -> Context:
        return http.new_context(self._services, request.scope, public=True)

    def _see_resource(self, form: dict[str, str]) -> None:
        see_resource(form, resource(self._services.settings))


def calls_of(address: str) -> throttle.Limit:
    """How often one address may ask for tokens or revoke them."""
    network = throttle.network(address)
    return throttle.Limit("oauth_calls_per_address", network, CALLS_PER_ADDRESS, CALLS_SECONDS)


def see_resource(form: dict[str, str], ours: str) -> None:
    """Raise OAuthError for a request for tokens of another resource (RFC 8707)."""
    named = form.get("resource")
    if named is not None and _canonical(named) != _canonical(ours):
        raise OAuthError("invalid_target", f"Tokens of this server are for {ours} only.")


def _canonical(url: str) -> str:
    """Scheme and host are the same in capitals, and a slash at the end says nothing."""
    scheme, colon, rest = url.rstrip("/").partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{colon}{host.lower()}{slash}{path}"


def for_clients(endpoint: Answering) -> Answering:
    """`endpoint` with its errors in the words of OAuth."""

    async def answering(request: Request) -> Response:
        try:
            return await endpoint(request)
        except OAuthError as error:
            return refused(error)
        except UnknownClient as error:
            return refused(OAuthError("invalid_client", str(error)))
        except (RateLimited, DependencyUnavailable, PayloadTooLarge) as error:
            return refused(_told(error), error.retry_after)
        except ClientGone:
            return Response(status_code=400)

    return answering


def answered(value: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, _NOT_KEPT, media_type="application/json")


def refused(error: OAuthError, retry_after: int | None = None) -> Response:
    body = {
        "error": error.code,
        "error_description": error.description,
        "error_uri": docs_url(error.code),
    }
    response = answered(body, error.status)
    if retry_after is not None:
        response.headers["retry-after"] = str(retry_after)
    return response


def _told(error: DomainError) -> OAuthError:
    code = "invalid_request" if isinstance(error, PayloadTooLarge) else "temporarily_unavailable"
    return OAuthError(code, error.message, status=STATUS[error.kind])


def _shown(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh_token,
        "scope": " ".join(tokens.scopes),
    }


def _registered(made: clients.Registered, metadata: dict[str, Any]) -> dict[str, Any]:
    """What was registered, which is what counts: a client without a secret, whatever it wished."""
    said = {name: metadata[name] for name in _ECHOED if isinstance(metadata.get(name), str)}
    return {
        **said,
        "client_id": made.client.id,
        "client_id_issued_at": made.issued_at,
        "client_name": made.client.name,
        "redirect_uris": made.client.redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }


_ECHOED = ("scope", "client_uri", "logo_uri", "software_id", "software_version", "application_type")
