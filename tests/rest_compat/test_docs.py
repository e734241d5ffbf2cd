"""/openapi.json and the reference pages at and below /docs."""

from __future__ import annotations

import copy
import itertools
import json
import re
import shlex
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from app.settings import Settings
from rest_compat.openapi import openapi
from rest_compat.pages import render
from rest_compat.reference import slug


class Page(HTMLParser):
    """What a page holds: ids, links, names of elements, and what is loaded from where."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.current: list[str] = []
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
            if "aria-current" in found:
                self.current.append(found["href"])
        elif "href" in found or "src" in found:
            self.loaded.append(found.get("href") or found["src"])


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi(Settings())


@pytest.fixture(scope="module")
def htmls(document: dict[str, Any]) -> dict[str, str]:
    return render(document)


@pytest.fixture(scope="module")
def pages(htmls: dict[str, str]) -> dict[str, Page]:
    return {path: Page(html) for path, html in htmls.items()}


@pytest.fixture(scope="module")
def html(htmls: dict[str, str]) -> str:
    return "".join(htmls.values())


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


def places(pages: dict[str, Page]) -> set[str]:
    """Every address that a link may lead to: pages, and ids on them."""
    return {f"{path}#{one}" for path, page in pages.items() for one in page.ids} | pages.keys()


def absolute(path: str, link: str) -> str:
    return path + link if link.startswith("#") else link


def test_every_operation_is_on_the_page_of_its_tag_and_in_the_overview(
    pages: dict[str, Page], document: dict[str, Any]
) -> None:
    for _, _, operation in operations(document):
        name, (tag,) = operation["operationId"], operation["tags"]
        home = f"/docs/{slug(tag)}"
        assert [path for path, page in pages.items() if name in page.ids] == ["/docs", home]
        assert f"{home}#{name}" in pages["/docs"].links


def test_every_tag_has_a_page_with_operations(
    pages: dict[str, Page], document: dict[str, Any]
) -> None:
    assert list(pages) == ["/docs", *(f"/docs/{slug(tag['name'])}" for tag in document["tags"])]
    used = {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    assert {tag["name"] for tag in document["tags"]} == used


def test_every_link_leads_somewhere_and_no_id_is_given_twice(pages: dict[str, Page]) -> None:
    known = places(pages) | {"/openapi.json"}
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), path
        assert {absolute(path, link) for link in page.links} <= known, path


def test_links_made_when_all_was_one_page_still_lead_to_what_they_named(
    pages: dict[str, Page], document: dict[str, Any]
) -> None:
    overview = pages["/docs"]
    shown = [one for page in pages.values() for one in page.ids if one.startswith("type-")]
    types = {one for one in shown if not one.endswith("-title")}
    assert "type-ResumeJob" in types
    old = {"introduction", "credentials", "errors", "error-404", "header-IfMatch", "types"}
    old |= {"credential-apiKey", "shared-headers", "error-codes", "resume-jobs", "usage", *types}
    old |= {operation["operationId"] for _, _, operation in operations(document)}
    assert old <= set(overview.ids)
    ends = {link.partition("#")[2] for link in overview.links}
    assert types <= ends


def test_a_type_is_read_where_least_stands_between(pages: dict[str, Page]) -> None:
    assert "/docs/skills#type-Skill" in pages["/docs"].links
    assert "/docs/resume-jobs#type-CVData" in pages["/docs"].links
    assert "type-Skill" in pages["/docs/profile"].ids


def test_what_is_done_with_one_of_a_collection_follows_the_collection(html: str) -> None:
    order = list(commands(html))
    keys = ["api_keys", "create_api_key", "revoke_api_key", "tokens", "create_token"]
    assert order[order.index("api_keys") :][: len(keys)] == keys


def test_each_page_says_where_it_is_and_leads_to_its_neighbours(
    htmls: dict[str, str], pages: dict[str, Page]
) -> None:
    paths = list(pages)
    assert "before" not in ends_of(htmls[paths[0]])
    assert "after" not in ends_of(htmls[paths[-1]])
    for here, following in itertools.pairwise(paths):
        assert pages[here].current == [here]
        assert ends_of(htmls[here])["after"] == following
        assert ends_of(htmls[following])["before"] == here
        assert set(paths) <= set(pages[here].links)


def ends_of(html: str) -> dict[str, str]:
    """Where the links at the end of a page lead: `before`, `after`."""
    return dict(re.findall(r'<a class="(before|after)" href="([^"]+)">', html))


def test_a_page_has_one_first_heading_and_skips_no_level(htmls: dict[str, str]) -> None:
    for path, html in htmls.items():
        levels = [int(level) for level in re.findall(r"<h(\d)", html)]
        assert (levels[0], levels.count(1)) == (1, 1), path
        assert all(then <= now + 1 for now, then in itertools.pairwise(levels)), path


def test_the_pages_have_no_script_and_load_from_our_origin_only(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert not page.elements & {"script", "style"}
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
    for tag in changed["tags"]:
        tag["description"] = hostile
    for html in render(changed).values():
        assert not Page(html).elements & {"script", "b", "img"}


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


def test_a_long_name_may_be_broken_between_its_words(htmls: dict[str, str]) -> None:
    assert ">Personal<wbr>Token</a>" in htmls["/docs/keys-and-tokens"]
    assert "<code>/v1<wbr>/me<wbr>/skills<wbr>/{skill_id}</code>" in htmls["/docs/skills"]


def test_each_page_stays_small(htmls: dict[str, str]) -> None:
    assert all(len(html.encode()) < 150_000 for html in htmls.values())


async def test_the_front_leads_to_the_reference(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


@pytest.mark.parametrize("path", ["/docs", "/docs/skills"])
async def test_a_page_allows_itself_nothing_but_its_style_and_picture(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[:3] == ["default-src 'none'", "style-src 'self'", "img-src 'self'"]


@pytest.mark.parametrize("path", ["/docs/nothing", "/docs/", "/docs/skills/1", "/docs/%2e%2e"])
async def test_there_is_no_page_of_what_is_no_tag(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("path", ["/docs", "/docs/skills", "/openapi.json"])
async def test_an_unchanged_document_is_not_sent_again(
    client: httpx.AsyncClient, path: str, coding: str
) -> None:
    takes = {"accept-encoding": coding}
    first = await client.get(path, headers=takes)
    known = {**takes, "if-none-match": first.headers["etag"]}
    again = await client.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = await client.get(path, headers={**takes, "if-none-match": '"another"'})
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/docs/imports", "/openapi.json"])
async def test_what_is_compressed_is_smaller_and_the_same(
    client: httpx.AsyncClient, path: str
) -> None:
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    packed = await client.get(path, headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"
    assert plain.headers["etag"] != packed.headers["etag"]
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 4


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
