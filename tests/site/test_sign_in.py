"""Signing up, in and out by the pages."""

from __future__ import annotations

import dataclasses

import httpx

from app.services import Services
from app.settings import Settings
from tests.conftest import serving
from tests.people import PASSWORD, Person, mailed_token, table
from tests.site.visiting import Visit, cookie_of


async def test_who_signs_up_is_signed_in(stranger: Visit) -> None:
    answer = await stranger.sign_up()
    assert (answer.status_code, answer.url.path) == (200, "/profile")
    assert "Welcome." in answer.text
    assert "ann" in answer.text


async def test_the_first_page_leads_in(stranger: Visit) -> None:
    page = await stranger.open("/")
    assert (page.status_code, page.url.path) == (200, "/")
    assert 'href="/sign-up"' in page.text
    await stranger.sign_up()
    assert (await stranger.open("/")).url.path == "/profile"


async def test_a_notice_is_told_once(stranger: Visit) -> None:
    await stranger.sign_up()
    assert "Welcome." not in (await stranger.open("/account")).text


async def test_who_can_not_be_signed_in_after_a_sign_up_is_told_that_the_account_is_made(
    stranger: Visit, services: Services
) -> None:
    wrong = {"username": "ann", "password": "wrong"}
    while (await stranger.http.post("/v1/auth/login", json=wrong)).status_code != 429:
        pass
    answer = await stranger.sign_up()
    assert answer.url.path == "/sign-in"
    assert "Your account is made." in answer.text
    assert len(await table(services, "SELECT id FROM accounts")) == 1


async def test_what_is_wrong_with_a_sign_up_stands_beside_its_fields(stranger: Visit) -> None:
    await stranger.open("/sign-up")
    answer = await stranger.send(
        "/sign-up", full_name="Ann", username="a b", email="ann@", password="short"
    )
    assert answer.status_code == 422
    assert {'id="f-username-wrong"', 'id="f-email-wrong"', 'id="f-password-wrong"'} <= set(
        answer.text.replace(">", " ").split()
    )
    assert 'value="a b"' in answer.text
    assert "short" not in answer.text


async def test_a_name_that_is_taken_is_told(stranger: Visit, services: Services) -> None:
    await Person(services).signed_in()
    answer = await stranger.sign_up()
    assert answer.status_code == 409
    assert 'id="f-username-wrong"' in answer.text


async def test_sign_in_goes_on_to_where_one_wanted_to_go(
    stranger: Visit, services: Services
) -> None:
    await Person(services).register()
    answer = await stranger.open("/account?x=1")
    assert answer.url.path == "/sign-in"
    answer = await stranger.send("/sign-in", name="ann@example.com", password=PASSWORD)
    assert answer.url.raw_path == b"/account?x=1"


async def test_next_leads_to_no_other_site(stranger: Visit, services: Services) -> None:
    await Person(services).register()
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"):
        answer = await stranger.http.get("/sign-in", params={"next": elsewhere})
        assert 'name="next" value="/profile"' in answer.text


async def test_a_wrong_password_is_told_and_signs_nobody_in(
    stranger: Visit, services: Services
) -> None:
    await Person(services).register()
    answer = await stranger.sign_in(password="wrong")
    assert answer.status_code == 422
    assert "The name or the password is wrong." in answer.text
    assert await table(services, "SELECT id FROM sessions") == []


async def test_what_can_be_no_name_or_password_leaves_the_form_there(stranger: Visit) -> None:
    for name, password in (("\0", "x"), ("ann", "x\0"), ("a" * 5000, "x"), ("ann", "x" * 5000)):
        answer = await stranger.sign_in(name, password)
        assert answer.status_code == 422
        assert "name" in stranger.forms()["/sign-in"]


async def test_who_signs_in_is_known_by_another_cookie(stranger: Visit, services: Services) -> None:
    await Person(services).register()
    await stranger.open("/sign-in")
    before, token = stranger.http.cookies["vitae"], stranger.forms()["/sign-in"]["form_token"]
    await stranger.sign_in()
    assert stranger.http.cookies["vitae"] != before
    answer = await stranger.http.post("/sign-out", data={"form_token": token})
    assert answer.status_code == 403


async def test_sign_out_ends_the_session(visit: Visit, services: Services) -> None:
    await visit.open("/account")
    cookie = visit.http.cookies["vitae"]
    answer = await visit.send("/sign-out")
    assert answer.url.path == "/sign-in"
    assert "You have signed out." in answer.text
    (row,) = await table(services, "SELECT revoked_at FROM sessions")
    assert row["revoked_at"] is not None
    visit.http.cookies.set("vitae", cookie, "127.0.0.1", "/")
    assert (await visit.open("/account")).url.path == "/sign-in"


async def test_signing_in_once_more_ends_the_session_that_was_there(
    visit: Visit, services: Services
) -> None:
    await Person(services).register("bob")
    await visit.open("/account")
    token = visit.forms()["/sign-out"]["form_token"]
    given = {"form_token": token, "name": "bob", "password": PASSWORD}
    answer = await visit.http.post("/sign-in", data=given)
    assert "bob" in answer.text
    rows = await table(services, "SELECT revoked_at FROM sessions ORDER BY id")
    assert [row["revoked_at"] is None for row in rows] == [False, True]


async def test_over_https_a_browser_keeps_no_file_of_a_session_that_has_ended(
    settings: Settings, services: Services, ann: Person
) -> None:
    await table(services, "UPDATE sessions SET revoked_at = now()")
    secure = dataclasses.replace(settings, public_url="https://vitae.example")
    async with serving(secure) as url, httpx.AsyncClient(base_url=url) as http:
        stale = {"cookie": f"__Host-vitae={cookie_of(ann)}"}
        signed_out = await http.get("/account", headers=stale)
    assert signed_out.headers["location"].startswith("/sign-in")
    assert signed_out.headers["clear-site-data"] == '"cache"'


async def test_a_forgotten_password_is_replaced_by_the_mailed_link(
    stranger: Visit, services: Services
) -> None:
    await Person(services).register()
    await stranger.open("/forgot-password")
    answer = await stranger.send("/forgot-password", email="ann@example.com")
    assert "If <b>ann@example.com</b> belongs to an account" in answer.text
    token = await mailed_token(services, "Choose a new password")
    await stranger.open(f"/reset-password?token={token}")
    answer = await stranger.send("/reset-password", password="ten green bottles")
    assert answer.url.path == "/sign-in"
    answer = await stranger.send("/sign-in", name="ann", password="ten green bottles")
    assert answer.url.path == "/profile"


async def test_a_link_that_was_used_says_so(stranger: Visit) -> None:
    await stranger.open("/reset-password?token=vl_none")
    answer = await stranger.send("/reset-password", password="ten green bottles")
    assert answer.status_code == 422
    assert "This link is not valid any more" in answer.text


async def test_an_address_is_verified_when_the_button_is_clicked_and_not_before(
    stranger: Visit, services: Services
) -> None:
    await Person(services).register()
    token = await mailed_token(services, "Confirm your e-mail address")
    await stranger.open(f"/verify-email?token={token}")
    (row,) = await table(services, "SELECT email_verified_at FROM accounts")
    assert row["email_verified_at"] is None
    answer = await stranger.send("/verify-email")
    assert "Your address is confirmed." in answer.text
    (row,) = await table(services, "SELECT email_verified_at FROM accounts")
    assert row["email_verified_at"] is not None
