"""What each stable error code means, and what to do about it, for the index of errors.

Every code that can be answered has an entry: those of `DomainError` on all surfaces, those that
OAuth's RFCs define at its own routes, and JSON-RPC's numbers over MCP.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import DomainError
from app.web.languages import N_
from rest_compat.components import error_codes


@dataclass(frozen=True, slots=True)
class Explanation:
    """`meaning` and `remedy` are messages of the catalogue."""

    meaning: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """A code of ours. `retryable`: "yes", "no" or "sometimes", where it depends on the cause."""

    code: str
    status: int
    retryable: str
    meaning: str
    remedy: str


EXPLANATIONS: dict[str, Explanation] = {
    "malformed_json": Explanation(
        N_("The body is not JSON in UTF-8, or it arrived too slowly to be read."),
        N_("Send valid JSON. NaN, unpaired surrogates and very deep nesting are not taken."),
    ),
    "ambiguous_credentials": Explanation(
        N_("The request carries more than one credential."),
        N_("Send either Authorization or X-API-Key, not both."),
    ),
    "unauthenticated": Explanation(
        N_(
            "No credential was sent, or it is expired, revoked, of a kind that this operation does"
            " not take, or simply wrong. `details.reason` says which."
        ),
        N_("Send a credential of a kind that the operation lists; renew an expired session."),
    ),
    "second_factor_required": Explanation(
        N_("The password is right, and the account has a second factor."),
        N_(
            "Send `details.challenge` with a code of the authenticator app, or a recovery code, to"
            " POST /v1/auth/login/code."
        ),
    ),
    "insufficient_credits": Explanation(
        N_("The account has fewer credits than this costs; `details` has the price."),
        N_("Buy credits, or choose something that costs less. Nothing was charged."),
    ),
    "insufficient_scope": Explanation(
        N_("The personal token lacks the scope that stands in `details.required`."),
        N_("Create a token that has this scope. Scopes of a token cannot be added to later."),
    ),
    "plan_required": Explanation(
        N_("The feature belongs to another plan: `details.required_plan`."),
        N_("Change the plan, or do without. GET /v1/me/exports/account has all you have stored."),
    ),
    "service_only": Explanation(
        N_("Only other services of this installation may call this operation."),
        N_("Use the public counterpart, such as POST /v1/profiles/{username}/ask."),
    ),
    "reauthentication_required": Explanation(
        N_("The sign-in is too long ago for something that a stolen session must not do."),
        N_("Call POST /v1/auth/reauthenticate, then repeat the request within ten minutes."),
    ),
    "origin_not_allowed": Explanation(
        N_("A page of another origin made the browser call here."),
        N_("Call from a server, or have the operator add the origin to CORS_ORIGINS."),
    ),
    "not_found": Explanation(
        N_("There is nothing at this address, or it belongs to somebody else."),
        N_("Check the path and the id. Lists tell which ids there are."),
    ),
    "method_not_allowed": Explanation(
        N_("The path exists but does not take this method."),
        N_("Use one of the methods in the header Allow."),
    ),
    "not_acceptable": Explanation(
        N_("None of the media types in Accept can be produced."),
        N_("Accept application/json, or what the operation lists."),
    ),
    "conflict": Explanation(
        N_(
            "The request does not fit the present state: a name is taken, a job is still running,"
            " or a request with the same key is being answered."
        ),
        N_("If `retryable` is true, wait and repeat it. Otherwise read the state and decide anew."),
    ),
    "billing_not_configured": Explanation(
        N_("This installation sells nothing, or not this."),
        N_("Everything that is free still works; ask the operator about the rest."),
    ),
    "idempotency_conflict": Explanation(
        N_("The idempotency key, or the `request_id` of a job, was used with another body."),
        N_("Take a new key for a new request; send exactly the first body to repeat one."),
    ),
    "managed_chat_removed": Explanation(
        N_("The managed chat routes are retired for good."),
        N_("Use the résumé operations, or connect a model of your own over MCP."),
    ),
    "precondition_failed": Explanation(
        N_("Somebody changed the resource after you had read it."),
        N_("Read it again, apply your change to what it is now, and send the new ETag."),
    ),
    "payload_too_large": Explanation(
        N_("The body exceeds the limit of the operation."),
        N_("Send less: a smaller picture, or fewer entries at once."),
    ),
    "unsupported_media_type": Explanation(
        N_("The body has a Content-Type that the operation does not read."),
        N_("Send application/json, or a form where the operation takes files."),
    ),
    "validation_failed": Explanation(
        N_("Some fields are wrong; `fields` lists every one with its path and a code."),
        N_("Correct all that is listed and send the request again. Nothing was changed."),
    ),
    "rate_limited": Explanation(
        N_("More requests per second, or more attempts, than are allowed."),
        N_("Wait for as many seconds as Retry-After says. Nothing was done."),
    ),
    "quota_exceeded": Explanation(
        N_("The plan’s API-key operations of this month are used up."),
        N_("Wait for the first of the month (UTC), change the plan, or use a session."),
    ),
    "internal": Explanation(
        N_("Something failed on our side. Details are in the server’s log only."),
        N_("Repeat the request once. If it fails again, report its `request_id`."),
    ),
    "dependency_unavailable": Explanation(
        N_("The database, Redis, Stripe or another part is not reachable at the moment."),
        N_("Repeat the request with growing pauses, using the same idempotency key."),
    ),
}

# At /oauth/…, in the body that RFC 6749 and RFC 7591 define.
OAUTH: dict[str, Explanation] = {
    "access_denied": Explanation(
        N_("The owner said no, or may not give what was asked for."),
        N_("Do not ask again unless the owner starts it."),
    ),
    "authorization_pending": Explanation(
        N_("The owner has not yet decided about the code that the device shows."),
        N_("Ask again after the interval that the device was told."),
    ),
    "expired_token": Explanation(
        N_("The code that the device shows has expired."),
        N_("Ask for a new code and show that one."),
    ),
    "invalid_client": Explanation(
        N_("There is no client with this id."),
        N_("Register the client, or use the address of its metadata document."),
    ),
    "slow_down": Explanation(
        N_("The device asks more often than it may."),
        N_("Wait five seconds longer between two questions from now on."),
    ),
    "invalid_client_metadata": Explanation(
        N_("What the client says of itself is not valid."),
        N_("Correct the field named in `error_description` and register again."),
    ),
    "invalid_grant": Explanation(
        N_("The code or refresh token is used up, expired, revoked or another client’s."),
        N_("Send the owner through the authorisation again."),
    ),
    "invalid_redirect_uri": Explanation(
        N_("A redirect address is missing or not allowed."),
        N_("Use https, or http on a loopback address, as registered."),
    ),
    "invalid_request": Explanation(
        N_("A parameter is missing, given twice or malformed."),
        N_("Read `error_description`; parameters go as a form, with PKCE (S256)."),
    ),
    "invalid_scope": Explanation(
        N_("A scope does not exist, or is more than was granted."),
        N_("Ask for scopes that GET /v1/auth/scopes lists."),
    ),
    "invalid_target": Explanation(
        N_("The `resource` is not this server’s MCP address."),
        N_("Send the `resource` that the protected-resource metadata names."),
    ),
    "temporarily_unavailable": Explanation(
        N_("Too many attempts, or a part of the server is not reachable."),
        N_("Wait for as many seconds as Retry-After says, then repeat."),
    ),
    "unsupported_grant_type": Explanation(
        N_("The token endpoint does not know this `grant_type`."),
        N_("Use authorization_code or refresh_token."),
    ),
    "unsupported_response_type": Explanation(
        N_("Only authorisation codes are given out."),
        N_("Send response_type=code."),
    ),
}

# Over MCP, of messages that no tool has answered.
JSON_RPC: dict[int, Explanation] = {
    -32700: Explanation(N_("The message is not JSON."), N_("Send one JSON-RPC 2.0 message.")),
    -32600: Explanation(
        N_("The message is no request that can be answered; `data.code` may have one of ours."),
        N_("Send `initialize` first, and its session id with every further message."),
    ),
    -32601: Explanation(
        N_("The server has no such method."), N_("Look at the capabilities it declared.")
    ),
    -32602: Explanation(
        N_("The parameters do not fit the method, or name something that is not there."),
        N_("Compare them with the schema in tools/list."),
    ),
    -32603: Explanation(
        N_("The request failed on our side."), N_("Repeat it once; then report the request id.")
    ),
    -32800: Explanation(N_("The client cancelled the request."), N_("Nothing; it was your wish.")),
    -32002: Explanation(
        N_("The resource is not there (protocol versions before 2026-07-28)."),
        N_("List the resources and take one of those."),
    ),
    -32020: Explanation(
        N_("Headers of the request contradict its message."),
        N_("Send in the headers what the message says."),
    ),
    -32021: Explanation(
        N_("The method needs a capability that the client did not declare."),
        N_("Declare it, or do without the method."),
    ),
    -32022: Explanation(
        N_("The server does not speak the protocol version."),
        N_("Take one of the versions in `data.supported`."),
    ),
}


def error_entries() -> list[ErrorEntry]:
    """Every code of ours, by status and then by name."""
    return [
        _entry(code, status, default)
        for status, codes in error_codes().items()
        for code, default in codes.items()
    ]


def error_classes() -> list[type[DomainError]]:
    """Every failure that code can raise, however far below DomainError."""
    found: list[type[DomainError]] = []
    pending = list(DomainError.__subclasses__())
    while pending:
        error = pending.pop()
        found.append(error)
        pending.extend(error.__subclasses__())
    return found


def _entry(code: str, status: int, default: str) -> ErrorEntry:
    causes = {error.retryable for error in error_classes() if error.code == code}
    retryable = "sometimes" if len(causes) > 1 else "yes" if causes == {True} else "no"
    # A code without an explanation still says what its own message says.
    told = EXPLANATIONS.get(code, Explanation(default, ""))
    return ErrorEntry(code, status, retryable, told.meaning, told.remedy)
