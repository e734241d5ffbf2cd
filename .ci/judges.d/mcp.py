"""MCP's own judges: `mcp.py SERVER EVERYTHING SCRATCH`, with the servers' addresses and a folder.

The conformance suite judges both servers in both eras: the real one by the scenarios that apply to
a server with tools of its own, the one with everything by all. Then the Inspector does with the
real one what a person would: makes a résumé, waits for it and fetches the PDF. Extensions of MCP
that we do not offer are nobody's concern.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import client

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "app/cv/example.json"
VERSIONS = ("2025-11-25", "2026-07-28")
EXTENSIONS = ("tasks-", "sep-2640-")
_TIME = re.compile(r"-\d{4}-\d\d-\d\dT[\dZ-]+$")

# Scenarios that ask for nothing but what the protocol says of every server.
OF_EVERY_SERVER = frozenset(
    {
        "server-initialize",
        "server-session-lifecycle",
        "server-stateless",
        "server-sse-multiple-streams",
        "ping",
        "tools-list",
        "resources-list",
        "prompts-list",
        "sep-2164-resource-not-found",
        "caching",
        "dns-rebinding-protection",
        "http-header-validation",
        "input-required-result-unsupported-methods",
    }
)


def main(server: str, everything: str, scratch: str) -> int:
    token = _token(server)
    checked = 0
    for name, url in (("real", server), ("everything", everything)):
        with _bearing(url, token) as proxy:
            for version in VERSIONS:
                folder = Path(scratch, name, version)
                checked += _suite(name, f"{proxy}/v1/mcp", version, folder)
    eras = 0
    for era, path in (("legacy", ""), ("modern", ""), ("auto", ""), ("legacy", "/sse")):
        for finding in _inspect(f"{server}/v1/mcp{path}", token, era, Path(scratch)):
            print(f"Inspector {era}{path}: {finding}")
        eras += 1
    print(f"note: {checked} checks on two servers, the Inspector in {eras} ways")
    return 0


def _token(server: str) -> str:
    wanted = {"name": "Judge", "scopes": client.SCOPES}
    created = client.post(f"{server}/v1/auth/tokens", wanted, client.sign_in(server))
    return str(created["token"])


@contextlib.contextmanager
def _bearing(url: str, token: str) -> Iterator[str]:
    """The address of a proxy that adds the token: the suite itself can send none."""
    with subprocess.Popen(
        ["node", str(HERE / "bearer_proxy.mjs"), url],
        env={**os.environ, "TOKEN": token},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as proxy:  # fmt: skip
        assert proxy.stdin is not None
        assert proxy.stdout is not None
        try:
            yield proxy.stdout.readline().strip()
        finally:
            proxy.stdin.close()


# The suite


def _suite(name: str, url: str, version: str, folder: Path) -> int:
    """Run what `version` requires and print findings; how many checks were made."""
    wanted = {
        scenario
        for scenario in _required(version)
        if not scenario.startswith(EXTENSIONS)
        and (name == "everything" or scenario in OF_EVERY_SERVER)
    }
    # It fails for scenarios that are not wanted too; what counts is what it has written down.
    subprocess.run(
        ["conformance", "server", "--url", url, "--requirements", version, "-o", str(folder)],
        stdout=subprocess.DEVNULL, check=False, timeout=300,
    )  # fmt: skip
    checked = 0
    for scenario, checks in _results(folder).items():
        if scenario not in wanted:
            continue
        wanted.discard(scenario)
        checked += len(checks)
        found = {_told(check) for check in checks if _is_finding(check, name)}
        for told in sorted(found):
            print(f"{name} {version} {scenario}: {told}")
    for scenario in sorted(wanted):
        print(f"{name} {version} {scenario}: was not run")
    return checked


def _required(version: str) -> list[str]:
    listed = subprocess.run(
        ["conformance", "list", "--requirements", version],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    servers, _, _ = listed.partition("Server scenarios")[2].partition("\nClient scenarios")
    return [line.split()[1] for line in servers.splitlines() if line.startswith("  - ")]


def _results(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The checks of each scenario; its folder is named `server-NAME-TIME`."""
    found = {}
    for report in sorted(folder.glob("server-*/checks.json")):
        scenario = _TIME.sub("", report.parent.name.removeprefix("server-"))
        found[scenario] = json.loads(report.read_text())
    return found


def _is_finding(check: dict[str, Any], name: str) -> bool:
    """Whether a check went wrong; what the real server has no tools to be tried with, the other
    has."""
    details = check.get("details") or {}
    untried = isinstance(details, dict) and details.get("untestable", False)
    return check["status"] in ("FAILURE", "WARNING") and not (name == "real" and untried)


def _told(check: dict[str, Any]) -> str:
    told = (check.get("errorMessage") or check["description"]).splitlines()[0]
    return f"{check['id']}: {told}"


# The Inspector


class _Failed(Exception):
    """The Inspector did not get what it asked for."""


def _inspect(url: str, token: str, era: str, scratch: Path) -> Iterator[str]:
    """Make a résumé as the Inspector does it, and say what went wrong."""

    def ask(method: str, *more: str) -> Any:
        # SSE is a transport of the handshake; `auto` would try the other era first.
        asked = ["mcp-inspector", "--cli", url, "--header", f"Authorization: Bearer {token}"]
        options = ["--protocol-era", era, "--quiet", "--format", "json", "--method", method]
        done = subprocess.run(
            [*asked, *options, *more], capture_output=True, text=True, check=False, timeout=60,
            env={**os.environ, "MCP_CATALOG_PATH": str(scratch / "inspector.json")},
        )  # fmt: skip
        if done.returncode:
            raise _Failed(f"{method}: {(done.stderr or done.stdout).strip()[:300]}")
        return json.loads(done.stdout)

    def call(tool: str, arguments: dict[str, Any]) -> Any:
        given = json.dumps(arguments)
        answer = ask("tools/call", "--tool-name", tool, "--tool-args-json", given)
        answer = answer.get("result", answer)
        if answer.get("isError"):
            raise _Failed(f"{tool}: {answer['content'][0]['text'][:300]}")
        return answer["structuredContent"]

    try:
        listed = ask("tools/list")
        names = {tool["name"] for tool in listed.get("result", listed)["tools"]}
        if missing := {"resume.create_job", "resume.get_job", "resume.get_pdf"} - names:
            raise _Failed(f"tools/list: without {', '.join(sorted(missing))}")
        request_id = f"inspector-{time.time_ns()}"
        example = json.loads(EXAMPLE.read_text()) | {"request_id": request_id}
        job_id = call("resume.create_job", example)["job_id"]
        _wait(lambda: call("resume.get_job", {"job_id": job_id})["job"]["status"])
        pdf = call("resume.get_pdf", {"job_id": job_id})
        request = urllib.request.Request(  # noqa: S310
            pdf["url"], headers={"Authorization": f"Bearer {token}"}
        )
        if not urllib.request.urlopen(request).read().startswith(b"%PDF-"):  # noqa: S310
            raise _Failed("resume.get_pdf: what its url leads to is no PDF")
    except (_Failed, subprocess.TimeoutExpired, KeyError) as failure:
        yield f"{failure}"


def _wait(status: Any) -> None:
    for _ in range(60):
        match status():
            case "succeeded":
                return
            case "failed" | "canceled" as ended:
                raise _Failed(f"the job {ended}")
        time.sleep(0.3)
    raise _Failed("the job did not end")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
