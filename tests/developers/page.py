"""What a page of HTML holds, for tests that look at pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_ADDRESSES = ("script", "link", "img")


class Page(HTMLParser):
    """Ids, links, names of elements, what is loaded from where, and labels of form fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.ids: list[str] = []
        self.links: list[str] = []
        self.current: list[str] = []
        self.elements: set[str] = set()
        self.loaded: list[str] = []
        self.language = ""
        self.alternates: dict[str, str] = {}
        self.inline = 0
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.feed(html)

    @property
    def levels(self) -> list[int]:
        """Of its headings, in their order."""
        return [int(level) for level in re.findall(r"<h(\d)", self.html)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.add(tag)
        scripted = any(name.startswith("on") for name in found)
        self.inline += "style" in found or scripted or (tag == "script" and "src" not in found)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "html":
            self.language = found["lang"]
        elif tag == "a":
            self.links.append(found["href"])
            if "aria-current" in found:
                self.current.append(found["href"])
        elif tag == "label":
            self.labelled.add(found["for"])
        elif tag in ("input", "textarea", "select") and found.get("type") != "hidden":
            self.fields.add(found["id"])
        elif tag in _ADDRESSES and found.get("rel") not in ("canonical", "alternate"):
            self.loaded.append(found.get("href") or found["src"])
        elif found.get("rel") == "alternate":
            self.alternates[found["hreflang"]] = found["href"]
