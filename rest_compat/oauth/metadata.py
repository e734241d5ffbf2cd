"""What clients find out first: whom this API trusts (RFC 9728), and how to ask there (RFC 8414)."""

from __future__ import annotations

from typing import Any

from app.oauth import scopes
from app.settings import Settings

MCP = "/v1/mcp"
PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource"
AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server"

AUTHORIZE = "/oauth/authorize"
TOKEN = "/oauth/token"  # noqa: S105
REGISTER = "/oauth/register"
REVOKE = "/oauth/revoke"
DEVICE_AUTHORIZATION = "/oauth/device_authorization"
DEVICE, SHORT_DEVICE = "/oauth/device", "/device"  # its cookie is for what is below /oauth

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

# A client asks for what the 401 names and for no more, and tools that it has no scope for are not
# even listed to it: after mcp:connect alone, who connects by a click would find two tools.
CHALLENGE_SCOPE = " ".join(scopes.written(scopes.DEFAULT))


def resource(settings: Settings) -> str:
    """What tokens are for: the address of MCP, as clients must name it (RFC 8707)."""
    return settings.public_url + MCP


def resource_metadata_url(settings: Settings) -> str:
    """Where `protected_resource` is found, for `WWW-Authenticate`."""
    return settings.public_url + PROTECTED_RESOURCE + MCP


def protected_resource(settings: Settings) -> dict[str, Any]:
    return {
        "resource": resource(settings),
        "authorization_servers": [settings.public_url],
        "scopes_supported": scopes.written(scopes.DEFAULT),
        "bearer_methods_supported": ["header"],
        "resource_name": "Vitae",
        "resource_documentation": settings.public_url + "/developers",
    }


def authorization_server(settings: Settings) -> dict[str, Any]:
    url = settings.public_url
    return {
        "issuer": url,
        "authorization_endpoint": url + AUTHORIZE,
        "token_endpoint": url + TOKEN,
        "registration_endpoint": url + REGISTER,
        "revocation_endpoint": url + REVOKE,
        "scopes_supported": scopes.written(scopes.ALL),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "device_authorization_endpoint": url + DEVICE_AUTHORIZATION,
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "client_id_metadata_document_supported": True,
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": url + "/developers",
    }
