"""Profiles that are set as résumés and read back from the page are the profiles they were.

What comes back otherwise is listed in round_trip.json, which may only shrink; `round_trip` says of
which kinds it is, and prints it all as a table.
"""

from __future__ import annotations

import pytest
from rich.console import Console

from app.cv.normalise import TEMPLATES
from tests.importing.round_trip import allowed, differences, field_count, names, table

_KEPT_ASIDE = [name for name in names() if name.startswith("held/")]
_DOCUMENTED, _OTHERS = TEMPLATES[:4], TEMPLATES[4:]

_OPEN = [name for name in names() if name not in _KEPT_ASIDE]
_TRIPS = [(name, template) for name in _OPEN for template in _DOCUMENTED]
# What tells an entry from others: it comes back whatever the profile.
_NEVER_LOST = ("full_name", "company", "institution")


@pytest.mark.parametrize(
    ("name", "template"), _TRIPS, ids=[f"{name}-{template}" for name, template in _TRIPS]
)
def test_a_profile_comes_back_from_its_pdf(name: str, template: str) -> None:
    found = list(differences(name, template))
    known = {key for key in allowed() if key.startswith(f"{template} {name} ")}
    if {difference.key for difference in found} != known:
        Console(width=160).print(table(found))
    assert sorted(difference.key for difference in found) == sorted(known)


@pytest.mark.parametrize("template", _OTHERS)
@pytest.mark.parametrize("name", _OPEN[::40])
def test_whoever_a_profile_is_of_and_where_they_were_comes_back_from_every_template(
    name: str, template: str
) -> None:
    lost = [each.where for each in differences(name, template) if each.where.endswith(_NEVER_LOST)]
    assert lost == []


def test_what_is_allowed_to_differ_is_of_profiles_that_are_there() -> None:
    there = {f"{template} {name}" for name in names() for template in _DOCUMENTED}
    assert {key.rpartition(" ")[0] for key in allowed()} <= there


def test_names_and_employers_always_come_back() -> None:
    assert [key for key in sorted(allowed()) if key.rpartition(".")[2] in _NEVER_LOST] == []


@pytest.mark.skipif(not _KEPT_ASIDE, reason="no corpus is kept aside at present")
def test_profiles_that_are_kept_aside_come_back_but_for_few_fields() -> None:
    found = [
        difference
        for index, name in enumerate(_KEPT_ASIDE)
        for difference in differences(name, _DOCUMENTED[index % 4])
    ]
    few = 0.03 * sum(map(field_count, _KEPT_ASIDE))
    if len(found) > few:
        Console(width=160).print(table(found))
    assert len(found) <= few
