from __future__ import annotations

import re
from pathlib import Path

from rest_compat.mcp.catalogue import tables

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


def test_the_readme_lists_the_tools_resources_and_prompts_that_there_are() -> None:
    between = re.search(r"<!-- mcp: .*? -->\n(.*?)\n<!-- end of mcp -->", README, re.S)
    assert between is not None
    assert between[1] == tables(), "print it with: python -m rest_compat.mcp.catalogue"
