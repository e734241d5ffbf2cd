"""Pages with what they are for: a résumé that was made, read, or failed, and a month of visits."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from playwright.async_api import expect

from app.artifacts import resume_key
from app.services import Services
from schema.types.cv_data import CVData
from schema.types.resume import CreateResumeJobInput
from tests.audience.visiting import insert_conversation, insert_count
from tests.interactive_worker import answering
from tests.owners import EXAMPLE
from tests.people import Person, table
from tests.site.browser.conftest import Open
from tests.site.browser.tab import VIEWS
from tests.site.browser.test_pages import LARGEST_BYTES
from tests.subscribers import make_pro
from tests.workers import samples
from workers.certify import certify
from workers.pictures import PicturePool
from workers.render import render_pdf

pytestmark = [pytest.mark.whole, pytest.mark.parametrize("view", VIEWS)]

# What a month looks like: a quiet start, days without anybody, a peak, and a weekend's lull.
VIEWS_OF_DAYS = [
    0, 3, 1, 0, 0, 7, 12, 4, 2, 0, 1, 6, 9, 14, 31,
    126, 88, 40, 22, 9, 0, 0, 5, 8, 11, 17, 3, 2, 6, 10,
]  # fmt: skip
LARGEST_PICTURE_BYTES = 30_000
_THUMBNAILS = """
performance.getEntriesByType("resource").filter((each) => each.name.endsWith("/thumbnail"))
  .reduce((sum, each) => sum + each.transferSize, 0)
"""
LONG_LINK = "https://github.com/ann-lee/bridges-of-the-upper-rhine-and-their-bearings/releases/v2.4"
FIGURES = {
    "referrer": {"linkedin.com": 214, "news.ycombinator.com": 96, "": 41, "careers.example.org": 7},
    "section": {"experience": 301, "skills": 188, "projects": 64, "languages": 9},
    "download": {"pdf": 38, "vcf": 11, "docx": 1},
    "click": {LONG_LINK: 52, "https://www.linkedin.com/in/ann-lee": 17},
    "machine": {"search_engine": 1204, "ai": 77, "link_preview": 12},
}
ASKED: list[dict[str, Any]] = [
    {
        "question": "Has she worked with embedded Linux?",
        "topic": "embedded linux",
        "sources": [
            {
                "section": "experience",
                "item_id": "0198c0de-0000-7000-8000-000000000001",
                "title": "Engineer, Tramworks",
                "text": "Wrote firmware on embedded Linux for trams",
            },
            {
                "section": "skills",
                "item_id": "0198c0de-0000-7000-8000-000000000002",
                "title": "Yocto",
                "text": "Yocto, 4 years, " + "and the layers beneath it, " * 12,
            },
        ],
    },
    {
        "question": "What does she expect to be paid, and would she move to Basel for it?",
        "answer": "The profile says nothing about pay.",
        "answer_status": "insufficient_evidence",
        "confidence_band": "low",
        "topic": "pay",
    },
    {
        "question": "x" * 180 + "?",
        "answer": "I can only tell of what the profile says.",
        "answer_status": "unsupported",
        "confidence_band": "low",
    },
]


async def a_job(ann: Person) -> str:
    wish = CreateResumeJobInput(request_id="first", cv_data=CVData(EXAMPLE))
    return str((await ann.run("create_resume_job", input=wish)).job_id)


async def made(services: Services, ann: Person) -> str:
    """A job whose PDF is a real one."""
    job_id = await a_job(ann)
    cv = samples.example()
    rendered = render_pdf(cv)
    (row,) = await table(services, "SELECT id FROM resume_jobs")
    key = resume_key("ab" * 32, row["id"], 1)
    await services.artifacts.put(key, rendered.pdf)
    await table(
        services,
        "UPDATE resume_jobs SET status = 'succeeded', artifact_key = $1, sha256 = $2, pages = 1,"
        " size_bytes = $3, cv = $4, attempt = 1, finished_at = now(),"
        " expires_at = now() + interval '30 days'",
        key,
        hashlib.sha256(rendered.pdf).hexdigest(),
        len(rendered.pdf),
        msgspec.to_builtins(cv),
    )
    return job_id


async def looked_at(open_tab: Open, ann: Person, view: str, path: str, name: str) -> None:
    """What any page is held to, and that all of it is light."""
    tab = await open_tab(view, ann)
    await tab.open(path)
    await tab.page.wait_for_load_state("load")
    await tab.judge(name)
    # A picture of one's own page is what one came for, and counts by itself.
    picture: int = await tab.page.evaluate(_THUMBNAILS)
    assert picture <= LARGEST_PICTURE_BYTES
    assert await tab.transferred() - picture <= LARGEST_BYTES


async def test_a_resume_that_is_ready(
    open_tab: Open, services: Services, ann: Person, view: str
) -> None:
    job_id = await made(services, ann)
    pictures = PicturePool()
    async with answering(services, pictures=pictures):
        await looked_at(open_tab, ann, view, f"/resumes/{job_id}", "resume-ready")
        await looked_at(open_tab, ann, view, "/resumes", "resumes-full")
    await pictures.close()


async def test_the_form_of_a_resume(
    open_tab: Open, services: Services, ann: Person, view: str
) -> None:
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.'")
    tab = await open_tab(view, ann)
    # There is no worker that makes the preview.
    tab.patient_of = ("Failed to load resource: the server responded with a status of 503",)
    await tab.open("/resumes/new")
    await tab.judge("resumes-new-full")


async def test_a_resume_that_failed(
    open_tab: Open, services: Services, ann: Person, view: str
) -> None:
    job_id = await a_job(ann)
    await table(
        services,
        "UPDATE resume_jobs SET status = 'failed', error_code = 'render_timeout', attempt = 1,"
        " error_message = 'Too long.', finished_at = now()",
    )
    await looked_at(open_tab, ann, view, f"/resumes/{job_id}", "resume-failed")


async def test_a_certificate_that_is_awaited(
    open_tab: Open, services: Services, ann: Person, view: str
) -> None:
    job_id = await made(services, ann)
    await looked_at(open_tab, ann, view, f"/resumes/{job_id}/certificate", "certificate-awaited")


async def test_a_certificate_that_is_there(
    open_tab: Open, services: Services, ann: Person, view: str
) -> None:
    job_id = await made(services, ann)
    await certify(services)
    await looked_at(open_tab, ann, view, f"/resumes/{job_id}/certificate", "certificate")


async def test_a_certificate_of_a_file_in_which_something_is_not_read(
    open_tab: Open, services: Services, ann: Person, view: str
) -> None:
    job_id = await made(services, ann)
    # As if the file did not say what it was made of.
    await table(
        services,
        "UPDATE resume_jobs SET cv = jsonb_set(jsonb_set(cv, '{identity,email}',"
        " '\"nobody@example.org\"'), '{identity,address}', '\"Ulan Bator\"')",
    )
    await certify(services)
    path = f"/resumes/{job_id}/certificate"
    await looked_at(open_tab, ann, view, path, "certificate-unread")
    tab = await open_tab(view, ann)
    await tab.open(path)
    # What went wrong stands first, and open.
    part = tab.page.locator("details.part").first
    await expect(part).to_have_attribute("open", "")
    await expect(part).to_contain_text("nobody@example.org")
    await expect(part.locator("tbody tr").first.locator(".badge")).to_be_visible()
    await expect(tab.page.get_by_role("heading", name="read otherwise")).to_be_visible()


async def test_a_month_of_visits(
    open_tab: Open, services: Services, ann: Person, view: str
) -> None:
    await make_pro(services)
    account_id = await ann.account_id()
    today = datetime.now(UTC).date()
    for back, views in enumerate(reversed(VIEWS_OF_DAYS)):
        if views:
            day = today - timedelta(days=back)
            await insert_count(services, account_id, day, "view", count=views)
            # Of today they are still told apart one by one.
            if back:
                await insert_count(services, account_id, day, "visitor", count=views // 2 + 1)
    for metric, counts in FIGURES.items():
        for name, count in counts.items():
            await insert_count(services, account_id, today, metric, name, count)
    await insert_conversation(services, account_id, *ASKED)
    await looked_at(open_tab, ann, view, "/audience", "audience-full")
    await looked_at(open_tab, ann, view, "/audience?period=90d", "audience-quarter")


async def test_a_conversation(open_tab: Open, services: Services, ann: Person, view: str) -> None:
    await make_pro(services)
    talk = await insert_conversation(services, await ann.account_id(), *ASKED)
    await looked_at(open_tab, ann, view, "/audience/transcripts", "transcripts-full")
    await looked_at(open_tab, ann, view, f"/audience/transcripts/{talk}", "transcript")
    tab = await open_tab(view, ann)
    await tab.open(f"/audience/transcripts/{talk}")
    sources = tab.page.locator("summary", has_text="What it rested on")
    await expect(sources).to_have_count(1)
    await sources.press("Enter")
    await expect(tab.page.get_by_text("Wrote firmware on embedded Linux for trams")).to_be_visible()
    await tab.judge("transcript-sources")
