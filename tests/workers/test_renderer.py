from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest
import uvloop

from app.cv.model import CV, Identity
from app.cv.normalise import normalise
from tests.bench.pdf import longer
from tests.cv.samples import EXAMPLE
from workers import renderer
from workers.renderer import RenderCrashed, RenderFailed, RenderPool, RenderTimeout

UNRULY = "tests.workers.unruly_renders"


@contextlib.asynccontextmanager
async def pool(
    processes: int = 1,
    *,
    timeout_seconds: float = 60.0,
    memory_limit_mb: int = 512,
    recycle_after: int = 1000,
    renderer: str = UNRULY,
) -> AsyncIterator[RenderPool]:
    renders = RenderPool(
        processes,
        timeout_seconds=timeout_seconds,
        memory_limit_mb=memory_limit_mb,
        recycle_after=recycle_after,
        renderer=renderer,
    )
    await renders.start()
    try:
        yield renders
    finally:
        await renders.close()


def deed(jobtitle: str = "") -> CV:
    return CV(identity=Identity(first_name="Ada", jobtitle=jobtitle))


async def do(renders: RenderPool, jobtitle: str = "") -> tuple[int, str]:
    """The process that rendered, and what it found."""
    pid, _, found = (await renders.render(deed(jobtitle))).pdf.decode().partition(" ")
    return int(pid), found


async def warm(renders: RenderPool, processes: int) -> None:
    """Return once all of so many processes are warm: one may be so long before the others."""
    seen: set[int] = set()
    while len(seen) < processes:
        done = await asyncio.gather(*(do(renders, "sleep 0.05") for _ in range(processes)))
        seen |= {pid for pid, _ in done}


def children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if "workers.render_process" in child.cmdline()
    ]


@contextlib.contextmanager
def signalled() -> Iterator[asyncio.Event]:
    """Set when a render process sends us SIGUSR1."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, event.set)
    try:
        yield event
    finally:
        loop.remove_signal_handler(signal.SIGUSR1)


async def test_a_cv_becomes_a_pdf_in_a_process_of_its_own() -> None:
    async with pool(renderer="workers.render") as renders:
        rendered = await renders.render(normalise(EXAMPLE).cv)
        assert rendered.pdf.startswith(b"%PDF-")
        assert rendered.pages == 1
        assert len(children()) == 1
    assert children() == []


def test_it_runs_on_uvloop() -> None:
    async def render() -> bytes:
        async with pool(renderer="workers.render") as renders:
            return (await renders.render(normalise(EXAMPLE).cv)).pdf

    assert uvloop.run(render()).startswith(b"%PDF-")


async def test_twenty_renders_share_two_processes() -> None:
    async with pool(2) as renders:
        await warm(renders, 2)
        done = await asyncio.gather(*(do(renders, "sleep 0.02") for _ in range(20)))
        assert len({pid for pid, _ in done}) == 2


async def test_a_large_answer_arrives_whole() -> None:
    async with pool() as renders:
        _, found = await do(renders, "large 20")
        assert found == "x" * (20 << 20)


async def test_a_render_that_hangs_is_killed_and_the_pool_goes_on() -> None:
    async with pool(timeout_seconds=2.5) as renders:
        hanging, _ = await do(renders)
        with pytest.raises(RenderTimeout) as caught:
            await do(renders, "sleep 600")
        assert caught.value.message == "Rendering took longer than 2.5 seconds."
        assert (await do(renders))[0] != hanging
        assert not psutil.pid_exists(hanging)


async def test_a_render_that_needs_too_much_memory_fails_and_the_pool_goes_on() -> None:
    async with pool(memory_limit_mb=256) as renders:
        first, found = await do(renders, "allocate 100")
        assert found == str(100 << 20)
        with pytest.raises(RenderFailed) as caught:
            await do(renders, "allocate 400")
        assert caught.value.message == "Rendering needed more than 256 MiB of memory."
        assert (await do(renders))[0] != first


async def test_a_process_that_crashes_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with pool() as renders:
        crashed, _ = await do(renders)
        with pytest.raises(RenderCrashed) as caught:
            await do(renders, "crash SIGSEGV")
        assert "SIGSEGV" in caught.value.message
        assert (await do(renders))[0] != crashed
    assert "Fatal Python error: Segmentation fault" in caplog.text


async def test_a_process_killed_while_idle_costs_no_render() -> None:
    async with pool() as renders:
        idle, _ = await do(renders)
        os.kill(idle, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):  # the loop has buried it already
            await asyncio.to_thread(os.waitid, os.P_PID, idle, os.WEXITED | os.WNOWAIT)
        for _ in range(10):  # turns of the loop, in which it sees the pipe's end
            await asyncio.sleep(0)
        assert (await do(renders))[0] != idle


async def test_a_render_that_raises_fails_in_plain_words_and_keeps_its_process(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    async with pool() as renders:
        first, _ = await do(renders)
        with pytest.raises(RenderFailed) as caught:
            await do(renders, "raise inner workings")
        assert caught.value.message == "This CV could not be rendered."
        assert (await do(renders))[0] == first
    assert "ValueError: inner workings" in caplog.text


async def test_cancelling_a_render_kills_its_process() -> None:
    async with pool() as renders:
        first, _ = await do(renders)
        with signalled() as begun:
            render = asyncio.create_task(do(renders, f"sleep 600 {os.getpid()}"))
            await begun.wait()
        render.cancel()
        with pytest.raises(asyncio.CancelledError):
            await render
        successor, _ = await do(renders)
        assert successor != first
        assert not psutil.pid_exists(first)


async def test_a_cancelled_wait_for_a_process_costs_none() -> None:
    async with pool() as renders:
        first, _ = await do(renders)
        running = asyncio.create_task(do(renders, "sleep 0.2"))
        waiting = asyncio.create_task(do(renders))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        assert (await running)[0] == first
        assert (await do(renders))[0] == first


async def test_a_process_is_replaced_after_its_share_of_renders() -> None:
    async with pool(recycle_after=3) as renders:
        pids = [(await do(renders))[0] for _ in range(7)]
        assert pids[0] == pids[1] == pids[2] != pids[3] == pids[4] == pids[5] != pids[6]
        assert len(children()) == 1


async def test_printing_and_reading_do_not_reach_the_pipes() -> None:
    async with pool() as renders:
        first, _ = await do(renders, "print RRRR")
        assert (await do(renders))[0] == first


async def test_a_process_sees_nothing_of_its_parents_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JWT_KEY", "secret")
    async with pool() as renders:
        _, found = await do(renders, "environment")
        assert set(found.split(",")) <= {
            "HOME",
            "TMPDIR",
            "LANG",
            "LC_CTYPE",
            "PATH",
            "PYTHONPATH",
            "DYLD_FALLBACK_LIBRARY_PATH",
        }


def test_a_process_inherits_no_descriptor(tmp_path: Path) -> None:
    async def count() -> str:
        async with pool() as renders:
            return (await do(renders, "descriptors"))[1]

    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        # uvloop hands down what is inheritable, and copies of its pipes; asyncio does not.
        found = uvloop.run(count())
    assert int(found) == 5  # three standard ones and the two pipes


async def test_a_process_writes_no_file(tmp_path: Path) -> None:
    async with pool() as renders:
        assert "Error" in (await do(renders, f"write {tmp_path}/file"))[1]
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(
    # landlock_create_ruleset: which version of Landlock there is
    sys.platform != "linux" or ctypes.CDLL(None).syscall(444, None, 0, 1) < 1,
    reason="this kernel has no Landlock",
)
async def test_a_process_reads_no_file_but_the_programs(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    async with pool() as renders:
        project = Path(__file__).parents[2]
        for path in (tmp_path / "secret", "/etc/passwd", project / "pyproject.toml"):
            assert (await do(renders, f"read {path}"))[1] == "PermissionError"
        assert (await do(renders, f"read {renderer.__file__}"))[1] != "PermissionError"


@pytest.mark.skipif(
    subprocess.run(["unshare", "--user", "--net", "true"], check=False).returncode != 0,
    reason="this system lets no process leave its network",
)
async def test_a_process_reaches_no_network() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server, pool() as renders:
        port = server.sockets[0].getsockname()[1]
        assert (await do(renders, f"connect 127.0.0.1:{port}"))[1] == "OSError"


async def test_a_renderer_that_cannot_start_fails_each_render_and_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with pool(2, renderer="tests.workers.dying_at_start") as renders:
        for _ in range(3):
            with pytest.raises(RenderCrashed):
                await do(renders)
    assert "pango" in caplog.text
    assert children() == []


async def test_closing_ends_renders_under_way_and_waiting() -> None:
    async with pool() as renders:
        with signalled() as begun:
            running = asyncio.create_task(do(renders, f"sleep 600 {os.getpid()}"))
            await begun.wait()
        waiting = [asyncio.create_task(do(renders)) for _ in range(3)]
        await asyncio.sleep(0)
        await renders.close()
        for task in (running, *waiting):
            with pytest.raises(RenderCrashed):
                await task
    with pytest.raises(RenderCrashed):
        await do(renders)
    assert children() == []


async def test_closing_while_processes_warm_leaves_none() -> None:
    async with pool(2, renderer="workers.render"):
        await asyncio.sleep(0.2)  # less than warming takes
    assert children() == []


@pytest.mark.parametrize("jobtitle", ["", "sleep 600"])
def test_processes_die_with_a_parent_that_is_killed(jobtitle: str, tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import asyncio
        from tests.workers.test_renderer import children, deed, pool, warm

        async def main():
            async with pool(2) as renders:
                await warm(renders, 2)
                render = asyncio.create_task(renders.render(deed({jobtitle!r})))
                await asyncio.sleep(0)
                print(*(child.pid for child in children()), flush=True)
                await asyncio.sleep(600)

        asyncio.run(main())
    """)
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    with parent:
        assert parent.stdout
        orphans = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(orphans) == 2
    _, alive = psutil.wait_procs(orphans, timeout=60)
    assert alive == []
    assert list(tmp_path.iterdir()) == []


def most_memory(pid: int) -> int:
    """The bytes that a process has had resident at once."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the most memory it has had")
async def test_thirty_pages_take_less_than_120_mb() -> None:
    async with pool(renderer="workers.render") as renders:
        rendered = await renders.render(normalise(longer(73)).cv)
        [process] = children()
        most = most_memory(process.pid)
    assert rendered.pages == 30
    assert most < 120e6
