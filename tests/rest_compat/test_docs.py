"""/openapi.json and the reference page at /docs."""

from __future__ import annotations

import copy
import json
import re
import shlex
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from app.settings import Settings
from rest_compat.docs import render
from rest_compat.openapi import openapi


class Page(HTMLParser):
    """What a page holds: ids, links, names of elements, and what is loaded from where."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: set[str] = set()
        self.loaded: list[str] = []
        self.inline_styles = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.add(tag)
        self.inline_styles += "style" in found
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        elif "href" in found or "src" in found:
            self.loaded.append(found.get("href") or found["src"])


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi(Settings())


@pytest.fixture(scope="module")
def html(document: dict[str, Any]) -> str:
    return render(document)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, declared)
        for path, item in document["paths"].items()
        for method, declared in item.items()
    ]


def commands(html: str) -> dict[str, list[str]]:
    """The words of each curl command, by the operation that it stands beside."""
    found = {}
    for article in html.split('<article class="operation" id="')[1:]:
        command = re.search(r"<code>(curl .*?)</code>", article, re.DOTALL)
        assert command is not None
        found[article.partition('"')[0]] = shlex.split(unescape(command[1]))
    return found


def test_every_operation_of_the_document_has_its_place(
    page: Page, document: dict[str, Any]
) -> None:
    declared = {operation["operationId"] for _, _, operation in operations(document)}
    assert declared <= set(page.ids)


def test_every_link_within_the_page_leads_somewhere_once(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    inner = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)


def test_the_page_has_no_script_and_loads_from_our_origin_only(page: Page) -> None:
    assert "script" not in page.elements
    assert "style" not in page.elements
    assert page.inline_styles == 0
    assert page.loaded
    assert all(address.startswith("/static/") for address in page.loaded)


def test_text_of_the_document_is_text_on_the_page(document: dict[str, Any]) -> None:
    hostile = "</code><script>alert(1)</script>`<b>` & <img src=x onerror=alert(1)>"
    changed = copy.deepcopy(document)
    for _, _, operation in operations(changed):
        operation["summary"] = operation["description"] = hostile
    changed["info"]["description"] = f"{hostile}\n\n## Credentials\n\n{hostile}"
    for schema in changed["components"]["schemas"].values():
        schema["description"] = hostile
    found = Page(render(changed))
    assert not found.elements & {"script", "b", "img"}


def test_a_curl_command_names_method_address_and_example(
    html: str, document: dict[str, Any]
) -> None:
    by_id = commands(html)
    for method, path, operation in operations(document):
        words = by_id[operation["operationId"]]
        posts = "-d" in words or "-F" in words
        assert ("-X" in words) == (method != "GET" and not (method == "POST" and posts))
        if "-X" in words:
            assert words[words.index("-X") + 1] == method
        start = path.partition("{")[0]
        assert any(word.startswith(f"http://127.0.0.1:8000{start}") for word in words)
        if "-d" in words and not (body := words[words.index("-d") + 1]).startswith("@"):
            media = operation["requestBody"]["content"]["application/json"]
            assert json.loads(body) == media["examples"]["example"]["value"]


def test_an_operation_says_whether_it_needs_credentials(html: str) -> None:
    def words(operation: str) -> str:
        article = html.partition(f'<article class="operation" id="{operation}"')[2]
        paragraph = article.partition('<p class="needs">')[2].partition("</p>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", paragraph).split())

    assert words("login") == "No credentials"
    assert words("create_token") == "Session"
    assert words("resume_jobs") == "Session Personal token resume:generate"
    assert words("auth_me") == "Session API key Personal token or none"


def test_the_long_example_stands_beside_its_command(html: str, document: dict[str, Any]) -> None:
    media = document["paths"]["/v1/resume/jobs"]["post"]["requestBody"]["content"]
    example = media["application/json"]["examples"]["example"]["value"]
    shown = re.search(r'<pre class="long".*?<code>(.*?)</code>', html, re.DOTALL)
    assert shown is not None
    assert json.loads(unescape(shown[1])) == example


def test_the_page_stays_small(html: str) -> None:
    assert len(html.encode()) < 150_000


async def test_the_front_leads_to_the_reference(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


async def test_the_page_allows_itself_nothing_but_its_style_and_picture(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/docs")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[:3] == ["default-src 'none'", "style-src 'self'", "img-src 'self'"]


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_an_unchanged_document_is_not_sent_again(
    client: httpx.AsyncClient, path: str
) -> None:
    first = await client.get(path)
    again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get(path, headers={"if-none-match": '"another"'})
    assert other.status_code == 200


async def test_a_static_file_may_be_kept_for_good(client: httpx.AsyncClient) -> None:
    page = Page((await client.get("/docs")).text)
    for address in page.loaded:
        answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.(css|svg)$", address)


@pytest.mark.parametrize("name", ["reference.css", "..%2Fassets.py", "%2e%2e%2fassets.py"])
async def test_nothing_else_is_served_as_a_static_file(
    client: httpx.AsyncClient, name: str
) -> None:
    answer = await client.get(f"/static/{name}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
