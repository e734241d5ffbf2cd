"""All that stands as code in README and CONTRIBUTING is run as it stands.

The blocks of the README for a shell are typed one after another into one; each other block has a
test here, and one that has none fails `test_every_other_block_has_its_test`.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import httpx
import pytest
import strawberry
import typer.main

from app import model_catalogue
from app.cli.client import tree
from app.cli.commands import cli
from app.cv.schema import example
from app.settings import PROJECT
from rest_compat.site.area import Area
from tests.developers.owner import Owner
from tests.documents import CONTRIBUTING, README, Block, blocks
from tests.programs import Up, command

# What begins a block that is for no shell, and what its test is called here.
OTHERS = {
    "./vitae up      #": "test_the_commands_that_run_a_server_are_known",
    "./vitae up --port": "test_the_commands_that_run_a_server_are_known",
    "mutation ($input": "test_a_job_is_made_and_watched_over_graphql",
    "{ owner {": "test_everything_of_an_owner_comes_over_graphql",
    "MODEL_CATALOGUE=": "test_models_of_ones_own_join_the_others",
    "app/           the kernel": "test_the_folders_are_there",
    "async def rename_token": "test_an_operation_is_added_as_it_says",
    "rename_token = mutation(": "test_an_operation_is_added_as_it_says",
    "@area.post(": "test_a_page_is_added_as_it_says",
}
SECRET = "eleven green bottles"


def other(beginning: str) -> Block:
    found = [b for name in (README, CONTRIBUTING) for b in blocks(name) if b.kind != "sh"]
    (block,) = [block for block in found if block.text.strip().startswith(beginning)]
    return block


def test_every_other_block_has_its_test() -> None:
    found = [b for name in (README, CONTRIBUTING) for b in blocks(name) if b.kind != "sh"]
    for block in found:
        tests = [test for begin, test in OTHERS.items() if block.text.strip().startswith(begin)]
        assert len(tests) == 1, f"nobody runs {block.name!r} of {block.document}"
        assert callable(globals()[tests[0]])
    assert len(found) == len(OTHERS)
    assert [block.name for block in blocks(CONTRIBUTING) if block.kind == "sh"] == []


# The blocks for a shell


@pytest.fixture(scope="module")
def typed(up: Up, tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """What each block of the README for a shell printed."""
    if not (shutil.which("curl") and shutil.which("jq")):
        pytest.skip("the README uses curl and jq")
    folder = tmp_path_factory.mktemp("readme")
    (folder / "bin").mkdir()
    program = folder / "bin" / "vitae"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n')
    program.chmod(0o755)
    (folder / "app").symlink_to(PROJECT / "app")
    named = [block for block in blocks(README) if block.kind == "sh"]
    script = "".join(f"printf '\\x1e'\n{block.text}" for block in named)
    own = {"XDG_CONFIG_HOME": str(folder), "VITAE_URL": up.url, "VITAE_TOKEN": "", "TERM": "dumb"}
    own |= {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(PROJECT)}
    own |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace("http://127.0.0.1:8000", up.url)],
        cwd=folder, env={**os.environ, **own}, input=f"{SECRET}\n{SECRET}\n",
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr
    printed = ran.stdout.split("\x1e")[1:]
    return Typed(dict(zip([b.name for b in named], printed, strict=True)), folder)


class Typed:
    """`folder` is where it was typed."""

    def __init__(self, printed: dict[str, str], folder: Path) -> None:
        self._printed, self.folder = printed, folder

    def text(self, name: str) -> str:
        (found,) = [text for known, text in self._printed.items() if name in known]
        return found

    def values(self, name: str) -> list[Any]:
        """The JSON values that a block printed one after another."""
        values, decoder, left = [], json.JSONDecoder(), self.text(name)
        while left := left.strip():
            value, end = decoder.raw_decode(left)
            values.append(value)
            left = left[end:]
        return values


def test_a_job_is_made_and_its_pdf_fetched(typed: Typed) -> None:
    (job,) = typed.values("job")[-1:]
    assert job["status"] == "succeeded"
    assert (typed.folder / "cv.pdf").read_bytes().startswith(b"%PDF-")


def test_the_command_line_does_what_is_said_of_it(typed: Typed) -> None:
    printed = typed.text("command line")
    assert "PostgreSQL" in printed
    assert "DoxAI" in printed
    assert "/v1/me" not in printed


def test_a_resume_becomes_a_profile(typed: Typed) -> None:
    preview, summary, headline, *changes, status = typed.values("profile")
    assert (preview["format"], preview["name"]) == ("pdf", "Leif Doxarve")
    assert preview["jobs"] == ["DoxAI", "Consulting Projects"]
    assert summary["created"] > 10
    assert headline == "Product engineer"
    assert changes[0] == {
        "section": "profile", "action": "update", "fields": ["headline", "open_to_work"]
    }  # fmt: skip
    assert status in ("queued", "running", "succeeded")


def test_the_page_is_seen_as_it_was_made(typed: Typed) -> None:
    seen, theme, page = typed.values("presentation")
    assert (seen, theme) == ("public", "academic")
    assert page == {"full_name": "Leif Doxarve", "theme": "academic"}
    assert "Leif Doxarve" in (typed.folder / "leif.html").read_text()
    assert (typed.folder / "public.pdf").read_bytes().startswith(b"%PDF-")
    assert "BEGIN:VCARD" in (typed.folder / "public.vcf").read_text()


def test_the_profile_is_searched_and_answers(typed: Typed) -> None:
    # The index may still be on its way, so that nothing is found yet.
    by_meaning, *_, indexing = typed.values("/v1/me/search")
    assert by_meaning in (True, False)
    assert set(indexing) == {"status", "completeness"}
    (asked,) = typed.values("ask")
    assert (asked["answer_status"], len(asked["sources"])) == ("answered", 1)


def test_figures_exports_and_credits_are_told(typed: Typed) -> None:
    (insights,) = typed.values("insights")
    assert (insights["plan"], insights["topics"]) == ("free", "pro")
    assert typed.values("exports") == ["Leif Doxarve", "Leif Doxarve"]
    assert [file.name[:13] for file in typed.folder.glob("*.docx")] == ["leif-profile-"]
    billing, ledger, plans = typed.values("/v1/me/billing")
    assert billing["effective_plan"] == "free"
    assert ledger
    assert plans


def test_tools_are_called_and_what_happened_is_told(typed: Typed) -> None:
    tools, made = typed.values("mcp")
    assert tools > 20
    assert made == "succeeded"
    events, sessions = typed.values("security")
    assert events[0]["action"] == "token_created"
    assert [session["current"] for session in sessions] == [True]


# The others of the README


def test_the_commands_that_run_a_server_are_known() -> None:
    """They are read and not run: `up` is by tests/test_cli.py, and `test` would run this."""
    group: Any = typer.main.get_command(cli)
    for beginning in ("./vitae up      #", "./vitae up --port"):
        for line in other(beginning).text.strip().splitlines():
            _, name, *arguments = shlex.split(line, comments=True)
            group.commands[name].make_context(name, arguments)


@pytest.fixture
def owner(up: Up) -> Iterator[Owner]:
    with contextlib.closing(Owner(up.url)) as somebody:
        yield somebody


def _graphql(up: Up, owner: Owner, query: str, **variables: Any) -> Any:
    answer = httpx.post(
        f"{up.url}/graphql", json={"query": query, "variables": variables}, timeout=60,
        headers={"authorization": f"Bearer {owner.session}"},
    ).json()  # fmt: skip
    assert "errors" not in answer, answer
    return answer["data"]


def test_a_job_is_made_and_watched_over_graphql(up: Up, owner: Owner) -> None:
    making, watching = other("mutation ($input").text.strip().splitlines()
    given = {"requestId": "over-graphql", "cvData": example()["cv_data"]}
    job_id = _graphql(up, owner, making, input=given)["createResumeJob"]["jobId"]
    seen = []
    with httpx.stream(
        "POST", f"{up.url}/graphql", json={"query": watching, "variables": {"id": job_id}},
        headers={"authorization": f"Bearer {owner.session}", "accept": "text/event-stream"},
        timeout=60,
    ) as stream:  # fmt: skip
        for line in stream.iter_lines():
            if line.startswith("data: {"):
                seen.append(json.loads(line[6:])["data"]["resumeJob"]["job"])
    assert seen[-1]["status"] == "SUCCEEDED"
    assert seen[-1]["links"]["pdf"].endswith("/pdf")


def test_everything_of_an_owner_comes_over_graphql(up: Up, owner: Owner) -> None:
    told = _graphql(up, owner, other("{ owner {").text)
    assert told["owner"]["profile"]["fullName"] == "Ann Lee"


def test_models_of_ones_own_join_the_others() -> None:
    script = f'{other("MODEL_CATALOGUE=").text}\nprintf %s "$MODEL_CATALOGUE"'
    ran = subprocess.run(["bash", "-ec", script], capture_output=True, text=True, check=True)
    before = {model.id for model in model_catalogue.catalogue()}
    after = {model.id for model in model_catalogue.catalogue(ran.stdout)}
    assert after - before == {"house-llm"}
    assert before - after == {"gpt-5"}


def test_the_folders_are_there() -> None:
    named = [line.split()[0] for line in other("app/           the kernel").text.splitlines()]
    assert len(named) == 6
    assert [name for name in named if not (PROJECT / name).is_dir()] == []


# What is added, in CONTRIBUTING


def _python(beginning: str) -> str:
    """The code of a block, in which an ellipsis stands for more of the same."""
    text = "\n".join(line.removeprefix("   ") for line in other(beginning).text.splitlines())
    code = re.sub(r",\s*…", "", text)
    ast.parse(code)
    return code


def test_an_operation_is_added_as_it_says() -> None:
    from resolvers import tokens
    from schema import root

    namespace = {**vars(tokens), "RenameInput": strawberry.input(type("RenameInput", (), {}))}
    exec(compile(_python("async def rename_token"), "block", "exec"), namespace)  # noqa: S102
    made = namespace["rename_token"]
    assert made.__doc__.startswith("Rename a personal token.")
    names = {**vars(root), "resolvers": SimpleNamespace(tokens=SimpleNamespace(rename_token=made))}
    exec(compile(_python("rename_token = mutation("), "block", "exec"), names)  # noqa: S102
    field = names["rename_token"]
    assert field.directives[-1].path == "/v1/auth/tokens/{token_id}"


def test_a_page_is_added_as_it_says() -> None:
    from rest_compat.site.account import tokens

    area = Area("Account", "/account")
    names = {**vars(tokens), "area": area}
    exec(compile(_python("@area.post("), "block", "exec"), names)  # noqa: S102
    assert len(area._routes) == 1


# What stands in their sentences


@pytest.mark.parametrize("document", [README, CONTRIBUTING])
def test_the_commands_named_in_sentences_are_there(document: str) -> None:
    source = (PROJECT / document).read_text("utf-8")
    group: Any = typer.main.get_command(cli)
    named = set(re.findall(r"`(?:\./)?vitae ([a-z][a-z -]*[a-z])", source))
    assert named
    for words in named:
        first, *others = words.split()
        found: click.Command | None = group.commands.get(first) or tree.top(first)
        assert found is not None, words
        if isinstance(found, click.Group) and others:
            assert found.get_command(click.Context(found), others[0]) is not None, words
    for module in set(re.findall(r"`(?:[^`]*\s)?python\s-m\s([\w.]+)", source)):
        assert importlib.util.find_spec(module) is not None, module
