"""The guides: Markdown beside this file, in the order of the numbers in their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.settings import PROJECT
from rest_compat.developers import markdown

_FOLDER = Path(__file__).with_name("guides")
_CODE = re.compile(r"(<pre><code[^>]*>.*?</code></pre>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Guide:
    """`source` is English. `id` is what its address ends with."""

    id: str
    source: str


@dataclass(frozen=True, slots=True)
class TranslatedGuide:
    """`summary` is the sentence after the heading."""

    id: str
    title: str
    summary: str
    source: str


@cache
def guides() -> list[Guide]:
    """All guides, in the order they are read in."""
    return [
        Guide(path.stem.partition("-")[2], path.read_text(encoding="utf-8"))
        for path in sorted(_FOLDER.glob("*.md"))
    ]


def in_language(translate: Callable[[str], str]) -> list[TranslatedGuide]:
    """The guides as `translate` has their blocks."""
    found = []
    for guide in guides():
        first_two = list(markdown.blocks(guide.source))[:2]
        title, summary = (translate(block.text) for block in first_two)
        source = markdown.translated(guide.source, translate)
        found.append(TranslatedGuide(guide.id, title, summary, source))
    return found


def body(source: str, base: str, server: str, label: str) -> Markup:
    """The HTML of a guide. Links below /developers lead to the same language, at `base`; `label`
    is what its pieces of code are called."""
    html = markdown.html(source.replace("](/developers", f"]({base}"))
    code = Markup('<div class="code">{}</div>')
    pieces = [
        code.format(
            Markup(  # noqa: S704 - rendered from our own Markdown
                piece.replace("$URL", server).replace(
                    "<pre>", Markup('<pre tabindex="0" role="group" aria-label="{}">').format(label)
                )
            )
        )
        if index % 2
        else Markup(piece)  # noqa: S704 - likewise
        for index, piece in enumerate(_CODE.split(str(html)))
    ]
    return Markup("").join(pieces)


def changelog() -> str:
    """What has changed, as it stands beside the packages or, where they are installed, in one."""
    for folder in (PROJECT, Path(markdown.__file__).parent):
        if (path := folder / "CHANGELOG.md").exists():
            return path.read_text(encoding="utf-8")
    return "# Changelog\n"
