"""What machines read in the PDF of a job, and whether a PDF is one of ours."""

from __future__ import annotations

from enum import Enum
from uuid import UUID

import strawberry

_field = strawberry.field


@strawberry.enum(description="What became of a field on its way through the page.")
class FieldReading(Enum):
    FOUND = "found"
    DIFFERS = "differs"
    MISSING = "missing"


@strawberry.type(description="One field of the résumé, and what is read of it on the pages.")
class CertifiedField:
    path: str = _field(description="The field, as in `experience[0].title`.")
    status: FieldReading = _field(description="What our importer reads, without enclosed data.")
    expected: str = _field(description="What the résumé says; cut if it is long.")
    read: str | None = _field(description="What was read in its place.")
    in_text: bool = _field(description="Whether an independent reader (pypdf) has its letters.")


@strawberry.type(description="How many fields were read how.")
class FieldCounts:
    found: int = _field(description="As the résumé says them.")
    differs: int = _field(description="Otherwise.")
    missing: int = _field(description="Not at all.")


@strawberry.type(description="A font of the PDF.")
class CertifiedFont:
    name: str = _field(description="Its name.")
    embedded: bool = _field(description="Whether the file has it.")
    subset: bool = _field(description="Whether the file has only the glyphs that it uses.")


@strawberry.type(description="A check of our own; not the verdict of a conformance tool.")
class SelfCheck:
    standard: str = _field(description="pdfua or pdfa.")
    name: str = _field(description="What is checked; stable.")
    passed: bool = _field(description="Whether the file passes.")


@strawberry.type(description="What machines read in the PDF of a job.")
class ResumeCertificate:
    job_id: UUID = _field(description="The job.")
    sha256: str = _field(description="SHA-256 of the PDF that was read, in hexadecimal.")
    size_bytes: int = _field(description="Its size.")
    pages: int = _field(description="Its pages.")
    counts: FieldCounts = _field(description="How many fields were read how.")
    in_order: bool = _field(
        description="Whether the independent reader gives the name and the entries in their order."
    )
    fields: list[CertifiedField] = _field(description="Field by field.")
    fonts: list[CertifiedFont] = _field(description="Its fonts.")
    checks: list[SelfCheck] = _field(description="PDF/UA and PDF/A, as far as we check them here.")


@strawberry.type(
    description="Whether a PDF is one of ours, by what is written down here of each that we made."
    " There is no signature: nothing that a file says of itself counts."
)
class ResumeVerification:
    sha256: str = _field(description="SHA-256 of the PDF, in hexadecimal.")
    ours: bool = _field(
        description="Whether this server has made this file, or one that says the same, and still"
        " has its job."
    )
    unaltered: bool = _field(
        description="Whether it is byte for byte as it was made. A program that opens and saves a"
        " PDF changes that."
    )
    text_unaltered: bool | None = _field(
        description="Whether its text is, letter by letter, that of a résumé that was made here;"
        " null where only a digest was given or the file can't be read. It does not tell who saved"
        " the file, nor of pictures and links, nor of what was drawn over the text: hold it to the"
        " file of its owner where these matter."
    )
    data_unaltered: bool | None = _field(
        description="Whether the data that it encloses were enclosed here with that text; null"
        " where the text is not ours or nothing is enclosed."
    )
    job_id: UUID | None = _field(description="The job; to its owner alone.")
