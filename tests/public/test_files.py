"""GET /u/{username}.{json,md,vcf,pdf} and the portrait."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import httpx
import pytest

from app import profile_pdfs
from app.queue import JSON
from app.services import Services
from app.settings import Settings
from tests.interactive_worker import answering
from tests.people import PASSWORD
from tests.portraits import portrait
from tests.programs import Up
from tests.public.people import SOMEONE
from workers.interactive import interactive
from workers.sweep import clear

PROFILE = "/v1/me/profile"
WRITTEN = {"json": "application/json", "md": "text/markdown", "vcf": "text/vcard"}


async def fill(session: httpx.AsyncClient, **changes: Any) -> None:
    """Have the account be someone."""
    for section, rows in SOMEONE.items():
        if section != "profile":
            answer = await session.put(f"/v1/me/{section}", json={"items": rows})
            assert answer.status_code == 200, answer.text
    profile = await session.patch(PROFILE, json=SOMEONE["profile"] | changes)
    assert profile.status_code == 200, profile.text


async def get(session: httpx.AsyncClient, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=session.base_url, timeout=60) as stranger:
        return await stranger.get(path, headers=headers)


@pytest.mark.parametrize("suffix", WRITTEN)
async def test_what_is_published_comes_as_a_file(session: httpx.AsyncClient, suffix: str) -> None:
    await fill(session)
    answer = await get(session, f"/u/ann.{suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(WRITTEN[suffix])
    assert f'filename="ann.{suffix}"' in answer.headers["content-disposition"]
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["link"] == '</u/ann>; rel="canonical"'
    assert "Vauquelin" in answer.text
    # Her e-mail address is public, her telephone number is not.
    assert "ines@vauquelin-roth.example" in answer.text
    assert "123 45 67" not in answer.text
    known = {"if-none-match": answer.headers["etag"]}
    assert (await get(session, f"/u/ann.{suffix}", **known)).status_code == 304
    await session.patch(PROFILE, json={"full_name": "Ann Else"})
    assert "Ann Else" in (await get(session, f"/u/ann.{suffix}", **known)).text


@pytest.mark.parametrize("rest", [".json", ".md", ".vcf", ".pdf", "/avatar"])
async def test_a_private_profile_and_nobody_have_the_same_files(
    session: httpx.AsyncClient, rest: str
) -> None:
    await session.put("/v1/me/avatar", files={"file": ("p.png", portrait(40), "image/png")})
    await session.patch(PROFILE, json={"visibility": "private"})
    private, nobody = await get(session, f"/u/ann{rest}"), await get(session, f"/u/nobody{rest}")
    assert private.status_code == nobody.status_code == 404
    assert private.json()["error"] == nobody.json()["error"]


async def test_the_portrait_is_for_whoever_may_see_the_page(session: httpx.AsyncClient) -> None:
    assert (await get(session, "/u/ann/avatar")).status_code == 404
    await session.put("/v1/me/avatar", files={"file": ("p.png", portrait(400), "image/png")})
    answer = await get(session, "/u/ann/avatar")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert int(answer.headers["content-length"]) == len(answer.content)
    known = {"if-none-match": answer.headers["etag"]}
    assert (await get(session, "/u/ann/avatar", **known)).status_code == 304
    await session.put("/v1/me/avatar", files={"file": ("p.png", portrait(80), "image/png")})
    assert (await get(session, "/u/ann/avatar", **known)).status_code == 200
    await session.delete("/v1/me/avatar")
    assert (await get(session, "/u/ann/avatar", **known)).status_code == 404


async def test_of_nothing_there_is_no_pdf(session: httpx.AsyncClient) -> None:
    assert (await get(session, "/u/ann.pdf")).status_code == 404
    page = await get(session, "/u/ann")
    assert "ann.pdf" not in page.text


async def test_without_a_worker_there_is_no_pdf_yet(session: httpx.AsyncClient) -> None:
    await session.patch(PROFILE, json={"bio": "About."})
    answer = await get(session, "/u/ann.pdf")
    assert answer.status_code == 503
    assert answer.json()["error"]["retryable"]


async def test_an_address_has_only_so_many_pdfs_made(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PROFILE, json={"bio": "About."})
    most = services.settings.profile_pdfs_per_address
    answers = [await get(session, "/u/ann.pdf") for _ in range(most + 1)]
    assert [answer.status_code for answer in answers] == [503] * most + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_many_who_ask_at_once_wait_for_one_pdf(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PROFILE, json={"bio": "About."})
    keys: list[str] = []

    async def draw(context: dict[str, Any], key: str, cv: JSON) -> JSON:
        keys.append(key)
        await asyncio.sleep(0.5)  # in which all have asked
        await services.artifacts.put(key, b"%PDF-")
        return None

    async with answering(services, tasks=[interactive(profile_pdfs.TASK, draw)]):
        answers = await asyncio.gather(*(get(session, "/u/ann.pdf") for _ in range(8)))
    assert [answer.content for answer in answers] == [b"%PDF-"] * 8
    assert len(keys) == 1


async def test_a_pdf_is_made_to_its_end_for_who_has_gone(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PROFILE, json={"bio": "About."})
    drawing, go_on = asyncio.Event(), asyncio.Event()

    async def draw(context: dict[str, Any], key: str, cv: JSON) -> JSON:
        drawing.set()
        await go_on.wait()
        await services.artifacts.put(key, b"%PDF-")
        return None

    async with answering(services, tasks=[interactive(profile_pdfs.TASK, draw)]):
        gone = asyncio.create_task(get(session, "/u/ann.pdf"))
        await drawing.wait()
        gone.cancel()
        await asyncio.wait([gone])
        drawing.clear()
        other = asyncio.create_task(get(session, "/u/ann.pdf"))
        go_on.set()
        assert (await other).content == b"%PDF-"
    assert not drawing.is_set()


async def test_a_pdf_is_made_once_for_each_state(up: Up) -> None:
    account = {"username": "ines", "password": PASSWORD}
    async with httpx.AsyncClient(base_url=up.url, timeout=60) as client:
        more = {"email": "ines@example.com", "full_name": "Ines V"}
        await client.post("/v1/auth/register", json=account | more)
        tokens = (await client.post("/v1/auth/login", json=account)).json()
        client.headers["authorization"] = f"Bearer {tokens['access_token']}"
        await fill(client)
        before = len(made(up))
        first, second = await asyncio.gather(*(get(client, "/u/ines.pdf") for _ in range(2)))
        assert first.status_code == second.status_code == 200
        assert first.headers["content-type"] == "application/pdf"
        assert first.content[:5] == second.content[:5] == b"%PDF-"
        assert len(made(up)) == before + 1
        again = await get(client, "/u/ines.pdf", **{"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        await client.patch(PROFILE, json={"bio": "Otherwise."})
        other = await get(client, "/u/ines.pdf", **{"if-none-match": first.headers["etag"]})
        assert other.status_code == 200
        assert len(made(up)) == before + 2
        await client.patch(PROFILE, json={"visibility": "private"})
        assert (await get(client, "/u/ines.pdf")).status_code == 404


async def test_pdfs_that_were_made_long_ago_are_cleared(
    services: Services, settings: Settings
) -> None:
    old, new = "profiles/1/old.pdf", "profiles/1/new.pdf"
    for key in (old, new):
        await services.artifacts.put(key, b"%PDF-")
    then = time.time() - profile_pdfs.KEPT.total_seconds() - 60
    os.utime(settings.data_dir / "artifacts" / old, (then, then))
    await clear(services)
    assert await profile_pdfs.stored(services.artifacts, old) is None
    assert await profile_pdfs.stored(services.artifacts, new) is not None


def made(up: Up) -> list[str]:
    return sorted(path.name for path in (up.data / "artifacts/profiles").rglob("*.pdf"))
