"""Résumé jobs, as every surface shows them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from schema.types.cv_data import CVData
from schema.types.presentation import SOME_SECTIONS, PageSection

_field = strawberry.field


@strawberry.enum(description="Where a job stands; the last three are final.")
class ResumeJobStatus(Enum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@strawberry.type(
    description="Something in cv_data that was rendered otherwise than given, or not at all."
)
class CVWarning:
    code: str = _field(description="What sort of thing it is; stable.")
    path: str = _field(description="Where it stands, as in `cv_data.sections.work.items[0]`.")
    message: str = _field(description="The same in words.")


@strawberry.type(description="Why a job failed.")
class ResumeJobError:
    code: str = _field(
        description="render_timeout, render_failed, render_crashed or worker_lost; stable."
    )
    message: str = _field(description="The same in words.")


@strawberry.type(
    description="Paths on this server of what belongs to a job. All that comes of its PDF is null"
    " until the job has succeeded and once the PDF has expired."
)
class ResumeJobLinks:
    self_: str = _field(name="self", description="The job.")
    pdf: str | None = _field(
        description="The PDF; null until the job has succeeded and once the PDF has expired."
    )
    cancel: str | None = _field(description="Where to cancel it; null once it is final.")
    thumbnail: str | None = _field(description="The first page as a small PNG.")
    certificate: str | None = _field(
        description="What machines read in the PDF; there some seconds after it."
    )
    docx: str | None = _field(description="It for Word.")
    html: str | None = _field(description="It as one page for web and print.")
    md: str | None = _field(description="It as Markdown.")
    txt: str | None = _field(description="It as plain text.")
    json: str | None = _field(description="It as JSON Resume.")
    cv_data: str | None = _field(description="What renders the same again.")
    vcf: str | None = _field(description="The person as a vCard.")


@strawberry.type(description="One asynchronous render of a résumé.")
class ResumeJob:
    id: UUID = _field(description="Id of the job.")
    request_id: str = _field(description="The request_id it was created with.")
    mode: str = _field(description="`managed`: rendered here. The only mode.")
    status: ResumeJobStatus = _field(description="Where it stands.")
    template: str = _field(description="The template it is set in, such as original.")
    created_at: datetime = _field(description="When it was created.")
    updated_at: datetime = _field(description="When its status last changed.")
    started_at: datetime | None = _field(description="When the present attempt was started.")
    finished_at: datetime | None = _field(description="When it became final.")
    expires_at: datetime | None = _field(description="Until when the PDF is kept.")
    attempt: int = _field(description="How many times a worker has taken it up.")
    pages: int | None = _field(description="Number of pages of the PDF.")
    size_bytes: int | None = _field(description="Size of the PDF in bytes.")
    sha256: str | None = _field(description="SHA-256 of the PDF in hexadecimal.")
    error: ResumeJobError | None = _field(description="Why it failed; null unless it did.")
    price: int = _field(
        description="What it costs in credits: held until it is final, paid if it has succeeded,"
        " given back if not."
    )
    links: ResumeJobLinks = _field(description="Where to go from here.")
    version: int = _field(description="Raised by each change; also its ETag.")


@strawberry.type(description="The job that a request made, or had made before.")
class ResumeJobCreated:
    job_id: UUID = _field(description="Id of the job.")
    job: ResumeJob = _field(description="The job as it stands.")
    warnings: list[CVWarning] = _field(description="What was noted while cv_data was read.")


@strawberry.type(description="A job.")
class ResumeJobAnswer:
    job: ResumeJob = _field(description="The job as it stands.")
    warnings: list[CVWarning] = _field(description="What was noted while cv_data was read.")


@strawberry.input(description="A résumé to render: cv_data, or your profile as it is now.")
class CreateResumeJobInput:
    request_id: str = _field(
        description="Your name for this request, 1 to 200 visible characters. The same name with"
        " the same rest of the body answers the same job; with another it is a conflict.",
        metadata={"schema": {"minLength": 1, "maxLength": 200}},
    )
    cv_data: CVData | None = _field(
        default=None,
        description="The résumé: identity, sections, template and look. It or `from_profile` is"
        " required.",
    )
    from_profile: bool = _field(
        default=False, description="Make cv_data of your profile as it stands at this moment."
    )
    template: str | None = _field(
        default=None, description="With `from_profile`: as `template` of cv_data."
    )
    theme_color: str | None = _field(
        default=None, description="With `from_profile`: as `theme_color` of cv_data."
    )
    font_size: str | None = _field(
        default=None, description="With `from_profile`: as `font_size` of cv_data, such as 11pt."
    )
    font_family: str | None = _field(
        default=None,
        description="With `from_profile`: as `font_family` of cv_data, instead of the typeface of"
        " your layout.",
    )
    page_size: str | None = _field(
        default=None, description="With `from_profile`: as `page_size` of cv_data: a4 or letter."
    )
    locale: str | None = _field(
        default=None,
        description="With `from_profile`: as `locale` of cv_data, such as de or pt-BR; labels that"
        " we set within entries are in it too.",
    )
    sections_order: list[PageSection] | None = _field(
        default=None,
        description="With `from_profile`: sections from first to last, instead of the order of your"
        " layout. Those not named follow.",
        metadata={"schema": SOME_SECTIONS},
    )
    hidden_sections: list[PageSection] | None = _field(
        default=None,
        description="With `from_profile`: what to leave out, instead of what your layout hides.",
        metadata={"schema": SOME_SECTIONS},
    )
