from __future__ import annotations

import asyncio

from workers.tasks import end


async def test_a_task_that_swallows_a_cancellation_ends_all_the_same() -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(600)
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 2:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await end(task)
    assert task.cancelled()
    assert swallowed == 2


async def test_ending_takes_any_result_and_a_task_that_has_ended() -> None:
    async def fails() -> None:
        raise ValueError("seen by nobody")

    async def works() -> int:
        return 1

    failed, done = asyncio.create_task(fails()), asyncio.create_task(works())
    await asyncio.wait((failed, done))
    await end(failed, done)
    await end()
    assert done.result() == 1
