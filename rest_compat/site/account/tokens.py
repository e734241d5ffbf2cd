"""Personal tokens and API keys: made, shown once, rotated and revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from app.errors import DomainError, ValidationFailed
from rest_compat.site.account.account import area
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

TOKENS, KEYS = "/account/tokens", "/account/keys"

_LIVES = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("", "Until it is revoked")]
_OVERLAPS = [("0", "At once"), ("60", "In an hour"), ("1440", "In a day"), ("10080", "In a week")]


@area.get(TOKENS)
async def tokens(visitor: Visitor) -> Response:
    query = visitor.query
    return page(
        visitor,
        "account/tokens.html.j2",
        tokens=await visitor.call("tokens", {"cursor": query.get("cursor")}),
        keys=await visitor.call("api_keys", {"cursor": query.get("keys")}),
        overlaps=_OVERLAPS,
        now=datetime.now(UTC).isoformat(),
    )


@area.get(f"{TOKENS}/new")
async def new_token(visitor: Visitor) -> Response:
    return await _new_token(visitor, Form([("life", "90")]))


@area.post(f"{TOKENS}/new")
async def create_token(visitor: Visitor, form: Form) -> Response:
    given = {
        "name": form.text("name"),
        "scopes": form.all("scopes"),
        "expires_at": _end(form.get("life")),
    }
    try:
        created = await visitor.call("create_token", {"input": given})
    except ValidationFailed as error:
        return await _new_token(visitor, form, error)
    return _made_token(visitor, created)


@area.post(f"{TOKENS}/{{token_id}}/rotate")
async def rotate_token(visitor: Visitor, form: Form) -> Response:
    given: dict[str, Any] = {"token_id": visitor.params["token_id"]}
    if (overlap := form.get("overlap")).isdecimal():
        given["overlap_minutes"] = int(overlap[:9])
    return _made_token(visitor, await visitor.call("rotate_token", given))


@area.post(f"{TOKENS}/{{token_id}}/revoke")
async def revoke_token(visitor: Visitor, form: Form) -> Response:
    await visitor.call("revoke_token", {"token_id": visitor.params["token_id"]})
    return visitor.to(TOKENS, "The token is revoked. The next request with it is refused.")


@area.get(f"{KEYS}/new")
async def new_key(visitor: Visitor) -> Response:
    return _new_key(visitor, Form([("life", "365")]))


@area.post(f"{KEYS}/new")
async def create_key(visitor: Visitor, form: Form) -> Response:
    given = {"name": form.text("name"), "expires_at": _end(form.get("life"))}
    try:
        created = await visitor.call("create_api_key", {"input": given})
    except ValidationFailed as error:
        return _new_key(visitor, form, error)
    key = created["key"]
    line = f"curl {visitor.services.settings.public_url}/v1/me -H 'X-API-Key: {key}'"
    return page(
        visitor,
        "account/made.html.j2",
        kind="key",
        made=created["api_key"],
        secret=key,
        lines=[("Your whole profile", line)],
    )


@area.post(f"{KEYS}/{{key_id}}/revoke")
async def revoke_key(visitor: Visitor, form: Form) -> Response:
    await visitor.call("revoke_api_key", {"key_id": visitor.params["key_id"]})
    return visitor.to(TOKENS, "The key is revoked. The next request with it is refused.")


async def _new_token(visitor: Visitor, form: Form, fault: DomainError | None = None) -> Response:
    scopes = (await visitor.call("scopes"))["items"]
    return page(
        visitor, "account/new_token.html.j2", fault=fault, form=form, scopes=scopes, lives=_LIVES
    )


def _new_key(visitor: Visitor, form: Form, fault: DomainError | None = None) -> Response:
    return page(visitor, "account/new_key.html.j2", fault=fault, form=form, lives=_LIVES)


def _made_token(visitor: Visitor, created: dict[str, Any]) -> Response:
    made, token = created["personal_token"], created["token"]
    base = visitor.services.settings.public_url
    bearer = f"-H 'Authorization: Bearer {token}'"
    lines = [("Whom it stands for, and what it may do", f"curl {base}/v1/auth/me {bearer}")]
    if "resume:generate" in made["scopes"]:
        lines.append(("The templates of résumés", f"curl {base}/v1/resume/templates {bearer}"))
    if "chat:run" in made["scopes"]:
        lines.append(("The language models of your plan", f"curl {base}/v1/models {bearer}"))
    if "mcp:connect" in made["scopes"]:
        lines.append(("The address of the MCP server, for clients with a token", f"{base}/v1/mcp"))
    return page(visitor, "account/made.html.j2", kind="token", made=made, secret=token, lines=lines)


def _end(days: str) -> str | None:
    """When what lives for so many days ends; None for what does not end."""
    if not days.isdecimal():
        return None
    return (datetime.now(UTC) + timedelta(days=min(int(days[:6]), 100_000))).isoformat()
