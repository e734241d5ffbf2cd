from __future__ import annotations

from uuid import UUID

import pytest

from app.profile.rules import SECTIONS
from app.services import Services
from tests.search.profiles import NAMES, move_in, read


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_of_a_section_have_keys_of_their_own(name: str) -> None:
    for section in SECTIONS:
        keys = [row["key"] for row in read(name)[section]]
        assert len(set(keys)) == len(keys) > 0


async def test_who_moves_in_has_the_rows_of_the_file(services: Services) -> None:
    resident = await move_in(services, "scholar_he")
    owner = await resident.person.run("owner")
    assert owner.profile.location == "ירושלים"
    assert {UUID(str(row.id)) for row in owner.projects} == {
        id_ for key, id_ in resident.ids.items() if key.startswith("projects/")
    }
