"""Markdown: CommonMark in which what a person wrote stays text."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.exporting.document import document_of
from app.exporting.markdown import markdown
from tests.exporting.profiles import EMPTY, FULL, Record, records

# GitHub's additions too: no table and no strikethrough shall come of what is written.
_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_OURS = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
}
_INLINE = {
    *("text", "strong_open", "strong_close", "em_open", "em_close", "softbreak", "hardbreak"),
    *("link_open", "link_close"),
}


def tokens(record: Record) -> list[Token]:
    return _READER.parse(markdown(record).decode())


def _blocks(record: Record) -> Iterator[str]:
    for token in tokens(record):
        if token.type == "inline":
            parts = [
                "\n" if child.type.endswith("break") else child.content
                for child in token.children or ()
            ]
            yield "".join(parts)


def test_headings_follow_the_order_of_sections() -> None:
    text = markdown(FULL, order=["skills", "summary"], hidden={"projects"}).decode()
    assert re.findall("^## (.*)$", text, re.MULTILINE) == [
        "Skills",
        "Summary",
        "Experience",
        "Education",
        "Languages",
        "Certifications",
    ]


def test_what_looks_like_markup_is_read_as_text() -> None:
    blocks = list(_blocks(FULL))
    assert "# not a heading" in blocks
    assert "<b>not bold</b> & [no](link)" in blocks
    assert "Builds *platforms*." in blocks
    assert "Runs the platform.\n1. Keeps it up.\n- Keeps it small." in blocks


def test_addresses_are_links_and_lead_where_they_should() -> None:
    links = [
        child.attrs["href"]
        for token in tokens(FULL)
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert "mailto:zoe@example.org" in links
    assert any(str(link).endswith("/~zoe?a=1&copy=2") for link in links)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_whatever_was_typed_is_text_and_all_of_it_is_there(record: Record) -> None:
    found = tokens(record)
    assert {token.type for token in found} <= _OURS
    assert {child.type for token in found for child in token.children or ()} <= _INLINE
    blocks = {re.sub(r"[ \t]*\n[ \t]*", "\n", block) for block in _blocks(record)}
    document = document_of(record)
    assert document.name in blocks
    for section in document.sections:
        for item in section.items:
            assert {*item.bullets} <= blocks
            paragraphs = item.description.split("\n\n") if item.description else []
            assert {*paragraphs} <= blocks


@pytest.mark.parametrize("record", [FULL, EMPTY], ids=["full", "empty"])
def test_it_is_one_document_with_one_title(record: Record) -> None:
    found = tokens(record)
    assert [token.tag for token in found if token.type == "heading_open"].count("h1") == 1


def test_an_address_can_break_out_of_no_link() -> None:
    record = copy.deepcopy(EMPTY)
    record["profile"]["website"] = "https://example.org/a)(b)'*_c_*"
    (link,) = [
        child
        for token in tokens(record)
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert link.attrs["href"] == "https://example.org/a)(b)'*_c_*"
