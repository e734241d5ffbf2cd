"""Whatever is killed, the index comes to say what the profile says."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from resolvers.skills import create_skill, delete_skill
from schema.types.sections import SkillInput
from tests.faults.site import Site, new_site
from tests.people import table
from tests.waiting import until

MANY = 160  # skills: twenty batches, in the middle of which a worker can be met


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="vitae-f-"))
    async with new_site(folder) as site:
        yield site
    shutil.rmtree(folder, ignore_errors=True)


async def counts(site: Site) -> Any:
    (row,) = await table(
        site.services,
        "SELECT count(*) AS chunks, count(*) FILTER (WHERE embedding IS NOT NULL) AS embedded,"
        " (SELECT bool_and(indexed_sequence >= wanted_sequence) FROM index_states) AS done"
        " FROM chunks",
    )
    return row


async def kill_in_the_middle(site: Site, worker: subprocess.Popen[bytes], above: int) -> int:
    """Kill it by SIGKILL once it has embedded more than so many; how many there are then."""

    async def some() -> bool:
        return bool((await counts(site))["embedded"] > above)

    await until(some)
    worker.kill()
    worker.wait()
    site.workers.remove(worker)
    found = await counts(site)
    assert above < found["embedded"] < found["chunks"]
    assert not found["done"]
    return int(found["embedded"])


async def time_passes(site: Site) -> None:
    """What a killed worker holds, and what pauses after it, is over."""
    await table(
        site.services,
        "UPDATE index_states SET lease_until = now() - interval '1 s', not_before = now()",
    )


async def test_an_index_is_finished_whoever_is_killed_at_it(site: Site) -> None:
    for number in range(MANY):
        await site.owner.run(create_skill, SkillInput(name=f"Skill {number}"))
    embedded = await kill_in_the_middle(site, site.start_worker(), 0)
    (gone,) = await table(site.services, "SELECT id FROM skills WHERE name = 'Skill 7'")
    await site.owner.run(delete_skill, gone["id"])
    await time_passes(site)
    await kill_in_the_middle(site, site.start_worker(), embedded)
    await site.services.redis.flushall()
    await time_passes(site)
    site.start_worker()

    async def done() -> bool:
        return bool((await counts(site))["done"])

    await until(done)
    found = await counts(site)
    assert found["chunks"] == found["embedded"] == MANY - 1
    assert not await table(site.services, "SELECT 1 FROM chunks WHERE item_id = $1", gone["id"])
    (state,) = await table(site.services, "SELECT * FROM index_states")
    assert (state["attempts"], state["lease_id"], state["last_error"]) == (0, None, None)
    site.stop_workers()
