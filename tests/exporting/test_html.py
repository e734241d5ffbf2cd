"""HTML: one valid file that loads nothing, in which what was written stays text."""

from __future__ import annotations

import copy
import io
import re
from html.parser import HTMLParser as TagReader

import pytest
from hypothesis import HealthCheck, given, settings
from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]

from app.exporting.document import document_of
from app.exporting.html import html
from tests.exporting.profiles import EMPTY, FULL, Record, corpus, records

_LOADS = {"src", "srcset", "data", "poster", "action", "formaction", "background", "ping"}
_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "article"),
    *("h1", "h2", "h3", "p", "ul", "li", "a", "div"),
}


class _Page(TagReader):
    """What a page is made of."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


@pytest.mark.parametrize("record", [FULL, EMPTY], ids=["full", "empty"])
def test_it_is_valid(record: Record) -> None:
    parser = HTMLParser()
    parser.parse(io.BytesIO(html(record)))
    assert parser.errors == []


def test_the_language_is_that_of_what_is_written() -> None:
    assert html(FULL).startswith(b'<!DOCTYPE html>\n<html lang="en">')
    assert b'<html lang="ja">' in html(corpus("open/ja_eigyo_rirekisho"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_whatever_was_typed_adds_no_element_and_loads_nothing(record: Record) -> None:
    page = _Page(html(record))
    assert set(page.tags) <= _TAGS
    assert not {name for name, _ in page.attributes} & _LOADS
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert all(re.match(r"https?://|mailto:|tel:", link) for link in links)
    for section in document_of(record).sections:
        for item in section.items:
            assert set(item.bullets) <= set(page.texts)


def test_a_policy_forbids_what_an_editor_may_paste_in() -> None:
    assert b"default-src 'none'" in html(FULL)
    assert b"url(" not in html(FULL)


def test_hidden_sections_are_left_out_and_the_rest_follows_the_order() -> None:
    page = html(FULL, ["skills"], {"summary", "experience"}).decode()
    assert re.findall("<h2[^>]*>(.*?)</h2>", page) == [
        *("Skills", "Education", "Projects", "Languages", "Certifications")
    ]


def test_a_name_can_close_no_element() -> None:
    record = copy.deepcopy(EMPTY)
    record["profile"]["full_name"] = "</title><script>alert(1)</script>"
    assert "script" not in _Page(html(record)).tags
