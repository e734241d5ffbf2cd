from __future__ import annotations

import asyncio
import signal
import sys
import textwrap
import time
from pathlib import Path

import pytest

from app.artifacts import Artifacts, pdf_key, resume_key, thumbnail_key
from app.db import uuid7
from app.errors import DependencyUnavailable, NotFound
from app.settings import Settings
from tests.waiting import until

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts.from_settings(Settings(data_dir=tmp_path))


async def read(artifacts: Artifacts, key: str) -> bytes:
    return b"".join([chunk async for chunk in await artifacts.stream(key)])


async def keys(artifacts: Artifacts) -> list[str]:
    return [found.key async for page in artifacts.list("resume") for found in page]


async def test_what_was_put_is_streamed_back(artifacts: Artifacts) -> None:
    data = bytes(range(256)) * 1000
    await artifacts.put("resume/a.pdf", data)
    chunks = [chunk async for chunk in await artifacts.stream("resume/a.pdf")]
    assert b"".join(chunks) == data
    assert len(chunks) > 1


async def test_a_missing_artifact_is_not_found_before_anything_is_sent(
    artifacts: Artifacts,
) -> None:
    with pytest.raises(NotFound):
        await artifacts.stream("resume/none.pdf")


async def test_deleting_twice_is_no_error(artifacts: Artifacts) -> None:
    await artifacts.put("resume/a.pdf", b"a")
    await artifacts.delete("resume/a.pdf")
    await artifacts.delete("resume/a.pdf")
    assert await keys(artifacts) == []


async def test_a_list_tells_key_size_and_time_below_its_folder_only(artifacts: Artifacts) -> None:
    await artifacts.put("resume/2026-01-01/a.pdf", b"abc")
    await artifacts.put("resume-other/b.pdf", b"b")
    pages = [page async for page in artifacts.list("resume")]
    [found] = [artifact for page in pages for artifact in page]
    assert (found.key, found.size) == ("resume/2026-01-01/a.pdf", 3)
    assert abs(found.modified.timestamp() - time.time()) < 60


async def test_no_key_leads_out_of_the_store(artifacts: Artifacts, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.\."):
        await artifacts.put("../escaped.pdf", b"x")
    assert not (tmp_path / "escaped.pdf").exists()


async def test_a_store_that_is_away_is_unavailable(artifacts: Artifacts, tmp_path: Path) -> None:
    (tmp_path / "artifacts").rmdir()
    (tmp_path / "artifacts").write_text("a file where the folder was")
    with pytest.raises(DependencyUnavailable):
        await artifacts.put("resume/a.pdf", b"a")


async def test_a_writer_killed_half_way_leaves_nothing_to_read(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from app.artifacts import Artifacts
        from app.settings import Settings
        store = Artifacts.from_settings(Settings(data_dir=Path(sys.argv[1])))
        asyncio.run(store.put("resume/a.pdf", bytes(200_000_000)))
    """)
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), cwd=PROJECT
    )
    folder = tmp_path / "artifacts" / "resume"

    async def begun() -> bool:
        return folder.exists() and any(folder.iterdir())

    await until(begun)
    writer.kill()
    assert await writer.wait() == -signal.SIGKILL
    artifacts = Artifacts.from_settings(Settings(data_dir=tmp_path))
    assert await keys(artifacts) == []
    with pytest.raises(NotFound):
        await artifacts.stream("resume/a.pdf")


def test_a_pdf_is_named_by_its_content_and_by_no_other_attempt() -> None:
    job_id, digest = uuid7(), "ab" * 32
    keys = {resume_key(digest, job, n) for job in (job_id, uuid7()) for n in (1, 2, 12)}
    assert len(keys) == 6
    assert all(key.startswith(f"resume/ab/{digest}.") for key in keys)


def test_a_pdf_and_its_thumbnail_lead_to_each_other() -> None:
    for key in (resume_key("ab" * 32, uuid7(), 1), "resume/2026-01-01/x.1.pdf"):
        assert pdf_key(key) == key == pdf_key(thumbnail_key(key))


async def test_a_url_chooses_another_store(tmp_path: Path) -> None:
    (tmp_path / "bucket").mkdir()
    url = f"file://{tmp_path}/bucket"
    artifacts = Artifacts.from_settings(Settings(data_dir=tmp_path, artifacts_url=url))
    await artifacts.put("resume/a.pdf", b"a")
    assert (tmp_path / "bucket/resume/a.pdf").read_bytes() == b"a"
    assert await read(artifacts, "resume/a.pdf") == b"a"
