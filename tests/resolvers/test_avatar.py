"""The owner's portrait, over real HTTP."""

from __future__ import annotations

import io

import httpx
from PIL import Image

from app.artifacts import Artifacts
from app.services import Services
from tests.people import Person, table
from tests.portraits import portrait
from tests.rest_compat.test_errors import assert_error

PATH = "/v1/me/avatar"


async def give(client: httpx.AsyncClient, data: bytes, **headers: str) -> httpx.Response:
    return await client.put(
        PATH,
        files={"file": ("me", data)},
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )


async def stored(artifacts: Artifacts) -> list[str]:
    return [found.key async for page in artifacts.list("avatars") for found in page]


async def profile(client: httpx.AsyncClient) -> dict[str, object]:
    found: dict[str, object] = (await client.get("/v1/me/profile")).json()
    return found


async def test_a_portrait_is_made_small_and_given_back(session: httpx.AsyncClient) -> None:
    before = await profile(session)
    assert before["avatar_url"] is None
    answer = await give(session, portrait(1200, "teal"))
    assert (answer.status_code, answer.json()["avatar_url"]) == (200, PATH)
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    assert await profile(session) == answer.json()
    got = await session.get(PATH)
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-length"] == str(len(got.content))
    with Image.open(io.BytesIO(got.content)) as image:
        assert (image.format, image.size) == ("JPEG", (800, 800))


async def test_an_unchanged_portrait_is_not_sent_again(session: httpx.AsyncClient) -> None:
    await give(session, portrait(64, "teal"))
    etag = (await session.get(PATH)).headers["etag"]
    again = await session.get(PATH, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    await give(session, portrait(64, "navy"))
    other = await session.get(PATH, headers={"if-none-match": etag})
    assert other.status_code == 200


async def test_the_former_portrait_is_removed(
    session: httpx.AsyncClient, services: Services
) -> None:
    former = await stored(services.artifacts)
    await give(session, portrait(64, "teal"))
    (first,) = set(await stored(services.artifacts)) - set(former)
    await give(session, portrait(64, "navy"))
    (second,) = set(await stored(services.artifacts)) - set(former)
    assert first != second
    gone = await session.delete(PATH)
    assert (gone.status_code, gone.content) == (204, b"")
    assert await stored(services.artifacts) == former
    assert (await profile(session))["avatar_url"] is None
    assert_error(await session.get(PATH), 404, "not_found")
    assert_error(await session.delete(PATH), 404, "not_found")


async def test_what_is_no_picture_changes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    await give(session, portrait(64))
    before, files = await profile(session), await stored(services.artifacts)
    for data in (b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", portrait(64)[:80]):
        error = assert_error(await give(session, data), 422, "validation_failed")
        assert (error["fields"][0]["path"], error["fields"][0]["code"]) == ("file", "picture")
    assert await profile(session) == before
    assert await stored(services.artifacts) == files


async def test_a_stale_version_changes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    await give(session, portrait(64))
    before, files = await profile(session), await stored(services.artifacts)
    refused = await give(session, portrait(64, "navy"), if_match='"99"')
    assert_error(refused, 412, "precondition_failed")
    refused = await session.delete(PATH, headers={"if-match": '"99"'})
    assert_error(refused, 412, "precondition_failed")
    assert await profile(session) == before
    assert await stored(services.artifacts) == files
    fresh = f'"{before["version"]}"'
    assert (await give(session, portrait(64, "navy"), if_match=fresh)).status_code == 200


async def test_every_change_is_kept_as_a_revision(
    session: httpx.AsyncClient, services: Services
) -> None:
    await give(session, portrait(64))
    await session.delete(PATH)
    rows = await table(services, "SELECT section, action, before, after FROM revisions ORDER BY id")
    assert [(row["section"], row["action"]) for row in rows] == [("profile", "update")] * 2
    keys = [(row["before"]["avatar_key"], row["after"]["avatar_key"]) for row in rows]
    assert keys[0][0] is None
    assert keys[0][1] == keys[1][0]
    assert keys[1][1] is None


async def test_a_portrait_is_its_owners_alone(
    session: httpx.AsyncClient, services: Services
) -> None:
    await give(session, portrait(64))
    tom = await Person(services).signed_in("tom")
    key = await tom.new_key()
    headers = {"x-api-key": key.key}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as other:
        assert_error(await other.get(PATH), 404, "not_found")
        assert_error(await other.delete(PATH), 404, "not_found")
        assert (await give(other, portrait(64, "navy"))).status_code == 200
    assert (await session.get(PATH)).status_code == 200


async def test_without_credentials_nothing_is_given_or_taken(
    session: httpx.AsyncClient, services: Services
) -> None:
    await give(session, portrait(64))
    files = await stored(services.artifacts)
    async with httpx.AsyncClient(base_url=session.base_url) as stranger:
        for answer in (
            await stranger.get(PATH),
            await stranger.delete(PATH),
            await give(stranger, portrait(64, "navy")),
        ):
            assert_error(answer, 401, "unauthenticated")
    assert await stored(services.artifacts) == files
