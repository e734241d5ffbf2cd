"""The index follows the profile, whatever happens to workers, Valkey and the endpoint."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from strawberry import Some

from app.call import Admission, Call, Context, CredentialKind
from app.db import uuid7
from app.index import states
from app.profile import sections
from app.queue import BACKGROUND
from app.search import look
from app.services import Services
from app.settings import Settings
from schema.types.profile import ProfilePatch
from schema.types.sections import SkillInput
from tests.interactive_worker import answering
from tests.people import _OPERATIONS, Person, table
from tests.search.fake_endpoint import fake_endpoint
from tests.search.score import index_all
from workers.embedding.embedder import BATCH, Embedder
from workers.index import index_profiles, notice, notice_all

KEY = "a key that nobody sees"


class Counting(Embedder):
    """Our own model, which counts what it embeds."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.embedded: list[str] = []

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.embedded += texts
        return await super().passages(texts)


class Stalling(Counting):
    """One that stops in its second batch, until it may go on."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.stalled, self.go_on = asyncio.Event(), asyncio.Event()

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        if self.embedded:
            self.stalled.set()
            await self.go_on.wait()
        return await super().passages(texts)


async def skilled(services: Services, many: int = 3) -> Person:
    """Somebody with so many skills."""
    person = await Person(services).signed_in()
    for number in range(many):
        await person.run("create_skill", input=SkillInput(name=f"Skill {number}"))
    return person


async def chunks(services: Services) -> dict[str, bool]:
    """Titles of the chunks there are, and whether each is embedded."""
    rows = await table(services, "SELECT title, embedding IS NOT NULL AS done FROM chunks")
    return {row["title"]: row["done"] for row in rows}


async def state(services: Services) -> Any:
    (row,) = await table(services, "SELECT * FROM index_states")
    return row


async def make_due(services: Services) -> None:
    await table(
        services,
        "UPDATE index_states SET not_before = now() - interval '1 s',"
        " lease_until = now() - interval '1 s'",
    )


async def test_a_change_waits_for_quiet_and_is_then_indexed(
    services: Services, embedder: Embedder
) -> None:
    await skilled(services)
    await notice(services)
    assert not await services.redis.zcard(BACKGROUND)
    await make_due(services)
    await notice(services)
    assert await services.redis.zcard(BACKGROUND) == 1
    await index_profiles({"services": services, "embedder": embedder})
    assert await chunks(services) == {f"Skill {number}": True for number in range(3)}
    found = await state(services)
    assert found["indexed_sequence"] == found["wanted_sequence"] == found["chunked_sequence"]
    assert (found["attempts"], found["lease_id"]) == (0, None)


async def test_a_thousand_changes_at_once_are_indexed_in_a_few_runs(
    services: Services, embedder: Embedder
) -> None:
    person = await skilled(services)
    context = Context(services, "req_test", person.credentials, person.address)
    runs = set()

    async def change(start: int) -> None:
        for number in range(start, 1000, 5):
            patch = ProfilePatch(headline=Some(f"Headline {number}"))
            # Uncounted: nobody may change so much in so short a time.
            await _OPERATIONS["update_profile"].run_uncounted(context, partial(dict, input=patch))

    burst = asyncio.gather(*map(change, range(5)))
    while not burst.done():
        await notice(services)
        await index_profiles({"services": services, "embedder": embedder})
        if found := await table(services, "SELECT updated_at FROM index_states"):
            runs.add(found[0]["updated_at"])
        await asyncio.wait([burst], timeout=0.2)
    await burst
    await index_all(services, embedder)
    runs.add((await state(services))["updated_at"])
    assert len(runs - {None}) <= 50
    headline = (await person.run("profile")).headline
    (row,) = await table(services, "SELECT text FROM chunks WHERE section = 'summary'")
    assert row["text"] == headline


async def test_only_what_has_changed_is_embedded_again(services: Services) -> None:
    embedder = Counting(services.settings)
    person = await skilled(services)
    await index_all(services, embedder)
    assert len(embedder.embedded) == 3
    rows = (await person.run("skills")).items
    await person.run("update_skill", skill_id=rows[1].id, input=SkillInput(name="Another"))
    await person.run("delete_skill", skill_id=rows[2].id)
    await index_all(services, embedder)
    assert embedder.embedded[3:] == ["Skill: Another"]
    assert await chunks(services) == {"Skill 0": True, "Another": True}
    await embedder.close()


async def test_a_worker_that_dies_leaves_its_words_and_another_does_the_rest(
    services: Services,
) -> None:
    dying = Stalling(services.settings)
    await skilled(services, BATCH + 2)
    work = asyncio.create_task(index_all(services, dying))
    await dying.stalled.wait()
    work.cancel()
    await asyncio.wait([work])
    assert sum((await chunks(services)).values()) == BATCH
    account_id = (await state(services))["account_id"]
    assert len((await look(services, account_id, "skill")).passages) == 8
    await index_profiles({"services": services, "embedder": dying})  # the lease is not over
    assert (await state(services))["indexed_sequence"] == 0

    await make_due(services)
    other = Counting(services.settings)
    await index_profiles({"services": services, "embedder": other})
    assert len(other.embedded) == 2
    assert all((await chunks(services)).values())
    assert (await state(services))["attempts"] == 0
    await dying.close()
    await other.close()


async def test_a_worker_that_comes_late_does_not_undo_what_a_newer_one_wrote(
    services: Services, embedder: Embedder
) -> None:
    late = Stalling(services.settings)
    person = await skilled(services, BATCH + 2)
    work = asyncio.create_task(index_all(services, late))
    await late.stalled.wait()
    rows = (await person.run("skills")).items
    await person.run("delete_skill", skill_id=rows[-1].id)
    await make_due(services)
    await index_all(services, embedder)
    newer = dict(await state(services))
    late.go_on.set()
    await work
    assert dict(await state(services)) == newer
    assert set(await chunks(services)) == {f"Skill {number}" for number in range(BATCH + 1)}
    await late.close()


async def test_of_two_workers_at_once_one_works(services: Services) -> None:
    person = await skilled(services)
    both = [Counting(services.settings) for _ in range(2)]
    async with services.database.connection() as db:
        await states.notice_all(db, both[0].model)
    await make_due(services)
    await asyncio.gather(
        *(index_profiles({"services": services, "embedder": each}) for each in both)
    )
    assert sorted(len(each.embedded) for each in both) == [0, 3]
    assert len((await person.run("skills")).items) == len(await chunks(services))
    for each in both:
        await each.close()


async def test_a_change_that_commits_after_a_later_one_is_not_passed_over(
    services: Services, embedder: Embedder
) -> None:
    person = await skilled(services, 1)
    context = Context(services, "req_test", person.credentials, person.address)
    async with services.database.transaction() as db:
        value = {"name": "Slow", "category": None, "level": None, "years": None}
        call = Call(context, db, Admission(frozenset({CredentialKind.SESSION})))
        await sections.create(call, "skills", value)
        await person.run("create_skill", input=SkillInput(name="Quick"))
        work = asyncio.create_task(index_all(services, embedder))
        await asyncio.wait([work], timeout=0.3)
        assert not work.done()  # it waits until nothing lesser can come
    await work
    assert set(await chunks(services)) == {"Skill 0", "Slow", "Quick"}


async def test_what_valkey_forgets_is_found_again(services: Services) -> None:
    await skilled(services)
    await notice(services)
    await make_due(services)
    await notice(services)
    await services.redis.flushdb()
    await notice(services)
    assert await services.redis.zcard(BACKGROUND) == 1


async def test_what_was_changed_long_ago_without_a_worker_is_found(services: Services) -> None:
    person = await skilled(services)
    old = UUID(int=uuid7().int - (20 * 60_000 << 80))
    await table(
        services, "UPDATE revisions SET id = $1 WHERE sequence = (SELECT max(sequence) FROM"
        " revisions)", old
    )  # fmt: skip
    await table(services, "DELETE FROM revisions WHERE id > $1", old)
    await notice(services)
    assert await table(services, "SELECT 1 FROM index_states") == []
    await notice_all(services)
    assert (await state(services))["account_id"] == await person.account_id()


async def test_an_account_takes_its_index_along(services: Services, embedder: Embedder) -> None:
    person = await skilled(services)
    await index_all(services, embedder)
    await table(services, "DELETE FROM accounts WHERE id = $1", await person.account_id())
    assert await table(services, "SELECT 1 FROM chunks UNION ALL SELECT 1 FROM index_states") == []


async def test_an_endpoint_embeds_instead_and_another_model_everything_anew(
    services: Services, embedder: Embedder
) -> None:
    await skilled(services)
    await index_all(services, embedder)
    async with fake_endpoint() as fake:
        settings = replace(
            services.settings,
            embeddings_url=fake.url,
            embeddings_key=KEY,
            embeddings_model="fake-1",
        )
        outside = Embedder(settings)
        await index_all(services, outside)
        assert fake.keys == [f"Bearer {KEY}"]
        assert fake.asked[0]["model"] == "fake-1"
        assert sorted(fake.asked[0]["input"]) == [f"Skill: Skill {number}" for number in range(3)]
        models = await table(services, "SELECT DISTINCT model, vector_dims(embedding) FROM chunks")
        assert [tuple(row) for row in models] == [("fake-1", 5)]
        assert len(await outside.question("Skill 1?")) == 5
        await outside.close()


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (PlainTextResponse("no", 401), "The embeddings endpoint answered 401."),
        (PlainTextResponse("<html>"), "The embeddings endpoint's answer is not understood."),
        (JSONResponse({"data": []}), "The embeddings endpoint's answer is not understood."),
        (
            JSONResponse({"data": [{"index": 0, "embedding": ["x"]}]}),
            "The embeddings endpoint's answer is not understood.",
        ),
        *(
            (
                Response(
                    b'{"data": [{"index": 0, "embedding": [0.5, %b]}]}' % number,
                    media_type="application/json",
                ),
                "The embeddings endpoint's answer is not understood.",
            )
            for number in (b"NaN", b"1e39", b"-1e400")
        ),
        (
            JSONResponse({"data": [{"index": 0, "embedding": [0, 0.0]}]}),
            "The embeddings endpoint's answer is not understood.",
        ),
    ],
    ids=[
        "refused",
        "no JSON",
        "too few",
        "no numbers",
        "not a number",
        "too large",
        "without end",
        "no direction",
    ],
)
async def test_an_endpoint_that_fails_is_named_and_tried_again_later(
    services: Services,
    caplog: pytest.LogCaptureFixture,
    broken: Response,
    told: str,
) -> None:
    person = await skilled(services, 1)
    caplog.set_level(logging.DEBUG)
    async with fake_endpoint() as fake:
        settings = replace(services.settings, embeddings_url=fake.url, embeddings_key=KEY)
        outside = Embedder(settings)
        fake.broken = broken
        for attempt in range(1, 4):
            await index_all(services, outside)
            found = await state(services)
            assert (found["attempts"], found["last_error"]) == (attempt, told)
        status = await person.run("indexing_status")
        assert (status.status.value, status.last_error) == ("failed", told)
        assert len((await look(services, found["account_id"], "skill")).passages) == 1
        await index_profiles({"services": services, "embedder": outside})
        assert (await state(services))["attempts"] == 3  # it waits
        fake.broken = None
        await index_all(services, outside)
        assert (await state(services))["last_error"] is None
        await outside.close()
    assert KEY not in caplog.text


@pytest.mark.parametrize("number", ["NaN", "1e39", "0"])
async def test_a_question_whose_vector_means_nothing_is_looked_for_by_its_words(
    services: Services, embedder: Embedder, number: str
) -> None:
    person = await skilled(services, 1)
    await index_all(services, embedder)
    async with fake_endpoint() as fake:
        settings = replace(services.settings, embeddings_url=fake.url, embeddings_model="fake-1")
        outside = Embedder(settings)
        told = f'{{"data": [{{"index": 0, "embedding": [{number}, {number}]}}]}}'
        fake.broken = Response(told, media_type="application/json")
        async with answering(services, embedder=outside):
            found = await look(services, await person.account_id(), "skill")
        assert [each.title for each in found.passages] == ["Skill 0"]
        assert not found.by_meaning
        await outside.close()


async def test_an_endpoint_that_is_away_is_named_too(services: Services) -> None:
    await skilled(services, 1)
    outside = Embedder(replace(services.settings, embeddings_url="http://127.0.0.1:1/v1"))
    await index_all(services, outside)
    assert (await state(services))["last_error"] == "The embeddings endpoint can't be reached."
    await outside.close()
