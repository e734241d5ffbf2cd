"""The README says what is so: its settings, its files and its examples."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app import settings
from tests.programs import Up, eventually

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text()


def example(name: str) -> str:
    found = re.search(rf"<!-- example: {name} -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def told(printed: str) -> list[Any]:
    """The JSON values that were printed one after another."""
    values, decoder = [], json.JSONDecoder()
    while printed := printed.strip():
        value, end = decoder.raw_decode(printed)
        values.append(value)
        printed = printed[end:]
    return values


def test_the_table_of_settings_is_the_settings() -> None:
    between = re.search(r"<!-- settings: .*? -->\n(.*?)\n<!-- end of settings -->", README, re.S)
    assert between is not None
    assert between[1] == settings.table(), "print it with: python -m app.settings"


def test_every_file_it_names_exists() -> None:
    named = re.findall(r"`((?:app|schema|resolvers|rest_compat|workers|tests)/[\w./]*)`", README)
    named += re.findall(r"\]\(([\w./]+)\)", README)
    assert named
    assert [name for name in named if not (PROJECT / name).exists()] == []


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="the examples use curl and jq"
)
def test_its_examples_work_as_they_stand(up: Up, tmp_path: Path) -> None:
    eventually(up.is_ready)
    parts = ["token", "job", "profile", "presentation", "insights", "exports", "mcp"]
    parts += ["ask", "security"]
    script = "".join(map(example, parts)).replace("http://127.0.0.1:8000", up.url)
    script = script.replace("@app/cv/example.json", f"@{PROJECT / 'app/cv/example.json'}")
    pasted = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert pasted.returncode == 0, pasted.stderr
    *shown, asked, events, sessions = told(pasted.stdout)
    _, job, preview, summary, headline, *changes, status = shown[:-8]
    seen, theme, page, insights, named, called, tools, made = shown[-8:]
    assert named == called == "Leif Doxarve"
    assert [file.name[:13] for file in tmp_path.glob("*.docx")] == ["leif-profile-"]
    assert job["status"] == "succeeded"
    assert (asked["answer_status"], len(asked["sources"])) == ("answered", 1)
    assert (tmp_path / "cv.pdf").read_bytes().startswith(b"%PDF-")
    assert (preview["format"], preview["name"]) == ("pdf", "Leif Doxarve")
    assert preview["jobs"] == ["DoxAI", "Consulting Projects"]
    assert summary["created"] > 10
    assert headline == "Product engineer"
    assert insights == {"plan": "free", "views": 0, "visitors": 0, "topics": "pro"}
    assert changes[0] == {
        "section": "profile", "action": "update", "fields": ["headline", "open_to_work"]
    }  # fmt: skip
    assert status in ("queued", "running")
    assert (seen, theme) == ("public", "academic")
    assert page == {"full_name": "Leif Doxarve", "theme": "academic"}
    assert tools > 20
    assert made == "succeeded"
    assert events[0]["action"] == "token_created"
    assert [session["current"] for session in sessions] == [True]
