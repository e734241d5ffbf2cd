"""All of an account as one ZIP, over real HTTP."""

from __future__ import annotations

import contextlib
import io
from typing import Any
from zipfile import ZipFile

import httpx
import orjson

from app.exporting import archive, archive_tables
from app.models import Base
from app.services import Services
from tests.exporting import visits
from tests.owners import EXAMPLE
from tests.people import Person, table
from tests.portraits import portrait
from tests.resolvers.test_exports import events, fill, graphql
from tests.resolvers.test_row_exports import own_id
from tests.rest_compat.test_errors import assert_error

PATH = "/v1/me/exports/account"


async def taken(client: httpx.AsyncClient) -> ZipFile:
    answer = await client.get(PATH)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    package = ZipFile(io.BytesIO(answer.content))
    assert package.testzip() is None
    return package


def read(package: ZipFile, name: str) -> Any:
    return orjson.loads(package.read(name))


async def test_all_that_an_owner_has_is_in_it(
    session: httpx.AsyncClient, services: Services
) -> None:
    await fill(session)
    await session.put("/v1/me/avatar", files={"file": ("me", portrait(64, "teal"))})
    job = await session.post("/v1/resume/jobs", json={"request_id": "one", "cv_data": EXAMPLE})
    assert job.status_code == 202
    pdf = b"%PDF-1.7 a page"
    key = archive_key = "resume/2026-03-17/a.1.pdf"
    await services.artifacts.put(key, pdf)
    await table(
        services,
        "UPDATE resume_jobs SET status = 'succeeded', artifact_key = $1, finished_at = now(),"
        " size_bytes = 15",
        archive_key,
    )
    await visits.ask(services, await own_id(services), "Does she work nights?")
    await session.post("/v1/auth/api-keys", json={"name": "script"})
    package = await taken(session)
    assert read(package, "profile.json") == (await session.get("/v1/me/exports/profile")).json()
    assert read(package, "profile.jsonresume.json")["work"][0]["name"] == "Lindenhof"
    assert package.read("portrait.jpg") == (await session.get("/v1/me/avatar")).content
    assert package.read(f"resume/{job.json()['job_id']}.pdf") == pdf
    assert [row["section"] for row in read(package, "history.json")][:2] == [
        *("profile", "experience")
    ]
    assert read(package, "resume-jobs.json")[0]["request_id"] == "one"
    assert read(package, "api-keys.json")[0]["name"] == "script"
    assert read(package, "account.json")["username"] == "ann"
    assert [row["action"] for row in read(package, "security-events.json")][:1] != []
    assert "profile.json" in package.read("README.txt").decode()


async def test_whatever_the_plan_transcripts_are_in_it(
    session: httpx.AsyncClient, services: Services
) -> None:
    await table(services, "UPDATE accounts SET created_at = '2026-01-01T00:00Z'")
    await visits.ask(services, await own_id(services), "Does she work nights?")
    await visits.count(services, await own_id(services), "2026-03-17", view=7)
    package = await taken(session)
    (question,) = read(package, "transcripts.json")["items"]
    assert question["question"] == "Does she work nights?"
    figures = read(package, "insights.json")["items"]
    assert {"day": "2026-03-17", "metric": "view", "name": "", "count": 7} in figures


async def test_of_what_others_have_nothing_is_in_it(
    session: httpx.AsyncClient, services: Services
) -> None:
    tom = await Person(services).signed_in("tom")
    key = await tom.new_key("tom-secret-project")
    async with httpx.AsyncClient(
        base_url=session.base_url, headers={"x-api-key": key.key}
    ) as other:
        await other.patch("/v1/me/profile", json={"headline": "tom-secret-project"})
    package = await taken(session)
    assert not any(b"tom" in package.read(name) for name in package.namelist())


async def test_no_secret_is_in_it(session: httpx.AsyncClient, services: Services) -> None:
    key = (await session.post("/v1/auth/api-keys", json={"name": "script"})).json()["key"]
    package = await taken(session)
    whole = b"".join(map(package.read, package.namelist()))
    assert key.encode() not in whole
    for word in (b'"digest"', b"password_hash", b'"secret"', b"artifact_key", b"code_challenge"):
        assert word not in whole


def test_every_table_of_accounts_is_in_it_or_left_out_for_a_reason() -> None:
    of_accounts = {
        name for name, columns in Base.metadata.tables.items() if "account_id" in columns.c
    }
    in_files = {
        page.page.sql.split(" FROM ")[1].split()[0] for page in archive_tables.FILES.values()
    }
    assert in_files | archive_tables.LEFT_OUT.keys() == of_accounts
    assert not in_files & archive_tables.LEFT_OUT.keys()


async def test_pages_of_a_table_follow_each_other(
    session: httpx.AsyncClient, services: Services
) -> None:
    for number in range(12):
        await session.patch("/v1/me/profile", json={"headline": f"Nurse {number}"})
    history = read(await taken(session), "history.json")
    told = [row["after"]["headline"] for row in history]
    assert told == [f"Nurse {number}" for number in range(12)]


async def test_it_is_for_sessions_only_and_a_security_event(
    session: httpx.AsyncClient, services: Services, token: httpx.AsyncClient
) -> None:
    key = (await session.post("/v1/auth/api-keys", json={"name": "script"})).json()["key"]
    async with httpx.AsyncClient(base_url=session.base_url, headers={"x-api-key": key}) as script:
        assert_error(await script.get(PATH), 401, "unauthenticated")
    assert_error(await token.get(PATH), 401, "unauthenticated")
    assert (await graphql(session, "{ exportAccount }"))["data"]["exportAccount"] == PATH
    assert await events(services) == []
    await taken(session)
    assert await events(services) == [("account", "session", {"format": "zip"})]


async def test_it_is_made_a_few_times_a_day_only(session: httpx.AsyncClient) -> None:
    for _ in range(10):
        assert (await session.get(PATH)).status_code == 200
    assert_error(await session.get(PATH), 429, "rate_limited")
    assert (await session.head(PATH)).status_code == 200


async def test_a_file_that_is_gone_is_left_out(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.put("/v1/me/avatar", files={"file": ("me", portrait(64, "teal"))})
    (row,) = await table(services, "SELECT avatar_key FROM profiles WHERE avatar_key IS NOT NULL")
    await services.artifacts.delete(row["avatar_key"])
    assert "portrait.jpg" not in (await taken(session)).namelist()


async def test_an_archive_that_nobody_reads_on_lets_go_of_everything(
    session: httpx.AsyncClient, services: Services
) -> None:
    made = archive.Archive(
        services.database,
        services.artifacts,
        await own_id(services),
        (await services.database.raw().fetchval("SELECT current_date")),
    )
    async with contextlib.aclosing(await _begun(services, made)) as chunks:
        assert await anext(chunks)
        assert services.export_turns.taken == 1
    assert services.export_turns.taken == 0


async def _begun(services: Services, made: archive.Archive) -> Any:
    return await services.export_turns.begun(made.account_id, made.chunks())
