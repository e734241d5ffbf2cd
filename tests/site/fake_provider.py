"""An OpenID provider on a real socket: a fake that speaks the protocol, with one person."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "vitae", "a secret: of two"  # its colon must come through
KEY = rsa.generate_private_key(65537, 2048)


class FakeProvider:
    """`claims` are what it says of its person; `id_claims` override what its ID tokens hold."""

    def __init__(self) -> None:
        self.url = ""
        self.claims: dict[str, Any] = {}
        self.id_claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.issuer_said = ""
        self.is_down = False
        self._codes: dict[str, dict[str, str]] = {}
        self.reset()

    def reset(self) -> None:
        self.claims = {
            "sub": "person-1",
            "email": "ann@example.com",
            "email_verified": True,
            "name": "Ann Lee",
            "preferred_username": "ann",
        }
        self.id_claims, self.userinfo = {}, {}
        self.issuer_said, self.is_down = self.url, False

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/userinfo", self._userinfo),
                Route("/keys", self._keys),
            ]
        )

    async def _discovery(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer_said,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
            }
        )

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.url}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}")

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        shown = request.headers.get("authorization", "").removeprefix("Basic ")
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            self.is_down
            or asked is None
            or base64.b64decode(shown) != b"vitae:a%20secret%3A%20of%20two"
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 500 if self.is_down else 400)
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": asked["nonce"],
            **self.claims,
            **self.id_claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(kept, KEY, "RS256", headers={"kid": "one"})
        return JSONResponse({"id_token": token, "access_token": "of-ann", "token_type": "Bearer"})

    async def _userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer of-ann"
        return JSONResponse(self.userinfo)

    async def _keys(self, request: Request) -> Response:
        key = {**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "one", "use": "sig"}
        return JSONResponse({"keys": [key]})
