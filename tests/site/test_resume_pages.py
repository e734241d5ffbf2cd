"""Résumés on pages: made, watched, fetched, and read as machines read them."""

from __future__ import annotations

import asyncio
import contextlib
import re
from uuid import UUID

import pytest

from app import resume_jobs
from app.artifacts import resume_key
from app.db import raw_statement
from app.services import Services
from schema.types.sections import SkillInput
from tests.people import Person, table
from tests.site.visiting import Visit

NEW = "/resumes/new"
SHOWN = ["summary", "skills"]
_DONE = raw_statement(
    "UPDATE resume_jobs SET status = 'succeeded', artifact_key = $2, finished_at = now(),"
    " pages = 1, size_bytes = 9, sha256 = repeat('ab', 32), attempt = 1, version = version + 1,"
    " expires_at = now() + interval '1 day' WHERE id = $1::UUID",
    "job_id",
    "key",
)


@pytest.fixture(autouse=True)
async def profile(services: Services, ann: Person) -> None:
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.', headline = 'Engineer'")


async def made(visit: Visit, **look: str) -> UUID:
    """A job made by the form as it stands, with `look`; the page shows it then."""
    await visit.open(NEW)
    page = await visit.send(NEW, section=SHOWN, **look)
    assert page.status_code == 200
    return UUID(page.url.path.rpartition("/")[2])


async def finish(services: Services, job_id: UUID) -> None:
    key = resume_key("ab" * 32, job_id, 1)
    await services.artifacts.put(key, b"%PDF-1.7\n")
    async with services.database.connection() as db:
        await db.execute(_DONE, job_id=job_id, key=key)
    await resume_jobs.announce(services.redis, job_id)


async def test_who_has_no_resume_is_led_to_the_templates(visit: Visit) -> None:
    page = await visit.open("/resumes")
    assert "No résumé yet" in page.text
    page = await visit.open(NEW)
    assert page.text.count('name="template"') == 12


async def test_whose_profile_says_nothing_is_led_to_it_first(
    visit: Visit, services: Services
) -> None:
    await table(services, "UPDATE profiles SET bio = NULL")
    page = await visit.open(NEW)
    assert page.status_code == 200
    assert 'href="/profile/import"' in page.text
    assert 'href="/profile"' in page.text
    assert NEW not in visit.forms()


async def test_one_entry_is_enough_for_a_resume(
    visit: Visit, services: Services, ann: Person
) -> None:
    await table(services, "UPDATE profiles SET bio = NULL")
    await ann.run("create_skill", input=SkillInput(name="Rust"))
    await visit.open(NEW)
    page = await visit.send(NEW, section=SHOWN)
    assert "It waits for its turn" in page.text


async def test_the_look_that_was_chosen_is_that_of_the_job(
    visit: Visit, services: Services
) -> None:
    look = {"template": "harvard", "theme_color": "own", "own_color": "#123456"}
    job_id = await made(visit, **look, font_size="12pt", page_size="letter", locale="de")
    (row,) = await table(services, "SELECT cv::text AS cv, template FROM resume_jobs")
    assert row["template"] == "harvard"
    for part in ('"#123456"', '"font_size": 12', '"letter"', '"de"'):
        assert part in row["cv"]
    page = await visit.open(f"/resumes/{job_id}")
    assert "It waits for its turn" in page.text


def _ticked(page: str) -> set[str]:
    boxes = re.findall(r'<input type="checkbox" name="section" value="(\w+)"[^>]*>', page)
    return {name for name in boxes if re.search(rf'value="{name}"[^>]* checked', page)}


async def test_a_section_that_the_layout_hides_is_not_ticked(
    visit: Visit, services: Services, ann: Person
) -> None:
    await ann.run("create_skill", input=SkillInput(name="Rust"))
    await table(
        services,
        "INSERT INTO presentations (account_id, hidden_sections)"
        " SELECT id, ARRAY['skills', 'projects'] FROM accounts",
    )
    page = await visit.open(NEW)
    rest = {"summary", "experience", "education", "languages", "certifications"}
    assert _ticked(page.text) == rest
    await visit.send(NEW, section=SHOWN)
    (row,) = await table(services, "SELECT cv::text AS cv FROM resume_jobs")
    assert "Rust" in row["cv"]


async def test_that_nothing_would_be_on_the_page_is_told_before_it_is_sent(
    visit: Visit, services: Services, ann: Person
) -> None:
    await visit.open(NEW)
    page = await visit.open(f"{NEW}?sections=chosen&section=skills&preview=1")
    assert "Nothing would be on the page" in page.text
    page = await visit.send(NEW, section=["skills"])
    assert page.status_code == 422
    assert "Nothing would be on the page" in page.text
    page = await visit.send(NEW)
    assert page.status_code == 422
    assert await table(services, "SELECT id FROM resume_jobs") == []
    assert "Nothing would be on the page" not in (await visit.open(NEW)).text


async def test_the_price_is_that_which_this_account_pays(visit: Visit) -> None:
    page = await visit.open(NEW)
    assert "<b data-price>Free, as your first one</b>" in page.text
    await made(visit, template="harvard")
    page = await visit.open(NEW)
    assert "<b data-price>1 credit</b>" in page.text
    assert "as your first one" not in page.text


async def test_a_form_sent_twice_makes_one_resume(visit: Visit, services: Services) -> None:
    await visit.open(NEW)
    form = {**visit.forms()[NEW], "template": "harvard", "section": SHOWN}
    first = await visit.http.post(NEW, data=form)
    second = await visit.http.post(NEW, data=form)
    assert first.url == second.url
    again = await visit.http.post(NEW, data={**form, "template": "swiss"})
    assert (again.status_code, "made a résumé before" in again.text) == (409, True)
    assert len(await table(services, "SELECT id FROM resume_jobs")) == 1


@pytest.mark.parametrize(
    "wrong", [{"font_size": "99pt"}, {"template": "none\0"}, {"theme_color": "#12"}]
)
async def test_a_look_that_there_is_not_is_told_and_makes_nothing(
    visit: Visit, services: Services, wrong: dict[str, str]
) -> None:
    await visit.open(NEW)
    page = await visit.send(NEW, section=SHOWN, **wrong)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert await table(services, "SELECT id FROM resume_jobs") == []


async def test_a_resume_is_stopped_and_deleted(visit: Visit, services: Services) -> None:
    job_id = await made(visit)
    page = await visit.send(f"/resumes/{job_id}/cancel")
    assert "It was stopped" in page.text
    page = await visit.send(f"/resumes/{job_id}/delete")
    assert page.url.path == "/resumes"
    assert await table(services, "SELECT id FROM resume_jobs") == []


async def test_a_page_that_watches_a_resume_hears_that_it_is_ready(
    visit: Visit, services: Services
) -> None:
    job_id = await made(visit)
    heard: list[str] = []
    first = asyncio.Event()

    async def watch() -> None:
        async with visit.http.stream("GET", f"/resumes/events?job={job_id}") as events:
            assert events.headers["content-type"].startswith("text/event-stream")
            async for line in events.aiter_lines():
                heard.append(line)
                if line == f"data: {job_id}":
                    first.set()

    async with asyncio.timeout(60), asyncio.TaskGroup() as both:
        both.create_task(watch())
        await first.wait()
        await finish(services, job_id)
    assert heard.count(f"data: {job_id}") >= 2
    page = await visit.open(f"/resumes/{job_id}")
    assert "It is ready" in page.text
    assert "data-live=" not in page.text


async def test_a_ready_resume_is_fetched_in_every_format_and_made_again(
    visit: Visit, services: Services
) -> None:
    job_id = await made(visit, template="swiss", theme_color="#86216b")
    await finish(services, job_id)
    page = await visit.open(f"/resumes/{job_id}")
    links = re.findall(rf'href="(/resumes/{job_id}/(?:pdf|files/\w+))"', page.text)
    assert len(links) == 8
    for link in links:
        file = await visit.open(link)
        assert (file.status_code, "attachment" in file.headers["content-disposition"]) == (
            200,
            True,
        )
    await visit.open(f"{NEW}?from={job_id}")
    form = visit.forms()[NEW]
    assert (form["template"], form["theme_color"]) == ("swiss", "#86216b")
    page = await visit.send(NEW, template="harvard")
    assert page.status_code == 200
    rows = await table(services, "SELECT template FROM resume_jobs ORDER BY id")
    assert [row["template"] for row in rows] == ["swiss", "harvard"]


async def test_why_a_resume_failed_is_explained(visit: Visit, services: Services) -> None:
    job_id = await made(visit)
    await table(
        services,
        "UPDATE resume_jobs SET status = 'failed', error_code = 'render_timeout', attempt = 1,"
        " error_message = 'Too long.', finished_at = now() WHERE id = $1",
        job_id,
    )
    page = await visit.open(f"/resumes/{job_id}")
    assert "It could not be made" in page.text
    assert "longer than we allow" in page.text


async def test_a_certificate_that_is_not_there_yet_is_awaited(
    visit: Visit, services: Services
) -> None:
    job_id = await made(visit)
    page = await visit.open(f"/resumes/{job_id}/certificate")
    assert (page.status_code, "It is being read" in page.text) == (200, True)


async def test_an_owner_watches_no_more_pages_at_once_than_a_person_looks_at(visit: Visit) -> None:
    job_id = await made(visit)
    address = f"/resumes/events?job={job_id}"
    lines = []  # which end a stream when they go
    async with contextlib.AsyncExitStack() as pages:
        for _ in range(20):
            events = await pages.enter_async_context(visit.http.stream("GET", address))
            assert events.status_code == 200
            lines.append(events.aiter_lines())
            await anext(lines[-1])
        async with visit.http.stream("GET", address) as refused:
            pass
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
    async with asyncio.timeout(60):
        while True:
            async with visit.http.stream("GET", address) as events:
                if events.status_code == 200:
                    break


@pytest.mark.parametrize(
    "path", ["", "/pdf", "/thumbnail", "/files/docx", "/certificate", "/nothing"]
)
async def test_a_resume_of_another_owner_is_not_found(
    visit: Visit, services: Services, path: str
) -> None:
    other = await Person(services).signed_in("bob")
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.'")
    job = await other.run("create_resume_job", input=_smallest())
    for job_id in (job.job_id, "no-id", "%00"):
        page = await visit.open(f"/resumes/{job_id}{path}")
        assert page.status_code == 404
    assert (await visit.open(f"/resumes/events?job={job.job_id}")).status_code == 404
    assert (await visit.open(f"{NEW}?from={job.job_id}")).status_code == 404


def _smallest() -> object:
    from schema.types.resume import CreateResumeJobInput

    return CreateResumeJobInput(request_id="theirs", from_profile=True)
