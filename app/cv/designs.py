"""The designs that a résumé can be set in: one folder each, below `workers/templates`.

A folder with a `template.toml` is a template; there is no other list of them. The file has what
people are told of the design, and the few measures that its stylesheet alone can't apply.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "workers" / "templates"
# The documents name these, in this order; the first is taken where none is named.
_DOCUMENTED = ("original", "harvard", "business", "picture")


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One template: `title` and `description` are for people, `font_family` is a key of fonts.

    `name_size` is how large the name is set, in rem and with its spacing; `name_width` how wide the
    lines for it are, in millimetres. `side_width` is the width of a side column in millimetres,
    and `contact_width` of lines in which contacts are strung on bullets; 0 where there are none.
    """

    title: str
    description: str
    columns: int
    font_family: str
    for_picture: bool = False
    name_size: float = 2.25
    name_width: float = 113
    side_width: float = 0
    contact_width: float = 0


def designs_in(folder: Path) -> dict[str, Design]:
    """The templates below `folder` by name, the documented ones first."""
    found = {
        file.parent.name: Design(**tomllib.loads(file.read_text(encoding="utf-8")))
        for file in sorted(folder.glob("*/template.toml"))
    }
    documented = [name for name in _DOCUMENTED if name in found]
    return {name: found[name] for name in (*documented, *found)}


DESIGNS = designs_in(FOLDER)
