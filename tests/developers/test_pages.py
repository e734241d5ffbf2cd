"""The developer pages: what is on each, where its links lead, and how it is served."""

from __future__ import annotations

import copy
import itertools
import json
import re
import shlex
from html import unescape
from typing import Any

import httpx
import pytest

from app.settings import Settings
from app.web.languages import LANGUAGES
from rest_compat.developers.reference import slug
from rest_compat.developers.site import Site
from rest_compat.openapi import openapi
from rest_compat.site.pages import NAVIGATION
from rest_compat.site.routes import AREAS
from tests.developers.page import Page

FIRST = "/en/developers"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi(Settings())


@pytest.fixture(scope="module")
def site(document: dict[str, Any]) -> Site:
    return Site(document)


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, Page]:
    """Every page in English, by its address."""
    return {FIRST + path: Page(site.html("en", path)) for path in site.paths}


@pytest.fixture(scope="module")
def translated(site: Site) -> dict[str, Page]:
    """In the other languages, every page but those that differ only in what is in English."""
    told = [path for path in site.paths if not path.startswith(("/types/", "/operations/"))]
    told += ["/types/Skill", "/operations/create_skill", "/operations/delete_account"]
    return {
        f"/{language}/developers{path}": Page(site.html(language, path))
        for language in LANGUAGES
        if language != "en"
        for path in told
    }


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, declared)
        for path, item in document["paths"].items()
        for method, declared in item.items()
    ]


def places(pages: dict[str, Page]) -> set[str]:
    """Every address that a link may lead to: pages, and ids on them."""
    return {f"{path}#{one}" for path, page in pages.items() for one in page.ids} | pages.keys()


def absolute(path: str, link: str) -> str:
    return path + link if link.startswith("#") else link


def test_every_operation_has_a_page_and_is_in_the_overview_and_in_its_tag(
    pages: dict[str, Page], document: dict[str, Any]
) -> None:
    for _, _, operation in operations(document):
        name, (tag,) = operation["operationId"], operation["tags"]
        page = f"{FIRST}/operations/{name}"
        assert name in pages[page].ids
        for listed in (FIRST, f"{FIRST}/reference/{slug(tag)}"):
            assert page in pages[listed].links
            assert name in pages[listed].ids  # where links from before each had a page lead


def test_every_tag_has_a_page_with_operations(
    pages: dict[str, Page], document: dict[str, Any]
) -> None:
    tags = [tag["name"] for tag in document["tags"]]
    listed = [path for path in pages if path.startswith(f"{FIRST}/reference/")]
    assert listed == [f"{FIRST}/reference/{slug(tag)}" for tag in tags]
    used = {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    assert set(tags) == used


def test_every_link_leads_somewhere_and_no_id_is_given_twice(
    pages: dict[str, Page], translated: dict[str, Page], site: Site
) -> None:
    known = places(pages) | places(translated) | {"/openapi.json"}
    known |= {home for _, home in NAVIGATION}
    known |= {f"/{one}/developers{path}" for one in LANGUAGES for path in site.paths}
    for path, page in {**pages, **translated}.items():
        assert len(page.ids) == len(set(page.ids)), path
        inside = [link for link in page.links if not link.startswith("https://")]
        assert {absolute(path, link) for link in inside} <= known, path


def test_every_type_is_on_a_page_of_its_own(
    pages: dict[str, Page], document: dict[str, Any]
) -> None:
    for name in document["components"]["schemas"]:
        assert f"{FIRST}/types/{name}" in pages
        assert f"type-{name}" in pages[f"{FIRST}/types"].ids


def test_a_type_stands_below_the_operation_that_answers_it(pages: dict[str, Page]) -> None:
    page = pages[f"{FIRST}/operations/skills"]
    assert "type-Skill" in page.ids
    assert "#type-Skill" in page.links


def test_what_is_done_with_one_of_a_collection_follows_the_collection(
    pages: dict[str, Page],
) -> None:
    ids = pages[f"{FIRST}/reference/keys-and-tokens"].ids
    keys = ["api_keys", "create_api_key", "revoke_api_key", "tokens", "create_token"]
    assert ids[ids.index("api_keys") :][: len(keys)] == keys


def test_a_page_has_one_first_heading_and_skips_no_level(
    pages: dict[str, Page], translated: dict[str, Page]
) -> None:
    for path, page in {**pages, **translated}.items():
        assert (page.levels[0], page.levels.count(1)) == (1, 1), path
        assert all(then <= now + 1 for now, then in itertools.pairwise(page.levels)), path


def test_a_page_is_small_and_loads_from_our_origin_only(
    pages: dict[str, Page], translated: dict[str, Page]
) -> None:
    for path, page in {**pages, **translated}.items():
        assert len(page.html.encode()) <= 60_000, path
        assert page.inline == 0, path
        assert "style" not in page.elements
        assert page.loaded
        assert all(address.startswith("/static/") for address in page.loaded), path


def test_every_field_of_a_form_has_a_label(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert page.fields == page.labelled, path


def test_a_console_begins_with_one_kind_of_credential(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert page.html.count(" selected>") == page.html.count("</select>"), path


def test_a_page_names_its_language_and_itself_in_the_others(
    pages: dict[str, Page], translated: dict[str, Page], document: dict[str, Any]
) -> None:
    server = document["servers"][0]["url"]
    for address, page in {**pages, **translated}.items():
        language, path = address[1:3], address[len(FIRST) :]
        assert page.language == language
        assert f'rel="canonical" href="{server}{address}"' in page.html
        versions = {one: f"{server}/{one}/developers{path}" for one in LANGUAGES}
        assert page.alternates == {**versions, "x-default": f"{server}/developers{path}"}
        assert {f"/{one}/developers{path}" for one in LANGUAGES} <= set(page.links)


def test_text_of_the_document_is_text_on_the_page(document: dict[str, Any]) -> None:
    hostile = "</code><script>alert(1)</script>`<b>` & <img src=x onerror=alert(1)>"
    changed = copy.deepcopy(document)
    for _, _, operation in operations(changed):
        operation["summary"] = operation["description"] = hostile
    for schema in changed["components"]["schemas"].values():
        schema["description"] = hostile
    for tag in changed["tags"]:
        tag["description"] = hostile
    site = Site(changed)
    for path in ("", "/reference/skills", "/operations/create_skill", "/types/Skill", "/types"):
        page = Page(site.html("de", path))
        assert page.inline == 0
        assert "img" not in page.elements


def test_a_curl_command_names_method_address_and_example(
    site: Site, document: dict[str, Any]
) -> None:
    for method, path, declared in operations(document):
        operation = site.reference.operation(declared["operationId"])
        words = shlex.split(operation.samples["curl"])
        posts = bool({"-d", "-F"} & set(words)) or bool(operation.request.form)
        assert ("-X" in words) == (method != "GET" and not (method == "POST" and posts))
        if "-X" in words:
            assert words[words.index("-X") + 1] == method
        start = path.partition("{")[0].removesuffix("-")
        assert any(word.startswith(f"http://127.0.0.1:8000{start}") for word in words)
        if "-d" in words and not (body := words[words.index("-d") + 1]).startswith("@"):
            media = declared["requestBody"]["content"]["application/json"]
            assert json.loads(body) == next(iter(media["examples"].values()))["value"]


def test_an_operation_says_what_it_needs(pages: dict[str, Page]) -> None:
    def words(operation: str) -> str:
        html = pages[f"{FIRST}/operations/{operation}"].html
        told = html.partition('<dl class="needs">')[2].partition("</dl>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", told).split())

    assert words("login") == "Credentials No credential Plan every plan"
    assert words("create_token") == "Credentials Session Plan every plan"
    assert words("resume_jobs") == (
        "Credentials Session Personal token Scope of a personal token resume:generate"
        " Plan every plan"
    )
    assert words("auth_me") == "Credentials Session API key Personal token or none Plan every plan"
    assert words("transcripts") == "Credentials Session API key Plan pro"


def test_the_long_example_stands_beside_its_command(
    pages: dict[str, Page], document: dict[str, Any]
) -> None:
    media = document["paths"]["/v1/resume/jobs"]["post"]["requestBody"]["content"]
    example = media["application/json"]["examples"]["example"]["value"]
    html = pages[f"{FIRST}/operations/create_resume_job"].html
    file = html.partition('<p class="file">create_resume_job.json</p>')[2]
    shown = re.search(r'<pre class="long".*?<code>(.*?)</code>', file, re.DOTALL)
    assert shown is not None
    assert json.loads(unescape(shown[1])) == example


def test_the_changelog_is_the_one_of_the_project(pages: dict[str, Page]) -> None:
    html = pages[f"{FIRST}/changelog"].html
    assert "<h2>Unreleased</h2>" in html
    assert "<code>/developers</code>" in html


def test_the_areas_of_the_site_are_in_the_navigation(pages: dict[str, Page]) -> None:
    homes = {area.home for area in AREAS if area.name}
    assert homes
    assert homes <= set(pages[FIRST].links)


@pytest.mark.parametrize(
    ("former", "present"),
    [("/docs", "/developers"), ("/docs/skills", "/developers/reference/skills")],
)
async def test_a_former_address_leads_to_the_present_one(
    client: httpx.AsyncClient, former: str, present: str
) -> None:
    answer = await client.get(former)
    assert (answer.status_code, answer.headers["location"]) == (308, present)


@pytest.mark.parametrize("path", ["/developers", "/fr/developers/operations/create_skill"])
async def test_a_page_runs_our_scripts_and_talks_to_our_server_only(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    for one in ("script-src", "style-src", "connect-src", "img-src", "form-action"):
        assert policy[one] == "'self'"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-CH,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.3, fr;q=0.7", "fr"),
        ("it, rm;q=0.9", "en"),
        ("FR", "fr"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("de;q=nonsense, fr;q=0.1", "fr"),
        ("*", "en"),
    ],
)
async def test_a_reader_gets_the_language_they_like_best(
    client: httpx.AsyncClient, header: str, language: str
) -> None:
    answer = await client.get("/developers/errors", headers={"accept-language": header})
    named = await client.get(f"/{language}/developers/errors")
    assert answer.headers["content-language"] == language
    assert answer.content == named.content
    assert answer.headers["vary"] == "accept-encoding, accept-language"


async def test_a_named_language_is_not_overruled(client: httpx.AsyncClient) -> None:
    answer = await client.get("/de/developers", headers={"accept-language": "fr"})
    assert answer.headers["content-language"] == "de"
    assert "accept-language" not in answer.headers["vary"]


@pytest.mark.parametrize(
    "path",
    [
        "/developers/nothing",
        "/developers/",
        "/developersx",
        "/it/developers",
        "/de/developers/types/Nothing",
        "/developers/operations/%2e%2e",
        "/docs/nothing",
        "/docs/",
    ],
)
async def test_there_is_no_page_of_what_is_not(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize(
    "path", ["/developers", "/de/developers/operations/create_skill", "/openapi.json"]
)
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


@pytest.mark.parametrize("path", ["/developers", "/developers/changelog", "/openapi.json"])
async def test_what_is_compressed_is_smaller_and_the_same(
    client: httpx.AsyncClient, path: str
) -> None:
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    packed = await client.get(path, headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"]
    assert plain.headers["etag"] != packed.headers["etag"]
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2


async def test_a_static_file_may_be_kept_for_good(client: httpx.AsyncClient) -> None:
    page = Page((await client.get("/developers/operations/create_skill")).text)
    assert len(page.loaded) == 6
    for address in page.loaded:
        answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.(css|svg|js|woff2)$", address)


@pytest.mark.parametrize(
    "name", ["developers.css", "..%2Fassets.py", "%2e%2e%2fassets.py", "developers/page.js"]
)
async def test_nothing_else_is_served_as_a_static_file(
    client: httpx.AsyncClient, name: str
) -> None:
    answer = await client.get(f"/static/{name}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("path", ["/developers/nothing", "/it/developers"])
async def test_who_looks_for_what_is_not_is_shown_a_page(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
