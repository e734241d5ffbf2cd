"""A PDF that encloses its data comes back without loss, and is held to what its pages say."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

import pypdf
import pytest
from msgspec import structs

from app.cv.enclosed import CV_DATA, RESUME
from app.cv.from_profile import cv_data_of
from app.cv.model import CV
from app.cv.normalise import TEMPLATES, normalise
from app.exporting.json_resume import carried
from app.importing.preview import Preview
from app.importing.read import read_pdf, read_text_of_pdf
from tests.exporting.comparing import as_record, plain_record
from tests.exporting.profiles import FULL, OPEN, Record, corpus
from workers.render import render_pdf


def cv_of(record: Record, template: str = "original") -> CV:
    """The CV of a job from a profile."""
    cv = normalise(cv_data_of(record, template=template)).cv
    return structs.replace(cv, resume=carried(record))


@cache
def full() -> bytes:
    return render_pdf(cv_of(FULL)).pdf


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def enclosing(pdf: bytes, files: list[tuple[str, bytes]]) -> bytes:
    """`pdf` with these files in place of those that it encloses."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    for file in list(writer.attachment_list):
        file.delete()
    for name, content in files:
        writer.add_attachment(name, content)
    return written(writer)


def enclosed_in(pdf: bytes) -> dict[str, bytes]:
    files = pypdf.PdfReader(io.BytesIO(pdf)).attachment_list
    return {file.alternative_name or file.name: file.content for file in files}


def said(preview: Preview) -> dict[str, Any]:
    return plain_record(as_record(preview))


@pytest.mark.parametrize("name", OPEN[::3])
def test_our_own_pdf_comes_back_without_loss(name: str) -> None:
    record = corpus(name)
    template = TEMPLATES[OPEN.index(name) % len(TEMPLATES)]
    found = read_pdf(render_pdf(cv_of(record, template)).pdf)
    assert (found.tampered, found.differences) == (False, [])
    assert said(found) == plain_record(record)


def test_what_no_page_shows_comes_back_too() -> None:
    found = read_pdf(full())
    assert found.tampered is False
    assert said(found) == plain_record(FULL)
    assert (found.format, found.pages) == ("pdf", 2)


def test_the_page_tells_no_employer_that_work_is_looked_for() -> None:
    assert b"open_to_work" not in enclosed_in(full())[RESUME]


def test_a_pdf_saved_by_another_tool_is_as_good() -> None:
    found = read_pdf(written(pypdf.PdfWriter(clone_from=io.BytesIO(full()))))
    assert found.tampered is False
    assert said(found) == plain_record(FULL)


def test_pages_altered_since_are_told_and_win() -> None:
    other = {**FULL, "profile": {**FULL["profile"], "full_name": "Max Nobody"}}
    pdf = enclosing(render_pdf(cv_of(other)).pdf, list(enclosed_in(full()).items()))
    found = read_pdf(pdf)
    assert found.tampered is True
    assert found.profile.full_name == "Max Nobody"
    told = {(each.kind, each.text) for each in found.differences}
    assert ("not_in_text", FULL["profile"]["full_name"]) in told
    assert ("not_in_data", "Max Nobody") in told
    assert "tampered" in {warning.code for warning in found.warnings}


def test_data_altered_under_the_same_pages_is_told_and_loses() -> None:
    files = enclosed_in(full())
    resume = json.loads(files[RESUME])
    resume["work"][0]["position"] = "Chief Executive Officer"
    found = read_pdf(enclosing(full(), [*({**files, RESUME: json.dumps(resume).encode()}.items())]))
    assert found.tampered is True
    assert "Chief Executive Officer" in {each.text for each in found.differences}
    assert said(found) == said(read_text_of_pdf(full()))


def test_data_that_no_page_shows_is_not_altered_unseen() -> None:
    files = enclosed_in(full())
    resume = files[RESUME].replace(b"6.5", b"16.5")
    assert resume != files[RESUME]
    found = read_pdf(enclosing(full(), [*({**files, RESUME: resume}.items())]))
    assert found.tampered is True
    assert 16.5 not in {skill.years for skill in found.skills}


def test_a_file_of_the_same_name_in_a_strangers_pdf_is_held_to_its_text() -> None:
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(full()))  # the pages alone, without what the document states
    stranger = enclosing(written(writer), [(CV_DATA, b'{"identity": {"first_name": "Eve"}}')])
    found = read_pdf(stranger)
    assert found.tampered is True
    assert found.profile.full_name == FULL["profile"]["full_name"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "enclosed_unreadable"),
        (b"[]", "enclosed_unreadable"),
        (b"\xff\xfe\x00", "enclosed_unreadable"),
        (b'{"identity": ' + b"[" * 5000 + b"]" * 5000 + b"}", "enclosed_unreadable"),
        (b" " * (64 << 20), "enclosed_too_large"),
    ],
    ids=["cut", "list", "no text", "deep", "bomb"],
)
def test_hostile_data_is_left_alone_with_a_warning(content: bytes, code: str) -> None:
    found = read_pdf(enclosing(full(), [(CV_DATA, content)]))
    assert code in {warning.code for warning in found.warnings}
    assert found.tampered is None
    assert said(found) == said(read_text_of_pdf(full()))


def test_two_files_of_one_name_are_left_alone_with_a_warning() -> None:
    files = enclosed_in(full())
    found = read_pdf(enclosing(full(), [(RESUME, files[RESUME]), (RESUME, files[RESUME])]))
    assert [warning.code for warning in found.warnings] == ["enclosed_twice"]
    assert found.tampered is None
