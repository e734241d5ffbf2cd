"""`vitae resume`: from a profile or a JSON file to a PDF, and what there is of it afterwards."""

from __future__ import annotations

import contextlib
import shlex
import sys
import time
import urllib.parse
import uuid
from collections.abc import Callable
from typing import Any

import click

from app.cli.client import completing, files, parameters
from app.cli.client.api import decoded, new_key
from app.cli.client.failures import Exit, Failure
from app.cli.client.invocation import Invocation, command
from app.cli.client.operations import identified, operation

_JOBS = "/v1/resume/jobs"
_LOOKS = ("template", "theme_color", "font_size", "font_family", "page_size", "locale")
_SECTIONS = ("sections_order", "hidden_sections")
_FORMATS = ("pdf", "docx", "html", "md", "txt", "json", "cv_data", "vcf")
# Said of the same fields of a request, which may also be of a profile.
_TEXTS = {
    "template": "Such as harvard; `vitae resume templates` lists them.",
    "theme_color": "Colour of headings: a CSS name, #RRGGBB, or a dvips name such as NavyBlue.",
    "font_size": "Such as 11pt.",
    "font_family": "Instead of the template's typeface, or that of your layout.",
    "page_size": "a4 or letter.",
    "locale": "Language of headings and dates, such as de or pt-BR.",
    "sections_order": "Of your profile: sections from first to last. Those not named follow.",
    "hidden_sections": "Of your profile: sections to leave out.",
}
_FINAL = ("succeeded", "failed", "canceled")
_POLL_SECONDS = 0.2
_SLOWEST_POLL_SECONDS = 2.0
_PATIENCE_SECONDS = 300.0


def _body(values: dict[str, Any], source: str | None) -> dict[str, Any]:
    """What to render: the JSON of `source` with the look that was asked for, or the profile."""
    described = operation("create_resume_job")
    asked = parameters.given(described, ("body",), values)
    look = {name: asked[name] for name in (*_LOOKS, *_SECTIONS) if name in asked}
    if source is None:
        return {"from_profile": True, **look}
    read = parameters.read_document(source)
    if isinstance(read, dict) and ("cv_data" in read or "from_profile" in read):
        body = {name: read[name] for name in read if name in _fields(described)}
    else:
        body = {"cv_data": read}
    if not look:
        return body
    if isinstance(body.get("cv_data"), dict):
        if hidden := [name for name in _SECTIONS if name in look]:
            flags = ", ".join(f"--{parameters.click_name(name)}" for name in hidden)
            raise Failure(f"{flags}: of a file, say it in the file.", Exit.USAGE)
        return {**body, "cv_data": {**body["cv_data"], **look}}
    return {**body, **look}


def _fields(described: dict[str, Any]) -> set[str]:
    return {p["name"] for p in described["parameters"]}


def _create(invocation: Invocation, **values: Any) -> None:
    api, output = invocation.api, invocation.output
    place, is_waiting = values.pop("output"), values.pop("is_wait")
    body = _body(values, values.pop("source"))
    # A repeat of a lost answer finds the same job by this name.
    request_id = values.get("p_request_id") or body.get("request_id") or f"cli-{uuid.uuid4()}"
    try:
        content = api.content("POST", _JOBS, body={**body, "request_id": request_id}, key=new_key())
    except KeyboardInterrupt:
        output.note("It may have been made all the same: vitae resume list")
        raise
    answer = decoded(content)
    for warning in answer.get("warnings") or ():
        output.note(f"warning: {warning['path']}: {warning['message']}")
    job_id = answer["job_id"]
    if is_waiting or place is not None:
        content = _followed(invocation, job_id, place)
    _tell(invocation, content, place, is_made=True)


def _wait(invocation: Invocation, p_job_id: str, output: str | None) -> None:
    path = identified(invocation.api, operation("resume_job"), {"job_id": p_job_id})
    content = _followed(invocation, path["job_id"], output)
    _tell(invocation, content, output)


def _tell(
    invocation: Invocation, content: bytes, place: str | None, *, is_made: bool = False
) -> None:
    """What became of a job, with its PDF at `place`; raises Failure for one that came to none."""
    api, output = invocation.api, invocation.output
    job = decoded(content)["job"]
    job_id = job["id"]
    if job["status"] in ("failed", "canceled"):
        if output.is_json:
            output.body(content)
        error = job.get("error") or {}
        said = f": {error.get('message')} ({error.get('code')})" if error else ""
        raise Failure(f"The job {job_id} ended as {job['status']}{said}")
    if place is not None:
        files.save(api.request("GET", f"{_path(job_id)}/pdf"), place, invocation)
    if place == "-":
        return
    if output.is_json:
        output.body(content)
    elif output.is_quiet or not output.is_terminal:
        if place is None:
            sys.stdout.write(f"{job_id}\n")
    elif place is None:
        output.object(job)
        if job["status"] == "succeeded":
            output.note(f"Get it with: vitae resume download {job_id}")
        elif is_made:
            output.note(f"Get it once it is done with: {_again(job_id, None)}")


def _again(job_id: str, place: str | None) -> str:
    """The command that follows a job from where another left it."""
    return f"vitae resume wait {job_id} -o {shlex.quote(place or 'cv.pdf')}"


def _followed(invocation: Invocation, job_id: str, place: str | None) -> bytes:
    """The answer about a job once it is final; whatever ends the waiting, the job goes on."""
    try:
        with _progress(invocation) as progress:
            return _final(invocation, job_id, progress)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        invocation.output.note(f"The job goes on. Pick it up again with: {_again(job_id, place)}")
        raise
    except Failure as failure:
        if failure.exit is Exit.UNAVAILABLE:
            failure.hint = f"The job goes on: {_again(job_id, place)}"
        raise


def _final(invocation: Invocation, job_id: str, progress: Callable[[str], None]) -> bytes:
    deadline, pause = time.monotonic() + _PATIENCE_SECONDS, _POLL_SECONDS
    shown = ""
    while True:
        content = invocation.api.content("GET", _path(job_id))
        status = decoded(content)["job"]["status"]
        if status != shown:
            progress(f"job {job_id}: {status}")
            shown = status
        if status in _FINAL:
            return content
        if time.monotonic() > deadline:
            raise Failure(f"The job {job_id} is still {status}.", Exit.UNAVAILABLE)
        time.sleep(pause)
        pause = min(pause * 1.2, _SLOWEST_POLL_SECONDS)


def _path(job_id: str) -> str:
    return f"{_JOBS}/{urllib.parse.quote(job_id, safe='')}"


@contextlib.contextmanager
def _progress(invocation: Invocation) -> Any:
    """A moving line on a terminal, and nothing anywhere else."""
    output = invocation.output
    if output.is_quiet or output.is_json or not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console

    with Console(stderr=True, highlight=False).status("sending") as line:
        yield lambda text: line.update(text)


def _download(invocation: Invocation, p_job_id: str, kind: str, output: str | None) -> None:
    path = identified(invocation.api, operation("resume_job_pdf"), {"job_id": p_job_id})
    answer = invocation.api.request("GET", f"{_path(path['job_id'])}/{kind}")
    if output is None and invocation.output.is_terminal:
        output = files.free(files.named(answer.headers))
    files.save(answer, output, invocation)


def _preview(invocation: Invocation, **values: Any) -> None:
    place, kind = values.pop("output"), values.pop("kind")
    body = {**_body(values, values.pop("source")), "format": kind}
    answer = invocation.api.request("POST", "/v1/resume/preview", body=body)
    files.save(answer, place, invocation)


def _look_options() -> list[click.Parameter]:
    described = operation("create_resume_job")
    wanted = [
        {**p, "text": _TEXTS[p["name"]]} for p in described["parameters"] if p["name"] in _TEXTS
    ]
    return parameters.click_parameters({**described, "parameters": wanted, "method": ""})[:-1]


_SOURCE = click.Argument(
    ["source"], metavar="[FILE]", required=False, type=click.Path(allow_dash=True)
)
_PDF = click.Option(
    ["-o", "--output"],
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="PDF to write; - for stdout.",
)
_JOB = click.Argument(
    ["p_job_id"], metavar="ID", shell_complete=completing.numbers(operation("resume_job"))
)


def create() -> click.Command:
    request_id = click.Option(
        ["--request-id", "p_request_id"],
        metavar="NAME",
        help="Your name for it: the same name again gives the same job.",
    )
    return command(
        "create",
        _create,
        text="""Make a résumé: of your profile, or of a JSON file.

        FILE holds cv_data, or is a request as POST /v1/resume/jobs takes it; - for standard input.
        Without it the profile is taken as it is now. -o waits and writes the PDF.""",
        parameters=[
            _SOURCE,
            *_look_options(),
            click.Option(["-w", "--wait", "is_wait"], is_flag=True, help="Wait until it is done."),
            _PDF,
            request_id,
        ],
    )


def preview() -> click.Command:
    return command(
        "preview",
        _preview,
        text="""The first page as a picture, or all of it as HTML: free, and kept nowhere.

        FILE as with `vitae resume create`.""",
        parameters=[
            _SOURCE,
            *_look_options(),
            click.Option(
                ["--format", "kind"], type=click.Choice(["png", "html"]), default="png",
                help="png (the default) or html.",
            ),
            files.OUTPUT,
        ],
    )  # fmt: skip


def wait() -> click.Command:
    return command(
        "wait",
        _wait,
        text="""Follow a job until it is done, such as one that Ctrl-C left behind.

        The job by its id, or by its number in `vitae resume list`. -o writes the PDF.""",
        parameters=[
            _JOB,
            _PDF,
        ],
    )


def download() -> click.Command:
    return command(
        "download",
        _download,
        text="""The PDF of a job that has succeeded, or the same in another format.

        The job by its id, or by its number in `vitae resume list`. On a terminal it becomes a file
        of this folder.""",
        parameters=[
            _JOB,
            click.Option(
                ["--format", "kind"], type=click.Choice(_FORMATS), default="pdf",
                help="Default: pdf.",
            ),
            files.OUTPUT,
        ],
    )  # fmt: skip
