"""What machines read of scripts that join their letters."""

from __future__ import annotations

from functools import cache

import pytest

from tests.workers import samples
from tests.workers.reading import by_pdfium, reader, words
from tests.workers.samples import WRITTEN
from workers import layout
from workers.render import Rendered, render_html, render_pdf, variables

render = cache(render_pdf)


@pytest.mark.parametrize("language", WRITTEN)
def test_names_and_headings_are_read_as_they_were_written(language: str) -> None:
    first, last, job, _, heading, _ = WRITTEN[language]
    # A template without headings in capitals, which in Greek lose their accents.
    text = words("".join(by_pdfium(render(samples.written_in("business", language)))))
    assert words(first) in text
    assert words(last) in text
    assert words(job) in text
    assert words(heading) in text


@pytest.mark.parametrize("language", ["Greek", "Hindi", "Tamil", "Thai", "Russian", "Georgian"])
def test_sentences_from_left_to_right_are_read_whole(language: str) -> None:
    text = words("".join(by_pdfium(render(samples.written_in("original", language)))))
    assert words(WRITTEN[language][-1]) in text


@pytest.mark.parametrize("language", WRITTEN)
def test_every_glyph_stands_for_something(language: str) -> None:
    for page in reader(render(samples.written_in("harvard", language))).pages:
        for font in page["/Resources"]["/Font"].values():
            mapping = font.get_object()["/ToUnicode"].get_data().decode()
            assert "<>" not in mapping


@pytest.mark.parametrize("language", ["Georgian", "Hindi", "Tamil", "Thai"])
def test_words_that_are_set_apart_are_read_whole(language: str) -> None:
    cv = samples.written_in("original", language)
    apart = variables(cv) + " p, li { word-spacing: 0.3em }"
    document = layout.lay_out(render_html(cv), "original", apart)
    text = words("".join(by_pdfium(Rendered(layout.write(document, []), 1))))
    assert words(WRITTEN[language][-1]) in text
