"""What lines say of dates and headings, remembered: a page is looked at for many gutters."""

from __future__ import annotations

from functools import lru_cache

from app.importing import dates, headings


@lru_cache(maxsize=4096)
def find_span(text: str) -> dates.Span | None:
    return dates.find_span(text)


@lru_cache(maxsize=4096)
def section_of(text: str) -> headings.Heading | None:
    return headings.section_of(text)
