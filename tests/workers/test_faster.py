"""Our words for functions of the libraries say the same: each file is, byte for byte, theirs."""

from __future__ import annotations

import pytest
from msgspec import structs

from app.cv.model import CV, Template
from tests.workers.samples import (
    TEMPLATES,
    WRITTEN,
    bare,
    dense,
    example,
    pictured,
    unruly,
    written_in,
)
from workers import faster
from workers.layout import lay_out, write
from workers.render import render_html, render_pdf, variables


def both(cv: CV) -> tuple[bytes, bytes]:
    """The PDF of `cv` by our functions, with all that they have kept, and by the libraries' own."""
    render_pdf(cv)
    ours = render_pdf(cv).pdf
    with faster.as_it_comes():
        return ours, render_pdf(cv).pdf


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_gives_the_same_files(template: Template) -> None:
    for cv in (example(template), bare(template), dense(template, 9), unruly(template)):
        ours, theirs = both(cv)
        assert ours == theirs


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_long_document_gives_the_same_file(template: Template) -> None:
    ours, theirs = both(pictured(dense(template, 24)))
    assert ours == theirs


@pytest.mark.parametrize("language", ["Arabic", "Hindi", "Japanese"])
def test_a_long_document_in_any_script_gives_the_same_file(language: str) -> None:
    cv = written_in("picture", language)
    main, side = cv.sections
    long = structs.replace(main, items=main.items * 20)
    ours, theirs = both(structs.replace(pictured(cv), sections=(long, side)))
    assert ours == theirs


def test_a_side_column_longer_than_all_else_gives_the_same_file() -> None:
    cv = dense("business", 1)
    skills = cv.sections[2]
    long = structs.replace(skills, items=skills.items * 8)
    ours, theirs = both(structs.replace(cv, sections=(*cv.sections[:2], long)))
    assert ours == theirs


@pytest.mark.parametrize(
    "style",
    [
        "section { opacity: 0.5 }",
        "h2 { background-image: linear-gradient(red, blue) }",
        "h2::after { content: counter(pages) }",
        "#end { position: fixed; bottom: 0; height: 1em; width: 1em; background: red }",
    ],
)
def test_a_long_document_with_more_than_templates_have_gives_the_same_file(style: str) -> None:
    cv = dense("banner", 24)
    html, own = render_html(cv), variables(cv) + style
    ours = write(lay_out(html, cv.template, own), ())
    with faster.as_it_comes():
        assert write(lay_out(html, cv.template, own), ()) == ours


@pytest.mark.parametrize("language", sorted(WRITTEN))
def test_a_script_gives_the_same_files(language: str) -> None:
    ours, theirs = both(written_in("business", language))
    assert ours == theirs


def test_a_portrait_gives_the_same_file() -> None:
    ours, theirs = both(pictured(example("picture")))
    assert ours == theirs


def test_what_one_cv_leaves_behind_does_not_show_in_the_next() -> None:
    plain = example("original")
    before = render_pdf(plain).pdf
    for number in range(30):  # more colours than are kept
        other = structs.replace(plain, theme_color=f"#0000{number:02x}", font_size=9.5)
        ours, theirs = both(other)
        assert ours == theirs
    assert render_pdf(plain).pdf == before


def test_odd_characters_give_the_same_file() -> None:
    item = structs.replace(
        example("original").sections[1].items[0],
        bullets=(
            *("tab\there", "line\u2028here", "paragraph\u2029here", "next\x85line"),
            *("tag \U000e0001", "turned \u202e here", "soft\u00adhyphen" * 20),
        ),
    )
    section = structs.replace(example("original").sections[1], items=(item,))
    ours, theirs = both(structs.replace(example("original"), sections=(section,)))
    assert ours == theirs
