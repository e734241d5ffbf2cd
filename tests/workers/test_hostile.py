"""Résumés meant to do harm: each ends by itself, in plain words, and others go on meanwhile."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from app.cv.model import CV, Identity, Item, Section
from app.errors import ValidationFailed
from app.services import Services
from resolvers.resume_jobs import get_resume_job, get_resume_job_pdf, list_resume_jobs
from schema.types.resume import ResumeJob
from tests.owners import EXAMPLE, Owner
from tests.workers.samples import example
from workers.jobs import Renderer
from workers.renderer import RenderPool, RenderTimeout

MARKUP = (
    "<script>document.write('1')</script>",
    "<style>@import url(file:///etc/passwd);</style>",
    "@import url(http://127.0.0.1:1/a.css);",
    "file:///etc/passwd",
    "</p></div><img src='file:///etc/passwd'/>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'> &x; &amp; ]]>",
    "{{ 7 * 7 }} {% include 'shared/base.css' %}",
)
TOO_MUCH: dict[str, dict[str, Any]] = {
    "ten_thousand_bullets": {"bullets": ["A bullet."] * 10_000},
    "a_word_of_a_megabyte": {"bullets": ["a" * 1_000_000]},
    "a_title_of_a_megabyte": {"title": "a" * 1_000_000},
}
DEEP = {
    "brackets": "(" * 2_500 + ")" * 2_500,
    "directions": "\u202e\u2067" * 2_500,
    "accents": "a" + "\u0301" * 4_999,
    "links": "http://a.b/" + "(" * 4_900,
    "a_word": "a" * 5_000,
    "joiners": "\u200d\u2060" * 2_500,
}


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[RenderPool]:
    """Two of the worker's render processes, which may take ten seconds."""
    async with _pool(10) as pool:
        yield pool


@pytest.fixture(scope="module")
async def impatient() -> AsyncIterator[RenderPool]:
    """Two that may take five."""
    async with _pool(5) as pool:
        yield pool


@contextlib.asynccontextmanager
async def _pool(seconds: float) -> AsyncIterator[RenderPool]:
    pool = RenderPool(2, timeout_seconds=seconds, memory_limit_mb=512, recycle_after=1000)
    await pool.start()
    yield pool
    await pool.close()


def saying(**fields: Any) -> dict[str, Any]:
    items = [{"title": "Work", **fields}]
    section = {"type": "main", "items": items}
    return {**EXAMPLE, "sections_order": ["experience"], "sections": {"experience": section}}


async def rendered(services: Services, pool: RenderPool, owner: Owner, cv: Any) -> ResumeJob:
    """The job of `cv` at its end, with that of an ordinary CV, which must not notice."""
    hostile, ordinary = await owner.job("hostile", cv), await owner.job("ordinary")
    renderer = Renderer(services, pool)
    await asyncio.gather(renderer.run(hostile.id), renderer.run(ordinary.id))
    assert (await owner.run(get_resume_job, ordinary.id)).job.status.value == "succeeded"
    return (await owner.run(get_resume_job, hostile.id)).job


async def text_of(owner: Owner, job: ResumeJob) -> str:
    stream = await owner.run(get_resume_job_pdf, job.id)
    content = await stream.open()
    assert not isinstance(content, bytes)
    pdf = b"".join([chunk async for chunk in content])
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("name", sorted(TOO_MUCH))
async def test_too_much_of_anything_is_refused_and_makes_no_job(owner: Owner, name: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await owner.job("hostile", saying(**TOO_MUCH[name]))
    assert refused.value.fields
    assert (await owner.run(list_resume_jobs)).items == []


async def test_markup_is_shown_as_it_was_written_and_fetches_nothing(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    job = await rendered(services, pool, owner, saying(bullets=list(MARKUP)))
    assert job.status.value == "succeeded"
    shown = "".join((await text_of(owner, job)).split())
    for written in MARKUP:
        assert "".join(written.split()) in shown
    assert "root:" not in shown


@pytest.mark.parametrize("name", sorted(DEEP))
async def test_deep_text_ends(
    owner: Owner, services: Services, pool: RenderPool, name: str
) -> None:
    job = await rendered(services, pool, owner, saying(description=DEEP[name]))
    if job.status.value != "succeeded":
        assert job.error is not None
        assert job.error.code in ("render_timeout", "render_failed")


async def test_a_picture_of_a_hundred_megapixels_is_refused(owner: Owner) -> None:
    content = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(content, "PNG")
    picture = f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"
    identity = {**EXAMPLE["identity"], "picture": picture}
    with pytest.raises(ValidationFailed) as refused:
        await owner.job("hostile", {**EXAMPLE, "identity": identity})
    assert "megapixels" in str(refused.value.fields)


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(Item(bullets=("A bullet with some words.",) * 50_000), id="bullets"),
        pytest.param(Item(description="a" * 1_000_000), id="word"),
    ],
)
async def test_what_passed_all_checks_ends_by_the_clock_and_costs_no_other_job(
    impatient: RenderPool, item: Item
) -> None:
    section = Section(key="experience", heading="Experience", type="main", items=(item,))
    hostile = CV(identity=Identity(first_name="Eve"), sections=(section,))
    under_way = asyncio.create_task(impatient.render(hostile))
    for _ in range(5):
        assert (await impatient.render(example())).pages == 1
    with pytest.raises(RenderTimeout):
        await under_way
    assert (await impatient.render(example())).pages == 1
