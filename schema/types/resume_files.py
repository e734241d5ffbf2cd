"""What there is of a résumé beside its PDF."""

from __future__ import annotations

from enum import Enum

import strawberry

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
