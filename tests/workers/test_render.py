from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal

import pypdfium2
import pytest
from msgspec import structs

from app.cv.dates import period
from app.cv.designs import DESIGNS
from app.cv.model import CV, Identity, Item, Picture, Section, Template
from app.importing.read import read_text_of_pdf
from tests.workers import careers, samples
from tests.workers.reading import by_pdfium, by_pypdf, links, reader, words
from tests.workers.samples import TEMPLATES
from workers.render import Rendered, render_html, render_pdf, warm

TWO_COLUMNS = [name for name, design in DESIGNS.items() if design.columns == 2]
# Height of a line in rem: how it is, and how it is where pages are drawn tighter.
LINES = {"compact": (1.225, 1.225)}

every_template = pytest.mark.parametrize("template", TEMPLATES)

render = cache(render_pdf)


def strings(cv: CV, sections: tuple[Section, ...]) -> Iterator[str]:
    """What a reader meets, in order: title, subtitle, dates, place, what is told of each item."""
    for section in sections:
        yield section.heading
        yield section.content
        for item in section.items:
            dates = period(item.start, item.end)
            repeated = section.type == "secondary" and item.title == section.heading
            yield "" if repeated else item.title
            yield item.subtitle
            yield from (dates, item.location) if section.type == "main" else (item.location, dates)
            yield item.description
            yield from item.bullets


def in_reading_order(cv: CV) -> list[str]:
    person = cv.identity
    head = [f"{person.first_name} {person.last_name}", person.jobtitle]
    contact = [person.email, person.mobile, person.address]
    web = (person.linkedin, person.github, person.website)
    contact += [re.sub(r"^https://|/$", "", url) for url in web]
    sections = cv.sections
    if cv.template in TWO_COLUMNS:
        sections = tuple(sorted(cv.sections, key=lambda section: section.type == "main"))
    return [text for text in (*head, *contact, *strings(cv, sections)) if text]


def assert_in_order(expected: list[str], text: str) -> None:
    at = 0
    for string in map(words, expected):
        found = text.find(string, at)
        assert found >= 0, f"{string!r} does not follow {text[max(0, at - 60) : at]!r}"
        at = found + len(string)


# What it looks like


@every_template
def test_the_documented_example_is_one_page(template: Template) -> None:
    assert render(samples.example(template)).pages == 1


@every_template
@pytest.mark.parametrize(("size", "points"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_pages_have_the_size_that_was_asked_for(
    template: Template, size: Literal["a4", "letter"], points: tuple[int, int]
) -> None:
    cv = structs.replace(samples.example(template), page_size=size)
    (page,) = pypdfium2.PdfDocument(render(cv).pdf)
    assert tuple(map(round, page.get_size())) == points


@every_template
@pytest.mark.parametrize("size", [9.0, 14.0])
def test_the_font_size_scales_letters_and_lines(template: Template, size: float) -> None:
    def letter_and_line(cv: CV) -> tuple[float, float]:
        text = pypdfium2.PdfDocument(render(cv).pdf)[0].get_textpage()
        whole = text.get_text_range()
        name, job = (text.get_charbox(whole.index(word)) for word in ("Leif", "AI Product"))
        return name[3] - name[1], name[1] - job[1]

    cv = samples.example(template)
    cv = structs.replace(cv, sections=())  # so that it is one kind of page in all sizes
    letter, line = letter_and_line(cv)
    scaled = letter_and_line(structs.replace(cv, font_size=size))
    assert scaled == pytest.approx((letter * size / 11, line * size / 11), rel=0.01)


@every_template
def test_nothing_leaves_the_page(template: Template) -> None:
    for page in pypdfium2.PdfDocument(render(samples.unruly(template)).pdf):
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            char = text.get_text_range(index, 1)
            assert 20 < left <= right < width - 20, (char, left, right)
            assert 10 < bottom <= top < height - 20, (char, bottom, top)


@every_template
@pytest.mark.parametrize("length", [3, 12, 20, 200])
def test_dates_never_touch_a_title(template: Template, length: int) -> None:
    item = Item(title="T" * 200, subtitle="T " * 99, start="Q" * length, location="Q q" * length)
    work = Section(key="work", heading="work", type="main", items=(item,))
    cv = CV(template=template, identity=Identity(first_name="ada"), sections=(work,))
    pages = [page.get_textpage() for page in pypdfium2.PdfDocument(render(cv).pdf)]
    text = next(page for page in pages if "TTT" in page.get_text_range())
    boxes = [(text.get_text_range(at, 1), text.get_charbox(at)) for at in range(text.count_chars())]
    titles, dates = (
        [(left, right) for char, (left, _, right, _) in boxes if char == letter] for letter in "TQ"
    )
    one, other = sorted((titles, dates))  # dates may hang in the margin
    assert max(right for _, right in one) + 5 < min(left for left, _ in other)


@every_template
def test_a_word_longer_than_a_page_is_wide_comes_out_whole(template: Template) -> None:
    word = "0123456789" * 40
    item = Item(title=word, bullets=(f"https://example.com/{word}?q={word}",))
    work = Section(key="work", heading="Work", type="main", items=(item,))
    cv = CV(template=template, identity=Identity(first_name="Ada"), sections=(work,))
    text = "".join(by_pdfium(render(cv)))
    assert word in words(text)
    assert f"example.com/{word}?q={word}" in words(text)


@every_template
@pytest.mark.parametrize("kind", ["main", "secondary"])
def test_a_description_stands_between_head_and_bullets(
    template: Template, kind: Literal["main", "secondary"]
) -> None:
    item = Item(title="Acme", description="Sold anvils.\nAnd rockets.", bullets=("Won a prize",))
    section = Section(key="work", heading="Work", type=kind, items=(item,))
    cv = CV(template=template, identity=Identity(first_name="Ada"), sections=(section,))
    [text] = by_pdfium(render(cv))
    assert re.search(r"Acme\s+Sold anvils\.\nAnd rockets\.\s+(?:\u2022\s+)?Won a prize", text)


@every_template
def test_sentences_of_a_secondary_section_are_not_strung_on_commas(template: Template) -> None:
    item = Item(title="Voluntary", bullets=("Ran a shelter.", "Taught."))
    side = Section(key="more", heading="More", type="secondary", items=(item,))
    cv = CV(template=template, identity=Identity(first_name="Ada"), sections=(side,))
    assert words("Ran a shelter. Taught.") in words("".join(by_pdfium(render(cv))))


@every_template
def test_a_bare_cv_is_set(template: Template) -> None:
    rendered = render(samples.bare(template))
    assert rendered.pages == 1
    assert words("".join(by_pdfium(rendered))) == words("Ada Summary Looking for work.")


def test_a_label_that_repeats_its_heading_is_said_once() -> None:
    text = words("".join(by_pdfium(render(samples.example()))))
    assert text.count("languages") == 1


# Reading order


@every_template
@pytest.mark.parametrize("read", [by_pdfium, by_pypdf])
def test_text_comes_out_in_reading_order(
    template: Template, read: Callable[[Rendered], list[str]]
) -> None:
    cv = samples.pictured(samples.example(template))
    text = words("".join(read(render(cv))))
    assert_in_order(in_reading_order(cv), text)


@every_template
def test_a_long_career_comes_out_whole_and_in_order(template: Template) -> None:
    cv = samples.dense(template, 40)
    pages = by_pdfium(render(cv))
    text = words("".join(pages))
    for kind in ("main", "secondary"):
        sections = tuple(section for section in cv.sections if section.type == kind)
        for string in strings(cv, sections):
            first = string[:30]  # the rest may be on the next page, after the other column
            assert words(first) in text
    numbered = [
        words(f"{number}.{index} {('Led', 'Wrote', 'Introduced')[index]}")
        for number in range(40)
        for index in range(3)
    ]
    assert_in_order(numbered, text)


# Pages


@every_template
@pytest.mark.parametrize("lines", [1, 6])
def test_no_page_ends_with_a_heading_or_the_head_of_an_item(template: Template, lines: int) -> None:
    cv = samples.dense(template, 32)  # of which each page ends at another place of an entry
    told = [
        structs.replace(
            section,
            items=tuple(
                structs.replace(item, description="What it was.") for item in section.items
            ),
        )
        if section.type == "main"
        else section
        for section in cv.sections
    ]
    content = "\n".join(["A line."] * lines)  # moves all that follows down the page
    about = Section(key="about", heading="About", type="main", content=content)
    pages = by_pdfium(render_pdf(structs.replace(cv, sections=(about, *told))))
    heads = re.compile(
        r"(About|Summary|Experience|Skills|Publications|Field \d:?|Employer number .*"
        r"|Principal Engineer, Platform|Zürich, Switzerland|\w{3} \d{4} – .*|What it was\.)",
        re.IGNORECASE,
    )
    footer = re.compile(r".* / \d+|Margarethe von Hohenfels-Lindqvist")
    assert len(pages) > 5
    for page in pages[:-1]:
        text = [line.strip() for line in page.splitlines()]
        body = [line for line in text if line and not footer.fullmatch(line)]
        assert not heads.fullmatch(body[-1]), body[-3:]


@every_template
def test_each_of_several_pages_carries_the_name_and_its_number(template: Template) -> None:
    pages = by_pdfium(render(samples.dense(template, 24)))
    for number, page in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in page
        assert "von Hohenfels-Lindqvist" in page


@every_template
def test_a_lone_page_carries_no_number(template: Template) -> None:
    (page,) = by_pdfium(render(samples.example(template)))
    assert " / 1" not in page


@every_template
def test_entries_without_bullets_fill_a_page_before_the_next_is_begun(template: Template) -> None:
    posts = tuple(Item(title=f"Post no. {number}.", start="2020") for number in range(90))
    work = Section(key="work", heading="Work", type="main", items=posts)
    pages = by_pdfium(
        render(CV(template=template, identity=Identity(first_name="Ada"), sections=(work,)))
    )
    assert "Post no. 0." in pages[0]
    assert all(page.count("Post no.") > 20 for page in pages[:-1])


@every_template
def test_a_short_secondary_section_is_not_torn(template: Template) -> None:
    papers = tuple(Item(title=f"Paper {at}", bullets=("A line.",)) for at in range(4))
    short = Section(key="papers", heading="Papers", type="secondary", items=papers)
    for lines in range(36, 50, 4):
        content = "\n".join(["A line."] * lines)  # moves what follows down the page
        about = Section(key="about", heading="About", type="secondary", content=content)
        cv = CV(template=template, identity=Identity(first_name="Ada"), sections=(about, short))
        pages = by_pdfium(render_pdf(cv))
        assert {sum(f"Paper {at}" in page for at in range(4)) for page in pages} <= {0, 4}


@every_template
def test_a_few_lines_left_over_are_drawn_onto_the_page_before(template: Template) -> None:
    @cache
    def document(lines: int) -> Rendered:
        content = "\n".join(f"Line {line}." for line in range(lines))
        about = Section(key="about", heading="About", type="main", content=content)
        return render(CV(template=template, identity=Identity(first_name="A"), sections=(about,)))

    def line_height(lines: int) -> float:
        text = pypdfium2.PdfDocument(document(lines).pdf)[0].get_textpage()
        whole = text.get_text_range()
        upper, lower = (text.get_charbox(whole.index(f"Line {line}."))[1] for line in (1, 11))
        return float(upper - lower) / 10

    most = 19 + bisect_left(range(20, 90), 2, key=lambda lines: document(lines).pages)
    usual, tight = LINES.get(template, (1.4, 1.3))
    assert line_height(most) == pytest.approx(11 * tight, abs=0.1)
    assert line_height(20) == pytest.approx(11 * usual, abs=0.1)
    assert line_height(most + 25) == pytest.approx(11 * usual, abs=0.1)
    assert document(most + 25).pages == 2


def test_lines_left_over_in_a_long_document_have_a_page_of_their_own() -> None:
    @cache
    def pages(lines: int) -> list[str]:
        content = "\n".join(f"Line {line}." for line in range(lines))
        about = Section(key="about", heading="About", type="main", content=content)
        return by_pdfium(render_pdf(CV(identity=Identity(first_name="A"), sections=(about,))))

    least = bisect_left(range(400), 5, key=lambda lines: len(pages(lines)))
    assert 2 <= pages(least)[4].count("Line ") <= 3


@pytest.mark.parametrize("template", ["original", "compact"])
def test_no_line_of_a_list_stands_alone_on_the_last_page(template: Template) -> None:
    @cache
    def pages(papers: int) -> list[str]:
        items = tuple(Item(title=f"Paper no. {at}.", start="2020") for at in range(papers))
        list_ = Section(key="papers", heading="Papers", type="secondary", items=items)
        cv = CV(template=template, identity=Identity(first_name="Ada"), sections=(list_,))
        return by_pdfium(render_pdf(cv))

    least = 100 + bisect_left(range(100, 220), 4, key=lambda papers: len(pages(papers)))
    assert [page.count("Paper no.") for page in pages(least)][3:] == [2]


@every_template
def test_a_page_that_would_be_half_empty_is_set_wider(template: Template) -> None:
    def apart(cv: CV) -> float:
        text = pypdfium2.PdfDocument(render(cv).pdf)[0].get_textpage()
        whole = text.get_text_range()
        upper, lower = (text.get_charbox(whole.index(word))[1] for word in ("Kanton", "Bike"))
        return float(upper - lower)

    few = careers.student(template)
    about = Section(key="about", heading="About", type="main", content="A line.\n" * 20)
    many = structs.replace(few, sections=(*few.sections, about))
    assert apart(few) > apart(many) + 8


# Text


def test_a_long_name_breaks_between_its_parts() -> None:
    page = by_pdfium(render(samples.dense("picture", 6)))[0]
    assert re.match(r"Margarethe\s*\nvon Hohenfels-Lindqvist\n", page)


def of_skills(locale: str, *skills: str) -> CV:
    person = Identity(first_name="Ada", jobtitle="Engineer")
    stack = Item(title="Stack", bullets=skills)
    section = Section(key="skills", heading="Skills", type="secondary", items=(stack,))
    return CV(template="picture", locale=locale, identity=person, sections=(section,))


@pytest.mark.parametrize(
    ("locale", "divided"),
    [
        ("de", "Qualitätssicherungsbeauf|tragter"),
        ("nl", "Arbeidsongeschiktheidsverze|keringsdeskundige"),
        ("hu", "megszentségteleníthetetlen|ségeskedéseitek"),
        ("ru", "Превысокомногорассмотри|тельствующий"),
    ],
)
def test_a_word_longer_than_its_column_is_divided_as_its_language_does(
    locale: str, divided: str
) -> None:
    word = divided.replace("|", "")
    rendered = render(of_skills(locale, word, "Python"))
    assert divided.replace("|", "-\n") in by_pypdf(rendered)[0]
    assert word in [skill.name for skill in read_text_of_pdf(rendered.pdf).skills]


def test_a_word_longer_than_its_column_in_a_language_without_rules_breaks_where_it_must() -> None:
    word = "Lentokonesuihkuturbiinimoottoriapumekaanikko"
    page = by_pypdf(render(of_skills("fi", word, "Python")))[0]
    assert word not in page
    assert word in page.replace("\n", "")


def test_names_and_addresses_are_not_hyphenated() -> None:
    address = "https://example.org/qualitaetssicherungsbeauftragterinnenverzeichnis"
    cv = of_skills("de", address)
    name = Identity(first_name="Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren")
    page = by_pypdf(render(structs.replace(cv, identity=name)))[0]
    assert "-\n" not in page
    assert name.first_name in page.replace("\n", "")
    assert address.removeprefix("https://") in page.replace("\n", "")


def test_a_word_that_fits_a_line_stays_whole_beside_one_that_does_not() -> None:
    shorter = ("Wirtschaftsprüfung", "Steuerberatung im Mittelstand", "Verwaltungsvereinfachung")
    page = by_pypdf(render(of_skills("de", "Qualitätssicherungsbeauftragter", *shorter)))[0]
    assert page.count("-\n") == 1


@pytest.mark.parametrize(("address", "dots"), [("Zürich", 2), ("A long street, " * 6, 0)])
def test_contacts_that_need_a_second_line_are_not_strung_on_bullets(
    address: str, dots: int
) -> None:
    person = Identity(first_name="Ada", email="a@b.example", mobile="+41", address=address)
    about = Section(key="about", heading="About", type="main", content="Text.")
    cv = CV(template="harvard", identity=person, sections=(about,))
    assert by_pdfium(render(cv))[0].count("\u2022") == dots


def test_each_paragraph_takes_its_own_direction() -> None:
    content = "שלום עולם\n\nHello, world.\nOn two lines.\n \nשלום"
    about = Section(key="about", heading="About", type="main", content=content)
    html = render_html(CV(identity=Identity(first_name="Ada"), sections=(about,)))
    html = html.replace("\u2060", "")
    assert re.findall(r'<p class="prose" dir="(...)"[^>]*>([^<]*)</p>', html) == [
        ("rtl", "שלום עולם"),
        ("ltr", "Hello, world.\nOn two lines."),
        ("rtl", "שלום"),
    ]


@every_template
def test_bullets_from_right_to_left_hang_on_the_right(template: Template) -> None:
    text = "אבג " * 60
    item = Item(title="אבג", bullets=(text,))
    work = Section(key="work", heading="אבג", type="main", items=(item,))
    cv = CV(template=template, identity=Identity(first_name="אבג"), sections=(work,))
    page = pypdfium2.PdfDocument(render(cv).pdf)[0].get_textpage()
    boxes = [(page.get_text_range(at, 1), page.get_charbox(at)) for at in range(page.count_chars())]
    (mark,) = (box for char, box in boxes if char == "\u2022")
    lines: dict[int, float] = {}
    for char, (_, bottom, right, top) in boxes:
        if char in "אבג" and top < mark[3] + 8:
            line = round((bottom + top) / 2 / 10)
            lines[line] = max(right, lines.get(line, 0))
    assert len(lines) > 2
    assert max(lines.values()) - min(lines.values()) < 2
    assert 5 < mark[0] - max(lines.values()) < 15


@pytest.mark.parametrize("template", TWO_COLUMNS)
def test_a_side_column_longer_than_the_main_one_is_set_whole(template: Template) -> None:
    skills = tuple(Item(title=f"Field no. {at}.", bullets=("One", "Two")) for at in range(99))
    side = Section(key="skills", heading="Skills", type="secondary", items=skills)
    work = Section(key="work", heading="Work", type="main", items=(Item(title="A post"),))
    cv = CV(template=template, identity=Identity(first_name="Ada"), sections=(side, work))
    pages = by_pdfium(render(cv))
    assert_in_order([skill.title for skill in skills], words("".join(pages)))
    assert words(skills[-1].title) in words(pages[-1])
    assert f"{len(pages)} / {len(pages)}" in pages[-1]


# Links and metadata


@every_template
def test_web_addresses_in_text_are_live_without_the_punctuation_around_them(
    template: Template,
) -> None:
    content = (
        """(See https://a.example/x_(y)?a=1&b="q".) Or HTTP://b.example, <https://c.example>!"""
    )
    bullets = ("作品はhttps://d.example/eです", "ftp://f.example", "http://a]b[c", "https://")
    sections = tuple(
        Section(
            key=kind,
            heading=kind,
            type=kind,
            content=content,
            items=(Item(title="T", bullets=bullets),),
        )
        for kind in ("main", "secondary")
    )
    rendered = render(CV(template=template, sections=sections, identity=Identity(first_name="A")))
    assert {link.rstrip("/") for link in links(rendered)} == {
        "https://a.example/x_(y)?a=1&b=",
        "HTTP://b.example",
        "https://c.example",
        "https://d.example/e",
    }
    text = words("".join(by_pdfium(rendered)))
    assert text.count(words(content)) == 2
    assert all(words(bullet) in text for bullet in bullets)


@pytest.mark.parametrize("template", ["business", "picture"])
@pytest.mark.parametrize("size", [9.0, 11.0])
@pytest.mark.parametrize("family", ["arimo", "inter", "eb-garamond"])
def test_an_e_mail_address_stays_in_one_line_of_a_side_column(
    template: Template, size: float, family: str
) -> None:
    email = "misaki.takahashi.ma@example.co.jp"
    cv = structs.replace(samples.example(template), font_size=size, font_family=family)
    cv = structs.replace(cv, identity=structs.replace(cv.identity, email=email))
    assert email in by_pdfium(render(cv))[0]
    page = pypdfium2.PdfDocument(render(cv).pdf)[0].get_textpage()
    at = page.get_text_range().index(email)
    side = {"business": (142, 193), "picture": (11, 61)}[template]  # millimetres
    for index in range(at, at + len(email)):
        left, _, right, _ = page.get_charbox(index)
        assert side[0] < left * 25.4 / 72 < right * 25.4 / 72 < side[1]


def test_an_e_mail_address_too_long_for_that_breaks_at_its_sign() -> None:
    email = "a.person.with.a.long.name@a.long.organisation.example"
    cv = samples.example("business")
    cv = structs.replace(cv, identity=structs.replace(cv.identity, email=email))
    assert "a.person.with.a.long.name\n@a.long.organisation" in by_pdfium(render(cv))[0]


@pytest.mark.parametrize(
    ("language", "tag"), [("Japanese", "ja"), ("Hebrew", "he"), ("Russian", "ru")]
)
def test_a_cv_in_another_script_says_so_and_has_no_english_months(language: str, tag: str) -> None:
    rendered = render(samples.written_in("original", language))
    assert reader(rendered).trailer["/Root"]["/Lang"] == tag
    text = words("".join(by_pdfium(rendered)))
    assert words("2020-01 – 2024-06") in text
    assert "jan" not in text


@every_template
@pytest.mark.parametrize("kind", ["main", "secondary"])
def test_a_span_of_dates_stays_in_one_line(
    template: Template, kind: Literal["main", "secondary"]
) -> None:
    items = tuple(
        Item(title="T" * length, location="L" * 30, start="2018-09", end="2021-07")
        for length in range(4, 60, 3)
    )
    work = Section(key="work", heading="Work", type=kind, items=items)
    cv = CV(template=template, identity=Identity(first_name="Ada"), sections=(work,))
    assert "".join(by_pdfium(render(cv))).count("Sep 2018 – Jul 2021") == len(items)


@every_template
@pytest.mark.parametrize("family", ["arimo", "jetbrains-mono"])
def test_spans_of_dates_end_in_one_line_down_the_page(template: Template, family: str) -> None:
    spans = (("2018-09", "2021-07"), ("2021-08", "Present"))
    items = tuple(Item(title="Work", start=start, end=end) for start, end in spans)
    work = Section(key="work", heading="Work", type="main", items=items)
    person = Identity(first_name="Ada")
    cv = CV(template=template, identity=person, sections=(work,), font_family=family)
    page = pypdfium2.PdfDocument(render_pdf(cv).pdf)[0].get_textpage()
    text = page.get_text_range()
    ends = [page.get_charbox(text.index(last) + len(last) - 1)[2] for last in ("2021", "Present")]
    assert ends[0] == pytest.approx(ends[1], abs=1)  # points


@every_template
def test_no_text_ends_with_one_short_word_in_a_line(template: Template) -> None:
    cv = careers.lawyer(template)
    lines = [line.strip() for page in by_pdfium(render(cv)) for line in page.splitlines()]
    texts = [section.content for section in cv.sections if section.content]
    texts += {text for section in cv.sections for item in section.items for text in item.bullets}
    ends = {text.split()[-1] for text in texts if text.endswith(".")}
    last = [line for line in lines if line.split()[-1:] and line.split()[-1] in ends]
    assert len(last) >= 20
    assert all(" " in line for line in last)


def test_a_number_is_not_parted_from_its_per_cent() -> None:
    item = Item(title="T", bullets=("Gained 40 % more",))
    work = Section(key="work", heading="Work", type="main", items=(item,))
    html = render_html(CV(identity=Identity(first_name="Ada"), sections=(work,)))
    assert "40\u00a0% more" in html


@every_template
def test_links_are_live_and_read_short(template: Template) -> None:
    rendered = render(samples.example(template))
    assert set(links(rendered)) == {
        "mailto:leif@example.com",
        "tel:+41791234567",
        "https://linkedin.com/in/leif-doxarve",
        "https://github.com/mieleif",
        "https://doxai.ch",
    }
    assert "https://" not in "".join(by_pdfium(rendered))


@every_template
def test_the_document_says_whose_it_is_and_is_tagged(template: Template) -> None:
    pdf = reader(render(samples.example(template)))
    assert pdf.metadata.title == "Leif Doxarve – AI Product Engineer"
    assert pdf.metadata.author == "Leif Doxarve"
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("picture", [samples.portrait(), samples.portrait(600, 200)])
def test_a_portrait_is_set_once(picture: Picture) -> None:
    cv = samples.pictured(samples.example("picture"), picture)
    sizes = [image.image.size for image in reader(render(cv)).pages[0].images]
    assert sizes == [(picture.width, picture.height)]


# Scripts from right to left


@every_template
@pytest.mark.parametrize("language", ["Arabic", "Hebrew"])
def test_right_to_left_text_stands_on_the_right(template: Template, language: str) -> None:
    cv = samples.written_in(template, language)
    html = render_html(cv)
    assert f'<h1 dir="rtl">{cv.identity.first_name}' in html
    assert '<li dir="ltr"><a href="mailto:someone' in html
    assert len(re.findall(r'<li[^>]* dir="rtl">', html)) >= 4


def test_left_to_right_text_carries_no_directions() -> None:
    assert "dir=" not in render_html(samples.example())


@pytest.mark.parametrize("language", ["Japanese", "Chinese", "Korean"])
def test_east_asian_names_begin_with_the_family(language: str) -> None:
    cv = samples.written_in("original", language)
    assert f"<h1>{cv.identity.last_name}{cv.identity.first_name}</h1>" in render_html(cv)


def test_a_process_can_be_warmed_twice() -> None:
    warm()
    warm()
    assert render_pdf(samples.example()).pages == 1
