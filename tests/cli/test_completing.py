"""What Tab offers of what the server knows."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.programs import command

_PRESSES = 10


async def _offered(shell: Shell, *words: str, kind: str = "bash") -> list[str]:
    """What Tab offers, pressed again where a busy server has not answered in time."""
    for _ in range(_PRESSES):
        done = await shell.run(
            _VITAE_COMPLETE=f"{kind}_complete", COMP_WORDS=" ".join(["vitae", *words]),
            COMP_CWORD=str(len(words)),
        )  # fmt: skip
        assert done.code == 0
        assert done.err == ""
        if offered := [line for line in done.out.splitlines() if line]:
            return offered
    return []


async def test_entries_are_offered_by_number_and_by_id(ann: Shell) -> None:
    ids = [(await ann.ok("skills", "add", name, "-q")).out.strip() for name in ("Go", "Rust")]
    assert await _offered(ann, "skills", "rm", "") == ["plain,1", "plain,2"]
    assert await _offered(ann, "skills", "update", "2") == ["plain,2"]
    assert await _offered(ann, "skills", "rm", ids[1]) == [f"plain,{ids[1]}"]


async def test_shells_that_explain_are_told_what_a_number_is(ann: Shell) -> None:
    await ann.ok("skills", "add", "Rust")
    offered = await _offered(ann, "skills", "rm", "", kind="zsh")
    assert offered[offered.index("1") + 1] == "Rust"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("resume", "create", "--template", "har"), "harvard"),
        (("theme", "set", "--theme-id", "aca"), "academic"),
        (("resume", "templates", "--js"), "--json"),
        (("tokens", "create", "x", "--scopes", "res"), "resume:generate"),
        (("resume", "wa"), "wait"),
    ],
    ids=["template", "theme", "option", "choice", "command"],
)
async def test_names_of_templates_themes_options_and_choices_are_offered(
    ann: Shell, words: tuple[str, ...], name: str
) -> None:
    assert await _offered(ann, *words) == [f"plain,{name}"]


async def test_bash_completes_as_the_readme_says(ann: Shell) -> None:
    await ann.ok("skills", "add", "Rust")
    program = ann.home / "vitae"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n')
    program.chmod(0o755)
    script = """
        eval "$(vitae completion bash)"
        for words in "vitae skills rm " "vitae res" "vitae resume wait --o"; do
            COMP_WORDS=($words); [[ $words == *" " ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
            $(complete -p vitae | sed "s/.*-F //; s/ .*//") vitae
            echo "${COMPREPLY[@]}"
        done
    """
    environment = ann.environment()
    environment["PATH"] = f"{ann.home}:{environment['PATH']}"
    for _ in range(_PRESSES):
        process = await asyncio.create_subprocess_exec(
            "bash", "-c", script, env=environment, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        if not out.startswith(b"\n"):
            break
    assert out.decode().splitlines() == ["1", "resume", "--output"]


async def test_files_are_left_to_the_shell(ann: Shell) -> None:
    assert await _offered(ann, "import", "cv") == ["file,cv"]
    assert await _offered(ann, "resume", "create", "-o", "c") == ["file,c"]


async def test_nothing_is_offered_and_nothing_said_without_a_server(tmp_path: Path) -> None:
    alone = Shell("http://127.0.0.1:1", tmp_path)
    assert await _offered(alone, "skills", "rm", "") == []
