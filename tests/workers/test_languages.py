"""Résumés in every language that we have words of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pypdfium2
import pytest

from app.cv import dates, locales
from app.cv.from_profile import cv_data_of
from app.cv.locales import Words
from app.cv.model import CV, Identity, Item, Section
from app.cv.normalise import normalise
from app.importing.read import read_pdf, read_text_of_pdf
from tests.workers import samples
from tests.workers.reading import by_pdfium, reader, words
from workers.render import Rendered, render_html, render_pdf

render = cache(render_pdf)
EVERY = locales.every()
every_language = pytest.mark.parametrize("spoken", EVERY, ids=[each.tag for each in EVERY])
both_templates = pytest.mark.parametrize("template", ["original", "business"])
# Of these PDFium puts marks, or figures among letters, elsewhere than they were written.
_ONLY_IN_PARTS = ("Arabic", "Hebrew", "Persian", "Urdu")

_ARABIC = ("إدارة المشاريع", "المحاسبة", "التخطيط", "التدريب", "التسويق")
NAMES = {
    "ar": _ARABIC,
    "ur": _ARABIC,
    "fa": ("مدیریت پروژه", "حسابداری", "برنامه ریزی", "آموزش", "بازاریابی"),
    "he": ("ניהול פרויקטים", "תכנון", "הנהלת חשבונות", "הדרכה", "אקסל"),
}


@cache
def cv_in(tag: str, template: str) -> CV:
    """A CV of which we chose all headings."""
    item = {"title": "ACME GmbH", "subtitle": "Engineer", "bullets": ["Ran 12 engines."]}
    sections: dict[str, Any] = {
        "experience": {
            "type": "main",
            "items": [
                {**item, "start": "2018-03", "end": "Present"},
                {**item, "title": "Initech", "start": "2012-11", "end": "2018-02"},
            ],
        },
        "education": {"type": "main", "items": [{"title": "ETH Zurich", "start": "2008"}]},
        "skills": {"type": "secondary", "items": [{"bullets": ["Python", "PostgreSQL"]}]},
    }
    identity = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}
    raw = {"template": template, "locale": tag, "identity": identity, "sections": sections}
    return normalise(raw).cv


@every_language
@both_templates
def test_headings_and_dates_are_in_the_language_and_read_by_machines(
    spoken: Words, template: str
) -> None:
    rendered = render(cv_in(spoken.tag, template))
    text = _joined("".join(by_pdfium(rendered)))
    if (spoken.tag, template) != ("el", "original"):  # capitals in Greek lose their accents
        for kind in ("experience", "education", "skills"):
            assert _joined(spoken.headings[kind]) in text
    assert words(dates.shown("2018-02", spoken.tag)) in text
    assert words(spoken.present) in text
    assert reader(rendered).trailer["/Root"]["/Lang"] == spoken.tag
    assert rendered.pages == 1


@every_language
@pytest.mark.parametrize("template", ["original", "harvard"])
def test_dates_end_where_the_lines_of_their_page_do(spoken: Words, template: str) -> None:
    assert _right_edge(spoken.tag, template) <= _right_edge("en", template) + 1


def _right_edge(tag: str, template: str) -> float:
    """How far to the right letters stand, in points; all but dates stand further left."""
    document = pypdfium2.PdfDocument(render(cv_in(tag, template)).pdf)
    text = document[0].get_textpage()
    return float(max(text.get_rect(index)[2] for index in range(text.count_rects())))


@every_language
@both_templates
def test_what_we_set_is_read_back(spoken: Words, template: str) -> None:
    pdf = render(cv_in(spoken.tag, template)).pdf
    seen, whole = read_text_of_pdf(pdf), read_pdf(pdf)
    assert (whole.tampered, whole.differences) == (False, [])
    now, before = seen.experience
    assert (now.company, now.start_date, now.is_current) == ("ACME GmbH", "2018-03", True)
    assert (before.start_date, before.end_date) == ("2012-11", "2018-02")
    assert [entry.institution for entry in seen.education] == ["ETH Zurich"]
    assert [skill.name for skill in seen.skills] == ["Python", "PostgreSQL"]


@every_language
def test_a_list_of_skills_is_read_back_with_the_years_it_counts(spoken: Words) -> None:
    names = NAMES.get(spoken.tag, ("Python", "PostgreSQL", "Kubernetes", "Figma", "Terraform"))
    known = [*zip(names, (5.0, 1.0, 2.0, None, 11.0), strict=True)]
    skills = [{"name": name, "years": years} for name, years in known]
    record = {"profile": {"full_name": "Ada Lovelace"}, "skills": skills}
    cv = normalise(cv_data_of(record, template="original", locale=spoken.tag)).cv
    seen = read_text_of_pdf(render_pdf(cv).pdf)
    assert [(skill.name, skill.years) for skill in seen.skills] == known


@pytest.mark.parametrize("language", samples.WRITTEN)
@both_templates
def test_sentences_are_read_as_they_were_written(language: str, template: str) -> None:
    *names, sentence = samples.WRITTEN[language]
    text = words("".join(by_pdfium(render(samples.written_in(template, language)))))
    if template == "business":  # which has no headings in capitals
        assert [each for each in names if _joined(each) not in _joined(text)] == []
    if language not in _ONLY_IN_PARTS:
        assert _joined(sentence) in _joined(text)


def _joined(text: str) -> str:
    """Without the sign that parts letters in Persian words and shows nothing itself."""
    return words(text).replace("\u200c", "")


@pytest.mark.parametrize("language", samples.WRITTEN)
def test_no_box_stands_for_a_letter(language: str) -> None:
    assert missing_glyphs(render(samples.written_in("original", language))) == 0


def test_no_box_stands_for_what_no_font_has() -> None:
    section = Section(
        key="a", heading="A", type="main", items=(Item(bullets=("\u182e\u1823 𓀀 𝗔 😀 x",)),)
    )
    cv = CV(identity=Identity(first_name="Ada"), sections=(section,))
    assert missing_glyphs(render(cv)) == 0
    assert "A 😀 x" in by_pdfium(render(cv))[0]


def missing_glyphs(rendered: Rendered) -> int:
    """How many glyphs are shown that stand for none: number 0 of a font."""
    shown = (
        string
        for page in reader(rendered).pages
        for string in _strings(page.get_contents().get_data())
    )
    return sum(string[at : at + 4] == "0000" for string in shown for at in range(0, len(string), 4))


def _strings(content: bytes) -> Iterator[str]:
    for piece in content.decode("latin-1").split("<")[1:]:
        string, _, _ = piece.partition(">")
        if string and set(string) <= set("0123456789abcdefABCDEF"):
            yield string


@pytest.mark.parametrize("tag", ["ar", "he", "fa", "ur"])
def test_pages_from_right_to_left_are_turned_round(tag: str) -> None:
    html = render_html(cv_in(tag, "business"))
    assert f'<html lang="{tag}" dir="rtl">' in html
    for template, left in (("business", True), ("original", False)):
        found = read_text_of_pdf(render(cv_in(tag, template)).pdf)
        (email,) = [each for each in found.profile.evidence if each.field == "email"]
        assert email.box is not None
        assert (email.box[2] < 300) is left


def test_parts_in_another_script_say_which_language_they_are_in() -> None:
    items = (
        Item(title="מערכות מבוזרות", subtitle="Journal of Queues"),
        Item(title="On queues", bullets=("Проверено на практике.",)),
    )
    papers = Section(key="publications", heading="Publications", type="main", items=items)
    html = render_html(CV(identity=Identity(first_name="Ada"), sections=(papers,)))
    assert '<h3 dir="rtl" lang="he">' in html
    assert '<li dir="ltr" lang="ru">' in html
    rendered = render(CV(identity=Identity(first_name="Ada"), sections=(papers,)))
    root = reader(rendered).trailer["/Root"]["/StructTreeRoot"]
    assert set(tongues(root)) == {"he", "ru"}


def tongues(part: Any) -> Iterator[str]:
    """The languages that parts of a document's structure say they are in."""
    part = part.get_object()
    if isinstance(part, dict):
        if "/Lang" in part:
            yield str(part["/Lang"])
        part = part.get("/K", [])
    for child in part if isinstance(part, list) else []:
        yield from tongues(child)
