"""Pages that are read from right to left."""

from __future__ import annotations

import pytest

from app.cv.normalise import normalise
from app.importing import directions
from app.importing.pdf import read_document
from app.importing.read import read_pdf, read_text_of_pdf
from tests.workers.samples import WRITTEN
from workers.render import render_pdf

TAGS = {"Arabic": "ar", "Hebrew": "he", "Persian": "fa", "Urdu": "ur"}


def pdf_of(language: str, template: str = "business") -> bytes:
    first, last, job, place, _, sentence = WRITTEN[language]
    item = {"title": "ACME GmbH", "subtitle": job, "location": place, "bullets": [sentence]}
    cv_data = {
        "template": template,
        "locale": TAGS[language],
        "identity": {"first_name": first, "last_name": last, "email": "someone@example.com"},
        "sections": {
            "experience": {
                "type": "main",
                "items": [
                    {**item, "start": "2018-03", "end": "Present"},
                    {**item, "start": "2010-11-01", "end": "2018-02"},
                ],
            },
            "skills": {"type": "secondary", "items": [{"bullets": ["PostgreSQL", "Python"]}]},
        },
    }
    return render_pdf(normalise(cv_data).cv).pdf


@pytest.mark.parametrize("template", ["business", "original", "picture"])
@pytest.mark.parametrize("language", TAGS)
def test_a_resume_from_right_to_left_is_read_as_it_was_written(
    language: str, template: str
) -> None:
    first, last, job, place, _, sentence = WRITTEN[language]
    found = read_text_of_pdf(pdf_of(language, template))
    assert found.profile.full_name == f"{first} {last}"
    now, before = found.experience
    seen = job.replace("\u200c", "")  # a sign that shows nothing
    assert (now.company, now.title, now.location) == ("ACME GmbH", seen, place)
    assert (now.start_date, now.is_current) == ("2018-03", True)
    assert (before.start_date, before.end_date) == ("2010-11-01", "2018-02")
    assert [" ".join(text.split()) for text in now.bullets] == [sentence]
    assert [skill.name for skill in found.skills] == ["PostgreSQL", "Python"]


def test_a_bullet_and_a_stop_belong_to_a_line_from_right_to_left_on_another_page() -> None:
    sentence = "חוקרת ומלמדת את תולדות הספר העברי בימי הביניים."
    item = {"title": "ACME GmbH", "subtitle": "Librarian", "start": "2018", "end": "2020"}
    cv_data = {
        "identity": {"first_name": "Noa", "last_name": "Levi", "email": "noa@example.com"},
        "locale": "en",
        "sections": {
            "experience": {
                "type": "main",
                "items": [{**item, "bullets": ["Keeps the books of three libraries.", sentence]}],
            }
        },
    }
    (found,) = read_text_of_pdf(render_pdf(normalise(cv_data).cv).pdf).experience
    assert found.bullets == ["Keeps the books of three libraries.", sentence]


@pytest.mark.parametrize("language", TAGS)
def test_it_is_not_taken_for_altered(language: str) -> None:
    found = read_pdf(pdf_of(language))
    assert (found.tampered, found.differences) == (False, [])


def test_evidence_says_where_a_value_stands_on_the_page_itself() -> None:
    pdf = pdf_of("Hebrew")
    document = read_document(pdf)
    assert document.mirrored == {1}
    found = read_text_of_pdf(pdf)
    (email,) = [each for each in found.profile.evidence if each.field == "email"]
    assert email.box is not None
    assert email.box[2] < document.page_sizes[0].width / 2  # the side column is at the left


def test_the_language_of_a_document_says_how_its_pages_are_laid_out() -> None:
    assert directions.runs_backwards("he-IL", [])
    assert not directions.runs_backwards("en", [])
    assert not directions.runs_backwards("", [])
