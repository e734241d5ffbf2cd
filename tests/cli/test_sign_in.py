"""Signing in and out, and sessions that run out, as one does it at a terminal and in scripts."""

from __future__ import annotations

import asyncio
import json
import os
import re
import stat
from typing import Any

import httpx
import pyotp
import pytest

from app.services import Services
from schema.types.second_factor import ConfirmSecondFactorInput
from tests.cli.shell import Shell
from tests.oauth.flow import Browser
from tests.people import PASSWORD, Person, table


@pytest.fixture
async def registered(services: Services) -> Person:
    person = Person(services)
    await person.register()
    return person


@pytest.fixture
async def signed_in(shell: Shell, registered: Person) -> Shell:
    shell.keep("ann", await registered.log_in())
    return shell


async def test_the_password_is_asked_for_and_not_shown(shell: Shell, registered: Person) -> None:
    def at_terminal() -> tuple[int, str]:
        with shell.terminal("login") as terminal:
            terminal.wait_for("Username or e-mail address: ")
            terminal.type("ann@example.com\n")
            terminal.wait_for("Password: ")
            terminal.type(f"{PASSWORD}\n")
            return terminal.end()

    code, seen = await asyncio.to_thread(at_terminal)
    assert code == 0, seen
    assert "Signed in as ann at" in seen
    assert PASSWORD not in seen
    who = await shell.ok("whoami", "--json")
    assert who.json["principal"]["username"] == "ann"


async def test_a_script_gives_the_password_by_standard_input(
    shell: Shell, registered: Person
) -> None:
    done = await shell.ok("login", "--username", "ann", given=f"{PASSWORD}\n")
    assert done.out == f"Signed in as ann at {shell.url}\n"
    assert (await shell.ok("skills", "add", "Python", "-q")).out


async def test_what_is_kept_is_readable_by_its_owner_alone(
    shell: Shell, registered: Person
) -> None:
    old = os.umask(0)
    try:
        await shell.ok("login", "--username", "ann", given=f"{PASSWORD}\n")
    finally:
        os.umask(old)
    assert stat.S_IMODE(shell.store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(shell.store.path.parent.stat().st_mode) == 0o700


async def test_a_wrong_password_is_said_with_its_code(shell: Shell, registered: Person) -> None:
    done = await shell.run("login", "--username", "ann", given="wrong password 1\n")
    assert done.code == 3
    assert "wrong password 1" not in done.out + done.err
    assert shell.kept() is None


async def test_a_second_factor_is_asked_for_until_it_is_right(
    shell: Shell, registered: Person
) -> None:
    owner = registered.bearing((await registered.log_in()).access_token)
    secret = (await owner.run("begin_second_factor")).secret
    code = pyotp.TOTP(secret).now()
    codes = await owner.run("confirm_second_factor", input=ConfirmSecondFactorInput(code=code))
    given = f"{PASSWORD}\n000000\n{codes.recovery_codes[0]}\n"
    done = await shell.ok("login", "--username", "ann", given=given)
    assert "This code is wrong" in done.err
    assert (await shell.ok("whoami")).code == 0


async def test_a_browser_signs_the_command_in(
    shell: Shell, registered: Person, client: httpx.AsyncClient
) -> None:
    process = await asyncio.to_thread(shell.start, "login", "--device")
    assert process.stderr is not None
    said = (await asyncio.to_thread(process.stderr.readline)).decode()
    found = re.search(r"type: (\S+)$", said.strip())
    assert found is not None, said
    async with httpx.AsyncClient(base_url=shell.url, timeout=60) as http:
        browser = Browser(http)
        page = await http.get("/oauth/device", params={"user_code": found[1]})
        await browser.submit(await browser.sign_in(page), decision="allow")
    out, err = await asyncio.to_thread(process.communicate)
    assert process.returncode == 0, err
    assert out.decode() == f"Signed in as ann at {shell.url}\n"
    assert (await shell.ok("whoami", "--json")).json["principal"]["credential"] == "session"


async def test_logging_out_ends_the_session_and_forgets_it(
    signed_in: Shell, services: Services
) -> None:
    kept = signed_in.kept()
    assert kept is not None
    await signed_in.ok("logout")
    assert signed_in.kept() is None
    refused = await signed_in.run("skills", "list", VITAE_TOKEN=kept.access_token)
    assert refused.code == 3
    done = await signed_in.run("whoami")
    assert (done.code, "vitae login" in done.err) == (3, True)


async def test_a_token_of_the_environment_goes_before_a_sign_in(
    signed_in: Shell, services: Services
) -> None:
    other = await Person(services).signed_in("bea")
    key = (await other.new_key()).key
    done = await signed_in.ok("profile", "show", "--json", VITAE_TOKEN=key)
    assert done.json["username"] == "bea"
    refused = await signed_in.run("login", "--username", "ann", VITAE_TOKEN=key)
    assert refused.code == 2
    assert key not in refused.err


async def test_what_is_known_of_one_server_is_not_sent_to_another(signed_in: Shell) -> None:
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 302 Found\r\nlocation: %s\r\ncontent-length: 0\r\n\r\n" % elsewhere)
        await writer.drain()
        writer.close()

    elsewhere = f"{signed_in.url}/v1/me/skills".encode()
    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        done = await signed_in.run("skills", "list", "--url", f"http://127.0.0.1:{port}")
    assert done.code == 1  # a redirect is followed nowhere
    assert b"uthorization" not in heard[0]


# Sessions that run out


async def test_an_access_token_that_has_run_out_is_renewed(
    shell: Shell, registered: Person
) -> None:
    shell.keep("ann", await registered.log_in(), seconds=0)
    before = shell.kept()
    await shell.ok("skills", "list")
    after = shell.kept()
    assert before is not None
    assert after is not None
    assert before.refresh_token != after.refresh_token
    await shell.ok("skills", "list")
    assert shell.kept() == after


async def test_an_access_token_that_the_server_refuses_is_renewed_once(signed_in: Shell) -> None:
    kept = signed_in.kept()
    assert kept is not None
    with signed_in.store.locked():
        forged = {**json.loads(signed_in.store.path.read_text())}
        forged["servers"][signed_in.url]["access_token"] = "a.b.c"
        signed_in.store._write(forged)
    await signed_in.ok("skills", "list")
    after = signed_in.kept()
    assert after is not None
    assert after.refresh_token != kept.refresh_token


async def test_commands_at_once_use_a_refresh_token_once(
    shell: Shell, registered: Person, services: Services
) -> None:
    shell.keep("ann", await registered.log_in(), seconds=0)
    done = await asyncio.gather(*(shell.run("skills", "list") for _ in range(6)))
    assert [one.code for one in done] == [0] * 6, [one.err for one in done]
    (used,) = await table(services, "SELECT count(*) FROM refresh_tokens WHERE used_at IS NOT NULL")
    assert used[0] == 1


async def test_a_session_that_was_ended_elsewhere_says_how_to_go_on(
    shell: Shell, registered: Person, services: Services
) -> None:
    shell.keep("ann", await registered.log_in(), seconds=0)
    await table(services, "UPDATE sessions SET revoked_at = now()")
    done = await shell.run("skills", "list")
    assert (done.code, done.out) == (3, "")
    assert "vitae login" in done.err
    assert shell.kept() is None


async def test_a_broken_file_of_sessions_is_named(signed_in: Shell) -> None:
    signed_in.store.path.write_text("{")
    done = await signed_in.run("skills", "list")
    assert done.code == 3
    assert str(signed_in.store.path) in done.err
    assert "Traceback" not in done.err


async def test_a_new_account_asks_for_its_password_twice(shell: Shell, services: Services) -> None:
    def at_terminal() -> tuple[int, str]:
        options = ["--username", "cleo", "--email", "cleo@example.com", "--full-name", "Cleo X"]
        with shell.terminal("register", *options) as terminal:
            terminal.wait_for("New password: ")
            terminal.type(f"{PASSWORD}\n")
            terminal.wait_for("Repeat for confirmation: ")
            terminal.type(f"{PASSWORD}\n")
            return terminal.end()

    code, seen = await asyncio.to_thread(at_terminal)
    assert code == 0, seen
    assert PASSWORD not in seen
    done: Any = await shell.ok("login", "--username", "cleo", given=f"{PASSWORD}\n")
    assert "cleo" in done.out
