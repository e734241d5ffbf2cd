"""Sections of cv_data made to fit its bounds: parted where they can be, cut where they can't."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.cv import bounds

Section = dict[str, Any]


def within_bounds(key: str, section: Section) -> dict[str, Section]:
    """The section, in several where it has more items than one may have.

    Bullets beyond what an item may have follow in an item of nothing else, which is set, and read,
    as the same entry going on; of skills the category is said again.
    """
    items = [part for item in section.get("items", ()) for part in _parts(item, key == "skills")]
    if len(items) <= bounds.ITEMS:
        return {key: section | ({"items": items} if items else {})}
    heading = key.capitalize()
    return {
        key if not begin else f"{key}_{begin // bounds.ITEMS + 1}": {
            **section,
            "heading": heading,
            "items": items[begin : begin + bounds.ITEMS],
        }
        for begin in range(0, len(items), bounds.ITEMS)
    }


def _parts(item: Section, say_again: bool) -> Iterator[Section]:
    bullets, most = item.get("bullets", []), bounds.BULLETS
    yield item | ({"bullets": bullets[:most]} if bullets else {})
    for begin in range(most, len(bullets), most):
        title = {"title": item["title"]} if say_again and "title" in item else {}
        yield {**title, "bullets": bullets[begin : begin + most]}


def cut(sections: dict[str, Section]) -> None:
    """Leave out what is told of items, from its end, and then items, until a CV can hold it all."""
    for most in (20, 10, 5, 2, 0):
        if _fits(sections):
            return
        for section in sections.values():
            for item in section.get("items", ()):
                if section["type"] == "main" and "bullets" in item:
                    item["bullets"] = item["bullets"][:most]
                if "description" in item:
                    item["description"] = _cut(item["description"], most * bounds.LINE)
            if "items" in section:
                section["items"] = [item for item in section["items"] if any(item.values())]
    while not _fits(sections):
        longest = max(sections.values(), key=lambda section: len(section.get("items", ())))
        del longest["items"][max(1, len(longest["items"]) * 3 // 4) :]
        if len(longest["items"]) == 1:
            break


def _cut(text: str, most: int) -> str:
    """`text` in at most `most` characters, cut at a blank."""
    return text if len(text) <= most else (text[:most].rpartition(" ")[0] + "…") * bool(most)


def _fits(sections: Mapping[str, Section]) -> bool:
    items = [item for section in sections.values() for item in section.get("items", ())]
    entries = len(items) + sum(len(item.get("bullets", ())) for item in items)
    characters = sum(
        len(section.get("content", "")) + len(section.get("heading", key))
        for key, section in sections.items()
    ) + sum(
        sum(map(len, item.get("bullets", ())))
        + sum(len(value) for value in item.values() if isinstance(value, str))
        for item in items
    )
    spare = 10 * bounds.LINE + 2 * bounds.URL  # what the identity may hold
    return entries <= bounds.TOTAL_ENTRIES and characters + spare <= bounds.TOTAL_TEXT
