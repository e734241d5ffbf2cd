"""What happened to the security of the account, in words."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from app.security_events import Action
from app.web.browsers import named
from rest_compat.site.account.account import area
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

EVENTS = "/account/events"

_WORDS = {
    Action.SIGN_IN: "Sign-in",
    Action.IDENTITY_LINKED: "Linked with another service",
    Action.REAUTHENTICATED: "Password shown again",
    Action.REFRESH_TOKEN_REUSED: "A session was used twice, and ended",
    Action.PASSWORD_RESET_REQUESTED: "Link for a new password asked for",
    Action.PASSWORD_RESET: "Password replaced by a mailed link",
    Action.EMAIL_VERIFIED: "Address confirmed",
    Action.EMAIL_CHANGE_REQUESTED: "Another address asked for",
    Action.EMAIL_CHANGED: "Address changed",
    Action.EMAIL_CHANGE_UNDONE: "Change of address undone",
    Action.SECOND_FACTOR_ENABLED: "Second factor turned on",
    Action.SECOND_FACTOR_DISABLED: "Second factor turned off",
    Action.CREDENTIAL_USED_FROM_NEW_ADDRESS: "Key or token used from a new place",
    Action.API_KEY_CREATED: "API key created",
    Action.API_KEY_REVOKED: "API key revoked",
    Action.GRANT_GIVEN: "Application connected",
    Action.GRANT_REVOKED: "Application disconnected",
    Action.GRANT_REUSED: "Code of an application used twice",
    Action.EXPORTED: "Data taken along",
    Action.ACCOUNT_DELETION_ASKED: "Deletion of the account asked for",
    Action.ACCOUNT_DELETION_CANCELED: "Account kept after all",
}
_ACTORS = {
    "session": "A session",
    "api_key": "An API key",
    "personal_token": "A token",
    "oauth_client": "An application",
    "mailed_link": "A mailed link",
    "outside_issuer": "Another service",
    "operator": "The operator",
    "payment": "A payment",
    "anybody": "Somebody not signed in",
}


def words(action: str) -> str:
    """An action as people call it."""
    return _WORDS.get(Action(action), action.replace("_", " ").capitalize())


@area.get(EVENTS)
async def events(visitor: Visitor) -> Response:
    query = visitor.query
    asked: dict[str, Any] = {"cursor": query.get("cursor"), "limit": 25}
    if failures := query.get("outcome") == "failure":
        asked["outcome"] = "failure"
    return page(
        visitor,
        "account/events.html.j2",
        events=await visitor.call("security_events", asked),
        failures=failures,
        words=words,
        actors=_ACTORS,
        named=named,
    )
