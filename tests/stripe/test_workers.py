"""Workers that take events: one is killed, eight are at it at once, a real one is running."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import sys
from pathlib import Path

import pytest

from app import queue
from app.billing import inbox
from app.settings import PROJECT, Settings
from tests.people import table
from tests.stripe.conftest import Shop
from tests.waiting import until
from workers.billing import bill, take_events

_TAKE = """
import asyncio, os
from app.billing import inbox
from app.services import Services
from app.settings import Settings

async def take():
    services = Services.from_settings(Settings.from_env(os.environ))
    await services.open()
    await inbox.take_all(services, services.payments)

asyncio.run(take())
"""


def _environment(settings: Settings) -> dict[str, str]:
    found = {
        field.name.upper(): str(getattr(settings, field.name))
        for field in dataclasses.fields(settings)
    }
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **found}


async def test_an_event_whose_worker_is_killed_before_its_effect_has_it_later(
    shop: Shop, tmp_path: Path
) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(checkout.session_id)
    await shop.fake.deliver(shop.client)
    asked = len(shop.fake.calls)
    shop.fake.answers.clear()
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _TAKE, env=_environment(shop.services.settings), cwd=tmp_path
    )

    async def is_asking() -> bool:
        return len(shop.fake.calls) > asked

    await until(is_asking)
    worker.send_signal(signal.SIGKILL)
    await worker.wait()
    shop.fake.answers.set()
    (row,) = await table(shop.services, "SELECT state, attempts FROM stripe_events")
    assert (row["state"], row["attempts"]) == ("pending", 0)
    assert await shop.entries(ann) == []

    async def is_taken() -> bool:  # as soon as PostgreSQL has noticed that the worker is gone
        await inbox.take_all(shop.services, shop.payments)
        return await shop.events("done") != []

    await until(is_taken)
    await shop.hear()
    assert await shop.bought(ann) == 50


async def test_a_delivery_wakes_a_worker_and_a_repeat_none(shop: Shop) -> None:
    shop.fake.world.pay((await shop.checkout(await shop.person(), pack="small")).session_id)
    for _ in range(2):
        await shop.fake.deliver(shop.client)
        assert await shop.services.redis.zcard(queue.BACKGROUND) == 1


async def test_eight_at_once_take_each_event_once(shop: Shop) -> None:
    people = [await shop.person(name) for name in ("ann", "ben", "cyd")]
    for person in people * 2:
        shop.fake.world.pay((await shop.checkout(person, pack="small")).session_id)
    for _ in range(2):
        await shop.fake.deliver(shop.client)
        await asyncio.gather(*(inbox.take_all(shop.services, shop.payments) for _ in range(8)))
    assert [await shop.bought(person) for person in people] == [100, 100, 100]
    assert await shop.events("pending") == []


async def test_events_and_the_hour_are_work_of_the_background(shop: Shop) -> None:
    ann = await shop.person()
    first = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(first.session_id)
    await shop.fake.deliver(shop.client)
    await take_events({"services": shop.services})
    assert await shop.bought(ann) == 50
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    await bill(shop.services)
    assert await shop.bought(ann) == 100
    closed = dataclasses.replace(shop.services, payments=None)
    await take_events({"services": closed})
    await bill(closed)  # there is nobody to ask


async def test_what_breaks_in_the_hour_does_not_keep_the_rest_from_being_done(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await shop.person()
    await shop.subscribe(await shop.person("bob"))
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    shop.fake.world.events.clear()
    await table(
        shop.services, "UPDATE paid_periods SET starts_at = 'infinity', ends_at = 'infinity'"
    )
    await bill(shop.services)
    assert await shop.bought(ann) == 50
    assert "an allowance can't be given" in caplog.text
