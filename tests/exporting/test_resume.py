"""Résumés in formats beside PDF: each says all that the CV does, and nothing it says is markup."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import docx
import orjson
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec import structs

from app.cv.model import CV
from app.cv.normalise import normalise, to_cv_data
from app.cv.palette import READABLE, contrast
from app.exporting.document import document_of_cv
from app.exporting.resume import RESUME_FORMATS
from app.importing.cv_data import read_cv_data
from app.importing.docx import read_docx
from app.importing.json_resume import read_json_resume
from app.importing.read import read_document
from tests.cv.samples import EXAMPLE, smallest
from tests.exporting.test_json_resume import assert_valid
from tests.exporting.test_vcard import properties, text
from tests.workers import careers, samples

MADE = datetime(2026, 3, 17, 15, tzinfo=UTC)
_BLANKS = re.compile(r"\s+")


def cv_of(raw: object) -> CV:
    return normalise(raw).cv


def written(name: str, cv: CV) -> bytes:
    return RESUME_FORMATS[name].write(cv, MADE)


def _of_docx(data: bytes) -> str:
    return "\n".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _of_html(data: bytes) -> str:
    page = _Page()
    page.feed(data.decode())
    page.close()
    assert not page.tags & {"script", "b", "x", "z"}
    return "".join(page.texts)


def _of_markdown(data: bytes) -> str:
    inlines = (each for each in MarkdownIt("commonmark").parse(data.decode()) if each.children)
    parts = []
    for inline in inlines:
        assert not [each for each in inline.children or () if each.type == "html_inline"]
        parts += [each.content or "\n" for each in inline.children or ()] + ["\n"]
    return "".join(parts)


def _of_json(data: bytes) -> str:
    return "\n".join(_strings(orjson.loads(data)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, str):
        value, _ = (), (yield value)
    elif not isinstance(value, list):
        value, _ = (), (yield f"{value:g}" if isinstance(value, float) else str(value))
    for each in value:
        yield from _strings(each)


READERS: dict[str, Callable[[bytes], str]] = {
    "docx": _of_docx,
    "html": _of_html,
    "md": _of_markdown,
    "txt": lambda data: data.decode(),
    "cv_data": _of_json,
}


def told(cv: CV) -> Iterator[str]:
    """Every text of a CV, dates as they are read."""
    document, person = document_of_cv(cv, None), cv.identity
    yield from (person.first_name, person.last_name, person.jobtitle, person.email, person.mobile)
    yield person.address
    for url in (person.linkedin, person.github, person.website):
        yield re.sub("^https://", "", url)
    for section in cv.sections:
        yield from section.content.split("\n")
        for item in section.items:
            yield from (item.title, item.subtitle, item.location)
            yield from (*item.description.split("\n"), *item.bullets, document.period(item))


_words = st.text(st.sampled_from("abcXYZ àßЖ中<>&*_#`[]()|\\\"'{}%$~-+=.,;:!/"), max_size=24)
_told = _words.filter(lambda drawn: re.search(r"[^\W\d_]", drawn) is not None)
_items = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("title", "subtitle", "location", "description"), _words),
        "start": st.sampled_from(["2019", "2020-02"]),
        "end": st.sampled_from(["2021", "2022-12", "Present"]),
        "bullets": st.lists(_told, max_size=3),
    },
)
_sections = st.fixed_dictionaries(
    {"type": st.sampled_from(["main", "secondary"])},
    optional={"content": _words, "items": st.lists(_items, max_size=3)},
)
_cvs = st.fixed_dictionaries(
    {
        "identity": st.fixed_dictionaries(
            {"first_name": st.just("Ada")},
            optional=dict.fromkeys(("last_name", "jobtitle", "address", "mobile"), _words),
        ),
        "sections": st.dictionaries(
            st.sampled_from(["experience", "education", "skills", "hobbies", "summary", "talks"]),
            _sections,
            min_size=1,
        ),
    }
)


def _plain(words: str) -> str:
    return _BLANKS.sub(" ", words).strip()


@pytest.mark.parametrize("name", READERS)
@given(raw=_cvs)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_all_that_a_cv_says_is_read_in_each_format(name: str, raw: dict[str, Any]) -> None:
    raw["sections"]["end"] = {"content": "the end"}
    cv = cv_of(raw)
    if name == "cv_data":
        assert normalise(orjson.loads(written(name, cv))).cv == cv
        return
    found = _plain(READERS[name](written(name, cv)))
    assert [each for each in map(_plain, told(cv)) if each not in found] == []


@given(raw=_cvs)
@settings(max_examples=100, deadline=None)
def test_no_word_of_a_cv_is_missing_in_its_json_resume(raw: dict[str, Any]) -> None:
    raw["sections"]["end"] = {"content": "the end"}
    cv = cv_of(raw)
    made = orjson.loads(written("json", cv))
    found = "\n".join(_strings(made))
    words = {word for each in told(cv) for word in re.findall(r"[^\W\d_]{2,}", each)}
    months = {"Feb", "Dec", "Present"}
    assert {word for word in words if word not in found} <= months


@pytest.mark.parametrize("template", samples.TEMPLATES)
def test_the_example_is_a_valid_json_resume(template: Any) -> None:
    assert_valid(orjson.loads(written("json", samples.example(template))))


@pytest.mark.parametrize("name", RESUME_FORMATS)
def test_the_same_cv_makes_the_same_bytes(name: str) -> None:
    assert written(name, cv_of(EXAMPLE)) == written(name, cv_of(EXAMPLE))


def test_an_import_reads_the_same_of_docx_and_json_resume_as_of_cv_data() -> None:
    cv = cv_of(EXAMPLE)
    expected = read_cv_data(to_cv_data(cv))
    of_json = read_json_resume(orjson.loads(written("json", cv)))
    of_docx = read_document(read_docx(written("docx", cv)), "docx")
    for found in (of_json, of_docx):
        assert found.profile.full_name == expected.profile.full_name
        assert found.profile.email == expected.profile.email
        for section in ("experience", "education", "projects"):
            names = [
                [(getattr(e, "company", None) or getattr(e, "institution", None), e.bullets)]
                for e in getattr(found, section)
                if hasattr(e, "company") or hasattr(e, "institution")
            ]
            wanted = [
                [(getattr(e, "company", None) or getattr(e, "institution", None), e.bullets)]
                for e in getattr(expected, section)
                if hasattr(e, "company") or hasattr(e, "institution")
            ]
            assert names == wanted


def test_what_the_standard_has_no_place_for_comes_back_as_text() -> None:
    cv = cv_of(smallest(sections__hobbies={"content": "Bees and beer."}))
    preview = read_json_resume(orjson.loads(written("json", cv)))
    assert "Bees and beer." in "\n".join(left.text for left in preview.unplaced)


def test_a_card_has_both_names_as_given_and_the_portrait() -> None:
    cv = samples.pictured(
        cv_of(smallest(identity__first_name="Anna Maria", identity__last_name="X"))
    )
    found = dict(properties(written("vcf", cv)))
    assert text(found["N"]) == "X;Anna Maria;;;"
    assert cv.identity.picture is not None
    assert found["PHOTO"] == f"data:image/jpeg;base64,{cv.identity.picture.data}"


def test_the_portrait_is_in_the_page_and_in_the_document() -> None:
    cv = samples.pictured(cv_of(EXAMPLE))
    assert cv.identity.picture is not None
    assert cv.identity.picture.data in written("html", cv).decode()
    shapes = docx.Document(io.BytesIO(written("docx", cv))).inline_shapes
    assert len(shapes) == 1


def test_a_compact_entry_without_a_list_parts_its_title_from_what_follows() -> None:
    item = {"title": "On queues", "subtitle": "Journal", "start": "2001", "end": "2001"}
    section = {"type": "secondary", "items": [item]}
    cv = cv_of(smallest(sections__papers=section))
    assert "On queues, Journal, 2001" in _of_docx(written("docx", cv)).splitlines()
    assert "On queues: Journal, 2001" in written("txt", cv).decode().splitlines()


def test_a_document_has_the_colour_size_face_and_paper_of_the_pages() -> None:
    chosen = {"theme_color": "#0b7285", "font_size": 14.0, "font_family": "tinos"}
    cv = structs.replace(cv_of(EXAMPLE), page_size="letter", **chosen)
    made = docx.Document(io.BytesIO(written("docx", cv)))
    heading, text = (made.styles[name].font for name in ("Heading 1", "Body Text"))
    assert str(heading.color.rgb) == "0B7285"
    assert text.name == "Times New Roman"
    assert text.size == Pt(13)  # of 10.5 at 11, and Word knows halves of points
    assert made.sections[0].page_width == Mm(215.9)
    assert "--accent: #0b7285" in written("html", cv).decode()


def test_a_pale_colour_is_darkened_on_paper_and_stays_on_a_dark_screen() -> None:
    page = written("html", structs.replace(cv_of(EXAMPLE), theme_color="#fff3a0")).decode()
    light, dark = re.findall(r"--accent: (#\w{6}); --paper", page)[:2]
    assert contrast(light, "#ffffff") >= READABLE
    assert dark == "#fff3a0"


def test_dates_stand_on_one_side_of_a_section_in_two_scripts() -> None:
    cv = careers.professor("original")
    made = docx.Document(io.BytesIO(written("docx", cv)))
    heads = made.element.xpath("//w:pPr[w:pStyle/@w:val='Heading2']")
    assert len(heads) == 42
    assert all(each.find(qn("w:bidi")) is None for each in heads)
    hebrew = cv_of(smallest(sections__work={"type": "main", "items": [{"title": "ספר"}]}))
    made = docx.Document(io.BytesIO(written("docx", hebrew)))
    (head,) = made.element.xpath("//w:pPr[w:pStyle/@w:val='Heading2']")
    assert head.find(qn("w:bidi")) is not None


def test_letters_from_right_to_left_are_as_large_and_bold_as_others() -> None:
    made = docx.Document(io.BytesIO(written("docx", careers.professor("original"))))
    for name in ("Title", "Heading 2", "Body Text", "Aside"):
        letters = made.styles[name].element.rPr
        sizes = [letters.find(qn(f"w:{tag}")).get(qn("w:val")) for tag in ("sz", "szCs")]
        assert sizes[0] == sizes[1]
        assert made.styles[name].font.bold == made.styles[name].font.cs_bold


def test_a_label_that_repeats_its_heading_is_not_on_the_page_twice() -> None:
    assert written("html", cv_of(EXAMPLE)).decode().count(">Languages<") == 1
