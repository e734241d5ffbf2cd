"""vCard 4.0: escaped, folded, and no way to add a property by what is written in one."""

from __future__ import annotations

import copy
import re

from hypothesis import HealthCheck, given, settings

from app.exporting.vcard import vcard
from tests.exporting.profiles import EMPTY, FULL, Record, records

_NAMES = (
    *("BEGIN", "VERSION", "KIND", "PRODID", "FN", "N", "TITLE", "ORG", "EMAIL", "TEL", "ADR"),
    *("URL", "SOCIALPROFILE", "NOTE", "REV", "END"),
)
_ESCAPED = re.compile(r"\\(.)")


def properties(card: bytes) -> list[tuple[str, str]]:
    """Names, with parameters, and values as a reader of vCards unfolds and parts them."""
    assert card.endswith(b"\r\n")
    unfolded = card.replace(b"\r\n ", b"").decode()
    parted = [line.partition(":") for line in unfolded.removesuffix("\r\n").split("\r\n")]
    return [(name, value) for name, _, value in parted]


def text(value: str) -> str:
    """A text value without its escapes."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_a_card_says_who_somebody_is_and_how_to_reach_them() -> None:
    found = dict(properties(vcard(FULL)))
    assert text(found["FN"]) == "Zoë Müller-Łuć"
    assert found["N"] == "Müller-Łuć;Zoë;;;"
    assert text(found["TITLE"]) == "Staff Engineer, Platforms; C++ & Go"
    assert found["ORG"] == r"Globex\, Inc."
    assert (found["EMAIL"], found["TEL"]) == ("zoe@example.org", "+41 79 123 45 67")
    assert found["ADR"] == r";;;Zürich\, Switzerland;;;"
    assert found["SOCIALPROFILE;SERVICE-TYPE=GitHub"] == "https://github.com/zoe"
    assert text(found["NOTE"]) == FULL["profile"]["bio"]
    assert found["REV"] == "20260317T150000Z"


def test_what_is_not_given_is_not_in_it() -> None:
    found = dict(properties(vcard(EMPTY)))
    assert found.keys() == {"BEGIN", "VERSION", "KIND", "PRODID", "FN", "N", "END"}


def test_hidden_sections_are_not_told() -> None:
    found = dict(properties(vcard(FULL, hidden={"summary", "experience"})))
    assert not found.keys() & {"NOTE", "ORG"}


def test_nobody_has_two_employers_at_once_on_a_card() -> None:
    record = copy.deepcopy(FULL)
    record["experience"][1]["is_current"] = True
    assert "ORG" not in dict(properties(vcard(record)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_whatever_was_typed_no_property_is_added_and_no_line_is_long(record: Record) -> None:
    card = vcard(record)
    assert all(len(line) <= 75 for line in card.split(b"\r\n"))
    found = properties(card)
    assert {name.partition(";")[0] for name, _ in found} <= set(_NAMES)
    assert len({name for name, _ in found}) == len(found)
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n|\r(?!\n)", card)
    if record["profile"].get("bio"):
        assert text(dict(found)["NOTE"]) == record["profile"]["bio"]


def test_breaks_of_every_kind_stay_within_a_value() -> None:
    record = copy.deepcopy(EMPTY)
    record["profile"]["bio"] = "a\r\nEMAIL:b@example.org\x85TEL:1\u2028URL:x\\"
    found = properties(vcard(record))
    assert [name for name, _ in found].count("EMAIL") == 0
    assert text(dict(found)["NOTE"]) == "a\nEMAIL:b@example.org\nTEL:1\nURL:x\\"
