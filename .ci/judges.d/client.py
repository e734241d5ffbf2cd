"""What the judges need of the server: `client.py ready|get|pages|developers|session|keys URL`.

`ready` is for the address of a probe, the others but `get` for that of the server.

`pages` lists a page and those below it that can be reached by links, one address a line.
`developers` lists the developer pages: all that are unlike each other, in every language.

`session` and `keys` register an account and print its credentials as Schemathesis takes them.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urljoin

_LINK = re.compile(r'<a [^>]*href="([^"]+)"')
SCOPES = ["chat:run", "resume:generate", "tools:invoke", "mcp:connect"]
PASSWORD = "judged by others, again and again"  # noqa: S105


def main(command: str, url: str) -> int:
    match command:
        case "ready":
            return ready(url)
        case "get":
            sys.stdout.buffer.write(urllib.request.urlopen(url).read())  # noqa: S310
        case "pages":
            print(*pages(url), sep="\n")
        case "developers":
            print(*developers(url), sep="\n")
        case "session":
            print(f'\n[auth.openapi.session]\nbearer = "{sign_in(url)}"')
        case "keys":
            session = sign_in(url)
            key = post(f"{url}/v1/auth/api-keys", {"name": "Judge"}, session)["key"]
            token = post(f"{url}/v1/auth/tokens", {"name": "Judge", "scopes": SCOPES}, session)
            print(f'\n[auth.openapi.apiKey]\napi_key = "{key}"')
            print(f'\n[auth.openapi.personalToken]\nbearer = "{token["token"]}"')
    return 0


def ready(url: str) -> int:
    try:
        urllib.request.urlopen(url, timeout=5).read()  # noqa: S310
    except OSError:
        return 1
    return 0


def pages(start: str) -> list[str]:
    """`start`, and every address below it that links lead to from there on."""
    found = [start]
    for page in found:  # grows while it is walked
        html = urllib.request.urlopen(page).read().decode()  # noqa: S310
        links = (urljoin(page, link.partition("#")[0]) for link in _LINK.findall(html))
        found += [
            link for link in dict.fromkeys(links) if link.startswith(start) and link not in found
        ]
    return found


def developers(url: str) -> list[str]:
    """Of the pages that one template makes of each operation, type and tag, only some; and of those
    in German and French, which have the templates of the English ones, a part of the others."""
    found: list[str] = []
    for language in ("en", "de", "fr"):
        listed = pages(f"{url}/{language}/developers")
        alike = [page for page in listed if page.count("/") > 5 and "/guides/" not in page]
        own = [page for page in listed if page not in alike]
        found += own + alike[::12] if language == "en" else own[::3] + alike[::80]
    return found


def sign_in(url: str) -> str:
    """The access token of a new account."""
    name = f"judge-{secrets.token_hex(6)}"
    account = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    post(f"{url}/v1/auth/register", {**account, "full_name": "A Judge"})
    tokens = post(f"{url}/v1/auth/login", {"username": name, "password": PASSWORD})
    return str(tokens["access_token"])


def post(url: str, body: dict[str, Any], session: str | None = None) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    if session:
        headers["authorization"] = f"Bearer {session}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310
    answer: dict[str, Any] = json.load(urllib.request.urlopen(request))  # noqa: S310
    return answer


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
