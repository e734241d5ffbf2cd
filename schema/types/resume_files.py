"""What there is of a résumé beside its PDF."""

from __future__ import annotations

from enum import Enum

import strawberry

from schema.types.resume import CreateResumeJobInput

_field = strawberry.field


@strawberry.enum(
    description="`docx` is Word, `html` one page for web and print, `md` Markdown, `txt` plain text"
    " for pasting, `json` JSON Resume, `cv_data` what renders the same again, `vcf` a vCard. An"
    " import takes `docx`, `json` and `cv_data`."
)
class ResumeFormat(Enum):
    DOCX = "docx"
    HTML = "html"
    MD = "md"
    TXT = "txt"
    JSON = "json"
    CV_DATA = "cv_data"
    VCF = "vcf"


@strawberry.enum(description="`html` is a page for a browser, `png` a picture of the first page.")
class PreviewFormat(Enum):
    HTML = "html"
    PNG = "png"


@strawberry.input(description="A résumé to look at: the body of a job, and how to show it.")
class PreviewResumeInput(CreateResumeJobInput):
    request_id: str = _field(
        default="",
        description="Of no effect: it may be there so that the body of a job may be sent as it is.",
        metadata={"schema": {"maxLength": 200}},
    )
    format: PreviewFormat = _field(default=PreviewFormat.PNG, description="How to show it.")
