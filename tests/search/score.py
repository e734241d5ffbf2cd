"""How well questions find what answers them: `python -m tests.search.score [--missed]`.

Sixty questions over ten profiles, each with the rows that answer it, written by hand. Recall@k is
the share of questions of which one such row is among the first k.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.embedded.postgres import start_postgres
from app.embedded.valkey import start_valkey
from app.index import states
from app.index.words import words
from app.migrate import migrate
from app.search import Meaning, Passage, compare
from app.services import Services
from app.settings import Settings
from tests.search.profiles import Resident, move_in
from workers.embedding.embedder import Embedder
from workers.index import index_profiles

_FOLDER = Path(__file__).parent
WAYS = ("vectors", "words", "fusion")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks of a profile, and the rows (section/key) any of which answers it."""

    profile: str
    question: str
    expected: list[str]


@dataclass(slots=True)
class Score:
    """Recall at 1 and 3 of one way, and what it did not find among three."""

    at_1: int = 0
    at_3: int = 0
    of: int = 0
    missed: list[tuple[Question, list[str]]] = field(default_factory=list)

    def add(self, question: Question, found: list[str]) -> None:
        self.of += 1
        self.at_1 += found[0] in question.expected if found else 0
        if set(found) & set(question.expected):
            self.at_3 += 1
        else:
            self.missed.append((question, found))


def questions() -> list[Question]:
    return [Question(**each) for each in json.loads((_FOLDER / "questions.json").read_text())]


def floors() -> dict[str, dict[str, float]]:
    """The least recall of each way; it may only rise."""
    found: dict[str, dict[str, float]] = json.loads((_FOLDER / "floors.json").read_text())
    return found


async def index_all(services: Services, embedder: Embedder) -> None:
    """Index every profile that was changed, without waiting for quiet."""
    async with services.database.connection() as db:
        await states.notice_all(db, embedder.model)
    await services.database.raw().execute("UPDATE index_states SET not_before = now()")
    await index_profiles({"services": services, "embedder": embedder})


async def scores(services: Services, embedder: Embedder) -> dict[str, Score]:
    """What each way finds, of profiles that move in for this."""
    asked = questions()
    residents = {name: await move_in(services, name) for name in {q.profile for q in asked}}
    await index_all(services, embedder)
    found = {way: Score() for way in WAYS}
    for question in asked:
        resident = residents[question.profile]
        meant = Meaning(embedder.model, await embedder.question(question.question))
        said = words(question.question)
        async with services.database.connection() as db:
            for way, given in zip(WAYS, ((meant, ""), (None, said), (meant, said)), strict=True):
                passages = await compare(db, resident.account_id, *given, limit=3)
                found[way].add(question, [_named(resident, passage) for passage in passages])
    return found


def _named(resident: Resident, passage: Passage) -> str:
    names = {row_id: name for name, row_id in resident.ids.items()}
    return names[passage.item_id] if passage.item_id else passage.section


@contextlib.asynccontextmanager
async def _services() -> AsyncIterator[Services]:
    with (
        tempfile.TemporaryDirectory(prefix="vitae-") as folder,
        start_postgres(Path(folder), fsync=False) as postgres,
        start_valkey(Path(folder)) as valkey,
    ):
        await migrate(postgres.url)
        settings = Settings(
            data_dir=Path(folder), database_url=postgres.url, redis_url=valkey.url, jwt_key="k" * 40
        )
        services = Services.from_settings(settings)
        await services.open()
        yield services
        await services.close()


async def _print_scores(*, missed: bool) -> None:
    async with _services() as services:
        embedder = Embedder(services.settings)
        found: dict[str, Any] = await scores(services, embedder)
        await embedder.close()
    print("              recall@1  recall@3")
    for way, score in found.items():
        print(f"{way:12}  {score.at_1 / score.of:8.3f}  {score.at_3 / score.of:8.3f}")
    if missed:
        for question, instead in found["fusion"].missed:
            print(f"{question.profile}: {question.question}\n    {', '.join(instead)}")


if __name__ == "__main__":
    asyncio.run(_print_scores(missed="--missed" in sys.argv))
