"""What the OpenAPI document says of OAuth."""

from __future__ import annotations

from typing import Any

from rest_compat.examples import EXAMPLES
from rest_compat.oauth import metadata

TAG = "OAuth"


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _texts(description: str) -> dict[str, Any]:
    return {"type": "array", "description": description, "items": {"type": "string"}}


def _object(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


_REFUSAL = _object(
    {
        "error": _text("What is wrong, in the words of RFC 6749, 7591 and 8707."),
        "error_description": _text("The same for developers."),
        "error_uri": _text("Where the code is explained, on this server."),
    }
)
_CLIENT_ID = _text("The id of the client: from its registration, or the address of its document.")
_SCOPE = _text("Scopes, separated by blanks.")
_RESOURCE = _text("What the tokens are for (RFC 8707): the address of MCP, and nothing else.")

_FORMS = {
    "oauth_token": _object(
        {
            "grant_type": _text(
                "What is shown.",
                enum=["authorization_code", "refresh_token", metadata.DEVICE_GRANT],
            ),
            "client_id": _CLIENT_ID,
            "code": _text("The authorization code; it works once, within a minute."),
            "redirect_uri": _text("The address that the code came to."),
            "code_verifier": _text("What the code's challenge was made of (RFC 7636)."),
            "refresh_token": _text("The refresh token; it works once."),
            "device_code": _text("What a program waits by (RFC 8628)."),
            "scope": _text("Less than was granted, for a refresh."),
            "resource": _RESOURCE,
        },
        *("code", "redirect_uri", "code_verifier", "refresh_token"),
        *("device_code", "scope", "resource"),
    ),
    "oauth_device_authorization": _object(
        {"client_id": _CLIENT_ID, "scope": _SCOPE, "resource": _RESOURCE}, "scope", "resource"
    ),
    "oauth_revoke": _object(
        {"token": _text("An access or refresh token."), "client_id": _CLIENT_ID}
    ),
}
_TOKENS = _object(
    {
        "access_token": _text("A personal token: to be sent as `Authorization: Bearer`."),
        "token_type": _text("How to send it.", const="Bearer"),
        "expires_in": {"type": "integer", "description": "How long it is good, in seconds."},
        "refresh_token": _text("To get the next tokens by."),
        "scope": _SCOPE,
    }
)
_WAITING = _object(
    {
        "device_code": _text("The program's own secret, to ask for tokens by."),
        "user_code": _text("What the owner types."),
        "verification_uri": _text("Where the owner types it."),
        "verification_uri_complete": _text("The same with the code in it."),
        "expires_in": {"type": "integer", "description": "How long both are good, in seconds."},
        "interval": {"type": "integer", "description": "Seconds between two tries."},
    }
)
_ASKED = [
    ("response_type", True, _text("Always `code`.", const="code")),
    ("client_id", True, _CLIENT_ID),
    ("redirect_uri", True, _text("One of the client's addresses; any port of this computer.")),
    ("code_challenge", True, _text("The S256 challenge.", pattern="^[A-Za-z0-9_-]{43}$")),
    ("code_challenge_method", True, _text("Always `S256`.", const="S256")),
    ("state", False, _text("Comes back with the answer.")),
    ("scope", False, _SCOPE),
    ("resource", False, _RESOURCE),
]
_REGISTRATION = _object(
    {
        "redirect_uris": {
            "type": "array",
            "description": "Where browsers come back to: https, http to this computer, or a"
            " scheme of the app's own.",
            "items": {"type": "string", "maxLength": 2000},
            "minItems": 1,
            "maxItems": 20,
        },
        "client_name": {
            "type": ["string", "null"],
            "description": "What owners are told.",
            "maxLength": 80,
        },
    },
    "client_name",
)
_REGISTERED = _object(
    {
        "client_id": _CLIENT_ID,
        "client_id_issued_at": {"type": "integer", "description": "Seconds since 1970 (UTC)."},
        "client_name": _text("What owners are told."),
        "redirect_uris": _texts("Where browsers come back to."),
        "grant_types": _texts("What it may use."),
        "response_types": _texts("What it may ask for."),
        "token_endpoint_auth_method": _text("It has no secret.", const="none"),
    }
)
_RESOURCE_METADATA = _object(
    {
        "resource": _text("The address of MCP."),
        "authorization_servers": _texts("Who lets clients in."),
        "scopes_supported": _texts("What they may ask for."),
        "bearer_methods_supported": _texts("How tokens are sent."),
        "resource_name": _text("What it is called."),
        "resource_documentation": _text("Where it is described."),
    }
)
_SERVER_METADATA = _object(
    {
        "issuer": _text("Who answers, as `iss` says in every answer (RFC 9207)."),
        "authorization_endpoint": _text("Where a browser is sent to."),
        "token_endpoint": _text("Where tokens are had from."),
        "registration_endpoint": _text("Where a client may register."),
        "revocation_endpoint": _text("Where a grant is ended."),
        "device_authorization_endpoint": _text("Where a program without browser begins."),
        "scopes_supported": _texts("All scopes there are."),
        "code_challenge_methods_supported": _texts("How codes are protected."),
        "client_id_metadata_document_supported": {
            "type": "boolean",
            "description": "Whether the address of a document may be a client's id.",
        },
    }
)


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _page(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"text/html": {"schema": {"type": "string"}}}}


def _operation(
    name: str, summary: str, more: str, responses: dict[str, Any], **rest: Any
) -> dict[str, Any]:
    return {
        "operationId": name,
        "tags": [TAG],
        "summary": summary,
        "description": f"{summary}. {more}",
        "security": [],
        "parameters": [{"$ref": "#/components/parameters/RequestId"}],
        **rest,
        "responses": {**responses, "500": {"$ref": "#/components/responses/500"}},
    }


def _body(name: str, media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    example = {"summary": "An example.", "value": EXAMPLES[name]}
    content = {media_type: {"schema": schema, "examples": {"example": example}}}
    return {"required": True, "content": content}


def _posted(
    name: str,
    summary: str,
    more: str,
    done: dict[str, Any],
    body: dict[str, Any],
) -> dict[str, Any]:
    refusals = {
        "400": _answer("The request is not in order.", _REFUSAL),
        "413": _answer("It is too large.", _REFUSAL),
        "429": _answer("Too many of them from one address.", _REFUSAL),
        "503": _answer("A service this needs is not available.", _REFUSAL),
    }
    return {"post": _operation(name, summary, more, {**done, **refusals}, requestBody=body)}


_FORM = "application/x-www-form-urlencoded"
_RESOURCE_RESPONSES = {"200": _answer("The metadata.", _RESOURCE_METADATA)}
_UNCHANGED = {"304": {"description": "Not changed since the version named by If-None-Match."}}

OPENAPI_PATHS: dict[str, Any] = {
    metadata.PROTECTED_RESOURCE + metadata.MCP: {
        "get": _operation(
            "oauth_protected_resource",
            "Tell who lets clients in to MCP",
            "RFC 9728; a 401 of MCP names this address.",
            {**_RESOURCE_RESPONSES, **_UNCHANGED},
        )
    },
    metadata.PROTECTED_RESOURCE: {
        "get": _operation(
            "oauth_protected_resource_root",
            "Tell who lets clients in to MCP, where some look first",
            "The same answer.",
            {**_RESOURCE_RESPONSES, **_UNCHANGED},
        )
    },
    metadata.AUTHORIZATION_SERVER: {
        "get": _operation(
            "oauth_authorization_server",
            "Tell how a client asks to be let in",
            "RFC 8414.",
            {"200": _answer("The metadata.", _SERVER_METADATA), **_UNCHANGED},
        )
    },
    metadata.REGISTER: _posted(
        "oauth_register",
        "Register a client",
        "RFC 7591, for clients that have no metadata document of their own. A client has no"
        " secret. One that nobody uses is forgotten.",
        {"201": _answer("What was registered.", _REGISTERED)},
        _body("oauth_register", "application/json", _REGISTRATION),
    ),
    metadata.AUTHORIZE: {
        "get": _operation(
            "oauth_authorize",
            "Ask an owner for consent, in a browser",
            "A page to sign in at, then one to allow or deny; the browser then goes to"
            " `redirect_uri` with `code`, `state` and `iss`, or with `error`.",
            {
                "200": _page("The page."),
                "303": {"description": "The client on this computer is told what is wrong."},
                "400": _page("The request is not in order."),
                "429": _page("Too many clients have been looked up."),
                "503": _page("A service this needs is not available."),
            },
            parameters=[
                {"$ref": "#/components/parameters/RequestId"},
                *(
                    {
                        "name": name,
                        "in": "query",
                        "required": required,
                        "description": schema["description"],
                        "schema": {k: v for k, v in schema.items() if k != "description"},
                    }
                    for name, required, schema in _ASKED
                ),
            ],
        )
    },
    metadata.TOKEN: _posted(
        "oauth_token",
        "Exchange a code or a refresh token for tokens",
        "A code that is used twice ends what it gave. So does a refresh token, unless the same"
        " answer is asked for again within half a minute, because it was lost. Of device codes, see"
        " `POST /oauth/device_authorization`.",
        {"200": _answer("The tokens.", _TOKENS)},
        _body("oauth_token", _FORM, _FORMS["oauth_token"]),
    ),
    metadata.DEVICE_AUTHORIZATION: _posted(
        "oauth_device_authorization",
        "Have a program without browser wait for its owner",
        "RFC 8628. It shows `user_code` and asks for tokens every `interval` seconds; the errors"
        " `authorization_pending` and `slow_down` say to go on, `access_denied` and"
        " `expired_token` that it is over. The command line of this server, `vitae-cli`, gets a"
        " session, whose refresh token is for `POST /v1/auth/refresh`.",
        {"200": _answer("What to show, and to wait by.", _WAITING)},
        _body("oauth_device_authorization", _FORM, _FORMS["oauth_device_authorization"]),
    ),
    metadata.REVOKE: _posted(
        "oauth_revoke",
        "End a connection by one of its tokens",
        "RFC 7009; a token that is unknown is no error.",
        {"200": {"description": "It is ended."}},
        _body("oauth_revoke", _FORM, _FORMS["oauth_revoke"]),
    ),
}
