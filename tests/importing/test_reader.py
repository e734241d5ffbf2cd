"""Files are read in a process of their own; whatever goes wrong there is a plain refusal here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import psutil
import pytest

from app.errors import DependencyUnavailable, RateLimited, ValidationFailed
from app.importing.preview import Preview
from app.importing.reader import MOST_OF_ACCOUNT, MOST_WAITING, Reader
from tests.waiting import until


@contextlib.asynccontextmanager
async def reading(
    *,
    processes: int = 1,
    timeout_seconds: float = 60.0,
    idle_seconds: float = 600.0,
    memory_limit_mb: int = 512,
    module: str = "tests.importing.unruly_reads",
) -> AsyncIterator[Reader]:
    reader = Reader(
        processes=processes,
        timeout_seconds=timeout_seconds,
        memory_limit_mb=memory_limit_mb,
        idle_seconds=idle_seconds,
        module=module,
    )
    try:
        yield reader
    finally:
        await reader.close()


async def read(reader: Reader, deed: str = "", account: str | None = None) -> Preview:
    """A file of `account`, or else of an account of its own."""
    return await reader.read(deed.encode(), account_id=account or object())


async def process_of(reader: Reader, deed: str = "", account: str | None = None) -> int:
    """The number of the process that read."""
    return int((await read(reader, deed, account)).profile.full_name or "")


async def refusal(reader: Reader, deed: str) -> str:
    """The code that a read is refused with."""
    with pytest.raises(ValidationFailed) as refused:
        await read(reader, deed)
    (field,) = refused.value.fields
    assert field.path == "file"
    assert refused.value.message == field.message != ""
    return field.code


async def warmed(reader: Reader) -> int:
    """The number of the process once it runs, which on a busy machine may take its time."""
    while True:
        with contextlib.suppress(DependencyUnavailable):
            return await process_of(reader)


def ended(process: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return not psutil.pid_exists(process)

    return look


def children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if "tests.importing.unruly_reads" in child.cmdline()
    ]


async def test_no_process_runs_before_the_first_file() -> None:
    async with reading() as reader:
        assert children() == []
        first = await process_of(reader)
        assert await process_of(reader) == first
        assert [child.pid for child in children()] == [first]
    assert children() == []


async def test_the_process_ends_when_nobody_reads_and_starts_again() -> None:
    async with reading(idle_seconds=0.05) as reader:
        first = await process_of(reader)
        await until(ended(first))
        second = await process_of(reader)
        assert second != first


async def test_a_process_that_reads_is_not_idle() -> None:
    async with reading(idle_seconds=0.05) as reader:
        assert await process_of(reader, "sleep 0.3") > 0


async def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read() -> None:
    async with reading(timeout_seconds=2.0) as reader:
        slow = await warmed(reader)
        assert await refusal(reader, "sleep 600") == "too_slow"
        assert await warmed(reader) != slow
        assert not psutil.pid_exists(slow)


async def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_is_read() -> None:
    async with reading(memory_limit_mb=256) as reader:
        first = await process_of(reader, "allocate 100")
        assert await refusal(reader, "allocate 400") == "too_much_memory"
        assert await process_of(reader) != first


async def test_a_file_that_ends_the_process_is_refused_and_the_next_is_read() -> None:
    async with reading() as reader:
        first = await process_of(reader)
        assert await refusal(reader, "crash") == "failed"
        assert await process_of(reader) != first


async def test_a_process_that_claims_a_huge_answer_is_not_believed() -> None:
    async with reading() as reader:
        first = await process_of(reader)
        assert await refusal(reader, "claim 4000") == "failed"
        assert await process_of(reader) != first


async def test_a_mistake_of_ours_is_refused_in_plain_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with reading() as reader:
        first = await process_of(reader)
        assert await refusal(reader, "raise inner workings") == "failed"
        assert await process_of(reader) == first
    assert "ValueError: inner workings" in caplog.text


async def test_a_refusal_keeps_its_code() -> None:
    async with reading() as reader:
        assert await refusal(reader, "refuse no_text") == "no_text"


async def test_who_goes_away_ends_the_read() -> None:
    async with reading() as reader:
        first = await process_of(reader)
        task = asyncio.create_task(process_of(reader, "sleep 600"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # it has the process now, which was free
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await process_of(reader) != first


async def test_no_more_than_some_may_wait() -> None:
    async with reading() as reader:
        await process_of(reader)
        waiting = [
            asyncio.create_task(process_of(reader, "sleep 0.02")) for _ in range(MOST_WAITING + 1)
        ]
        await asyncio.sleep(0)
        with pytest.raises(DependencyUnavailable) as refused:
            await read(reader)
        assert refused.value.retryable
        assert refused.value.retry_after
        assert len(set(await asyncio.gather(*waiting))) == 1


async def test_of_one_account_one_file_is_read_and_one_waits() -> None:
    async with reading() as reader:
        await process_of(reader)
        present = [
            asyncio.create_task(process_of(reader, "sleep 0.05", "ann"))
            for _ in range(MOST_OF_ACCOUNT)
        ]
        await asyncio.sleep(0)
        with pytest.raises(RateLimited) as refused:
            await read(reader, account="ann")
        assert refused.value.retry_after
        await asyncio.gather(*present)
        assert await process_of(reader, account="ann")


async def test_the_second_file_of_an_account_waits_behind_those_of_others() -> None:
    async with reading() as reader:
        await process_of(reader)
        done = []

        async def note(account: str) -> None:
            await read(reader, "sleep 0.02", account)
            done.append(account)

        await asyncio.gather(*map(note, ["ann", "ann", "bob", "cem"]))
        assert done == ["ann", "bob", "cem", "ann"]


async def test_an_account_that_keeps_a_process_busy_leaves_one_to_others() -> None:
    async with reading(processes=2) as reader:
        await asyncio.gather(process_of(reader, "sleep 0.1"), process_of(reader, "sleep 0.1"))
        busy = [
            asyncio.create_task(process_of(reader, "sleep 600", "ann"))
            for _ in range(MOST_OF_ACCOUNT)
        ]
        await asyncio.sleep(0)
        for _ in range(3):
            assert await process_of(reader, account="bob")
        for task in busy:
            task.cancel()
        await asyncio.wait(busy)
        assert await process_of(reader, account="ann")


async def test_who_waits_too_long_is_told_to_try_again() -> None:
    async with reading(timeout_seconds=4.0) as reader:
        first = await warmed(reader)
        running = asyncio.create_task(process_of(reader, "sleep 2.4"))
        await asyncio.sleep(0)
        with pytest.raises(DependencyUnavailable):
            await read(reader)
        assert await running == first


async def test_a_process_that_cannot_start_is_not_the_files_fault() -> None:
    async with reading(module="tests.workers.dying_at_start") as reader:
        with pytest.raises(DependencyUnavailable):
            await read(reader)


async def test_closing_ends_what_is_being_read() -> None:
    async with reading() as reader:
        await process_of(reader)
        task = asyncio.create_task(process_of(reader, "sleep 600"))
        await asyncio.sleep(0)
        await reader.close()
        with pytest.raises((ValidationFailed, DependencyUnavailable)):
            await task
    assert children() == []
