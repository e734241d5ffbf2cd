"""Waiting for a job that nobody works on: Ctrl-C, and what one is told then."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from app.services import Services
from app.settings import PROJECT
from tests.cli.shell import Shell
from tests.people import table

EXAMPLE = PROJECT / "app" / "cv" / "example.json"


async def _interrupted(shell: Shell, *arguments: str | Path) -> tuple[int, str]:
    def at_terminal() -> tuple[int, str]:
        with shell.terminal(*arguments) as terminal:
            terminal.wait_for(": queued")
            return terminal.interrupt()

    return await asyncio.to_thread(at_terminal)


async def test_ctrl_c_leaves_the_job_and_says_how_to_pick_it_up_again(
    ann: Shell, services: Services
) -> None:
    create = ("resume", "create", EXAMPLE, "--wait", "-o", "my cv.pdf")
    code, seen = await _interrupted(ann, *create)
    assert code == 130
    assert "Traceback" not in seen
    said = re.search(r"The job goes on. Pick it up again with: vitae (.*)", " ".join(seen.split()))
    assert said is not None, seen
    (job,) = await table(services, "SELECT id, status FROM resume_jobs")
    assert job["status"] == "queued"
    assert said[1] == f"resume wait {job['id']} -o 'my cv.pdf'"
    assert ann.files() == []


async def test_picking_a_job_up_can_be_left_as_well(ann: Shell, services: Services) -> None:
    await ann.ok("resume", "create", EXAMPLE)
    code, seen = await _interrupted(ann, "resume", "wait", "1")
    assert code == 130
    assert "Pick it up again" in seen
    (job,) = await table(services, "SELECT status FROM resume_jobs")
    assert job["status"] == "queued"


@pytest.mark.parametrize("option", ["--wait", "-o=-"])
async def test_in_a_pipe_the_interrupted_leave_nothing_on_standard_output(
    ann: Shell, services: Services, option: str
) -> None:
    def in_pipe() -> tuple[int, bytes, bytes]:
        process = ann.start("resume", "create", EXAMPLE, *option.split("="))
        for _ in range(500):
            if ann.now("resume", "list", "-q").out:
                break
        process.send_signal(2)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    code, out, err = await asyncio.to_thread(in_pipe)
    assert (code, out) == (130, b"")
    assert b"vitae resume" in err
