"""The list of imports that wait to be committed."""

from __future__ import annotations

import httpx

from app.services import Services
from tests.people import Person, table
from tests.resolvers.test_importing import committed, parsed

LIST = "/v1/me/import"
BARE = {"basics": {"name": ""}, "skills": [{"name": "Care"}]}


async def test_what_waits_is_listed_newest_first_and_page_by_page(
    session: httpx.AsyncClient,
) -> None:
    first, second = await parsed(session), await parsed(session, BARE)
    page = (await session.get(LIST, params={"limit": 1})).json()
    (newest,) = page["items"]
    assert newest["parse_id"] == second["parse_id"]
    assert (newest["full_name"], newest["entries"], newest["pages"]) == (None, 1, None)
    page = (await session.get(LIST, params={"limit": 1, "cursor": page["next_cursor"]})).json()
    (oldest,) = page["items"]
    assert (oldest["parse_id"], oldest["expires_at"]) == (first["parse_id"], first["expires_at"])
    assert (oldest["format"], oldest["full_name"]) == ("json_resume", "Rae Holt")
    sections = ("skills", "experience", "education", "projects", "certifications", "languages")
    assert oldest["entries"] == sum(len(first[section]) for section in sections)
    assert page["next_cursor"] is None


async def test_what_was_committed_or_has_expired_waits_no_longer(
    session: httpx.AsyncClient, services: Services
) -> None:
    done, late = await parsed(session), await parsed(session)
    await committed(session, parse_id=done["parse_id"], mode="merge")
    assert [each["parse_id"] for each in (await session.get(LIST)).json()["items"]] == [
        late["parse_id"]
    ]
    await table(services, "UPDATE imports SET expires_at = now()")
    assert (await session.get(LIST)).json() == {"items": [], "next_cursor": None}


async def test_nobody_sees_what_waits_for_another(
    session: httpx.AsyncClient, services: Services
) -> None:
    await parsed(session)
    bob = await Person(services).signed_in("bob")
    headers = {"authorization": f"Bearer {bob.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as other:
        assert (await other.get(LIST)).json()["items"] == []
        assert (await other.get(LIST, params={"cursor": "x"})).status_code == 422
    async with httpx.AsyncClient(base_url=session.base_url) as stranger:
        assert (await stranger.get(LIST)).status_code == 401
