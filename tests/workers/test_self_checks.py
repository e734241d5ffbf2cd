"""Our checks find wrong in a PDF what veraPDF does, which `.ci/judges pdf` shows the same."""

from __future__ import annotations

import io
from functools import cache

import pypdf
import pytest

from tests.workers import samples
from tests.workers.spoilt import WAYS, spoilt_by, unspoilt
from workers.render import render_pdf
from workers.self_checks import checks


@cache
def resume() -> bytes:
    return render_pdf(samples.pictured(samples.example("picture"))).pdf


def broken(pdf: bytes) -> set[str]:
    """The standards that our checks find broken."""
    told = checks(pypdf.PdfReader(io.BytesIO(pdf)), pdf)
    return {check["standard"] for check in told if not check["passed"]}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_spoilt_breaks_the_standards_that_ask_for_it(way: str) -> None:
    spoilt = spoilt_by(way, resume())
    assert broken(spoilt.pdf) == spoilt.standards


def test_what_another_program_has_only_written_anew_breaks_none() -> None:
    assert broken(unspoilt(resume())) == set()


def test_each_check_is_told_once_for_each_standard() -> None:
    told = checks(pypdf.PdfReader(io.BytesIO(resume())), resume())
    named = [(check["standard"], check["name"]) for check in told]
    assert len(named) == len(set(named))
    assert {standard for standard, _ in named} == {"pdfua", "pdfa"}


def test_the_tags_of_long_documents_and_of_those_from_right_to_left_hold() -> None:
    assert broken(render_pdf(samples.dense("banner", 30)).pdf) == set()
    assert broken(render_pdf(samples.written_in("business", "Arabic")).pdf) == set()
