"""Programs without a browser of their own (RFC 8628), over real HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from app.oauth import devices
from app.services import Services
from tests.oauth.flow import Browser, Client, hidden
from tests.people import Person, table

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


async def begin(http: httpx.AsyncClient, client_id: str = "vitae-cli", **more: str) -> Any:
    answer = await http.post("/oauth/device_authorization", data={"client_id": client_id, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ask(
    http: httpx.AsyncClient, begun: dict[str, Any], client_id: str = "vitae-cli"
) -> httpx.Response:
    form = {"grant_type": GRANT, "client_id": client_id, "device_code": begun["device_code"]}
    return await http.post("/oauth/token", data=form)


async def type_in(browser: Browser, code: str) -> httpx.Response:
    answer = await browser.http.get("/device", params={"user_code": code})
    while "location" in answer.headers:
        answer = await browser.http.get(answer.headers["location"])
    return answer


async def test_what_is_told_is_as_the_rfc_says(client: httpx.AsyncClient) -> None:
    begun = await begin(client)
    assert set(begun) == {
        "device_code", "user_code", "verification_uri", "verification_uri_complete", "expires_in",
        "interval",
    }  # fmt: skip
    assert len(begun["device_code"]) >= 43
    first, dash, second = begun["user_code"].partition("-")
    assert (len(first), dash, len(second)) == (4, "-", 4)
    assert begun["verification_uri"].endswith("/device")
    assert begun["verification_uri_complete"].endswith(f"/device?user_code={begun['user_code']}")
    assert (begun["expires_in"], begun["interval"]) == (600, 5)


async def test_the_command_line_gets_a_session_once_its_owner_allows_it(
    client: httpx.AsyncClient, browser: Browser, services: Services
) -> None:
    begun = await begin(client)
    page = await type_in(browser, begun["user_code"])
    assert begun["user_code"] in page.text
    assert "ann@example.com" in page.text
    done = await browser.submit(page, decision="allow")
    assert "You can go back" in done.text
    answer = await ask(client, begun)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await client.get("/v1/auth/me", headers=bearer)).json()
    assert (me["principal"]["username"], me["principal"]["credential"]) == ("ann", "session")
    renewed = await client.post(
        "/v1/auth/refresh", json={"refresh_token": answer.json()["refresh_token"]}
    )
    assert renewed.status_code == 200
    (event,) = await table(
        services, "SELECT metadata FROM security_events WHERE action = 'sign_in'"
        " AND metadata ->> 'purpose' = 'device'"
    )  # fmt: skip
    assert event


async def test_such_a_session_is_not_enough_for_what_asks_for_the_password(
    client: httpx.AsyncClient, browser: Browser
) -> None:
    begun = await begin(client)
    await browser.submit(await type_in(browser, begun["user_code"]), decision="allow")
    tokens = (await ask(client, begun)).json()
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    answer = await client.delete("/v1/me", headers=bearer)
    assert answer.json()["error"]["code"] == "reauthentication_required"


async def test_another_client_gets_tokens_of_the_scopes_that_it_asked_for(
    client: httpx.AsyncClient, browser: Browser, oauth: Client, services: Services
) -> None:
    begun = await begin(client, oauth.id, scope="resume:generate")
    page = await type_in(browser, begun["user_code"].lower().replace("-", " "))
    assert "Not verified" in page.text
    assert "Handle your résumés" in page.text
    await browser.submit(page, decision="allow")
    answer = await ask(client, begun, oauth.id)
    tokens = answer.json()
    assert (tokens["scope"], tokens["access_token"][:3]) == ("resume:generate", "vt_")
    refreshed = await oauth.refresh(tokens["refresh_token"])
    assert refreshed.status_code == 200
    owned = await Person(services).bearing(refreshed.json()["access_token"]).run("auth_me")
    assert owned.principal.username == "ann"


async def test_a_code_is_redeemed_once(client: httpx.AsyncClient, browser: Browser) -> None:
    begun = await begin(client)
    page = await type_in(browser, begun["user_code"])
    await browser.submit(page, decision="allow")
    again = await browser.http.post("/oauth/consent", data={**hidden(page), "decision": "deny"})
    assert again.status_code == 404
    assert (await ask(client, begun)).status_code == 200
    assert (await ask(client, begun)).json()["error"] == "expired_token"


async def test_who_waits_is_told_to_go_on_and_who_hurries_to_slow_down(
    client: httpx.AsyncClient,
) -> None:
    begun = await begin(client)
    first, second = await ask(client, begun), await ask(client, begun)
    assert (first.status_code, first.json()["error"]) == (400, "authorization_pending")
    assert (second.status_code, second.json()["error"]) == (400, "slow_down")


async def test_of_a_program_that_went_meanwhile_nothing_is_kept_for_ever(
    client: httpx.AsyncClient, browser: Browser, services: Services
) -> None:
    begun = await begin(client)
    page = await type_in(browser, begun["user_code"])
    (key,) = [key async for key in services.redis.scan_iter("oauth:device:*")]
    await services.redis.delete(key)
    await browser.submit(page, decision="allow")
    assert 0 < await services.redis.ttl(key) <= 600
    assert (await ask(client, begun)).json()["error"] == "expired_token"


async def test_two_who_ask_at_once_get_one_grant(
    client: httpx.AsyncClient, browser: Browser, services: Services
) -> None:
    begun = await begin(client)
    await browser.submit(await type_in(browser, begun["user_code"]), decision="allow")
    answers = await asyncio.gather(*(ask(client, begun) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 7]
    assert len(await table(services, "SELECT id FROM sessions")) == 2


async def test_a_denial_is_told_and_final(client: httpx.AsyncClient, browser: Browser) -> None:
    begun = await begin(client)
    page = await type_in(browser, begun["user_code"])
    assert "It was denied" in (await browser.submit(page, decision="deny")).text
    assert (await ask(client, begun)).json()["error"] == "access_denied"
    assert (await ask(client, begun)).json()["error"] == "expired_token"


async def test_nothing_is_allowed_for_who_signs_out_before_the_program_asks(
    client: httpx.AsyncClient, browser: Browser, services: Services
) -> None:
    begun = await begin(client)
    await browser.submit(await type_in(browser, begun["user_code"]), decision="allow")
    await table(services, "UPDATE sessions SET revoked_at = now()")
    assert (await ask(client, begun)).json()["error"] == "access_denied"
    assert len(await table(services, "SELECT id FROM sessions")) == 1


async def test_a_stranger_signs_in_first_and_comes_back_to_the_same_code(
    client: httpx.AsyncClient, stranger: Browser, services: Services
) -> None:
    await Person(services).register()
    begun = await begin(client)
    page = await type_in(stranger, begun["user_code"])
    assert 'name="password"' in page.text
    page = await stranger.sign_in(page)
    assert begun["user_code"] in page.text
    await stranger.submit(page, decision="allow")
    assert (await ask(client, begun)).status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"client_id": "vitae-cli", "device_code": "x" * 43}, id="unknown"),
        pytest.param({"client_id": "vitae-cli", "device_code": "é\ud7ff" * 400}, id="odd"),
        pytest.param({"client_id": "another"}, id="of another client"),
    ],
)
async def test_a_code_of_nobody_is_refused(client: httpx.AsyncClient, form: dict[str, str]) -> None:
    begun = await begin(client)
    sent = {"grant_type": GRANT, "device_code": begun["device_code"], **form}
    answer = await client.post("/oauth/token", data=sent)
    assert (answer.status_code, answer.json()["error"]) == (400, "expired_token")


async def test_an_unknown_client_can_not_wait(client: httpx.AsyncClient) -> None:
    answer = await client.post("/oauth/device_authorization", data={"client_id": "nobody"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize("typed", ["", "BCDF-GHJK", "AEIO-UAEI", "<script>", "ß" * 300])
async def test_a_wrong_code_is_told_on_the_page(stranger: Browser, typed: str) -> None:
    answer = await stranger.http.get("/oauth/device", params={"user_code": typed})
    assert answer.status_code == (404 if typed else 200)
    assert "<script>" not in answer.text
    assert 'name="user_code"' in answer.text


async def test_codes_can_not_be_tried_for_ever(
    client: httpx.AsyncClient, stranger: Browser
) -> None:
    for _ in range(30):
        await stranger.http.get("/oauth/device", params={"user_code": "BCDF-GHJK"})
    begun = await begin(client)
    answer = await stranger.http.get("/oauth/device", params={"user_code": begun["user_code"]})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text


async def test_a_form_of_another_browser_decides_nothing(
    client: httpx.AsyncClient, browser: Browser, stranger: Browser
) -> None:
    begun = await begin(client)
    page = await type_in(browser, begun["user_code"])
    stranger.http.cookies.clear()
    answer = await stranger.http.post("/oauth/consent", data={**hidden(page), "decision": "allow"})
    assert answer.status_code == 403
    assert (await ask(client, begun)).json()["error"] == "authorization_pending"


def test_a_user_code_is_read_however_it_is_typed() -> None:
    assert devices.plain(" wdjb mjht") == devices.plain("WDJB-MJHT") == "WDJBMJHT"
    assert devices.plain("WDJB-MJH") is None
    assert devices.plain("OIOI-OIOI") is None
