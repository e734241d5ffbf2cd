"""cv_data as people send it, made into a CV: everything wrong is found in one pass.

What can't be rendered is an error, what is rendered otherwise than given a warning. The tables
say which key is read how; `readers.py` has the readers of plain values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import structs

from app.cv import bounds, coverage, dates, fonts, locales, palette, pictures, readers, text
from app.cv.designs import DESIGNS
from app.cv.findings import CVWarning, Findings, Place, Unusable
from app.cv.model import CV, Identity, Item, PageSize, Section, Template
from app.cv.readers import Reader
from app.errors import ValidationFailed

# Warnings on what a CV says; all others are on how it was sent, and sending it as
# `to_cv_data` writes it ends them.
ADVICE = frozenset(
    ("pale_color", "picture_missing", "picture_unused", "end_before_start", "missing_glyphs")
)

# As people write them.
PAGE_SIZES: dict[str, PageSize] = {
    "a4": "a4",
    "A4": "a4",
    "letter": "letter",
    "Letter": "letter",
}
TEMPLATES: tuple[Template, ...] = tuple(DESIGNS)
_FONT_SIZE = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})?) ?(?:pt)?")
_WORD_BREAK = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A CV and what was noted while it was read."""

    cv: CV
    warnings: tuple[CVWarning, ...]


def normalise(raw: object) -> Normalised:
    """The CV that `raw`, the JSON value of cv_data, stands for.

    Raises `app.errors.ValidationFailed` with every error and its path, and nothing else
    whatever `raw` is. A picture takes up to a second of CPU: call this off the event loop.
    """
    findings = Findings()
    cv = _cv(raw, Place(findings))
    if findings.errors:
        raise ValidationFailed(
            findings.listed_errors(), "cv_data can't be rendered as it is; see the fields."
        )
    return Normalised(cv, findings.listed_warnings())


def to_cv_data(cv: CV) -> dict[str, Any]:
    """cv_data in its canonical form, which normalises to `cv` again; empty values are left out."""
    identity = _given(msgspec.to_builtins(cv.identity))
    if cv.identity.picture:
        identity["picture"] = pictures.data_url(cv.identity.picture)
    return {
        "template": cv.template,
        "theme_color": cv.theme_color,
        "font_size": cv.font_size,
        "font_family": cv.font_family,
        "page_size": cv.page_size,
        **({"locale": cv.locale} if cv.locale else {}),
        "identity": identity,
        "sections_order": [section.key for section in cv.sections],
        "sections": {
            section.key: _given(
                {
                    "type": section.type,
                    "heading": section.heading,
                    "content": section.content,
                    "items": msgspec.to_builtins(section.items),
                }
            )
            for section in cv.sections
        },
    }


def _given(part: Any) -> Any:
    """`part`, a JSON value, without what is empty."""
    if isinstance(part, dict):
        given = {key: value for key, value in part.items() if value not in ("", [], (), None)}
        return {key: _given(value) for key, value in given.items()}
    if isinstance(part, (list, tuple)):
        return [_given(element) for element in part]
    return part


# The look


def _template(raw: Any, at: Place) -> Template:
    for template in TEMPLATES:
        if raw == template:
            return template
    at.error("template", f"The templates are {', '.join(TEMPLATES)}.")
    return "original"


def _theme_color(raw: Any, at: Place) -> str:
    color = readers.checked(raw, at, palette.color, bounds.LINE)
    if color and palette.pale(color):
        at.warn("pale_color", "This colour is darkened for headings, so that they can be read.")
    return color


def _font_size(raw: Any, at: Place) -> float:
    size: float | None = None
    if isinstance(raw, str) and (match := _FONT_SIZE.fullmatch(raw.strip())):
        size = float(match[1])
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        size = raw
    # NaN and infinity fail the comparison too.
    if size is None or not bounds.FONT_SIZE_LEAST <= size <= bounds.FONT_SIZE_MOST:
        at.error(
            "font_size",
            f"Give {bounds.FONT_SIZE_LEAST:g} to {bounds.FONT_SIZE_MOST:g} points,"
            ' as a number or as text such as "11pt".',
        )
        return bounds.FONT_SIZE_LEAST
    return float(size)


def _font_family(raw: Any, at: Place) -> str | None:
    name = readers.line(raw, at)
    found = fonts.family(name)
    if name and not found:
        known = ", ".join(fonts.FAMILIES)
        at.warn("unknown_font", f"The template's own font is used; there are {known}.")
    return found


def _page_size(raw: Any, at: Place) -> PageSize:
    if isinstance(raw, str) and raw in PAGE_SIZES:
        return PAGE_SIZES[raw]
    at.error("page_size", "A page is a4 or letter.")
    return "a4"


def _locale(raw: Any, at: Place) -> str:
    tag = readers.line(raw, at)
    locale = locales.canonical(tag)
    if tag and not locale:
        at.warn(
            "unknown_locale",
            "This is no language that we have words of; it is told from the text instead.",
        )
    return locale


# The person


def _picture(raw: Any, at: Place) -> Any:
    try:
        if isinstance(raw, str):
            return pictures.picture(raw) if raw else None
        at.error("type", "This must be a data URL.")
    except Unusable as error:
        at.error(error.code, error.message)
    return None


_IDENTITY: dict[str, Reader] = {
    "first_name": readers.line,
    "last_name": readers.line,
    "jobtitle": readers.line,
    "email": readers.email,
    "mobile": readers.phone,
    "address": readers.line,
    "linkedin": readers.url,
    "github": readers.url,
    "website": readers.url,
    "picture": _picture,
}


def _identity(raw: Any, at: Place) -> Identity:
    identity = Identity(**readers.members(raw, at, _IDENTITY))
    name = identity.first_name + identity.last_name
    if not any(character.isalnum() for character in name):
        at.error("name_missing", "A CV needs a first_name or a last_name.")
    return identity


# The sections


def _bullets(raw: Any, at: Place) -> tuple[str, ...]:
    bullets = []
    for element, place in readers.each(raw, at, bounds.BULLETS):
        wrong_before = at.findings.error_count
        if bullet := readers.bullet(element, place):
            bullets.append(bullet)
        elif at.findings.error_count == wrong_before:
            place.warn("empty", "This is empty and was left out.")
    return tuple(bullets)


_ITEM: dict[str, Reader] = {
    "title": readers.line,
    "subtitle": readers.line,
    "location": readers.line,
    "start": readers.date,
    "end": readers.date,
    "description": readers.paragraphs,
    "bullets": _bullets,
    "description_bullets": _bullets,
}


def _item(raw: Any, at: Place) -> Item | None:
    """The entry, or None when there is nothing in it."""
    given = readers.members(raw, at, _ITEM)
    legacy = given.pop("description_bullets", None)
    if legacy is not None:
        _join_legacy(given, legacy, at)
    if not any(given.values()):
        return None
    item = Item(**given)
    if dates.reversed_span(item.start, item.end):
        at.key("end").warn("end_before_start", "This is before the start.")
    return item


def _join_legacy(given: dict[str, Any], legacy: tuple[str, ...], at: Place) -> None:
    """Nothing written is lost: where both are given, what `bullets` has not follows it."""
    place = at.key("description_bullets")
    place.warn("legacy_key", "This key is old: it was read as bullets; send bullets.")
    bullets = given.get("bullets", ())
    joined = (*bullets, *(bullet for bullet in legacy if bullet not in bullets))
    if len(joined) > bounds.BULLETS:
        place.error("too_many", f"With bullets this makes more than {bounds.BULLETS} entries.")
    given["bullets"] = joined


def _items(raw: Any, at: Place) -> tuple[Item, ...]:
    items = []
    for element, place in readers.each(raw, at, bounds.ITEMS):
        wrong_before = at.findings.error_count
        if item := _item(element, place):
            items.append(item)
        elif at.findings.error_count == wrong_before:
            place.warn("empty", "This is empty and was left out.")
    return tuple(items)


def _type(raw: Any, at: Place) -> str:
    if raw not in ("main", "secondary"):
        at.error("section_type", "A section is main or secondary.")
        return "main"
    return str(raw)


_SECTION: dict[str, Reader] = {
    "type": _type,
    "heading": readers.line,
    "title": readers.line,
    "content": readers.paragraphs,
    "items": _items,
}


def _section(key: str, raw: Any, at: Place) -> Section:
    given = readers.members(raw, at, _SECTION)
    title = given.pop("title", "")
    heading = given.pop("heading", "") or title or heading_of(key)
    if title and title != heading:
        at.key("title").warn("two_headings", "The section has a heading too, which is used.")
    section = Section(key=key, heading=heading, **{"type": "main", **given})
    if "type" in given or not isinstance(raw, dict):
        return section
    if section.content and not section.items:
        section = structs.replace(section, type="secondary")
    at.warn("type_missing", f"The type is not given; it was taken as {section.type}.")
    return section


@lru_cache(maxsize=1000)
def heading_of(key: str) -> str:
    """The heading of a section that has none: `work_experience` makes `Work experience`."""
    words = _WORD_BREAK.sub(" ", key).strip() or key
    # Upper case can take letters apart that NFC has joined.
    return text.clean(words[0].upper() + words[1:], multiline=False)[0]


def _sections(raw: Any, at: Place) -> dict[str, Section]:
    """Sections by key, in the order given, those with nothing to show too."""
    sections: dict[str, Section] = {}
    wrong_before = at.findings.error_count
    if not isinstance(raw, dict):
        at.error("type", "This must be an object.")
    elif len(raw) > bounds.SECTIONS:
        at.error("too_many", f"A CV may have {bounds.SECTIONS} sections, not {len(raw)}.")
    else:
        for given, value in raw.items():
            if value is None:
                continue
            place = at.key(given)
            key = _section_key(given, place)
            if key in sections:
                place.error("repeated", "Another section has this key.")
            elif key:
                sections[key] = _section(key, value, place)
    if at.findings.error_count == wrong_before and not any(map(_shows, sections.values())):
        at.error("empty", "A CV needs a section with content or items.")
    return sections


def _section_key(raw: Any, at: Place) -> str:
    wrong_before = at.findings.error_count
    key = readers.line(raw, at, most=bounds.KEY)
    if not key and at.findings.error_count == wrong_before:
        at.error("empty", "A section needs a key.")
    return key


def _shows(section: Section) -> bool:
    return bool(section.content or section.items)


def _order(raw: Any, at: Place) -> tuple[tuple[str, Place], ...]:
    entries = readers.each(raw, at, bounds.ORDER_ENTRIES)
    return tuple((readers.line(entry, place, most=bounds.KEY), place) for entry, place in entries)


# The whole


_CV: dict[str, Reader] = {
    "template": _template,
    "theme_color": _theme_color,
    "font_size": _font_size,
    "font_family": _font_family,
    "page_size": _page_size,
    "locale": _locale,
    "identity": _identity,
    "sections_order": _order,
    "sections": _sections,
}


def _cv(raw: object, at: Place) -> CV:
    given = {key: value for key, value in readers.members(raw, at, _CV).items() if value}
    if isinstance(raw, dict):
        for key in ("identity", "sections"):
            if raw.get(key) is None:
                at.key(key).error("required", "A CV needs this.")
    given.setdefault("identity", Identity())
    given.setdefault("font_family", DESIGNS[given.get("template", TEMPLATES[0])].font_family)
    order = given.pop("sections_order", ())
    sections = given.get("sections", {})
    if locale := given.get("locale"):
        sections = {key: _in_locale(section, locale) for key, section in sections.items()}
    given["sections"] = _in_order(sections, order, at)
    cv = CV(**given)
    _whole(cv, at)
    return cv


def _in_locale(section: Section, locale: str) -> Section:
    heading = locales.heading(section.key, section.heading, locale)
    return structs.replace(section, heading=heading)


def _in_order(
    sections: dict[str, Section], order: tuple[tuple[str, Place], ...], at: Place
) -> tuple[Section, ...]:
    """The sections that have something to show, in `order`, then the others as given."""
    ordered: dict[str, Section] = {}
    for key, place in order:
        if key in ordered:
            place.warn("repeated", "This section is named before; it is shown once.")
        elif key in sections:
            ordered[key] = sections[key]
        else:
            place.warn("unknown_section", "There is no such section.")
    for key, section in sections.items():
        place = at.key("sections").key(key)
        if not _shows(section):
            place.warn("empty", "This section is empty and was left out.")
        elif order and key not in ordered:
            place.warn("not_in_order", "sections_order does not name it; it follows the others.")
    return tuple(section for section in (ordered | sections).values() if _shows(section))


def _whole(cv: CV, at: Place) -> None:
    """What only shows when the parts stand together."""
    if sum(map(len, _texts(cv))) > bounds.TOTAL_TEXT:
        at.error("too_long", f"A CV may have {bounds.TOTAL_TEXT:,} characters in all.")
    items = [item for section in cv.sections for item in section.items]
    if len(items) + sum(len(item.bullets) for item in items) > bounds.TOTAL_ENTRIES:
        at.error("too_many", f"A CV may have {bounds.TOTAL_ENTRIES:,} items and bullets in all.")
    for script, characters in coverage.missing(_texts(cv)).items():
        at.warn(
            "missing_glyphs",
            f"No typeface here has these of {script}, which are left out of the page:"
            f" {coverage.named(characters)}",
        )
    picture = at.key("identity").key("picture")
    for_picture = DESIGNS[cv.template].for_picture
    if for_picture and not cv.identity.picture:
        picture.warn("picture_missing", f"The {cv.template} template is made for a picture.")
    if not for_picture and cv.identity.picture:
        picture.warn("picture_unused", f"The {cv.template} template shows no picture.")


def _texts(cv: CV) -> Iterator[str]:
    yield from (text for text in structs.asdict(cv.identity).values() if isinstance(text, str))
    for section in cv.sections:
        yield from (section.heading, section.content)
        for item in section.items:
            yield from (item.title, item.subtitle, item.location, item.start, item.end)
            yield from (item.description, *item.bullets)
