"""Pages are sent as few bytes, and their size tells nobody what is on them."""

from __future__ import annotations

import httpx
import pytest

from tests.site.visiting import Visit

OWN = {"sec-fetch-site": "same-origin", "accept-encoding": "gzip"}


async def test_a_page_is_compressed_for_a_browser_that_takes_it(visit: Visit) -> None:
    answer = await visit.http.get("/account", headers=OWN)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.num_bytes_downloaded == int(answer.headers["content-length"])
    assert len(answer.content) > 2 * answer.num_bytes_downloaded
    assert "ann@example.com" in answer.text


async def test_a_browser_that_takes_no_gzip_gets_the_page_as_it_is(visit: Visit) -> None:
    answer = await visit.http.get("/account", headers={**OWN, "accept-encoding": "br, gzip;q=0"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "accept-encoding"
    assert "ann@example.com" in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
async def test_what_another_site_asks_for_is_not_compressed(visit: Visit, site: str | None) -> None:
    headers = {"accept-encoding": "gzip"} | ({} if site is None else {"sec-fetch-site": site})
    answer = await visit.http.get("/account", headers=headers)
    assert "ann@example.com" in answer.text
    assert "content-encoding" not in answer.headers


async def test_a_page_without_anybody_s_data_is_compressed_for_all(stranger: Visit) -> None:
    answer = await stranger.http.get("/", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


async def test_the_token_of_forms_never_looks_the_same_and_is_always_good(visit: Visit) -> None:
    tokens = set()
    for _ in range(4):
        await visit.open("/account")
        tokens.add(visit.forms()["/sign-out"]["form_token"])
    assert len(tokens) == 4
    assert len({token[place : place + 8] for token in tokens for place in range(0, 64, 8)}) == 32
    oldest = min(tokens)
    answer = await visit.http.post("/sign-out", data={"form_token": oldest})
    assert answer.url.path == "/sign-in"


async def test_one_page_masks_the_token_once(visit: Visit) -> None:
    await visit.open("/account/sessions")
    tokens = {form["form_token"] for form in visit.forms().values() if "form_token" in form}
    assert len(tokens) == 1


async def test_a_picture_is_sent_as_it_is(visit: Visit) -> None:
    code = await visit.http.get("/appearance/qr.svg", headers=OWN)
    assert "content-encoding" not in code.headers


async def test_a_page_of_a_failure_is_compressed_too(visit: Visit) -> None:
    answer = await visit.http.get("/account/nothing", headers=OWN)
    assert answer.status_code == 404
    assert answer.headers["content-encoding"] == "gzip"


async def test_head_says_what_get_would(visit: Visit) -> None:
    answer: httpx.Response = await visit.http.head("/account", headers=OWN)
    assert (answer.headers["content-encoding"], answer.content) == ("gzip", b"")
