"""The session of a browser: what its cookie is good for, and what forms are taken."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.auth.signed import Signer
from app.auth.visits import Notice, Visits
from app.services import Services
from app.settings import Settings
from rest_compat.site.visitor import own_path
from tests.conftest import serving
from tests.people import PASSWORD, Person, table
from tests.site.visiting import Visit


async def test_the_cookie_is_no_credential_of_the_api(visit: Visit) -> None:
    cookie = visit.http.cookies["vitae"]
    assert (await visit.http.get("/v1/me")).status_code == 401
    headers = {"authorization": f"Bearer {cookie}"}
    assert (await visit.http.get("/v1/me", headers=headers)).status_code == 401
    query = {"query": "{ owner { profile { fullName } } }"}
    answer = await visit.http.post("/graphql", json=query)
    assert answer.json()["errors"][0]["extensions"]["code"] == "unauthenticated"
    assert (await visit.http.post("/v1/mcp", json={})).status_code == 401


async def test_a_session_that_was_revoked_shows_nothing_more(
    visit: Visit, services: Services
) -> None:
    assert (await visit.open("/account")).url.path == "/account"
    await table(services, "UPDATE sessions SET revoked_at = now()")
    assert (await visit.open("/account")).url.path == "/sign-in"


async def test_a_cookie_that_was_changed_is_nobodys(visit: Visit) -> None:
    cookie = visit.http.cookies["vitae"]
    visit.http.cookies.set("vitae", cookie[:-2] + "AA", "127.0.0.1", "/")
    assert (await visit.open("/account")).url.path == "/sign-in"


async def test_a_session_in_use_is_extended_once_a_day(visit: Visit, services: Services) -> None:
    (row,) = await table(services, "SELECT id, account_id FROM sessions")
    visits = Visits(services.settings)
    soon = datetime.now(UTC) + timedelta(days=2)
    await table(services, "UPDATE sessions SET expires_at = $1", soon)
    await visit.open("/account")
    (still,) = await table(services, "SELECT expires_at FROM sessions")
    assert still["expires_at"] == soon
    old = _sealed_at(
        services.settings, row["id"], row["account_id"], datetime.now(UTC) - timedelta(days=2)
    )
    visit.http.cookies.set("vitae", old, "127.0.0.1", "/")
    before = visits.opened(old)
    await visit.open("/account")
    (extended,) = await table(services, "SELECT expires_at FROM sessions")
    assert extended["expires_at"] > soon + timedelta(days=20)
    assert visit.http.cookies["vitae"] != old
    assert before is not None
    assert visits.is_form_token(before, visit.forms()["/sign-out"]["form_token"])  # of open tabs


async def test_two_tabs_that_are_renewed_at_once_both_stay_signed_in(
    visit: Visit, services: Services
) -> None:
    (row,) = await table(services, "SELECT id, account_id FROM sessions")
    long_ago = datetime.now(UTC) - timedelta(days=2)
    old = _sealed_at(services.settings, row["id"], row["account_id"], long_ago)
    headers = {"cookie": f"vitae={old}"}
    visit.http.cookies.clear()
    tabs = [visit.http.get("/account/sessions", headers=headers) for _ in range(4)]
    answers = await asyncio.gather(*tabs)
    for answer in answers:
        assert answer.status_code == 200
        visit.http.cookies.clear()
        own = {"cookie": f"vitae={answer.cookies['vitae']}"}
        again = await visit.http.get("/account", headers=own, follow_redirects=False)
        assert again.status_code == 200
        assert "set-cookie" not in again.headers
    (session,) = await table(services, "SELECT revoked_at FROM sessions")
    assert session["revoked_at"] is None


@pytest.mark.parametrize("path", ["/account", "/resumes", "/", "/sign-in"])
async def test_an_answer_to_an_older_session_takes_no_newer_one_away(
    visit: Visit, services: Services, path: str
) -> None:
    stale = {"cookie": f"vitae={visit.http.cookies['vitae']}"}
    await table(services, "UPDATE sessions SET revoked_at = now()")
    visit.http.cookies.clear()
    answer = await visit.http.get(path, headers=stale, follow_redirects=False)
    assert answer.status_code == (200 if path in ("/", "/sign-in") else 303)
    assert "vitae=" not in answer.headers.get("set-cookie", "")


async def test_who_was_signed_in_before_signs_in_again(visit: Visit, services: Services) -> None:
    await Person(services).register("bob")
    await table(services, "UPDATE sessions SET revoked_at = now()")
    await visit.open("/account/tokens")
    assert visit.page.url.path == "/sign-in"
    answer = await visit.send("/sign-in", name="bob", password=PASSWORD)
    assert answer.url.path == "/account/tokens"
    assert "bob" in answer.text


def _sealed_at(settings: Settings, session_id: object, account_id: object, at: datetime) -> str:
    visit = Visits(settings).new()
    said = {"id": visit.id, "iat": at, "sid": str(session_id), "sub": str(account_id)}
    return Signer(settings, "visits").sign("visit", timedelta(days=28), said)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
    ids=["cross-site", "same-site", "other-origin", "no-origin"],
)
async def test_a_form_of_another_site_is_refused(
    visit: Visit, services: Services, headers: dict[str, str]
) -> None:
    await visit.open("/account")
    form = visit.forms()["/sign-out"]
    answer = await visit.http.post("/sign-out", data=form, headers=headers)
    assert answer.status_code == 403
    (row,) = await table(services, "SELECT revoked_at FROM sessions")
    assert row["revoked_at"] is None


async def test_an_origin_or_a_referrer_that_is_no_address_is_no_fault_of_ours(
    visit: Visit, stranger: Visit, services: Services
) -> None:
    await visit.open("/account")
    form, broken = visit.forms()["/sign-out"], "http://["
    for sent, headers in ((form, {"origin": broken}), ({}, {"referer": broken})):
        answer = await visit.http.post("/sign-out", data=sent, headers=headers)
        assert answer.status_code == 403
    (row,) = await table(services, "SELECT revoked_at FROM sessions")
    assert row["revoked_at"] is None
    await table(services, "UPDATE sessions SET revoked_at = now()")
    answer = await visit.http.post("/account/tokens/new", data=form, headers={"referer": broken})
    assert answer.url.path == "/sign-in"


@pytest.mark.parametrize("path", [b"/sign-in?next=\xff", b"/account?\xc3", b"/account/\xff"])
async def test_bytes_in_an_address_that_are_no_letters_are_no_fault_of_ours(
    stranger: Visit, base_url: str, path: bytes
) -> None:
    host, port = base_url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    status = (await reader.readline()).split(b" ")[1]
    writer.close()
    assert status < b"500"


@pytest.mark.parametrize("token", [None, "", "0" * 32, "é"], ids=["none", "empty", "other", "odd"])
async def test_a_form_without_the_token_of_its_visit_is_refused(
    visit: Visit, services: Services, token: str | None
) -> None:
    data = {} if token is None else {"form_token": token}
    answer = await visit.http.post("/sign-out", data=data)
    assert answer.status_code == 403
    assert "This page was open for too long" in answer.text
    (row,) = await table(services, "SELECT revoked_at FROM sessions")
    assert row["revoked_at"] is None


async def test_signing_somebody_in_from_another_site_is_refused(
    stranger: Visit, services: Services
) -> None:
    await Person(services).register()
    answer = await stranger.http.post("/sign-in", data={"name": "ann", "password": "x"})
    assert answer.status_code == 403
    assert await table(services, "SELECT id FROM sessions") == []


async def test_a_browser_without_cookies_is_told_so(stranger: Visit) -> None:
    await stranger.open("/sign-in")
    form = stranger.forms()["/sign-in"]
    stranger.http.cookies.clear()
    answer = await stranger.http.post("/sign-in", data=form)
    assert answer.status_code == 403
    assert "your browser keeps no cookies" in answer.text


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(stranger: Visit) -> None:
    answer = await stranger.http.get("/sign-in")
    kept = answer.headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=lax" in kept
    assert "Path=/" in kept
    assert "Domain" not in kept


async def test_over_https_cookies_are_of_this_host_alone(
    settings: Settings, services: Services
) -> None:
    import dataclasses

    secure = dataclasses.replace(settings, public_url="https://vitae.example")
    async with serving(secure) as url, httpx.AsyncClient(base_url=url) as http:
        kept = (await http.get("/sign-in")).headers["set-cookie"]
    assert kept.startswith("__Host-vitae=")
    assert "Secure" in kept


async def test_a_page_is_kept_by_nobody_and_lets_nothing_else_load(visit: Visit) -> None:
    answer = await visit.open("/account")
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["x-frame-options"] == "DENY"


async def test_an_address_below_an_area_that_is_none_is_told_on_a_page(visit: Visit) -> None:
    answer = await visit.open("/account/nothing")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_large_body_of_a_stranger_is_refused(stranger: Visit) -> None:
    answer = await stranger.http.post("/sign-in", data={"name": "x" * 100_000})
    assert answer.status_code == 413
    assert "That is too large" in answer.text


async def test_odd_bytes_in_a_form_are_no_fault_of_ours(stranger: Visit) -> None:
    await stranger.open("/sign-up")
    for odd in ("\0", "\ud800".encode("utf-8", "surrogatepass"), "𝒳" * 300, "<script>"):
        fields = {"full_name": odd, "username": odd, "email": odd, "password": odd}
        answer = await stranger.send("/sign-up", **fields)
        assert answer.status_code == 422
        assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/account/tokens?a=1", "/account/tokens?a=1"),
        (None, "/"),
        ("", "/"),
        ("account", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\nb", "/"),
        ("https://evil.example", "/"),
        ("/" + "a" * 600, "/"),
    ],
    ids=["own", "none", "empty", "relative", "host", "backslash", "line", "absolute", "long"],
)
def test_only_own_paths_are_gone_to(text: str | None, path: str) -> None:
    assert own_path(text, "/") == path


def test_a_notice_is_for_the_visit_it_was_made_for(settings: Settings) -> None:
    visits = Visits(settings)
    one, other = visits.new(), visits.new()
    sealed = visits.sealed_notice(one, Notice("Done."))
    assert visits.notice(one, sealed) == Notice("Done.")
    assert visits.notice(other, sealed) is None
    assert visits.opened(sealed) is None
