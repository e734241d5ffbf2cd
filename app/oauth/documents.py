"""Client ID Metadata Documents: a client whose client_id is the address of its description.

Anybody can make this server fetch an address, so what is fetched is bounded in every way: https
only, a name whose addresses are all public, a connection to just those addresses that were
checked, no redirects, JSON of a bounded size in a bounded time, and only so many at once.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from app import accounts
from app.cv import text
from app.oauth import redirects
from app.oauth.addresses import is_public
from app.oauth.errors import UnknownClient

LONGEST_ID = 500
MAX_REDIRECT_URIS = 20
LONGEST_NAME = 80

_SECONDS = 5.0
_LARGEST_BYTES = 32_000
_AT_ONCE = 8
_KEPT = 500
_SHORTEST_LIFE, _USUAL_LIFE, _LONGEST_LIFE = 60.0, 600.0, 24 * 3600.0
_FAILURE_LIFE = 15.0
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})", re.IGNORECASE)
_DOTS = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+", re.IGNORECASE)
# Letters by their category, and blank wherever they are drawn.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_JSON = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;|$)", re.IGNORECASE)

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Document:
    """What a client says of itself at the address that is its id."""

    name: str
    redirect_uris: list[str]


def is_document_id(client_id: str) -> bool:
    """Whether `client_id` is the address of a document, as the draft wants them."""
    if len(client_id) > LONGEST_ID or not re.fullmatch(r"https://[!-~]+", client_id):
        return False
    try:
        parts = urlsplit(client_id)
        _ = parts.port
        fetched = httpx.URL(client_id)
        _ = fetched.host
    except (ValueError, httpx.InvalidURL):
        return False
    # What is shown to the owner must be what is fetched from.
    if fetched.raw_host.decode() != parts.hostname or not _HOST.fullmatch(parts.hostname):
        return False
    if "@" in parts.netloc or "#" in client_id or "\\" in client_id:
        return False
    return parts.path not in ("", "/") and not _DOTS.search(parts.path)


class ClientDocuments:
    """Fetches documents and keeps them for as long as their servers say, within bounds.

    `resolve` gives the addresses of a host, `is_allowed` says which may be connected to, and
    `tls` whose certificates are good.
    """

    def __init__(
        self,
        *,
        resolve: Resolve | None = None,
        is_allowed: Callable[[str], bool] = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._resolve = resolve or self._by_system
        # Threads of their own: name servers that don't answer must not hold up anything else.
        self._lookups = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="names")
        self._is_allowed = is_allowed
        self._tls = tls
        self._kept: OrderedDict[str, tuple[float, Document | UnknownClient]] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Document]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def get(self, client_id: str, before: Callable[[], Awaitable[None]]) -> Document:
        """The document at `client_id`; raises UnknownClient.

        `before` is awaited if it must be fetched, and may refuse that.
        """
        kept = self._kept.get(client_id)
        if kept is not None and kept[0] > time.monotonic():
            if isinstance(kept[1], UnknownClient):
                raise kept[1]
            return kept[1]
        if client_id not in self._under_way:
            await before()
        # Who asks next waits for the same fetch, and who gives up doesn't end it.
        task = self._under_way.get(client_id)
        if task is None:
            task = asyncio.create_task(self._fetched(client_id))
            self._under_way[client_id] = task
            task.add_done_callback(lambda done: self._ended(client_id, done))
        return await asyncio.shield(task)

    def _ended(self, client_id: str, task: asyncio.Task[Document]) -> None:
        del self._under_way[client_id]
        if not task.cancelled():
            task.exception()  # all who waited may have gone: then nobody else looks at it

    async def _fetched(self, client_id: str) -> Document:
        try:
            async with asyncio.timeout(_SECONDS), self._places:
                document, life = await self._fetch(client_id)
        except UnknownClient as refused:
            self._keep(client_id, refused, _FAILURE_LIFE)
            raise
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, ValueError) as error:
            failed = UnknownClient("The description of the application could not be fetched.")
            self._keep(client_id, failed, _FAILURE_LIFE)
            raise failed from error
        self._keep(client_id, document, life)
        return document

    def _keep(self, client_id: str, found: Document | UnknownClient, life: float) -> None:
        self._kept[client_id] = time.monotonic() + life, found
        self._kept.move_to_end(client_id)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    async def _fetch(self, client_id: str) -> tuple[Document, float]:
        url = httpx.URL(client_id)
        address = await self._checked_address(url)
        # The address stands in the URL, so that nobody looks the name up again; the name is what
        # the certificate must be for.
        request = httpx.Request(
            "GET",
            url.copy_with(host=address),
            headers={
                "host": url.netloc.decode(),
                "accept": "application/json",
                "accept-encoding": "identity",
            },
            extensions={"sni_hostname": url.raw_host.decode()},
        )
        verify: ssl.SSLContext | bool = self._tls or True
        async with httpx.AsyncClient(verify=verify, timeout=_SECONDS, trust_env=False) as client:
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                if response.status_code != 200:
                    raise UnknownClient("The description of the application is not there.")
                if not _JSON.match(response.headers.get("content-type", "")):
                    raise UnknownClient("The description of the application is not JSON.")
                body = await _bounded(response)
            finally:
                await response.aclose()
        return read(client_id, body), _life(response.headers.get("cache-control", ""))

    async def _checked_address(self, url: httpx.URL) -> str:
        found = await self._resolve(url.raw_host.decode(), url.port or 443)
        if not found or not all(map(self._is_allowed, found)):
            raise UnknownClient("The description of the application is at no public address.")
        return found[0]

    async def _by_system(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._lookups, socket.getaddrinfo, host, port)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def read(client_id: str, body: bytes) -> Document:
    """The document that `body` is; raises UnknownClient for one that is not of `client_id`."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise UnknownClient("The description of the application is not JSON.") from None
    if not isinstance(found, dict) or found.get("client_id") != client_id:
        raise UnknownClient("The description found is not the one of this application.")
    if "client_secret" in found or found.get("token_endpoint_auth_method", "none") != "none":
        raise UnknownClient("The application wants to prove itself in a way not known here.")
    uris = found.get("redirect_uris")
    if not isinstance(uris, list) or not 0 < len(uris) <= MAX_REDIRECT_URIS:
        raise UnknownClient("The application names no address to return to.")
    usable = [uri for uri in uris if isinstance(uri, str) and redirects.is_acceptable(uri)]
    return Document(shown_name(found.get("client_name")), usable)


def shown_name(raw: Any) -> str:
    """The name of a client as it may be shown; raises UnknownClient for none."""
    if isinstance(raw, str) and not text.refused(raw) and _is_legible(raw):
        try:
            return accounts.line(LONGEST_NAME)(raw)
        except accounts.Refused:
            pass
    raise UnknownClient(f"The application has no name of 1 to {LONGEST_NAME} characters.")


def _is_legible(name: str) -> bool:
    """Whether a person sees a name there, and nothing is hidden in it for a program to read."""
    return not _TAGS.search(name) and any(
        unicodedata.category(character)[0] in "LN" and character not in _BLANK_LETTERS
        for character in name
    )


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    # As sent: what is small may unpack to any size.
    async for part in response.aiter_raw():
        body += part
        if len(body) > _LARGEST_BYTES:
            raise UnknownClient("The description of the application is too large.")
    return bytes(body)


def _life(cache_control: str) -> float:
    """How many seconds a document may be kept."""
    if re.search(r"no-(?:store|cache)", cache_control, re.IGNORECASE):
        return _SHORTEST_LIFE
    found = _MAX_AGE.search(cache_control)
    wanted = float(found[1]) if found else _USUAL_LIFE
    return min(max(wanted, _SHORTEST_LIFE), _LONGEST_LIFE)
