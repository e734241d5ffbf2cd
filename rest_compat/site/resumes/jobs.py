"""The résumés that were made or are being made."""

from __future__ import annotations

from starlette.responses import Response, StreamingResponse

from app.errors import Conflict
from rest_compat.event_stream import HEADERS
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.resumes.resumes import HOME, area
from rest_compat.site.resumes.watching import changes
from rest_compat.site.visitor import Visitor

ONE = f"{HOME}/{{job_id}}"
FORMATS = [
    ("docx", "Word", "To be edited"),
    ("html", "Web page", "For a browser, or to print"),
    ("md", "Markdown", "To be read as it is"),
    ("txt", "Plain text", "For forms that take nothing else"),
    ("json", "JSON Resume", "For other programs"),
    ("cv_data", "cv_data", "Renders the same again"),
    ("vcf", "vCard", "Your contact, for address books"),
]
REASONS = {
    "render_timeout": "It took longer than we allow, as a résumé of very many pages does. Shorten"
    " it, or try another template.",
    "render_failed": "The page could not be set. Try another template; if that fails too, look for"
    " something unusual in a long text.",
    "render_crashed": "The program that sets pages broke off, more than once. Make it again.",
    "worker_lost": "The machine that worked on it was lost. Make it again.",
}


@area.get(HOME)
async def overview(visitor: Visitor) -> Response:
    cursor = visitor.query.get("cursor")
    return page(
        visitor,
        "resumes/list.html.j2",
        jobs=await visitor.call("resume_jobs", {"limit": 12, "cursor": cursor}),
        titles=await _titles(visitor),
    )


@area.file(f"{HOME}/events")
async def events(visitor: Visitor) -> Response:
    """An event at each change of the jobs that the query names."""
    jobs = visitor.query.getlist("job")
    headers = {name.decode(): value.decode() for name, value in HEADERS}
    return StreamingResponse(await changes(visitor, jobs), headers=headers)


@area.get(ONE)
async def job(visitor: Visitor) -> Response:
    found = await visitor.call("resume_job", visitor.params)
    return page(
        visitor,
        "resumes/job.html.j2",
        job=found["job"],
        warnings=found["warnings"],
        titles=await _titles(visitor),
        formats=FORMATS,
        reason=REASONS.get((found["job"]["error"] or {}).get("code", ""), ""),
    )


@area.file(f"{ONE}/pdf")
async def pdf(visitor: Visitor) -> Response:
    return await visitor.download("resume_job_pdf", visitor.params)


@area.file(f"{ONE}/thumbnail")
async def thumbnail(visitor: Visitor) -> Response:
    return await visitor.download("resume_job_thumbnail", visitor.params)


@area.file(f"{ONE}/files/{{format}}")
async def file(visitor: Visitor) -> Response:
    return await visitor.download("resume_job_file", visitor.params)


@area.post(f"{ONE}/cancel")
async def cancel(visitor: Visitor, form: Form) -> Response:
    here = f"{HOME}/{visitor.params['job_id']}"
    try:
        await visitor.call("cancel_resume_job", visitor.params)
    except Conflict as late:
        return visitor.to(here, late.message, "caution")
    return visitor.to(here, "It is stopped, and costs nothing.")


@area.post(f"{ONE}/delete")
async def delete(visitor: Visitor, form: Form) -> Response:
    await visitor.call("delete_resume_job", visitor.params)
    return visitor.to(HOME, "The résumé is deleted, with all its files.")


async def _titles(visitor: Visitor) -> dict[str, str]:
    found = await visitor.call("resume_templates")
    return {each["name"]: each["title"] for each in found["templates"]}
