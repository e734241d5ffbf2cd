"""Signing in and out: by password and second factor, or by a code to type in a browser."""

from __future__ import annotations

import getpass
import time
import urllib.parse
from typing import Any

import click

from app.cli.client import asking
from app.cli.client.api import Api, decoded, is_overheard
from app.cli.client.failures import Exit, Failure, Refused
from app.cli.client.invocation import Invocation, command
from app.cli.client.session import signed_in
from app.cli.client.text import safe

CLIENT_ID = "vitae-cli"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

_ATTEMPTS = 3
_LONGEST_INTERVAL = 60


def _login(invocation: Invocation, username: str | None, is_device: bool) -> None:
    api, output = invocation.api, invocation.output
    if api.token is not None:
        message = "VITAE_TOKEN is set and goes before any sign-in. Unset it first."
        raise Failure(message, Exit.USAGE)
    if is_overheard(api.url):
        output.note(f"{api.url} is not encrypted: whoever is on the way can read your password.")
    if output.is_attended:
        api.content("GET", "/healthz", is_public=True)  # nobody types a password for nothing
        output.note(f"Signing in at {api.url}")
    if is_device:
        tokens = _by_device(invocation)
    else:
        if username is None:
            if not output.is_attended:
                raise click.UsageError("Missing --username.")
            username = click.prompt("Username or e-mail address", err=True)
        tokens = _by_password(api, str(username).strip(), asking.secret("Password"))
    session = signed_in("", tokens)
    headers = {"Authorization": f"Bearer {session.access_token}"}
    who = api.json("GET", "/v1/me/profile", headers=headers, is_public=True)
    session = signed_in(who["username"], tokens)
    with api.store.locked():
        api.store.put(api.url, session, is_default=True)
    if output.is_json:
        output.value({"username": session.username, "url": api.url})
    else:
        output.result(f"Signed in as {session.username} at {api.url}")


def _by_password(api: Api, name: str, password: str) -> dict[str, Any]:
    body = {"email" if "@" in name else "username": name, "password": password}
    try:
        return dict(api.json("POST", "/v1/auth/login", body=body, is_public=True))
    except Refused as refused:
        if refused.code != "second_factor_required":
            raise
        return _by_code(api, refused)


def _by_code(api: Api, refused: Refused) -> dict[str, Any]:
    for _ in range(_ATTEMPTS):
        challenge = refused.error["details"]["challenge"]
        body = {"challenge": challenge, "code": asking.secret("Code of your second factor").strip()}
        try:
            return dict(api.json("POST", "/v1/auth/login/code", body=body, is_public=True))
        except Refused as again:
            if again.code != "second_factor_required":
                raise
            refused = again
            click.echo(safe(str(again)), err=True)
    raise refused


def _by_device(invocation: Invocation) -> dict[str, Any]:
    """The device flow of OAuth (RFC 8628): the code is typed where one is signed in already."""
    api = invocation.api
    asked = _form(api, "/oauth/device_authorization", {"client_id": CLIENT_ID})
    ways = (
        f"Open {asked['verification_uri']} and type: {asked['user_code']}",
        f"Or open {asked['verification_uri_complete']}",
    )
    for way in ways:
        click.echo(safe(way), err=True)
    click.echo(f"This was asked for by {getpass.getuser()} on this computer; waiting…", err=True)
    deadline = time.monotonic() + float(asked["expires_in"])
    interval = float(asked.get("interval", 5))
    sent = {
        "grant_type": DEVICE_GRANT,
        "client_id": CLIENT_ID,
        "device_code": asked["device_code"],
    }
    while time.monotonic() < deadline:
        time.sleep(min(interval, _LONGEST_INTERVAL))
        try:
            return dict(_form(api, "/oauth/token", sent))
        except Refused as refused:
            answer = decoded(refused.content) or {}
            match answer.get("error") if isinstance(answer, dict) else None:
                case "authorization_pending":
                    continue
                case "slow_down":
                    interval += 5
                case "access_denied":
                    raise Failure("The sign-in was denied.", Exit.FORBIDDEN) from None
                case "expired_token":
                    break
                case _:
                    raise
    raise Failure("Nobody typed the code in time.", Exit.NOT_AUTHENTICATED)


def _form(api: Api, path: str, fields: dict[str, str]) -> Any:
    content = ("application/x-www-form-urlencoded", urllib.parse.urlencode(fields).encode())
    return api.json("POST", path, content=content, is_public=True)


def _logout(invocation: Invocation) -> None:
    api = invocation.api
    kept = api.store.get(api.url)
    if kept is None:
        invocation.output.note(f"You are not signed in at {api.url}")
        return
    try:
        headers = {"Authorization": f"Bearer {api.session.access_token()}"}
        api.content("POST", "/v1/auth/logout", headers=headers, is_public=True)
    except Failure as failure:
        if failure.exit is not Exit.NOT_AUTHENTICATED:  # it has ended already
            raise
    with api.store.locked():
        api.store.forget(api.url)
    invocation.output.result(f"Signed out of {api.url}")


def _whoami(invocation: Invocation) -> None:
    content = invocation.api.content("GET", "/v1/auth/me")
    said = decoded(content)
    if not said.get("authenticated"):
        message = f"You are not signed in at {invocation.api.url}. Sign in with: vitae login"
        raise Failure(message, Exit.NOT_AUTHENTICATED)
    if invocation.output.is_json:
        invocation.output.body(content)
    else:
        invocation.output.object({"server": invocation.api.url, **said})


LOGIN = command(
    "login",
    _login,
    text="""Sign in, by password or in a browser.

    The password and the code of a second factor are asked for; in a pipe they are the lines of
    standard input. What is kept goes to the keyring of the system, or to a file that only you can
    read. Scripts need no sign-in: they set VITAE_TOKEN.""",
    parameters=[
        click.Option(["--username"], metavar="NAME", help="Username or e-mail address."),
        click.Option(["--device", "is_device"], is_flag=True, help="Sign in by a browser instead."),
    ],
)
LOGOUT = command("logout", _logout, text="End the session of this computer.")
WHOAMI = command("whoami", _whoami, text="Whom you are signed in as, and what you may do.")
