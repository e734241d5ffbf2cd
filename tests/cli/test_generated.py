"""Commands that are made of operations, run as a program against the API."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from app.cli.client.api import is_overheard, normal_url
from app.services import Services
from tests.cli.shell import Shell
from tests.people import Person


async def test_an_entry_is_added_listed_changed_and_removed(ann: Shell) -> None:
    added = (await ann.ok("skills", "add", "Python", "--level", "expert", "--json")).json
    listed = await ann.ok("skills", "list")
    assert listed.out.split("\t")[:4] == [added["id"], "Python", "", "expert"]
    changed = await ann.ok("skills", "update", "1", "--years", "7", "--clear", "level", "--json")
    assert (changed.json["name"], changed.json["years"], changed.json["level"]) == (
        "Python", 7, None
    )  # fmt: skip
    await ann.ok("skills", "rm", added["id"], "--yes")
    assert (await ann.ok("skills", "list")).out == ""


async def test_json_is_the_apis_own_body(ann: Shell) -> None:
    await ann.ok("skills", "add", "Python")
    by_command = (await ann.ok("skills", "list", "--json")).json
    by_request = (await ann.ok("api", "get", "/v1/me/skills")).json
    assert by_command == by_request
    assert set(by_command) == {"items", "next_cursor"}


async def test_quiet_says_ids_only(ann: Shell) -> None:
    added = await ann.ok("skills", "add", "Python", "-q")
    assert (await ann.ok("skills", "list", "-q")).out == added.out
    assert len(added.out.strip()) == 36


async def test_all_pages_come_one_after_another(ann: Shell) -> None:
    body = {"items": [{"name": f"skill {number}"} for number in range(7)]}
    await ann.ok("skills", "replace", "-", given=json.dumps(body))
    first = await ann.ok("skills", "list", "--limit", "3")
    assert len(first.out.splitlines()) == 3
    assert "--cursor" in first.err
    names = [line.split("\t")[1] for line in (await ann.ok(
        "skills", "list", "--limit", "3", "--all")).out.splitlines()]  # fmt: skip
    assert names == [f"skill {number}" for number in range(7)]
    whole = await ann.ok("skills", "list", "--limit", "3", "--all", "--json")
    assert [item["name"] for item in whole.json["items"]] == names


async def test_an_entry_is_moved_by_its_number(ann: Shell) -> None:
    for name in ("a", "b", "c"):
        await ann.ok("skills", "add", name)
    await ann.ok("skills", "move", "3", "1")
    listed = await ann.ok("skills", "list")
    assert [line.split("\t")[1] for line in listed.out.splitlines()] == ["c", "a", "b"]
    missing = await ann.run("skills", "move", "4", "1")
    assert (missing.code, missing.err) == (5, "vitae: There is no number 4: the list has 3.\n")


async def test_lists_switches_and_empty_fields_reach_the_profile(ann: Shell) -> None:
    await ann.ok("profile", "set", "--headline", "Engineer", "--open-to-work")
    shown = (await ann.ok("profile", "show", "--json")).json
    assert (shown["headline"], shown["open_to_work"]) == ("Engineer", True)
    await ann.ok("profile", "set", "--no-open-to-work", "--clear", "headline")
    shown = (await ann.ok("profile", "show", "--json")).json
    assert (shown["headline"], shown["open_to_work"]) == (None, False)
    added = await ann.ok(
        "experience", "add", "--company", "Acme", "--bullets", "one", "--bullets", "two", "--json"
    )
    assert added.json["bullets"] == ["one", "two"]


async def test_a_body_comes_as_yaml_from_standard_input(ann: Shell) -> None:
    body = "company: Acme\nstart_date: 2020-03\nbullets:\n- did: 1\n"
    refused = await ann.run("experience", "add", "--data", "-", given=body)
    assert refused.code == 7
    assert "bullets[0]" in refused.err
    body = "company: Acme\nstart_date: 2020-03-01\nbullets:\n- did this\n"
    added = await ann.ok("experience", "add", "--data", "-", "--json", given=body)
    assert added.json["start_date"] == "2020-03-01"


async def test_a_question_of_anybody_is_answered_without_sign_in(
    shell: Shell, services: Services
) -> None:
    person = await Person(services).signed_in()
    asker = Shell(shell.url, shell.home / "other")
    asker.home.mkdir()
    del person
    answered = await asker.ok("ask", "ann", "Is she open to work?", "--json")
    assert answered.json["answer_status"] in ("answered", "insufficient_evidence")


# Failures


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("skills", "get", "01a20348-ab21-73bf-8baf-2d916417f420"), 5, "not_found"),
        (("skills", "add", "x" * 501), 7, "name: "),
        (("skills", "add"), 2, "Missing NAME"),
        (("skills", "update", "1"), 5, "There is no number 1"),
        (("skills", "rm", "1"), 2, "--yes"),
        (("transcripts", "list"), 4, "This takes the plan pro"),
        (("nonsense",), 2, "No such command"),
        (("skills", "replace", "/nowhere"), 2, "/nowhere can't be read"),
        (("keys", "create", "a\0b"[:1], "--expires-at", "tomorrow"), 7, "expires_at: "),
    ],
)
async def test_each_kind_of_failure_has_its_exit_code(
    ann: Shell, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = await ann.run(*arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err


async def test_a_wrong_token_is_said_and_never_shown(shell: Shell) -> None:
    secret = "vt_" + "A" * 40
    for arguments in (("skills", "list"), ("skills", "list", "--json"), ("mcp",)):
        hello = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
        done = await shell.run(*arguments, given=hello, VITAE_TOKEN=secret)
        assert secret not in done.out + done.err
        assert arguments == ("mcp",) or done.code == 3


@pytest.mark.parametrize("token", ["secret\nx: y", "secret é", "secret\x7f"])
async def test_a_token_that_can_not_be_sent_is_not_repeated(shell: Shell, token: str) -> None:
    done = await shell.run("skills", "list", VITAE_TOKEN=token)
    assert (done.code, done.out) == (2, "")
    assert "secret" not in done.err
    assert "Traceback" not in done.err


async def test_a_path_of_any_letters_is_asked_for(ann: Shell) -> None:
    done = await ann.run("api", "GET", "/v1/profiles/nörd über")
    assert done.code == 5


async def test_with_json_a_failure_is_the_apis_body_on_standard_error(ann: Shell) -> None:
    done = await ann.run("skills", "add", "x" * 501, "--json")
    assert (done.code, done.out) == (7, "")
    error = json.loads(done.err)["error"]
    assert error["code"] == "validation_failed"
    assert error["fields"][0]["path"] == "name"


async def test_a_server_that_is_not_there_is_named(ann: Shell) -> None:
    done = await ann.run("skills", "list", "--url", "http://127.0.0.1:1")
    assert done.code == 9
    first, hint = done.err.splitlines()
    assert first == "vitae: No server answers at http://127.0.0.1:1 (Connection refused)."
    assert "vitae up" in hint


@pytest.mark.parametrize(
    ("words", "meant"),
    [(("skils", "list"), "skills"), (("skills", "lst"), "list"), (("zzzz",), None)],
    ids=["group", "command", "nothing alike"],
)
async def test_a_slip_of_the_finger_is_told_what_was_meant(
    ann: Shell, words: tuple[str, ...], meant: str | None
) -> None:
    done = await ann.run(*words)
    assert done.code == 2
    assert ("Did you mean" in done.err) == (meant is not None)
    assert meant is None or f"Did you mean {meant}?" in done.err


async def test_a_token_that_is_refused_is_not_told_to_sign_in(ann: Shell) -> None:
    done = await ann.run("skills", "list", VITAE_TOKEN="vt_unknown")
    assert done.code == 3
    assert "VITAE_TOKEN" in done.err
    assert "vitae login" not in done.err
    assert "vt_unknown" not in done.err


@pytest.mark.parametrize(
    ("given", "url", "heard"),
    [
        ("localhost:8000", "http://localhost:8000", False),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", False),
        ("http://[::1]:8000", "http://[::1]:8000", False),
        ("127.evil.example", "https://127.evil.example", False),
        ("localhost.evil.example", "https://localhost.evil.example", False),
        ("http://127.evil.example", "http://127.evil.example", True),
        ("http://localhost.evil.example/", "http://localhost.evil.example", True),
        ("http://192.168.1.7", "http://192.168.1.7", True),
    ],
)
def test_what_only_looks_like_this_computer_is_another(given: str, url: str, heard: bool) -> None:
    assert normal_url(given) == url
    assert is_overheard(url) is heard


async def test_a_token_that_others_could_read_on_its_way_is_warned_of(ann: Shell) -> None:
    warning = "http://0.0.0.0:1 is not encrypted: whoever is on the way can read VITAE_TOKEN."
    done = await ann.run("skills", "list", "--url", "http://0.0.0.0:1")
    assert warning in done.err
    assert "vt_" not in done.err
    assert "encrypted" not in (await ann.ok("skills", "list")).err


@pytest.mark.parametrize("url", ["ftp://x", "http://", "https://a:b@x", "http://x?y", "http://["])
async def test_what_is_no_address_of_a_server_is_refused(ann: Shell, url: str) -> None:
    done = await ann.run("skills", "list", "--url", url)
    assert done.code == 2
    assert "a:b" not in done.err


async def test_a_reader_that_leaves_early_ends_the_command_in_silence(ann: Shell) -> None:
    body = {"items": [{"name": f"skill {number}"} for number in range(300)]}
    await ann.ok("skills", "replace", "-", given=json.dumps(body))
    process = ann.start("skills", "list", "--all", "--limit", "100")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = await asyncio.to_thread(process.stderr.read)
    assert await asyncio.to_thread(process.wait) == 141
    assert err == b""
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()


async def test_an_export_becomes_a_file_of_its_own_name_or_a_stream(
    ann: Shell, tmp_path: Path
) -> None:
    shown = await ann.ok("export", "profile")
    assert shown.json["profile"]["username"] == "ann"
    await ann.ok("export", "profile", "--format", "docx", "-o", "cv.docx")
    assert (tmp_path / "cv.docx").read_bytes()[:2] == b"PK"
    done = await ann.run("export", "profile", "-o", "/nowhere/cv.json")
    assert done.code == 2
    assert [place.name for place in ann.files()] == ["cv.docx"]
