"""GET /u/{username}: who is shown to whom, and what an answer says beside the page."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.services import Services
from tests.people import table
from tests.public.outline import Outline
from tests.subscribers import make_free, make_pro
from tests.waiting import until

PAGE = "/u/ann"
PROFILE = "/v1/me/profile"
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


async def show(session: httpx.AsyncClient, **changes: Any) -> None:
    answer = await session.patch(PROFILE, json=changes)
    assert answer.status_code == 200, answer.text


async def page(client: httpx.AsyncClient, path: str = PAGE, **headers: str) -> httpx.Response:
    """The answer to somebody without credentials."""
    async with httpx.AsyncClient(base_url=client.base_url, timeout=60) as stranger:
        return await stranger.get(path, headers=headers)


async def has_counted(services: Services, wanted: dict[tuple[str, str], int]) -> bool:
    rows = await table(services, "SELECT metric, name, count FROM audience_counts")
    found = {(row["metric"], row["name"]): row["count"] for row in rows}
    return all(found.get(key, 0) == count for key, count in wanted.items())


async def test_a_new_account_has_a_page_that_robots_leave_alone(
    session: httpx.AsyncClient,
) -> None:
    answer = await page(session)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "Ann Lee" in Outline(answer.text).text


async def test_a_public_page_is_for_robots_too(session: httpx.AsyncClient) -> None:
    await show(session, visibility="public")
    assert "x-robots-tag" not in (await page(session)).headers


async def test_a_private_profile_and_nobody_look_the_same(session: httpx.AsyncClient) -> None:
    await show(session, visibility="private")
    private, nobody = await page(session), await page(session, "/u/nobody-at-all")
    assert private.status_code == nobody.status_code == 404
    assert private.text == nobody.text
    told = [{**a.headers, "date": "", "x-request-id": ""} for a in (private, nobody)]
    assert told[0] == told[1]
    assert private.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["%00", "a%0Ab", "%F0%9F%92%A9", "x" * 5000, "%ff"],
    ids=["nul", "break", "emoji", "long", "not-utf8"],
)  # fmt: skip
async def test_a_name_that_nobody_can_have_is_not_found(
    client: httpx.AsyncClient, name: str
) -> None:
    assert (await page(client, f"/u/{name}")).status_code == 404


async def test_a_page_is_sent_again_only_when_it_has_changed(session: httpx.AsyncClient) -> None:
    first = await page(session)
    known = {"if-none-match": first.headers["etag"]}
    again = await page(session, **known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    for change in ({"bio": "New."}, {"answers_questions": False}, {"open_to_work": True}):
        await show(session, **change)
        changed = await page(session, **known)
        assert changed.status_code == 200
        known = {"if-none-match": changed.headers["etag"]}
    assert "New." in changed.text


async def test_what_was_hidden_since_is_gone_at_once(session: httpx.AsyncClient) -> None:
    await show(session, phone="+41 79 123 45 67", phone_public=True)
    assert "123 45 67" in (await page(session)).text
    await show(session, phone_public=False)
    assert "123 45 67" not in (await page(session)).text


async def test_a_page_comes_compressed_to_who_takes_that(session: httpx.AsyncClient) -> None:
    plain = await page(session, **{"accept-encoding": "identity"})
    packed = await page(session, **{"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert packed.headers["etag"] != plain.headers["etag"]


async def test_the_theme_goes_with_the_plan(session: httpx.AsyncClient, services: Services) -> None:
    await make_pro(services)
    changed = await session.patch("/v1/me/theme", json={"theme_id": "poster"})
    assert changed.status_code == 200, changed.text
    assert Outline((await page(session)).text).all("html")[0]["class"] == "theme-poster"
    await make_free(services)
    assert Outline((await page(session)).text).all("html")[0]["class"] == "theme-classic"


async def test_a_former_name_leads_to_the_present_one(session: httpx.AsyncClient) -> None:
    await show(session, username="anna")
    for rest in ("", ".json", ".md", ".vcf", ".pdf", "/avatar"):
        answer = await page(session, f"/u/ann{rest}?a=b%20c")
        assert answer.status_code == 308
        assert answer.headers["location"] == f"/u/anna{rest}?a=b%20c"
        assert answer.headers["cache-control"] == "no-cache"
    await show(session, visibility="private")
    assert (await page(session)).status_code == 404


async def test_a_name_of_other_letters_leads_to_the_name(session: httpx.AsyncClient) -> None:
    answer = await page(session, "/u/ANN")
    assert (answer.status_code, answer.headers["location"]) == (308, "/u/ann")


async def test_the_policy_lets_only_our_own_in(session: httpx.AsyncClient) -> None:
    headers = (await page(session)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in headers


async def test_the_page_says_what_other_forms_there_are(session: httpx.AsyncClient) -> None:
    await show(session, bio="About.")
    answer = await page(session)
    links = answer.headers["link"]
    assert "/u/ann.pdf" in [a["href"] for a in Outline(answer.text).all("a")]
    for suffix in ("pdf", "vcf", "md", "json"):
        assert f'</u/ann.{suffix}>; rel="alternate"' in links
    hrefs = [a["href"] for a in Outline(answer.text).all("a")]
    for suffix in ("vcf", "md", "json"):
        assert f"/u/ann.{suffix}" in hrefs
        assert (await page(session, f"/u/ann.{suffix}")).status_code == 200


async def test_every_file_of_the_page_is_there(session: httpx.AsyncClient) -> None:
    html = Outline((await page(session)).text)
    files = [a["href"] for a in html.all("link") if a["rel"] in ("stylesheet", "icon")]
    files += [a["src"] for a in html.all("script") if "src" in a]
    assert len(files) == 4
    for file in files:
        answer = await page(session, file)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


async def test_who_looks_is_counted_again_or_not_changed_but_not_the_owner(
    session: httpx.AsyncClient, services: Services
) -> None:
    first = await page(session, **BROWSER)
    known = {"if-none-match": first.headers["etag"]}
    assert (await page(session, **BROWSER, **known)).status_code == 304
    assert (await session.get(PAGE, headers=BROWSER)).status_code == 200
    await page(session, f"{PAGE}.vcf", **BROWSER)
    counted = {("view", ""): 2, ("download", "vcf"): 1}
    await until(lambda: has_counted(services, counted))


async def test_only_reading_is_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.delete(PAGE)
    assert answer.status_code == 405
