"""`vitae quickstart`: a first résumé on a running server, as a newcomer would make it."""

from __future__ import annotations

import json
import secrets
import shlex
import time
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from app.settings import PROJECT

EXAMPLE = PROJECT / "app" / "cv" / "example.json"
_PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.2
_ENDED = ("succeeded", "failed", "canceled")


class Refused(RuntimeError):
    """An answer that is not the one awaited, in words for the person at the terminal."""


def run(url: str, output: Path) -> int:
    """Register, mint a token, post the example, follow it, save its PDF; the exit code."""
    console = Console(stderr=True, highlight=False)
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            username, password, token = _make_owner(client, console)
            job_id = _post(client, token, console)
            _follow(client, token, job_id, console)
            pdf = _call(client, "GET", f"/v1/resume/jobs/{job_id}/pdf", token)
        output.write_bytes(pdf.content)
    except httpx.TransportError as error:
        console.print(f"vitae: No server answers at {url} ({error}). Start one with: ./vitae up")
        return 1
    except (Refused, OSError) as error:
        console.print(f"vitae: {error}", markup=False)
        return 1
    console.print(f"[bold green]{output}[/]: {len(pdf.content) / 1000:.0f} kB\n")
    console.print("The same with curl:\n")
    print(_curl_lines(url, username, password, output))
    return 0


def _make_owner(client: httpx.Client, console: Console) -> tuple[str, str, str]:
    """Register a new owner; username, password and a personal token for résumés."""
    username = f"demo-{secrets.token_hex(4)}"
    password = secrets.token_urlsafe(15)
    owner = {
        "username": username,
        "email": f"{username}@example.com",
        "password": password,
        "full_name": "Demo Owner",
    }
    _call(client, "POST", "/v1/auth/register", json=owner)
    console.print(f"registered [bold]{username}[/]")
    login = {"username": username, "password": password}
    session = _call(client, "POST", "/v1/auth/login", json=login).json()
    wanted = {"name": "quickstart", "scopes": ["resume:generate"]}
    token = _call(client, "POST", "/v1/auth/tokens", session["access_token"], json=wanted).json()
    console.print("minted a token for [bold]resume:generate[/]")
    return username, password, token["token"]


def _post(client: httpx.Client, token: str, console: Console) -> str:
    body = json.loads(EXAMPLE.read_bytes())
    answer = _call(client, "POST", "/v1/resume/jobs", token, json=body).json()
    for warning in answer.get("warnings", []):
        console.print(f"warning: {warning['path']}: {warning['message']}", markup=False)
    return str(answer["job_id"])


def _follow(client: httpx.Client, token: str, job_id: str, console: Console) -> None:
    """Wait until the job has succeeded, showing its states; raises Refused."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    shown = ""
    with console.status(f"job {job_id}") as line:
        while time.monotonic() < deadline:
            job = _call(client, "GET", f"/v1/resume/jobs/{job_id}", token).json()["job"]
            if job["status"] != shown:
                shown = job["status"]
                console.print(f"job {job_id}: [bold]{shown}[/]")
                line.update(f"job {job_id}: {shown}")
            if shown == "succeeded":
                return
            if shown in _ENDED:
                raise Refused(
                    f"The job ended as {shown}: {(job.get('error') or {}).get('message')}"
                )
            time.sleep(_POLL_SECONDS)
    raise Refused(f"The job is still {shown} after {_PATIENCE_SECONDS:.0f} s; is a worker running?")


def _call(
    client: httpx.Client, method: str, path: str, token: str = "", json: Any = None
) -> httpx.Response:
    """One request; raises Refused with the server's own words when it fails."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.request(method, path, headers=headers, json=json)
    if answer.is_success:
        return answer
    try:
        message = answer.json()["error"]["message"]
    except (ValueError, KeyError, TypeError):
        message = "the answer is not one of Vitae's"
    raise Refused(f"{method} {path} gave {answer.status_code}: {message}")


def _curl_lines(url: str, username: str, password: str, output: Path) -> str:
    """Lines to paste into a shell; jq takes the values out of the answers."""
    json_body = "-H 'Content-Type: application/json' -d"
    login = json.dumps({"username": username, "password": password})
    wanted = json.dumps({"name": "curl", "scopes": ["resume:generate"]})
    jobs = "$URL/v1/resume/jobs"
    bearer = '-H "Authorization: Bearer $TOKEN"'
    return f"""\
URL={url}
SESSION=$(curl -fsS $URL/v1/auth/login {json_body} '{login}' | jq -r .access_token)
TOKEN=$(curl -fsS $URL/v1/auth/tokens -H "Authorization: Bearer $SESSION" \\
  {json_body} '{wanted}' | jq -r .token)
JOB=$(curl -fsS {jobs} {bearer} \\
  {json_body} @{shlex.quote(str(EXAMPLE))} | jq -r .job_id)
until curl -fsS {jobs}/$JOB {bearer} | jq -e '.job.finished_at' >/dev/null; do sleep 1; done
curl -fsS {jobs}/$JOB/pdf {bearer} -o {shlex.quote(str(output))}"""
