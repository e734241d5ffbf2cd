"""What strangers see of a profile, and that it is nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from app.publication import Published, published
from app.services import Services
from tests.people import Person, table
from tests.profile.rows import FAMILIES
from tests.subscribers import make_free, make_pro

PROFILE = "/v1/me/profile"


async def shown(services: Services, username: str = "ann") -> Published | None:
    async with services.database.connection() as db:
        return await published(db, username, services.plans)


async def seen(services: Services, username: str = "ann") -> Published:
    found = await shown(services, username)
    assert found is not None
    return found


async def hide(services: Services, *sections: str) -> None:
    await table(
        services,
        "INSERT INTO presentations (account_id, hidden_sections)"
        " SELECT id, $1 FROM accounts WHERE username = 'ann'",
        list(sections),
    )


async def filled(session: httpx.AsyncClient) -> None:
    """Give the profile something in every section and every field that strangers may not see."""
    for family in FAMILIES:
        assert (await session.post(family.path, json=family.full)).status_code == 201
    profile = {"bio": "About.", "phone": "+41 79 123 45 67", "languages": [{"name": "French"}]}
    assert (await session.patch(PROFILE, json=profile)).status_code == 200


async def test_a_new_account_is_seen_by_who_knows_its_name(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    found = await seen(services)
    assert (found.username, found.former, found.visibility) == ("ann", False, "unlisted")
    assert found.answers_questions
    assert found.record["profile"]["full_name"] == "Ann Lee"
    for family in FAMILIES:
        (row,) = found.record[family.section]
        assert row.items() >= family.full.items()


async def test_nothing_of_the_account_is_told(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    found = await seen(services)
    told = repr(found.record)
    for secret in ("ann@example.com", "123 45 67", str(found.account_id), "parse_id", "origin"):
        assert secret not in told


@pytest.mark.parametrize("field", ["email", "phone"])
async def test_an_address_is_told_once_its_switch_says_so(
    session: httpx.AsyncClient, services: Services, field: str
) -> None:
    await filled(session)
    await session.patch(PROFILE, json={f"{field}_public": True})
    profile = (await seen(services)).record["profile"]
    other = "phone" if field == "email" else "email"
    assert profile[field] == (await session.get(PROFILE)).json()[field]
    assert profile[other] is None


async def test_a_private_profile_and_nobody_are_the_same(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PROFILE, json={"visibility": "private"})
    assert await shown(services) is None
    assert await shown(services, "nobody") is None


async def test_who_has_asked_to_be_deleted_is_seen_no_more(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PROFILE, json={"username": "annabel", "visibility": "public"})
    await table(services, "UPDATE accounts SET delete_after = now() + interval '14 days'")
    assert await shown(services, "annabel") is None
    assert await shown(services, "ann") is None
    await table(services, "UPDATE accounts SET delete_after = NULL")
    assert await shown(services, "annabel") is not None


@pytest.mark.parametrize(
    "name", ["", "a\0b", "ånn", "a" * 33, "a\nb", "'; --"], ids=lambda name: ascii(name)[:12]
)
async def test_what_can_be_no_username_is_nobody(services: Services, name: str) -> None:
    assert await shown(services, name) is None


async def test_a_name_is_found_in_any_case(session: httpx.AsyncClient, services: Services) -> None:
    assert (await seen(services, "ANN")).username == "ann"
    assert not (await seen(services, "ANN")).former


async def test_a_former_name_leads_to_the_owner_for_as_long_as_it_is_kept(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PROFILE, json={"username": "annabel"})
    found = await seen(services, "Ann")
    assert (found.username, found.former) == ("annabel", True)
    assert not (await seen(services, "annabel")).former
    await table(services, "UPDATE former_usernames SET kept_until = now()")
    assert await shown(services, "ann") is None


@pytest.mark.parametrize("section", [family.section for family in FAMILIES])
async def test_a_hidden_section_is_not_in_the_record(
    session: httpx.AsyncClient, services: Services, section: str
) -> None:
    await filled(session)
    await hide(services, section)
    record = (await seen(services)).record
    assert record[section] == []
    assert all(record[other.section] for other in FAMILIES if other.section != section)


async def test_hidden_summary_and_languages_are_not_in_the_profile(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    await hide(services, "summary", "languages")
    profile = (await seen(services)).record["profile"]
    assert (profile["bio"], profile["languages"]) == (None, [])


async def test_a_section_stays_hidden_when_the_plan_ends_and_all_else_falls_back(
    session: httpx.AsyncClient, services: Services
) -> None:
    await filled(session)
    await hide(services, "skills")
    await table(
        services,
        "UPDATE presentations SET theme_id = 'terminal', accent_color = '#00d4ff',"
        " section_order = '{projects}', font_preference = 'tinos'",
    )
    await make_pro(services)
    found = await seen(services)
    looks = found.presentation
    assert (found.tier.label, looks.theme.id, looks.accent_color) == ("pro", "terminal", "#00d4ff")
    assert (looks.layout.section_order[0], looks.layout.font_family) == ("projects", "tinos")
    await make_free(services)
    found = await seen(services)
    looks = found.presentation
    assert (found.tier.label, looks.theme.id, looks.accent_color) == ("free", "classic", None)
    assert (looks.layout.section_order[0], looks.layout.font_family) == ("summary", None)
    assert looks.layout.hidden_sections == {"skills"}
    assert found.record["skills"] == []


async def test_only_one_statement_is_run(services: Services) -> None:
    await Person(services).signed_in()
    statements: list[Any] = []
    async with services.database.connection() as db:
        db._connection.add_query_logger(statements.append)
        assert await published(db, "ann", services.plans) is not None
        await asyncio.sleep(0)  # the driver tells of a statement in the loop's next round
        db._connection.remove_query_logger(statements.append)
    assert len(statements) == 1
