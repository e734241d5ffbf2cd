"""A site at which clients describe themselves, by https, with a certificate of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.oauth.documents import ClientDocuments

HOST = "app.client.test"


@dataclass
class Site:
    """An ASGI application that answers every path as it is told to, and counts."""

    folder: Path
    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hosts: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/client.json"

    def describes(self, **changes: Any) -> None:
        """Answer with the document of a client; None leaves a field out."""
        said = {
            "client_id": self.url,
            "client_name": "Described Client",
            "redirect_uris": ["http://127.0.0.1/callback", "http://localhost/callback"],
            "token_endpoint_auth_method": "none",
            **changes,
        }
        self.status, self.headers = 200, {"content-type": "application/json"}
        self.body = json.dumps({k: v for k, v in said.items() if v is not None}).encode()

    def documents(self, *addresses: str, **changes: Any) -> ClientDocuments:
        """What fetches from this site, as though its name led to `addresses`."""
        found = list(addresses) or ["127.0.0.1"]

        async def resolve(host: str, port: int) -> list[str]:
            assert (host, port) == (HOST, self.port)
            return found

        tls = ssl.create_default_context(cafile=self.folder / "cert.pem")
        trusted = {"is_allowed": lambda address: address == "127.0.0.1", "tls": tls}
        return ClientDocuments(resolve=resolve, **{**trusted, **changes})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        self.hosts.append(headers[b"host"].decode())
        pairs = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": pairs})
        await send({"type": "http.response.body", "body": self.body})


@contextlib.asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Site]:
    """The site, for as long as the block lasts."""
    _certify(folder)
    found = Site(folder)
    certificate: dict[str, Any] = {
        "ssl_certfile": folder / "cert.pem",
        "ssl_keyfile": str(folder / "key.pem"),
    }
    async with listening(found, lifespan="off", **certificate) as port:
        found.port = port
        found.describes()
        yield found


@contextlib.asynccontextmanager
async def listening(
    application: Any, *, listener: socket.socket | None = None, **options: Any
) -> AsyncIterator[int]:
    """Serve an ASGI application for as long as the block lasts; its port."""
    with listener or socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(application, log_config=None, **options))
        serve = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if serve.done():
                serve.result()
            await asyncio.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await serve


def _certify(folder: Path) -> None:
    """A key and a certificate for HOST, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
