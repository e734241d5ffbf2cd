"""The account area: what its pages show, and what their forms do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest

from app.db import uuid7
from app.services import Services
from resolvers.resume_jobs import delete_resume_job
from schema.types.access import Scope
from tests.ledger.accounts import PICTURE
from tests.owners import Owner
from tests.people import PASSWORD, Person, mailed_token, table
from tests.site.visiting import Visit
from tests.stripe.conftest import Shop, fake_stripe, selling, selling_services, selling_url, shop

# Fixtures of a server that sells.
__all__ = ["fake_stripe", "selling", "selling_services", "selling_url", "shop"]


@pytest.fixture
async def member(stranger: Visit) -> Visit:
    """A browser in which Ann has signed up, with a password, a moment ago."""
    await stranger.sign_up()
    return stranger


def shown(page: httpx.Response, place: str) -> str:
    """The text of what has this id."""
    found = re.search(rf'id="{place}">([^<]*)<', page.text)
    assert found is not None
    return found[1].replace("&#39;", "'")


async def test_the_curl_lines_of_a_new_token_work(visit: Visit) -> None:
    await visit.open("/account/tokens/new")
    scopes = ["resume:generate", "chat:run"]
    page = await visit.send("/account/tokens/new", name="laptop", scopes=scopes, life="30")
    token = shown(page, "secret")
    async with httpx.AsyncClient(base_url=visit.http.base_url) as api:
        for number in (1, 2, 3):
            line = re.fullmatch(r"curl (\S+) -H '(.+): (.+)'", shown(page, f"line-{number}"))
            assert line is not None
            path = httpx.URL(line[1]).path
            answer = await api.get(path, headers={line[2]: line[3]})
            assert answer.status_code == 200, path
    page = await visit.open("/account/tokens")
    assert "laptop" in page.text
    assert token not in page.text


async def test_the_curl_line_of_a_new_key_works(visit: Visit) -> None:
    await visit.open("/account/keys/new")
    page = await visit.send("/account/keys/new", name="script")
    line = re.fullmatch(r"curl (\S+) -H '(.+): (.+)'", shown(page, "line-1"))
    assert line is not None
    async with httpx.AsyncClient(base_url=visit.http.base_url) as api:
        answer = await api.get(httpx.URL(line[1]).path, headers={line[2]: line[3]})
    assert answer.status_code == 200


async def test_what_is_wrong_with_a_token_is_told_and_what_was_chosen_is_kept(
    visit: Visit, services: Services
) -> None:
    await visit.open("/account/tokens/new")
    page = await visit.send("/account/tokens/new", name="", life="30")
    assert page.status_code == 422
    assert 'id="f-scopes-wrong"' in page.text
    assert '<option value="30" selected>' in page.text
    page = await visit.send("/account/tokens/new", name="x", scopes="nothing:such", life="-1")
    assert page.status_code == 422
    assert await table(services, "SELECT id FROM personal_tokens") == []


async def test_a_token_is_rotated_and_revoked(visit: Visit, ann: Person) -> None:
    made = (await ann.new_token(Scope.RESUME_GENERATE)).personal_token
    await visit.open("/account/tokens")
    page = await visit.send(f"/account/tokens/{made.id}/rotate", overlap="0")
    assert shown(page, "secret")
    listed = (await ann.run("tokens")).items
    successor = next(token for token in listed if token.id != made.id)
    await visit.open("/account/tokens")
    page = await visit.send(f"/account/tokens/{successor.id}/revoke")
    assert "The token is revoked." in page.text
    assert [token.id for token in (await ann.run("tokens")).items if token.id == successor.id] == []


async def test_a_key_of_somebody_else_is_not_to_be_found(visit: Visit, services: Services) -> None:
    bob = await Person(services).signed_in("bob")
    key = (await bob.new_key()).api_key
    await visit.open("/account")
    form = visit.forms()["/sign-out"]
    for path in (f"/account/keys/{key.id}/revoke", "/account/keys/none/revoke"):
        answer = await visit.http.post(path, data=form)
        assert answer.status_code == 404
    (row,) = await table(services, "SELECT revoked_at FROM api_keys")
    assert row["revoked_at"] is None


async def test_sessions_are_listed_and_ended(visit: Visit, services: Services) -> None:
    account_id = (await table(services, "SELECT account_id FROM sessions"))[0]["account_id"]
    other = await table(
        services,
        "INSERT INTO sessions (id, account_id, expires_at, user_agent)"
        " VALUES ($4, $1, $2, $3) RETURNING id",
        account_id,
        datetime.now(UTC) + timedelta(days=1),
        "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
        uuid7(),
    )
    page = await visit.open("/account/sessions")
    assert "Firefox on Windows" in page.text
    assert page.text.count("This one") == 1
    page = await visit.send(f"/account/sessions/{other[0]['id']}/end")
    assert "The session has ended." in page.text
    assert "Firefox on Windows" not in page.text


async def test_ending_all_others_leaves_this_one(member: Visit, services: Services) -> None:
    await Person(services).log_in()
    await member.open("/account/sessions")
    page = await member.send("/account/sessions/end-others")
    assert "1 other session ended." in page.text
    assert (await member.open("/account")).url.path == "/account"


async def test_a_password_is_changed_and_other_sessions_end(
    member: Visit, services: Services
) -> None:
    other = Person(services).bearing((await Person(services).log_in()).access_token)
    await member.open("/account/sign-in")
    action = "/account/sign-in/password"
    page = await member.send(action, current_password="wrong", password="ten green bottles")
    assert page.status_code == 422
    assert 'id="f-current_password-wrong"' in page.text
    stolen = member.http.cookies["vitae"]
    page = await member.send(action, current_password=PASSWORD, password="ten green bottles")
    assert "You have a new password" in page.text
    async with httpx.AsyncClient(base_url=member.http.base_url, cookies={"vitae": stolen}) as thief:
        assert (await thief.get("/account")).headers["location"].startswith("/sign-in")
    with pytest.raises(Exception, match="credentials"):
        await other.run("account")
    await member.send("/sign-out")
    assert (await member.sign_in(password="ten green bottles")).url.path == "/profile"


async def test_another_address_is_used_once_its_link_is_followed(
    member: Visit, services: Services
) -> None:
    await member.open("/account/sign-in")
    page = await member.send("/account/sign-in/email", email="lee@example.com")
    assert "A link is on its way" in page.text
    token = await mailed_token(services, "Confirm your new e-mail address")
    await member.open(f"/confirm-email?token={token}")
    page = await member.send("/confirm-email")
    assert "This is the address of your account now." in page.text
    assert "lee@example.com" in page.text


async def test_a_proof_is_asked_for_and_then_it_goes_on(member: Visit, services: Services) -> None:
    await table(services, "UPDATE sessions SET proven_at = now() - interval '1 hour'")
    await member.open("/account/sign-in")
    action = "/account/sign-in/email"
    page = await member.send(action, email="lee@example.com")
    assert page.status_code == 403
    assert "Show that it is you" in page.text
    page = await member.send(action, proof_password="wrong")
    assert page.status_code == 422
    assert "This is not your password." in page.text
    page = await member.send(action, proof_password=PASSWORD)
    assert "A link is on its way" in page.text
    assert await mailed_token(services, "Confirm your new e-mail address")


async def test_who_has_no_password_is_told_how_to_go_on(visit: Visit, services: Services) -> None:
    await table(services, "UPDATE sessions SET proven_at = now() - interval '1 hour'")
    await visit.open("/account/sign-in")
    await visit.send("/account/second-factor")
    page = await visit.send("/account/second-factor", proof_password="anything")
    assert page.status_code == 403
    assert "This account has no password" in page.text


async def test_a_second_factor_is_set_up_and_then_asked_for(
    member: Visit, services: Services
) -> None:
    await member.open("/account/sign-in")
    page = await member.send("/account/second-factor")
    secret = shown(page, "key")
    page = await member.send("/account/second-factor/confirm", code="000000")
    assert page.status_code == 422
    assert shown(page, "key") == secret
    code = pyotp.TOTP(secret.replace(" ", "")).now()
    page = await member.send("/account/second-factor/confirm", code=code)
    assert "Your second factor is on" in page.text
    recovery = shown(page, "codes-text").split()
    assert len(recovery) == 10

    await member.open("/account")
    await member.send("/sign-out")
    page = await member.sign_in()
    assert "Second step" in page.text
    page = await member.send("/sign-in/code", code="000000")
    assert page.status_code == 422
    page = await member.send("/sign-in/code", code=recovery[0])
    assert page.url.path == "/profile"
    assert "9 recovery codes" in (await member.open("/account")).text


async def test_events_are_told_in_words(member: Visit) -> None:
    page = await member.open("/account/events")
    assert "Sign-in" in page.text
    assert "Account created" in page.text
    page = await member.open("/account/events?outcome=failure")
    assert "No attempt has failed." in page.text


async def test_a_cursor_that_is_none_is_told_on_a_page(visit: Visit) -> None:
    for path in ("/account/events?cursor=x", "/account/plan?cursor=%00", "/account/tokens?keys=x"):
        assert (await visit.open(path)).status_code == 422


async def test_the_way_to_pay_leads_to_stripe(shop: Shop) -> None:
    async with httpx.AsyncClient(base_url=shop.client.base_url, follow_redirects=True) as http:
        buyer = Visit(http)
        await buyer.sign_up()
        await buyer.open("/account/plan")
        page = await buyer.send("/account/plan/checkout", kind="credits", pack="small")
        session = next(iter(shop.fake.world.sessions.values()))
        assert f'href="{session["url"]}"' in page.text
        assert session["success_url"].endswith("/account/plan?checkout=success")
        assert "form-action 'self';" in page.headers["content-security-policy"]
        page = await buyer.open("/account/plan?checkout=success")
        assert "Thank you." in page.text


async def test_where_nothing_is_on_sale_one_can_wait(visit: Visit) -> None:
    await visit.open("/account/plan")
    page = await visit.send("/account/plan/waitlist")
    assert "You will hear of it when" in page.text
    page = await visit.send("/account/plan/waitlist/leave")
    assert "You are off the list." in page.text


async def test_the_ledger_leads_to_a_resume_as_long_as_it_is_there(
    visit: Visit, services: Services
) -> None:
    owner = Owner(services, (await table(services, "SELECT id FROM accounts"))[0]["id"])
    stays, goes = await owner.job("a", PICTURE), await owner.job("b", PICTURE)
    await owner.run(delete_resume_job, goes.id)
    page = await visit.open("/account/plan")
    assert f'href="/resumes/{stays.id}"' in page.text
    assert str(goes.id) not in page.text
    assert page.text.count("A résumé that is deleted") == 2  # put aside, and given back
    assert (await visit.open(f"/resumes/{stays.id}")).status_code == 200


@pytest.mark.parametrize("days", ["7", "30", "90", "365", "x"])
async def test_usage_is_drawn_and_told_in_a_table(visit: Visit, days: str) -> None:
    page = await visit.open(f"/account/usage?days={days}")
    assert page.status_code == 200
    assert "Operations as a table" in page.text or "None in this time." in page.text
    assert len(page.content) < 60_000


async def test_a_profile_is_taken_along(visit: Visit) -> None:
    answer = await visit.open("/account/data/profile/yaml")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert b"Ann Lee" in answer.content
    assert (await visit.open("/account/data/profile/nothing")).status_code == 422
    answer = await visit.open("/account/data/everything.zip")
    assert answer.content.startswith(b"PK")


async def test_an_account_is_deleted_by_its_name_and_kept_after_all(
    member: Visit, services: Services
) -> None:
    await member.open("/account/data")
    page = await member.send("/account/data/delete", username="someone")
    assert page.status_code == 422
    page = await member.send("/account/data/delete", username="Ann")
    assert "Your account will be deleted" in page.text
    assert (await member.open("/account")).url.path == "/sign-in"
    page = await member.sign_in()
    assert "will be deleted for good after" in page.text
    page = await member.send("/account/data/keep")
    assert "Your account stays." in page.text
    (row,) = await table(services, "SELECT delete_after FROM accounts")
    assert row["delete_after"] is None
