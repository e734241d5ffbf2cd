"""Signing in by an OpenID provider: to it, and back."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import timedelta

from starlette.responses import Response

from app.auth import oidc
from app.auth.oidc import Attempt, Provider
from app.call import Call
from app.errors import DependencyUnavailable, NotFound, Unauthenticated
from rest_compat.site.area import Area
from rest_compat.site.sign_in import HOME, let_in, refused
from rest_compat.site.visitor import SIGN_IN, Visitor, own_path

_COOKIE = "vitae-outside"
_LIFE = timedelta(minutes=10)

area = Area("", SIGN_IN, public=True)


@area.file(f"{SIGN_IN}/outside")
async def leave(visitor: Visitor) -> Response:
    """Send the browser to the provider. What it has to bring back stays in a cookie."""
    provider, attempt = _provider(visitor), Attempt.new()
    back = own_path(visitor.query.get("next"), HOME)
    try:
        address = await provider.address(attempt)
    except (DependencyUnavailable, Unauthenticated) as error:
        return refused(visitor, back, error)
    sealed = visitor.visits.sealed_state(visitor.visit, _LIFE, {**asdict(attempt), "next": back})
    answer = Response(status_code=303, headers={"location": address, "cache-control": "no-store"})
    visitor.set_cookie(answer, _COOKIE, sealed, int(_LIFE.total_seconds()))
    return answer


@area.file(f"{SIGN_IN}/outside/back")
async def come_back(visitor: Visitor) -> Response:
    """Take what the provider says, if this browser has asked for it."""
    provider, query = _provider(visitor), visitor.query
    kept = visitor.visits.state(visitor.visit, visitor.cookie(_COOKIE) or "")
    back = HOME if kept is None else kept["next"]
    try:
        if kept is None or not secrets.compare_digest(
            query.get("state", "").encode(), kept["state"].encode()
        ):
            raise Unauthenticated("That took too long, or began in another browser. Try again.")
        if "code" not in query:
            raise Unauthenticated("You were not signed in there.")
        attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
        claims = await provider.claims(attempt, query["code"], query.get("iss"))
        async with visitor.services.database.transaction() as db:
            call = Call(visitor.context, db)
            grant = await oidc.sign_in(call, claims)
        await call.committed()
    except (DependencyUnavailable, Unauthenticated) as error:
        answer = refused(visitor, back, error)
    else:
        answer = await let_in(visitor, grant.access_token, back)
    visitor.set_cookie(answer, _COOKIE, "", 0)
    return answer


def _provider(visitor: Visitor) -> Provider:
    provider = visitor.services.provider
    if provider is None:
        raise NotFound
    return provider
