"""What a first visit to a page transfers: its answer, and those of all files that it names."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx

LARGEST_BYTES = 60_000
# What browsers count for the head of an answer.
HEAD_BYTES = 300

_OWN = {"sec-fetch-site": "same-origin", "accept-encoding": "gzip"}
# Files for letters that no page of the tests has are not fetched.
_OF_STYLE = re.compile(r'url\("(/static/(?:[^"-]|-(?!wide\.))+)"\)')


class _Named(HTMLParser):
    """The addresses that a page has a browser fetch by itself.

    Pictures of one's own pages and portraits are none of them: they are what one came for.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and given.get("rel") in ("stylesheet", "preload", "icon"):
            self.addresses.add(given["href"])
        elif tag in ("script", "iframe", "img") and "src" in given:
            is_picture = tag == "img" and not given["src"].startswith("/static/")
            self.addresses |= set() if is_picture else {given["src"]}


async def weights_of(http: httpx.AsyncClient, path: str) -> dict[str, int]:
    """The bytes on their way of a page and of each thing that it, or what it names, names."""
    found: dict[str, int] = {}
    waiting = {path}
    while waiting:
        address = waiting.pop()
        answer = await http.get(address, headers=_OWN)
        assert answer.status_code == 200 or address == path, answer
        found[address] = answer.num_bytes_downloaded + HEAD_BYTES
        media_type = answer.headers["content-type"].partition(";")[0]
        if media_type == "text/html":
            waiting |= _Named(answer.text).addresses
        if media_type in ("text/html", "text/css"):
            waiting |= set(_OF_STYLE.findall(answer.text))
        waiting -= found.keys()
    return found
