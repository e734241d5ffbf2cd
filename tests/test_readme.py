"""The README says what is so of settings and files; its examples are in test_documents.py."""

from __future__ import annotations

import re
from pathlib import Path

from app import settings

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text()


def test_the_table_of_settings_is_the_settings() -> None:
    between = re.search(r"<!-- settings: .*? -->\n(.*?)\n<!-- end of settings -->", README, re.S)
    assert between is not None
    assert between[1] == settings.table(), "print it with: python -m app.settings"


def test_every_file_it_names_exists() -> None:
    named = re.findall(r"`((?:app|schema|resolvers|rest_compat|workers|tests)/[\w./]*)`", README)
    named += re.findall(r"\]\(([\w./]+)\)", README)
    assert named
    assert [name for name in named if not (PROJECT / name).exists()] == []
