"""A page as a reader's program sees it: elements, headings, links, labels, data."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

_VOID = {"meta", "link", "img", "br", "input"}
_RAW = {"script", "style"}


class Outline(HTMLParser):
    """What is in a page. `faults` says what is not closed or opened in its place."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.texts: list[str] = []
        self.data: list[Any] = []
        self.styles: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "style":
            self.styles.append(data)
        elif inside == "script":
            self.data.append(json.loads(data))
        elif data.strip():
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all such elements."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def headings(self) -> list[int]:
        """The levels of the headings in order."""
        return [
            int(tag[1]) for tag, _ in self.elements if tag in ("h1", "h2", "h3", "h4", "h5", "h6")
        ]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)
