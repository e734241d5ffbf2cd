"""The command line on a whole installation, worker and all: résumés, imports, MCP."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pypdf
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from app.settings import PROJECT
from tests.cli.shell import Shell
from tests.programs import PATIENCE_SECONDS, Up, command, eventually

EXAMPLE = PROJECT / "app" / "cv" / "example.json"
PASSWORD = "eleven green bottles"


@pytest.fixture(scope="module")
def site(up: Up) -> Up:
    eventually(up.is_ready)
    return up


@pytest.fixture
def eve(site: Up, tmp_path: Path) -> Shell:
    """The command of a new person, signed in."""
    shell = Shell(site.url, tmp_path)
    name = f"eve-{time.time_ns():x}"
    owner = ("--username", name, "--email", f"{name}@example.com", "--full-name", "Eve Low")
    made = shell.now("register", *owner, given=f"{PASSWORD}\n")
    assert made.code == 0, made.err
    signed_in = shell.now("login", "--username", name, given=f"{PASSWORD}\n")
    assert signed_in.code == 0, signed_in.err
    return shell


def ok(shell: Shell, *arguments: str | Path, given: str = "") -> Any:
    done = shell.now(*arguments, given=given)
    assert done.code == 0, done.err
    return done


# Résumés


def test_a_resume_of_a_file_is_waited_for_and_written(eve: Shell) -> None:
    done = ok(eve, "resume", "create", EXAMPLE, "--template", "harvard", "--wait", "-o", "cv.pdf")
    assert "cv.pdf: " in done.err
    text = pypdf.PdfReader(eve.home / "cv.pdf").pages[0].extract_text()
    assert "Doxarve" in text
    (job,) = ok(eve, "resume", "list", "--json").json["items"]
    assert (job["status"], job["template"]) == ("succeeded", "harvard")
    verified = ok(eve, "resume", "verify", "cv.pdf", "--json").json
    assert (verified["ours"], verified["job_id"]) == (True, job["id"])
    ok(eve, "resume", "download", "1", "--format", "md", "-o", "cv.md")
    assert (eve.home / "cv.md").read_text().startswith("# Leif Doxarve")


def test_a_resume_of_the_profile_goes_to_standard_output(eve: Shell) -> None:
    ok(eve, "experience", "add", "--company", "Acme", "--title", "Smith")
    process = eve.start("resume", "create", "-o", "-")
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, err
    assert out.startswith(b"%PDF-")
    assert out.rstrip().endswith(b"%%EOF")


def test_cv_data_comes_from_standard_input(eve: Shell) -> None:
    job = ok(eve, "resume", "create", "-", "--wait", "--json", given=EXAMPLE.read_text()).json
    assert job["job"]["status"] == "succeeded"
    shown = ok(eve, "resume", "get", job["job"]["id"], "--json").json
    assert shown["job"]["id"] == job["job"]["id"]
    told = ok(eve, "resume", "get", "1").out
    assert job["job"]["id"] in told
    assert "succeeded" in told


def test_a_resume_is_made_in_another_language(eve: Shell) -> None:
    job = ok(eve, "resume", "create", EXAMPLE, "--locale", "de", "--wait", "-q").out.strip()
    ok(eve, "resume", "download", job, "--format", "cv_data", "-o", "cv.json")
    assert json.loads((eve.home / "cv.json").read_text())["locale"] == "de"


def test_the_same_request_id_gives_the_same_job(eve: Shell) -> None:
    ids = [ok(eve, "resume", "create", EXAMPLE, "--request-id", "eins-1").out for _ in range(2)]
    assert ids[0] == ids[1] != ""


def test_what_can_not_be_rendered_names_its_fields(eve: Shell) -> None:
    done = eve.now("resume", "create", "-", given='{"identity": {}, "template": 7}')
    assert (done.code, done.out) == (7, "")
    assert "\n  cv_data." in done.err


def test_a_preview_costs_no_job(eve: Shell) -> None:
    ok(eve, "resume", "preview", EXAMPLE, "-o", "page.png")
    assert (eve.home / "page.png").read_bytes()[:4] == b"\x89PNG"
    assert ok(eve, "resume", "list", "--json").json["items"] == []


def test_progress_moves_on_a_terminal(eve: Shell) -> None:
    with eve.terminal("resume", "create", EXAMPLE, "-o", "cv.pdf") as terminal:
        terminal.wait_for("job ")
        code, seen = terminal.end()
    assert code == 0, seen
    assert "cv.pdf: " in seen
    assert (eve.home / "cv.pdf").read_bytes().startswith(b"%PDF-")


# Imports


def test_an_import_shows_what_it_found_and_changes_nothing_in_a_pipe(eve: Shell) -> None:
    ok(eve, "resume", "create", EXAMPLE, "-o", "cv.pdf")
    done = ok(eve, "import", "cv.pdf")
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert ["experience", "DoxAI", "company", "DoxAI"] in [row[1:5] for row in rows]
    assert "--yes" in done.err
    assert ok(eve, "experience", "list").out == ""
    ok(eve, "import", "cv.pdf", "--yes")
    assert "DoxAI" in ok(eve, "experience", "list").out


def test_an_import_asks_at_a_terminal(eve: Shell) -> None:
    given = json.loads(EXAMPLE.read_text())
    (eve.home / "cv.json").write_text(json.dumps(given["cv_data"]))
    with eve.terminal("import", "cv.json") as terminal:
        before = terminal.wait_for("Go on? [y/N]: ")
        assert "created" in before
        terminal.type("y\n")
        code, seen = terminal.end()
    assert code == 0, seen
    assert "DoxAI" in ok(eve, "experience", "list").out


def test_what_is_no_resume_is_refused(eve: Shell) -> None:
    (eve.home / "x.bin").write_bytes(bytes(range(256)))
    done = eve.now("import", "x.bin", "--yes")
    assert done.code == 7, done.err


# MCP over standard input and output


def _bridge(shell: Shell, *options: str) -> StdioServerParameters:
    program, *arguments = command("mcp", *options)
    return StdioServerParameters(command=program, args=arguments, env=shell.environment())


async def test_the_official_client_works_through_the_bridge(eve: Shell) -> None:
    told: list[str | None] = []

    async def progressed(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)

    async with (
        stdio_client(_bridge(eve)) as (reading, writing),
        ClientSession(reading, writing) as session,
    ):
        assert (await session.initialize()).server_info.name == "vitae"
        names = [tool.name for tool in (await session.list_tools()).tools]
        assert "profile.get" in names
        made: Any = await session.call_tool(
            "resume.create_job",
            {"request_id": "bridged", "cv_data": json.loads(EXAMPLE.read_text())["cv_data"],
             "wait": 25},
            progress_callback=progressed,
        )  # fmt: skip
        assert made.structured_content is not None
        assert made.structured_content["job"]["status"] == "succeeded"
        wrong: Any = await session.call_tool("resume.get_job", {"job_id": "nonsense"})
        assert wrong.is_error
    assert told[-1:] == ["rendered: 1 page"]
