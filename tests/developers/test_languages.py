"""The message catalogue: whole in every language, and of the same code as the pages."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from babel.messages.catalog import Message

from app.web.languages import LANGUAGES, LOCALE, SOURCE, messages
from rest_compat.developers import markdown
from rest_compat.developers.catalogue import gathered, read, renewed
from rest_compat.developers.guides import guides

OTHERS = [language for language in LANGUAGES if language != SOURCE]
# What is written alike in two languages, names of things that have no other.
ALIKE = {
    "Vitae", "Version", "Server", "Stripe", "Scopes", "Body", "Body, optional", "Types", "Guides",
    "Variables", "Applications",
}  # fmt: skip
# What must stand in a translation as it stands in the message.
FIXED = re.compile(r"%\(\w+\)s|`[^`]+`|\]\([^)]+\)|</?\w+[^>]*>|\b[A-Z]{3,}\b|/v1/[\w/{}-]+")


def told(language: str) -> list[Message]:
    return [message for message in read(language) if message.id]


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_has_the_messages_that_the_pages_have(language: str) -> None:
    committed = (LOCALE / f"{language}.po").read_bytes()
    assert committed == renewed(language), "write it: python -m rest_compat.developers.catalogue"


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_is_untranslated_or_doubtful(language: str) -> None:
    found = told(language)
    assert len(found) > 200
    assert [message.id for message in found if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_placeholders_code_links_and_markup(language: str) -> None:
    for message in told(language):
        kept = Counter(FIXED.findall(str(message.string)))
        wanted = Counter(FIXED.findall(str(message.id)))
        missing = {one for one in wanted if kept[one] < wanted[one]}
        assert not missing, message.id
        markup = {one for one in kept - wanted if one.startswith(("<", "%("))}
        assert not markup, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_translated_is_not_the_english(language: str) -> None:
    alike = {str(message.id) for message in told(language) if message.id == message.string}
    assert alike <= ALIKE


def test_french_has_no_ordinary_blank_before_its_punctuation() -> None:
    wrong = [m.string for m in told("fr") if re.search(r" [:;?!»]|« ", str(m.string))]
    assert wrong == []


def test_german_uses_its_own_quotation_marks() -> None:
    for message in told("de"):
        text = str(message.string)
        assert text.count("„") == text.count("“"), text
        assert "”" not in text


@pytest.mark.parametrize("language", OTHERS)
def test_a_guide_is_translated_but_for_its_code(language: str) -> None:
    translate = messages(language).gettext
    for guide in guides():
        theirs = list(markdown.blocks(markdown.translated(guide.source, translate)))
        ours = list(markdown.blocks(guide.source))
        assert [one.mark for one in theirs] == [one.mark for one in ours]
        for one, other in zip(ours, theirs, strict=True):
            if one.is_code:
                assert other.text == one.text
            elif one.text not in ALIKE:
                assert other.text != one.text


def test_messages_are_gathered_from_templates_code_and_guides() -> None:
    ids = {str(message.id) for message in gathered() if message.id}
    assert {"Try it here", "The server has no such method.", "Your first résumé"} <= ids
