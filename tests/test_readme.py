"""The README says what is so: its settings, its files and its examples."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

from app import settings
from tests.conftest import Servers

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text()


def example(name: str) -> str:
    found = re.search(rf"<!-- example: {name} -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_table_of_settings_is_the_settings() -> None:
    between = re.search(r"<!-- settings: .*? -->\n(.*?)\n<!-- end of settings -->", README, re.S)
    assert between is not None
    assert between[1] == settings.table(), "print it with: python -m app.settings"


def test_every_file_it_names_exists() -> None:
    named = re.findall(r"`((?:app|schema|resolvers|rest_compat|workers|tests)/[\w./]*)`", README)
    named += re.findall(r"\]\(([\w./]+)\)", README)
    assert named
    assert [name for name in named if not (PROJECT / name).exists()] == []


async def test_its_examples_work_as_they_stand(
    base_url: str, servers: Servers, tmp_path: Path, worker: None
) -> None:
    script = (example("token") + example("job")).replace("http://127.0.0.1:8000", base_url)
    script = script.replace("@app/cv/example.json", f"@{PROJECT / 'app/cv/example.json'}")
    bash = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await asyncio.wait_for(bash.communicate(), 60)
    assert bash.returncode == 0
    assert json.loads(printed[printed.rindex(b"{") :])["status"] == "succeeded"
    assert (tmp_path / "cv.pdf").read_bytes().startswith(b"%PDF-")
