"""Commands in a terminal: tables, questions, the editor, Ctrl-C, completion."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.services import Services
from tests.cli.shell import Shell
from tests.people import table
from tests.programs import PATIENCE_SECONDS


async def test_a_list_is_a_table_with_numbers(ann: Shell) -> None:
    await ann.ok("skills", "add", "Python", "--level", "expert")

    def at_terminal() -> tuple[int, str]:
        with ann.terminal("skills", "list") as terminal:
            return terminal.end()

    code, seen = await asyncio.to_thread(at_terminal)
    assert code == 0
    lines = [" ".join(line.split()) for line in seen.splitlines() if line.strip()]
    assert lines[0].startswith("# name level")
    assert lines[2].startswith("1 Python expert")


async def test_no_colour_where_none_is_wanted(ann: Shell) -> None:
    await ann.ok("skills", "add", "Python")

    def at_terminal() -> str:
        with ann.terminal("profile", "show", NO_COLOR="1") as terminal:
            terminal.end()
            return terminal.raw

    raw = await asyncio.to_thread(at_terminal)
    assert "username" in raw
    assert "\x1b" not in raw


async def test_what_others_wrote_steers_no_terminal(ann: Shell) -> None:
    await ann.ok("skills", "add", "evil\u202e\x1b]0;owned\x07\x9b2J")

    def at_terminal() -> str:
        with ann.terminal("skills", "list", NO_COLOR="1") as terminal:
            return terminal.end()[1]

    for seen in (await asyncio.to_thread(at_terminal), (await ann.ok("skills", "list")).out):
        assert "evil" in seen
        assert not {"\x07", "\x9b", "\u202e"} & set(seen)


async def test_removing_asks_and_no_means_no(ann: Shell) -> None:
    await ann.ok("skills", "add", "Python")

    def answer(word: str) -> int:
        with ann.terminal("skills", "rm", "1") as terminal:
            terminal.wait_for("Go on? [y/N]: ")
            terminal.type(f"{word}\n")
            return terminal.end()[0]

    assert await asyncio.to_thread(answer, "n") == 130
    assert len((await ann.ok("skills", "list")).out.splitlines()) == 1
    assert await asyncio.to_thread(answer, "y") == 0
    assert (await ann.ok("skills", "list")).out == ""


async def test_ctrl_c_at_a_question_changes_nothing(ann: Shell) -> None:
    await ann.ok("skills", "add", "Python")

    def interrupted() -> tuple[int, str]:
        with ann.terminal("skills", "rm", "1") as terminal:
            terminal.wait_for("Go on? [y/N]: ")
            return terminal.interrupt()

    code, seen = await asyncio.to_thread(interrupted)
    assert code == 130
    assert "Traceback" not in seen
    assert len((await ann.ok("skills", "list")).out.splitlines()) == 1


async def test_what_a_command_can_not_do_without_is_asked_for(ann: Shell) -> None:
    def at_terminal() -> tuple[int, str]:
        with ann.terminal("tokens", "create") as terminal:
            terminal.wait_for("Name: ")
            terminal.type("laptop\n")
            terminal.wait_for("mcp:connect), with commas between: ")
            terminal.type("resume:make\n")
            terminal.wait_for("There is no resume:make")
            terminal.type("resume:generate, mcp:connect\n")
            return terminal.end()

    code, seen = await asyncio.to_thread(at_terminal)
    assert code == 0, seen
    (token,) = (await ann.ok("tokens", "list", "--json")).json["items"]
    assert token["name"] == "laptop"
    assert sorted(token["scopes"]) == ["mcp:connect", "resume:generate"]


async def test_nobody_types_a_password_for_a_server_that_is_not_there(tmp_path: Path) -> None:
    def at_terminal() -> tuple[int, str]:
        with Shell("http://127.0.0.1:1", tmp_path).terminal("login") as terminal:
            return terminal.end()

    code, seen = await asyncio.to_thread(at_terminal)
    assert code == 9
    assert "Username" not in seen


async def test_a_table_fits_a_terminal_of_eighty_columns(ann: Shell) -> None:
    def at_terminal() -> str:
        with ann.terminal("resume", "templates", COLUMNS="80", NO_COLOR="1") as terminal:
            return terminal.end()[1]

    seen = await asyncio.to_thread(at_terminal)
    assert max(map(len, seen.splitlines())) <= 80
    for word in ("description", "letterpress", "harvard"):
        assert word in seen  # none is broken


# The editor


def editor(folder: Path, *steps: str) -> str:
    """A program that edits a file: each run does the next of `steps`, on its text `t`."""
    script = folder / "editor.py"
    runs = folder / "runs"
    runs.mkdir()
    cases = "\n".join(f"if n == {n}:\n    {step or 'pass'}" for n, step in enumerate(steps))
    script.write_text(
        "import pathlib, sys\n"
        f"runs = pathlib.Path({str(runs)!r})\n"
        "n = len(list(runs.iterdir()))\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "t = file.read_text()\n"
        "(runs / str(n)).write_text(t)\n"
        f"{cases}\n"
        "file.write_text(t)\n"
    )
    return f"{sys.executable} {script}"


async def _edited(shell: Shell, program: str, *arguments: str, says: str = "") -> tuple[int, str]:
    def at_terminal() -> tuple[int, str]:
        with shell.terminal(*arguments, VISUAL="", EDITOR=program) as terminal:
            if says:
                terminal.wait_for("Edit again?")
                terminal.type(says)
            return terminal.end()

    return await asyncio.to_thread(at_terminal)


async def test_the_profile_is_edited_as_yaml(ann: Shell, services: Services) -> None:
    program = editor(ann.home, "t = t.replace('headline:', 'headline: Engineer: and more', 1)"
                     ".replace('Engineer: and more', '\"Engineer: and more\"')")  # fmt: skip
    code, seen = await _edited(ann, program, "profile", "edit")
    assert code == 0, seen
    (row,) = await table(services, "SELECT headline, full_name FROM profiles")
    assert (row["headline"], row["full_name"]) == ("Engineer: and more", "Ann Lee")
    (change,) = (await ann.ok("history", "list", "--json")).json["items"]
    assert change["fields"] == ["headline"]


async def test_what_is_not_touched_in_the_editor_stays(ann: Shell, services: Services) -> None:
    await ann.ok("profile", "set", "--bio", "Long ago.", "--location", "Graz")
    program = editor(ann.home, "t = t.replace('headline:', 'headline: Engineer', 1)")
    code, seen = await _edited(ann, program, "profile", "set", "--edit")
    assert code == 0, seen
    (row,) = await table(services, "SELECT headline, bio, location FROM profiles")
    assert tuple(row) == ("Engineer", "Long ago.", "Graz")
    change = (await ann.ok("history", "list", "--json")).json["items"][0]
    assert change["fields"] == ["headline"]


@pytest.mark.parametrize("step", ["t = ''", "file.unlink(); sys.exit()"], ids=["empty", "no file"])
async def test_an_editor_that_leaves_nothing_changes_nothing(
    ann: Shell, services: Services, step: str
) -> None:
    await ann.ok("profile", "set", "--bio", "Long ago.")
    code, seen = await _edited(ann, editor(ann.home, step), "profile", "edit")
    assert "Traceback" not in seen
    (row,) = await table(services, "SELECT bio, full_name FROM profiles")
    assert tuple(row) == ("Long ago.", "Ann Lee"), seen
    assert (code == 0) == (step == "t = ''")


async def test_leaving_the_editor_without_a_change_changes_nothing(ann: Shell) -> None:
    code, seen = await _edited(ann, editor(ann.home, ""), "profile", "edit")
    assert code == 0
    assert "Nothing was changed" in seen
    assert (await ann.ok("history", "list", "--json")).json["items"] == []


async def test_what_is_refused_comes_back_with_the_reason(ann: Shell, services: Services) -> None:
    program = editor(
        ann.home,
        "t = t.replace('website:', 'website: nonsense', 1)",
        "t = t.replace('website: nonsense', 'website: https://ann.example', 1)",
    )
    code, seen = await _edited(ann, program, "profile", "edit", says="y\n")
    assert code == 0, seen
    assert "# ! " in (ann.home / "runs" / "1").read_text()
    assert "website" in (ann.home / "runs" / "1").read_text().splitlines()[1]
    (row,) = await table(services, "SELECT website FROM profiles")
    assert row["website"] == "https://ann.example"


async def test_what_is_no_yaml_comes_back_and_can_be_given_up(
    ann: Shell, services: Services
) -> None:
    program = editor(ann.home, "t = 'headline: [\\n'")
    code, seen = await _edited(ann, program, "profile", "edit", says="n\n")
    assert code == 7
    _see_kept(Path(seen.partition("is kept in ")[2].split()[0]), "headline: [\n")


def _see_kept(place: Path, text: str) -> None:
    assert place.read_text() == text
    assert place.stat().st_mode & 0o077 == 0
    shutil.rmtree(place.parent)


async def test_an_entry_is_written_in_the_editor(ann: Shell) -> None:
    program = editor(
        ann.home,
        "t = t.replace('company:', 'company: Acme').replace('start_date:', 'start_date: 2020')",
    )
    code, seen = await _edited(ann, program, "experience", "add", "--edit")
    assert code == 0, seen
    (entry,) = (await ann.ok("experience", "list", "--json")).json["items"]
    assert (entry["company"], entry["start_date"]) == ("Acme", "2020")


async def test_what_changed_meanwhile_is_not_written_over(ann: Shell, services: Services) -> None:
    program = editor(
        ann.home,
        "t = t.replace('headline:', 'headline: Mine', 1); import time\n"
        "    while not (runs / 'go').exists(): time.sleep(0.01)",
    )

    def at_terminal() -> tuple[int, str]:
        with ann.terminal("profile", "edit", VISUAL="", EDITOR=program) as terminal:
            _wait_for_file(ann.home / "runs" / "0")
            done = ann.now("profile", "set", "--headline", "Theirs")
            assert done.code == 0, done.err
            (ann.home / "runs" / "go").touch()
            return terminal.end()

    code, seen = await asyncio.to_thread(at_terminal)
    assert code == 6, seen
    kept = seen.partition("is kept in ")[2].split()[0]
    shutil.rmtree(Path(kept).parent)
    (row,) = await table(services, "SELECT headline FROM profiles")
    assert row["headline"] == "Theirs"


def _wait_for_file(place: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not place.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def test_an_editor_that_can_not_be_run_is_named(ann: Shell) -> None:
    code, seen = await _edited(ann, "/no/such/editor", "profile", "edit")
    assert code == 2
    assert "/no/such/editor" in seen


def _kept(seen: str) -> bytes:
    """What is in the file that was named; it is removed."""
    found = re.search(r"kept in (\S+edit\.yaml)", seen)
    assert found, seen
    place = Path(found[1])
    content = place.read_bytes()
    shutil.rmtree(place.parent)
    return content


async def test_what_an_editor_leaves_behind_is_kept_and_named(ann: Shell) -> None:
    program = editor(
        ann.home,
        "file.write_bytes(b'headline: \\xff'); sys.exit()",
        "file.write_bytes(b'headline: mine'); sys.exit(1)",
    )
    for content in (b"headline: \xff", b"headline: mine"):
        code, seen = await _edited(ann, program, "profile", "edit")
        assert code != 0
        assert _kept(seen) == content


# Completion


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell_name: str, tmp_path: Path) -> None:
    done = Shell("http://127.0.0.1:1", tmp_path).now("completion", shell_name)
    assert done.code == 0
    assert "_VITAE_COMPLETE" in done.out
    if program := shutil.which(shell_name):
        checked = subprocess.run(
            [program, "-n"], input=done.out, capture_output=True, text=True, check=False, timeout=60
        )
        assert checked.returncode == 0, checked.stderr


def _completed(tmp_path: Path, *words: str) -> list[str]:
    done = Shell("http://127.0.0.1:1", tmp_path).now(
        _VITAE_COMPLETE="bash_complete", COMP_WORDS=" ".join(["vitae", *words]),
        COMP_CWORD=str(len(words)),
    )  # fmt: skip
    return [line.partition(",")[2] for line in done.out.splitlines()]


def test_commands_options_and_choices_are_completed(tmp_path: Path) -> None:
    assert set(_completed(tmp_path, "sk")) == {"skills"}
    assert {"add", "list", "move", "rm", "update"} <= set(_completed(tmp_path, "skills", ""))
    assert "--level" in _completed(tmp_path, "skills", "add", "--l")
    assert set(_completed(tmp_path, "profile", "set", "--visibility", "p")) == {
        "public", "private"
    }  # fmt: skip
    assert "up" in _completed(tmp_path, "u")
