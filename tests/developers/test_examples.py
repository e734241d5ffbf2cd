"""Every example of the developer page is run on a real installation, in every language."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.settings import Settings
from rest_compat.developers import markdown
from rest_compat.developers.guides import guides
from rest_compat.developers.operation import Operation
from rest_compat.developers.reference import Reference
from rest_compat.openapi import openapi
from tests.developers import running
from tests.developers.owner import Owner
from tests.portraits import portrait
from tests.programs import STUDIO_KEY, Up, vitae

# What an example can't show for everybody: the secret in it is made up, or the installation has no
# such thing. It must then be refused, and with nothing but this.
REFUSED: dict[str, str] = {
    "create_checkout": "billing_not_configured",
    "create_portal_session": "conflict",
    "stripe_webhook": "billing_not_configured",
    "mcp_legacy_message": "not_found",
    "oauth_authorize": running.PAGE,
    "oauth_token": "invalid_grant",
    "create_chat_completion": "managed_chat_removed",
    "create_response": "managed_chat_removed",
}

# What may be refused: a job that is done before it can be cancelled, a part of a sitemap that has
# none until somebody is public.
MAY_BE_REFUSED = {("cancel_resume_job", "conflict"), ("sitemap_part", "not_found")}
STREAMS = ("mcp_stream", "mcp_legacy_stream")
# What ends the credentials it is asked with, or needs an account that is otherwise alone.
ALONE = {"logout", "delete_account", "change_password", "change_email"}
ALONE |= {"account_deletion", "cancel_account_deletion", "renew_recovery_codes", "complete_login"}
ALONE |= {"disable_second_factor", "confirm_second_factor", "verify_email", "reset_password"}
ALONE |= {"confirm_email_change", "undo_email_change"}
EXAMPLE_ID = "01a200c1-0660-72cb-b725-729e3666a2d1"


@pytest.fixture(scope="module")
def operations(up: Up) -> list[Operation]:
    """All of them, with their examples for the server."""
    reference = Reference(openapi(Settings(public_url=up.url)))
    return [
        reference.operation(entry.id) for group in reference.groups for entry in group.operations
    ]


class Reader:
    """Somebody who tries examples one after another, with what each needs."""

    def __init__(self, up: Up, folder: Path) -> None:
        self._server = up
        self.folder = folder
        (folder / "portrait.png").write_bytes(portrait(64))
        (folder / "resume.json").write_text('{"basics": {"name": "Ann Lee"}}')
        self._owners: list[Owner] = []
        self._usual = self._owner = self._on_pro()

    def close(self) -> None:
        for owner in self._owners:
            owner.close()

    def _new(self) -> Owner:
        self._owners.append(Owner(self._server.url))
        return self._owners[-1]

    def _on_pro(self) -> Owner:
        owner = self._new()
        given = vitae("admin", "set-plan", owner.name, "pro", "--reason", "tests", "--data",
                      self._server.data)  # fmt: skip
        assert given.returncode == 0, given.stderr
        return owner

    def variables(self, operation: Operation) -> dict[str, str]:
        """The variables that its examples name, and the file that they send."""
        self._usual.stay()
        self._owner = self._new() if operation.id in ALONE else self._usual
        if operation.id in ("account_deletion", "cancel_account_deletion"):
            self._owner.leaving()
        if operation.id in ("renew_recovery_codes", "disable_second_factor"):
            self._owner.recovery_code()
        if operation.id in ("avatar", "delete_avatar", "public_portrait"):
            self._owner.portrait(self.folder)
        found = {}
        for name in operation.request.variables:
            known = {"STRIPE_SIGNATURE": "t=1,v1=0", "SERVICE_KEY": STUDIO_KEY}
            known |= {"FIRST": "1", "PAGE": "1"}
            found[name] = known[name] if name in known else self._value(name, operation.id)
        if operation.request.files:
            name = "portrait.png" if operation.id == "set_avatar" else "resume.json"
            found["FILE"] = str(self.folder / name)
        if operation.body_file:
            (self.folder / operation.body_file[0]).write_text(operation.body_file[1])
        return found

    def _value(self, name: str, operation: str) -> str:
        if name == "JOB_ID" and operation == "delete_resume_job":
            return self._owner.new_job_id()
        if name == "JOB_ID" and operation == "cancel_resume_job":
            return self._owner.new_job_id()
        if name == "PARSE_ID" and operation == "import_page":
            return self._owner.printed_parse_id()
        return self._owner.value(name)

    def _live(self, operation: str) -> dict[str, str]:
        """What stands in an example's body made up, and this reader has of it."""
        owner, outbox = self._owner, self._server.data / "outbox"
        match operation:
            case "refresh":
                return {"vr_…": owner.refresh_token()}
            case "confirm_second_factor":
                return {"123456": owner.code()}
            case "complete_login":
                return {"123456": owner.recovery_code(), "eyJ…": owner.challenge()}
            case "verify_email":
                return {"vl_…": owner.verification(outbox)}
            case "reset_password":
                return {"vl_…": owner.reset(outbox)}
            case "confirm_email_change":
                return {"vl_…": owner.email_change(outbox)}
            case "undo_email_change":
                return {"vl_…": owner.undoing(outbox)}
        return {}

    def filled(self, code: str, operation: str) -> str:
        """The example with names and ids in it that this reader has."""
        if "hershel" in code:
            name = f"reader-{uuid4().hex[:12]}" if operation == "register" else self._owner.name
            code = code.replace("hershel", name)
        for made_up, live in self._live(operation).items():
            code = code.replace(made_up, live)
        if EXAMPLE_ID in code and operation in ("commit_import", "plan_import"):
            code = code.replace(EXAMPLE_ID, self._owner.parse_id())
        if EXAMPLE_ID in code and operation == "order_section":
            self._owner.value("SKILL_ID")
            ids = self._owner.skill_ids()
            code = code.replace(f'"{EXAMPLE_ID}"', ", ".join(f'"{one}"' for one in ids))
        return code


def outcomes(
    operations: list[Operation], reader: Reader, language: str, run: running.Run
) -> dict[str, str]:
    """Of every example in a language, the failures by operation."""
    found = {}
    for operation in operations:
        if operation.id in STREAMS:
            continue
        variables = reader.variables(operation)
        code = reader.filled(operation.samples[language], operation.id)
        failure = run(code, variables)
        if failure is not None and (operation.id, failure) not in MAY_BE_REFUSED:
            found[operation.id] = failure
    return found


@pytest.fixture(scope="module")
def reader(up: Up, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("reader")
    with (
        contextlib.chdir(folder),
        running.without_authorities(folder),
        contextlib.closing(Reader(up, folder)) as reader,
    ):
        yield reader


def test_every_curl_example_works(operations: list[Operation], reader: Reader) -> None:
    assert outcomes(operations, reader, "curl", running.curl) == REFUSED


def test_every_python_example_works(operations: list[Operation], reader: Reader) -> None:
    assert outcomes(operations, reader, "Python", running.python) == REFUSED


def test_every_javascript_example_works(operations: list[Operation], reader: Reader) -> None:
    with running.node(reader.folder) as run:
        assert outcomes(operations, reader, "JavaScript", run) == REFUSED


def over_graphql(up: Up, operations: list[Operation], reader: Reader) -> dict[str, str]:
    """Of every example that GraphQL has, the failures by operation."""
    found = {}
    for operation in operations:
        if operation.graphql is None:
            continue
        variables = reader.variables(operation)
        written = json.dumps(operation.graphql.variables, ensure_ascii=False)
        filled = reader.filled(written, operation.id)
        for name, value in variables.items():
            literal = value if value.isdigit() else json.dumps(value)
            filled = filled.replace(f'"${name}"', literal)
        secret = operation.request.secret
        headers = {secret.header: secret.start + variables[secret.variable]} if secret else {}
        document = operation.graphql.document
        failure = running.graphql(up.url, document, json.loads(filled), headers)
        if failure is not None and (operation.id, failure) not in MAY_BE_REFUSED:
            found[operation.id] = failure
    return found


def test_every_graphql_example_works(up: Up, operations: list[Operation], reader: Reader) -> None:
    refused = {one.id: REFUSED[one.id] for one in operations if one.graphql and one.id in REFUSED}
    assert over_graphql(up, operations, reader) == refused


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
def test_the_example_of_a_stream_tells_what_comes(
    operations: list[Operation], reader: Reader, tmp_path: Path, name: str, language: str
) -> None:
    operation = next(one for one in operations if one.id == name)
    files = {"Python": "example.py", "JavaScript": "example.mjs", "curl": "example.sh"}
    file = tmp_path / files[language]
    file.write_text(operation.samples[language])
    programs = {"Python": [sys.executable, "-u"], "JavaScript": ["node"], "curl": ["bash"]}
    if shutil.which(programs[language][0]) is None:
        pytest.skip(f"the {language} examples need {programs[language][0]}")
    process = subprocess.Popen(
        [*programs[language], file], env={**os.environ, **reader.variables(operation)},
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith((": ", "event: "))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        process.stdout.close()


needs_jq = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="the commands use curl and jq"
)


def pasted(script: str, folder: Path, **variables: str) -> str:
    """What a script prints that somebody has pasted into a shell."""
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@needs_jq
def test_every_command_of_the_guides_works_one_after_another(up: Up, tmp_path: Path) -> None:
    commands = [
        re.sub(r"^```\w*\n|```$", "", block.text)
        for guide in guides()
        for block in markdown.blocks(guide.source)
        if block.is_code
    ]
    script = "\n".join(commands).replace("leif", "leif-guided")  # the README has a Leif, too
    printed = pasted(script, tmp_path, URL=up.url)
    assert (tmp_path / "cv.pdf").read_bytes().startswith(b"%PDF-")
    assert printed.lower().count("idempotent-replayed: true") == 1
    assert "PostgreSQL" in printed
    assert '"precondition_failed"' in printed
    assert "/developers/errors#precondition_failed" in printed
    assert '"status": "SUCCEEDED"' in printed or '"status":"SUCCEEDED"' in printed
