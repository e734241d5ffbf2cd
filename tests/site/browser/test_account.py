"""The account area in a browser: what only script does, and its pages once they are full."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.services import Services
from schema.types.access import Scope
from tests.people import PASSWORD, Person, table
from tests.site.browser.conftest import Open
from tests.site.browser.tab import VIEWS, Tab


async def test_a_token_is_made_copied_and_its_curl_line_works(own_tab: Tab) -> None:
    page = own_tab.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await own_tab.open("/account/tokens")
    await page.get_by_role("link", name="New token").click()
    await page.get_by_label("Name").fill("laptop")
    await page.get_by_label("resume:generate").check()
    await page.get_by_role("button", name="Make the token").click()
    await page.get_by_role("button", name="Copy The templates of résumés").click()
    await page.get_by_text("Copied", exact=True).wait_for()
    line = await page.evaluate("navigator.clipboard.readText()")
    found = re.fullmatch(r"curl (\S+) -H '(.+): (.+)'", line)
    assert found is not None
    async with httpx.AsyncClient(base_url=own_tab.url) as api:
        answer = await api.get(httpx.URL(found[1]).path, headers={found[2]: found[3]})
    assert answer.json()["ok"] is True


async def test_a_token_is_revoked_by_keyboard(own_tab: Tab, ann: Person) -> None:
    await ann.new_token(Scope.MCP_CONNECT, name="old laptop")
    page = own_tab.page
    await own_tab.open("/account/tokens")
    await page.locator("summary", has_text="Revoke").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.get_by_text("The token is revoked.").wait_for()
    await page.get_by_text("No tokens yet").wait_for()


async def test_after_sign_out_nothing_of_an_account_is_left_in_the_tab(own_tab: Tab) -> None:
    page = own_tab.page
    await own_tab.open("/account")
    await page.get_by_text("ann@example.com").first.wait_for()
    await page.evaluate("sessionStorage.setItem('console-credential', 'vt_secret')")
    await page.locator("form[action='/sign-out'] button").first.click()
    await page.get_by_text("You have signed out.").wait_for()
    assert await page.evaluate("sessionStorage.length") == 0
    await page.go_back()
    await page.get_by_label("Password").wait_for()
    assert "ann@example.com" not in await page.content()


async def _fill(services: Services, ann: Person) -> None:
    """Have Ann use her account for a while."""
    await ann.new_token(Scope.RESUME_GENERATE, Scope.MCP_CONNECT, name="Command line at home")
    soon = datetime.now(UTC) + timedelta(days=30)
    await ann.new_token(*Scope, name="Letter writer", expires_at=soon)
    await ann.new_key("Nightly sync of the profile")
    await table(
        services,
        "INSERT INTO usage (day, account_id, credential_id, kind, operation, method, path, outcome,"
        " count) SELECT current_date - n, $1, $1, 'session', operation, 'GET', path, outcome,"
        " 3 + (n * 37 + length(path)) % 90 FROM generate_series(0, 29) AS n,"
        " (VALUES ('owner', '/v1/me', 'ok'), ('resume_jobs', '/v1/resume/jobs', 'ok'),"
        " ('resume_job', '/v1/resume/jobs/{job_id}', 'client_error'))"
        " AS asked (operation, path, outcome) WHERE n % 7 <> 5",
        await ann.account_id(),
    )
    await table(
        services,
        "INSERT INTO sessions (id, account_id, expires_at, user_agent, address)"
        " SELECT gen_random_uuid(), $1, now() + interval '9 days', agent, '192.0.2.7'"
        " FROM (VALUES ('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1'),"
        " ('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'),"
        " ('curl/8.5.0')) AS known (agent)",
        await ann.account_id(),
    )


@pytest.mark.whole
@pytest.mark.parametrize("view", VIEWS)
async def test_full_pages_are_without_fault(
    open_tab: Open, ann: Person, services: Services, view: str
) -> None:
    await _fill(services, ann)
    tab = await open_tab(view, ann)
    for name in ("tokens", "sessions", "events", "usage", "plan"):
        await tab.open(f"/account/{name}")
        await tab.judge(f"full-{name}")
    await tab.open("/account/tokens")
    await tab.page.locator("summary", has_text="Rotate").first.click()
    await tab.judge("full-rotate")
    await tab.send(tab.page.get_by_role("button", name="Rotate the token").first)
    await tab.judge("full-made")
    await tab.open("/account/sign-in")
    await tab.send(tab.page.get_by_role("button", name="Set it up"))
    await tab.judge("full-second-factor")
    await tab.page.get_by_role("textbox", name="Code").fill("1")
    await tab.send(tab.page.get_by_role("button", name="Turn it on"))
    await tab.judge("full-wrong-code")
    await tab.open("/account/tokens/new")
    await tab.send(tab.page.get_by_role("button", name="Make the token"))
    await tab.judge("full-wrong-token")
    await tab.open("/account/nothing")
    await tab.judge("full-nothing")


@pytest.mark.whole
@pytest.mark.parametrize("view", VIEWS)
async def test_a_proof_is_without_fault(open_tab: Open, services: Services, view: str) -> None:
    tab = await open_tab(view)
    await tab.sign_up()
    await tab.judge("welcome")
    await table(services, "UPDATE sessions SET proven_at = now() - interval '1 hour'")
    await tab.open("/account/data")
    await tab.page.get_by_label("Type your username").fill("ann")
    await tab.send(tab.page.get_by_role("button", name="Delete the account"))
    await tab.judge("proof")
    await tab.page.get_by_label("Password").fill(PASSWORD)
    await tab.page.get_by_role("button", name="Go on").click()
    await tab.page.get_by_role("heading", name="Your account will be deleted").wait_for()
    await tab.judge("deleted")
