"""The pages of sign-in and consent: what they show, what they allow, and what they refuse."""

from __future__ import annotations

import dataclasses
from urllib.parse import quote

import httpx
import pyotp
import pytest

from app.oauth.seals import Seals
from app.services import Services
from app.settings import Settings
from schema.types.second_factor import ConfirmSecondFactorInput
from tests.conftest import serving
from tests.oauth.flow import (
    COOKIE,
    REDIRECT,
    Browser,
    Client,
    answer_in,
    hidden,
    policy,
    register,
)
from tests.people import PASSWORD, Person, table

WEB = "https://client.example/cb?kept=1"


@pytest.fixture
async def web_client(client: httpx.AsyncClient) -> Client:
    """A client whose redirect address is another computer's."""
    made = await register(client, redirect_uris=[WEB], client_name="Web & <b>Client</b>")
    return Client(client, made.json()["client_id"], WEB)


async def nothing_granted(services: Services) -> bool:
    return await table(services, "SELECT 1 FROM oauth_grants") == []


# Signing in


async def test_whoever_signs_in_is_asked_for_consent(
    stranger: Browser, oauth: Client, services: Services
) -> None:
    await Person(services).register()
    page = await stranger.open(**oauth.asks())
    assert "Test Client" in page.text
    before = stranger.cookie()
    for name in ("ann", "ann@example.com"):
        consent = await stranger.sign_in(page, name)
        assert 'value="allow"' in consent.text
        assert "ann@example.com" in consent.text
        assert stranger.cookie() != before
        page = await stranger.submit(consent, decision="switch")
        assert 'type="password"' in page.text
    sessions = await table(
        services, "SELECT revoked_at, expires_at - created_at AS life FROM sessions"
    )
    assert all(row["revoked_at"] is not None for row in sessions)
    assert all(29 * 60 < row["life"].total_seconds() < 31 * 60 for row in sessions)


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(
    stranger: Browser, oauth: Client, services: Services
) -> None:
    await Person(services).register()
    page = await stranger.open(**oauth.asks())
    wrong = await stranger.sign_in(page, "ann", "not the password")
    unknown = await stranger.sign_in(wrong, "nobody", "not the password")
    for answer in (wrong, unknown):
        assert answer.status_code == 422
        assert "The name or the password is wrong." in answer.text
        assert "not the password" not in answer.text
    assert 'value="ann"' in wrong.text
    assert (await stranger.sign_in(unknown)).status_code == 200  # the same form goes on


async def test_an_account_without_a_password_can_not_sign_in_by_one(
    stranger: Browser, oauth: Client, ann: Person
) -> None:
    page = await stranger.open(**oauth.asks())
    assert (await stranger.sign_in(page)).status_code == 422


async def test_who_comes_by_another_service_is_told_how_to_get_a_password(
    settings: Settings, services: Services
) -> None:
    outside = dataclasses.replace(
        settings,
        jwks_url="https://id.example/keys",
        jwt_issuer="https://id.example",
        jwt_audience="vitae",
    )
    async with serving(outside) as url, httpx.AsyncClient(base_url=url) as http:
        client = Client(http, (await register(http)).json()["client_id"])
        page = await http.get("/oauth/authorize", params=client.asks())
    assert "your account may have no" in page.text


async def test_guessing_is_throttled_with_that_of_the_api(
    settings: Settings, services: Services
) -> None:
    strict = dataclasses.replace(settings, login_attempts_per_account=1)
    async with serving(strict) as url, httpx.AsyncClient(base_url=url, timeout=60) as http:
        client = Client(http, (await register(http)).json()["client_id"])
        await http.post("/v1/auth/login", json={"username": "nobody", "password": "a guess"})
        browser = Browser(http)
        refused = await browser.sign_in(await browser.open(**client.asks()), "nobody")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    assert "Try again in 15 minutes." in refused.text


async def test_a_sign_in_that_was_revoked_is_over(
    browser: Browser, oauth: Client, services: Services
) -> None:
    consent = await browser.open(**oauth.asks())
    await table(services, "UPDATE sessions SET revoked_at = now()")
    page = await browser.submit(consent, decision="allow")
    assert 'type="password"' in page.text
    assert await nothing_granted(services)


async def test_the_cookie_is_for_these_pages_and_no_script(
    client: httpx.AsyncClient, oauth: Client
) -> None:
    page = await client.get("/oauth/authorize", params=oauth.asks())
    name, *attributes = page.headers["set-cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Max-Age=1800", "Path=/", "SameSite=lax"} == set(attributes)


async def test_by_https_the_cookie_is_sent_by_https_only(
    settings: Settings, services: Services
) -> None:
    public = dataclasses.replace(settings, public_url="https://cv.example")
    async with serving(public) as url, httpx.AsyncClient(base_url=url) as http:
        client = Client(http, (await register(http)).json()["client_id"])
        page = await http.get("/oauth/authorize", params=client.asks())
    name, *attributes = page.headers["set-cookie"].split("; ")
    # Without Domain, and for all paths: else browsers refuse what begins with __Host-.
    assert name.startswith("__Host-vitae-oauth=")
    assert {"HttpOnly", "Max-Age=1800", "Path=/", "SameSite=lax", "Secure"} == set(attributes)


async def test_a_neighbour_under_the_same_domain_can_not_sign_a_browser_in(
    settings: Settings, services: Services, ann: Person
) -> None:
    public = dataclasses.replace(settings, public_url="https://cv.example")
    (row,) = await table(services, "SELECT id, account_id FROM sessions")
    seals = Seals(public)
    planted = seals.sealed_visit(seals.new_visit(row["id"], row["account_id"]))
    async with serving(public) as url, httpx.AsyncClient(base_url=url) as http:
        client = Client(http, (await register(http)).json()["client_id"])
        # The names that a neighbour could set for the domain that both are under.
        cookie = f"vitae-oauth={planted}; __Secure-vitae-oauth={planted}"
        page = await http.get("/oauth/authorize", params=client.asks(), headers={"cookie": cookie})
    assert 'type="password"' in page.text


async def test_a_sign_in_is_no_session_of_the_api(browser: Browser) -> None:
    session = {"authorization": f"Bearer {browser.cookie()}"}
    assert (await browser.http.get("/v1/auth/me", headers=session)).status_code == 401


# Forms


@pytest.mark.parametrize("path", ["/oauth/sign-in", "/oauth/consent"])
async def test_a_form_without_its_request_does_nothing(
    browser: Browser, services: Services, path: str
) -> None:
    typed = {"name": "ann", "password": PASSWORD, "decision": "allow"}
    answer = await browser.http.post(path, data=typed)
    assert answer.status_code == 403
    assert "location" not in answer.headers
    assert await nothing_granted(services)


async def test_a_form_of_another_browser_does_nothing(
    browser: Browser, client: httpx.AsyncClient, oauth: Client, services: Services
) -> None:
    theirs = await client.get("/oauth/authorize", params=oauth.asks())
    forged = {"request": hidden(theirs)["request"], "decision": "allow"}
    assert (await browser.http.post("/oauth/consent", data=forged)).status_code == 403
    own = await client.post("/oauth/consent", data=forged)
    assert own.headers["location"].startswith("/oauth/authorize?")  # nobody has signed in there
    assert await nothing_granted(services)


async def test_a_form_from_before_the_sign_in_is_none_of_after(
    stranger: Browser, oauth: Client, services: Services
) -> None:
    await Person(services).register()
    page = await stranger.open(**oauth.asks())
    before = hidden(page)
    await stranger.sign_in(page)
    forged = {**before, "decision": "allow"}
    assert (await stranger.http.post("/oauth/consent", data=forged)).status_code == 403


async def test_a_request_can_not_be_changed_on_its_way(browser: Browser, oauth: Client) -> None:
    page = await browser.open(**oauth.asks())
    head, body, signature = hidden(page)["request"].split(".")
    changed = f"{head}.{body[:-2]}AA.{signature}"
    answer = await browser.http.post(
        "/oauth/consent", data={"request": changed, "decision": "allow"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("decision", ["", "maybe"])
async def test_no_decision_is_no_consent(
    browser: Browser, oauth: Client, services: Services, decision: str
) -> None:
    page = await browser.open(**oauth.asks())
    again = await browser.submit(page, decision=decision)
    assert 'value="allow"' in again.text
    assert await nothing_granted(services)


# Requests


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"client_id": None}, id="no-client"),
        pytest.param({"client_id": "0198f0f0-0000-7000-8000-000000000000"}, id="unknown-client"),
        pytest.param({"client_id": "Ann"}, id="no-such-id"),
        pytest.param({"client_id": "https://[v1.x]/x"}, id="no-host"),
        pytest.param({"client_id": "https://[::1]evil.example/x"}, id="two-hosts"),
        pytest.param({"redirect_uri": None}, id="no-redirect"),
        pytest.param({"redirect_uri": "https://evil.example/cb"}, id="other-redirect"),
        pytest.param({"redirect_uri": "https://client.example/cb?kept=2"}, id="other-query"),
        pytest.param({"redirect_uri": "https://client.example/cb/../x"}, id="other-path"),
    ],
)
async def test_a_fault_of_client_or_redirect_leads_nowhere(
    browser: Browser, web_client: Client, changes: dict[str, str | None]
) -> None:
    page = await browser.open(**web_client.asks(**changes))
    assert page.status_code == 400
    assert "location" not in page.headers
    assert "example" not in page.text


FAULTS = [
    pytest.param({"response_type": "token"}, "unsupported_response_type", id="response-type"),
    pytest.param({"response_type": None}, "unsupported_response_type", id="no-response-type"),
    pytest.param({"code_challenge": None}, "invalid_request", id="no-challenge"),
    pytest.param({"code_challenge": "short"}, "invalid_request", id="short-challenge"),
    pytest.param({"code_challenge_method": "plain"}, "invalid_request", id="plain"),
    pytest.param({"code_challenge_method": None}, "invalid_request", id="no-method"),
    pytest.param({"scope": "admin root"}, "invalid_scope", id="scope"),
    pytest.param({"resource": "https://other.example/mcp"}, "invalid_target", id="resource"),
]


@pytest.mark.parametrize(("changes", "error"), FAULTS)
async def test_any_other_fault_is_told_to_a_client_on_this_computer(
    browser: Browser, oauth: Client, changes: dict[str, str | None], error: str
) -> None:
    said = answer_in(await browser.open(**oauth.asks(**changes)))
    assert (said["error"], said["state"]) == (error, "s t/a+te")
    assert said["iss"] == "http://127.0.0.1:8000"


@pytest.mark.parametrize(("changes", "error"), FAULTS)
async def test_a_fault_leads_to_another_computer_by_the_owners_click_only(
    browser: Browser, web_client: Client, changes: dict[str, str | None], error: str
) -> None:
    page = await browser.open(**web_client.asks(**changes))
    assert page.status_code == 400
    assert "location" not in page.headers
    assert f'href="{WEB}&amp;error={error}&amp;' in page.text
    assert "Back to client.example" in page.text


async def test_a_parameter_given_twice_is_refused(browser: Browser, oauth: Client) -> None:
    query = "&".join(f"{name}={quote(value)}" for name, value in oauth.asks().items())
    page = await browser.http.get(f"/oauth/authorize?{query}&redirect_uri={quote(REDIRECT)}")
    assert page.status_code == 400
    assert "given twice" in page.text


async def test_a_program_may_listen_at_any_port_of_this_computer(
    browser: Browser, oauth: Client
) -> None:
    elsewhere = REDIRECT.replace("43210", "5")
    page = await browser.open(**oauth.asks(redirect_uri=elsewhere))
    answer = await browser.submit(page, decision="allow")
    assert answer.headers["location"].startswith(f"{elsewhere}?code=")
    other_path = await browser.open(**oauth.asks(redirect_uri=REDIRECT + "/other"))
    assert other_path.status_code == 400


# What is shown


async def test_consent_names_the_client_where_it_leads_and_what_it_may_do(
    browser: Browser, web_client: Client
) -> None:
    page = await browser.open(**web_client.asks())
    assert "Web &amp; &lt;b&gt;Client&lt;/b&gt;" in page.text
    assert "<b>client.example</b>" in page.text
    assert "nobody has checked it" in page.text
    assert page.text.count("<li>") == 3
    narrow = await browser.open(**web_client.asks(scope="chat:run"))
    assert narrow.text.count("<li>") == 1


async def test_consent_warns_of_programs_that_call_themselves_the_same(
    browser: Browser, oauth: Client
) -> None:
    page = await browser.open(**oauth.asks())
    assert "Another program could call itself the same." in page.text


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        (REDIRECT, "http://127.0.0.1:43210"),
        ("http://localhost:7/x", "http://localhost:7"),
        ("http://[::1]:7/x", "http:"),
        ("https://client.example:8443/cb", "https://client.example:8443"),
        ("cursor://anysphere.mcp/oauth/callback", "cursor:"),
        ("com.example.app:/callback", "com.example.app:"),
    ],
)
async def test_the_form_may_lead_to_the_client_and_nowhere_else(
    browser: Browser, client: httpx.AsyncClient, uri: str, source: str
) -> None:
    made = await register(client, redirect_uris=[uri])
    page = await browser.open(**Client(client, made.json()["client_id"], uri).asks())
    assert policy(page)["form-action"] == ["'self'", source]
    answer = await browser.submit(page, decision="allow")
    assert answer.headers["location"].startswith(f"{uri}?code=")


async def test_a_page_runs_no_script_and_stands_in_no_frame(
    browser: Browser, stranger: Browser, oauth: Client
) -> None:
    for page in (await browser.open(**oauth.asks()), await browser.open()):
        rules = policy(page)
        assert rules["default-src"] == ["'none'"]
        assert rules["frame-ancestors"] == rules["base-uri"] == ["'none'"]
        assert "script-src" not in rules
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "<script" not in page.text


async def test_a_window_that_a_client_opened_may_answer_it(browser: Browser, oauth: Client) -> None:
    page = await browser.open(**oauth.asks())
    assert page.headers.get_list("cross-origin-opener-policy") == ["unsafe-none"]


# The second factor


async def test_an_account_with_a_second_factor_is_asked_for_a_code(
    stranger: Browser, oauth: Client, services: Services
) -> None:
    person = Person(services)
    await person.register()
    owner = person.bearing((await person.log_in()).access_token)
    secret = (await owner.run("begin_second_factor")).secret
    code = pyotp.TOTP(secret).now()
    codes = await owner.run("confirm_second_factor", input=ConfirmSecondFactorInput(code=code))

    page = await stranger.open(**oauth.asks())
    second = await stranger.sign_in(page, "ann")
    assert 'autocomplete="one-time-code"' in second.text
    assert policy(second)["form-action"] == ["'self'"]
    wrong = await stranger.submit(second, code="000000")
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    replayed = await stranger.submit(wrong, code=code)
    assert 'role="alert"' in replayed.text
    consent = await stranger.submit(replayed, code=codes.recovery_codes[0])
    assert 'value="allow"' in consent.text
    allowed = answer_in(await stranger.submit(consent, decision="allow"))
    assert (await oauth.redeem(allowed["code"])).status_code == 200
    told = [event.action.value for event in (await owner.run("security_events")).items]
    assert told[:2] == ["grant_given", "sign_in"]


async def test_a_challenge_that_is_over_begins_anew(
    stranger: Browser, oauth: Client, services: Services
) -> None:
    page = await stranger.open(**oauth.asks())
    again = await stranger.submit(page, challenge="made.up.one", code="123456")
    assert 'type="password"' in again.text
    assert await table(services, "SELECT 1 FROM sessions") == []
