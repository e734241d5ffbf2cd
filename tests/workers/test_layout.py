"""What a CV may not do."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from msgspec import structs

from app.cv.enclosed import CV_DATA
from app.cv.model import CV, Identity, Item, Section, Template
from tests.workers import samples
from tests.workers.reading import attachments, by_pdfium, links, words
from tests.workers.samples import TEMPLATES
from workers.layout import FetchRefused, lay_out, write
from workers.render import render_pdf

MARKUP = (
    "</style><style>body{display:none}</style>",
    "<style>@import url(http://{host}/a.css);</style>",
    "url(file:///etc/passwd)",
    "<img src=http://{host}/x.png>",
    "<script>alert(1)</script>",
    '"><link rel=attachment href=file:///etc/passwd>',
    "<object data=file:///etc/passwd>",
    "{{ 7 * 7 }}{% include 'x' %}",
    "}} * {{ color: red; background: url(http://{host}/y) }}",
    "&lt;b&gt; &amp; <!-- ]]>",
)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def written_everywhere(template: Template, text: str) -> CV:
    identity = Identity(
        picture=None,
        **dict.fromkeys(
            (
                "first_name",
                "last_name",
                "jobtitle",
                "email",
                "mobile",
                "address",
                "linkedin",
                "github",
                "website",
            ),
            text,
        ),
    )
    item = Item(title=text, subtitle=text, location=text, start=text, end=text, bullets=(text,))
    sections = tuple(
        Section(key=text, heading=f"{kind} {text}", type=kind, content=text, items=(item,))
        for kind in ("main", "secondary")
    )
    return CV(template=template, identity=identity, sections=sections)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_any_field_is_plain_text(
    template: Template, markup: str, listener: socket.socket
) -> None:
    host, port = listener.getsockname()
    text = markup.replace("{host}", f"{host}:{port}")
    rendered = render_pdf(samples.pictured(written_everywhere(template, text)))
    seen = words("".join(by_pdfium(rendered)))
    # 2 of the name, 7 of the identity, 7 of each section with its item (start and end are one)
    assert seen.count(words(text)) >= 22
    assert "root:" not in seen
    harmless = ("mailto:", "tel:", f"http://{host}:{port}/")  # the last one is not hidden
    assert not [link for link in links(rendered) if not link.startswith(harmless)]
    assert attachments(rendered) == [CV_DATA, "resume.json"]
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "html",
    [
        '<img src="file:///etc/passwd"/>',
        '<p style="background: url(http://127.0.0.1:9/x.png)">x</p>',
        "<style>@import url(file:///etc/passwd);</style>",
        "<style>@font-face { font-family: x; src: url(file:///x.ttf) }</style>",
        '<link rel="stylesheet" href="https://example.com/x.css"/>',
        '<link rel="attachment" href="file:///etc/passwd"/>',
        '<img src="data:image/png;base64,AAAA"/>',
        '<img src="portrait:"/>',
    ],
)
def test_whatever_would_be_fetched_is_refused(html: str) -> None:
    with pytest.raises(FetchRefused):
        write(lay_out(f"<html><body>{html}</body></html>", "original", ""), ())


@pytest.mark.parametrize("colour", ["red", "#fff", "#00000g", "#000000;}", "url(file:///x)", ""])
def test_a_theme_colour_that_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        render_pdf(structs.replace(samples.example(), theme_color=colour))


def test_a_font_that_is_not_bundled_is_refused() -> None:
    with pytest.raises(KeyError):
        render_pdf(structs.replace(samples.example(), font_family="Comic Sans"))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"]
)
def test_only_web_addresses_become_links(address: str) -> None:
    identity = Identity(first_name="Ada", linkedin=address, github=address, website=address)
    rendered = render_pdf(CV(identity=identity))
    assert links(rendered) == []
    assert words(address) in words("".join(by_pdfium(rendered)))
