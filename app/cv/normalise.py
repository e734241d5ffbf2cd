"""cv_data as people send it, made into a CV: everything wrong is found in one pass.

What can't be rendered is an error, what is rendered otherwise than given a warning. Each kind
of value has one reader `(raw, place) -> value`; a reader notes what it finds at the place and
returns an empty value, so that the pass goes on. The tables below say which key is read how.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from app.cv import bounds, dates, fonts, links, palette, pictures, text
from app.cv.findings import CVWarning, Findings, Place, Unusable
from app.cv.model import CV, Identity, Item, Section, Template
from app.errors import ValidationFailed

Reader = Callable[[Any, Place], Any]

# Warnings on what a CV says; all others are on how it was sent, and sending it as
# `to_cv_data` writes it ends them.
ADVICE = frozenset(("pale_color", "picture_missing", "picture_unused", "end_before_start"))

TEMPLATES: tuple[Template, ...] = get_args(Template)
_SHOWS_PICTURE = ("picture",)
_FONT_SIZE = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})?) ?(?:pt)?")
_WORD_BREAK = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
_NOW = {"description_bullets": "bullets"}
_PHONE_MOST = 10**15  # E.164: fifteen digits

_DROPPED = {
    "control_characters": "Control characters were left out.",
    "text_direction": "Marks that reorder text were left out.",
}


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
    identity = cv.identity.model_dump(exclude_defaults=True)
    if cv.identity.picture:
        identity["picture"] = pictures.data_url(cv.identity.picture)
    return {
        "template": cv.template,
        "theme_color": cv.theme_color,
        "font_size": cv.font_size,
        "font_family": cv.font_family,
        "identity": identity,
        "sections_order": [section.key for section in cv.sections],
        "sections": {
            section.key: section.model_dump(mode="json", exclude={"key"}, exclude_defaults=True)
            for section in cv.sections
        },
    }


# Texts


def _text(raw: Any, at: Place, *, most: int = bounds.LINE, multiline: bool = False) -> str:
    if not isinstance(raw, str):
        at.error("type", "This must be text.")
        return ""
    if text.refused(raw):
        at.error("characters", "This holds NUL or half of a surrogate pair.")
        return ""
    cleaned, dropped = text.clean(raw[: most + 1], multiline=multiline)
    if max(len(raw), len(cleaned)) > most:
        at.error("too_long", f"This may have {most:,} characters.")
        return ""
    for code in dropped:
        at.warn(code, _DROPPED[code])
    return cleaned


def _checked(raw: Any, at: Place, check: Callable[[str], str], most: int) -> str:
    """A text that `check` returns in its final form, or refuses by Unusable."""
    given = _text(raw, at, most=most)
    try:
        return check(given) if given else ""
    except Unusable as error:
        at.error(error.code, error.message)
        return ""


_paragraphs = partial(_text, most=bounds.TEXT, multiline=True)
_bullet = partial(_text, most=bounds.TEXT)
_url = partial(_checked, check=links.web_url, most=bounds.URL)
_email = partial(_checked, check=links.email, most=bounds.EMAIL)


def _phone(raw: Any, at: Place) -> str:
    """Text, or the number that a spreadsheet makes of it."""
    if type(raw) is int and 0 < raw < _PHONE_MOST:
        return str(raw)
    return _text(raw, at)


def _date(raw: Any, at: Place) -> str:
    """Text, or a year as a number."""
    if type(raw) is int and 1000 <= raw <= 9999:
        return str(raw)
    return _checked(raw, at, dates.checked, bounds.LINE)


# Objects and lists


def _members(raw: Any, at: Place, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """What is given of the object `raw`, read by its readers; null is not given."""
    if not isinstance(raw, dict):
        at.error("type", "This must be an object.")
        return {}
    for key in raw:
        if key not in readers:
            _unknown(key, at, readers)
    return {
        key: read(raw[key], at.key(key))
        for key, read in readers.items()
        if raw.get(key) is not None
    }


def _unknown(key: object, at: Place, known: Mapping[str, Reader]) -> None:
    if at.findings.warnings_full or not isinstance(key, str):
        # A body can hold a million such keys: they are counted, not looked at.
        at.findings.warning_count += 1
        return
    close = difflib.get_close_matches(key[:40].lower(), known, n=1)
    meant = f"; did you mean {_NOW.get(close[0], close[0])}?" if close else "."
    at.key(key).warn("unknown_key", f"This key is not known and was ignored{meant}")


def _each(raw: Any, at: Place, most: int) -> Iterator[tuple[Any, Place]]:
    """The elements of the list `raw` and their places; nothing of a list that is too long."""
    if not isinstance(raw, list):
        at.error("type", "This must be a list.")
    elif len(raw) > most:
        at.error("too_many", f"This may have {most} entries, not {len(raw)}.")
    else:
        for index, element in enumerate(raw):
            yield element, at.index(index)


# The look


def _template(raw: Any, at: Place) -> Template:
    for template in TEMPLATES:
        if raw == template:
            return template
    at.error("template", f"The templates are {', '.join(TEMPLATES)}.")
    return "original"


def _theme_color(raw: Any, at: Place) -> str:
    color = _checked(raw, at, palette.color, bounds.LINE)
    if color and palette.pale(color):
        at.warn("pale_color", "Headings in this colour are hard to read on white.")
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
    name = _text(raw, at)
    found = fonts.family(name)
    if name and not found:
        known = ", ".join(fonts.FAMILIES)
        at.warn("unknown_font", f"The template's own font is used; there are {known}.")
    return found


# The person


def _picture(raw: Any, at: Place) -> Any:
    try:
        if isinstance(raw, str):
            return pictures.picture(raw)
        at.error("type", "This must be a data URL.")
    except Unusable as error:
        at.error(error.code, error.message)
    return None


_IDENTITY: dict[str, Reader] = {
    "first_name": _text,
    "last_name": _text,
    "jobtitle": _text,
    "email": _email,
    "mobile": _phone,
    "address": _text,
    "linkedin": _url,
    "github": _url,
    "website": _url,
    "picture": _picture,
}


def _identity(raw: Any, at: Place) -> Identity:
    identity = Identity(**_members(raw, at, _IDENTITY))
    name = identity.first_name + identity.last_name
    if not any(character.isalnum() for character in name):
        at.error("name_missing", "A CV needs a first_name or a last_name.")
    return identity


# The sections


def _bullets(raw: Any, at: Place) -> tuple[str, ...]:
    bullets = []
    for element, place in _each(raw, at, bounds.BULLETS):
        wrong_before = at.findings.error_count
        if bullet := _bullet(element, place):
            bullets.append(bullet)
        elif at.findings.error_count == wrong_before:
            place.warn("empty", "This is empty and was left out.")
    return tuple(bullets)


_ITEM: dict[str, Reader] = {
    "title": _text,
    "subtitle": _text,
    "location": _text,
    "start": _date,
    "end": _date,
    "bullets": _bullets,
    "description_bullets": _bullets,
}


def _item(raw: Any, at: Place) -> Item:
    given = _members(raw, at, _ITEM)
    legacy = given.pop("description_bullets", None)
    if legacy is not None:
        _join_legacy(given, legacy, at)
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
    for element, place in _each(raw, at, bounds.ITEMS):
        wrong_before = at.findings.error_count
        item = _item(element, place)
        if item != Item():
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
    "heading": _text,
    "title": _text,
    "content": _paragraphs,
    "items": _items,
}


def _section(key: str, raw: Any, at: Place) -> Section:
    given = _members(raw, at, _SECTION)
    title = given.pop("title", "")
    heading = given.pop("heading", "") or title or heading_of(key)
    if title and title != heading:
        at.key("title").warn("two_headings", "The section has a heading too, which is used.")
    section = Section(key=key, heading=heading, **{"type": "main", **given})
    if "type" in given or not isinstance(raw, dict):
        return section
    if section.content and not section.items:
        section = section.model_copy(update={"type": "secondary"})
    at.warn("type_missing", f"The type is not given; it was taken as {section.type}.")
    return section


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
    key = _text(raw, at, most=bounds.KEY)
    if not key and at.findings.error_count == wrong_before:
        at.error("empty", "A section needs a key.")
    return key


def _shows(section: Section) -> bool:
    return bool(section.content or section.items)


def _order(raw: Any, at: Place) -> tuple[tuple[str, Place], ...]:
    entries = _each(raw, at, bounds.ORDER_ENTRIES)
    return tuple((_text(entry, place, most=bounds.KEY), place) for entry, place in entries)


# The whole


_CV: dict[str, Reader] = {
    "template": _template,
    "theme_color": _theme_color,
    "font_size": _font_size,
    "font_family": _font_family,
    "identity": _identity,
    "sections_order": _order,
    "sections": _sections,
}


def _cv(raw: object, at: Place) -> CV:
    given = {key: value for key, value in _members(raw, at, _CV).items() if value}
    if isinstance(raw, dict):
        for key in ("identity", "sections"):
            if raw.get(key) is None:
                at.key(key).error("required", "A CV needs this.")
    given.setdefault("identity", Identity())
    given.setdefault("font_family", fonts.DEFAULTS[given.get("template", "original")])
    order = given.pop("sections_order", ())
    given["sections"] = _in_order(given.get("sections", {}), order, at)
    cv = CV(**given)
    _whole(cv, at)
    return cv


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
    picture = at.key("identity").key("picture")
    if cv.template in _SHOWS_PICTURE and not cv.identity.picture:
        picture.warn("picture_missing", f"The {cv.template} template is made for a picture.")
    if cv.template not in _SHOWS_PICTURE and cv.identity.picture:
        picture.warn("picture_unused", f"The {cv.template} template shows no picture.")


def _texts(cv: CV) -> Iterator[str]:
    yield from cv.identity.model_dump(exclude={"picture"}).values()
    for section in cv.sections:
        yield from (section.heading, section.content)
        for item in section.items:
            yield from (item.title, item.subtitle, item.location, item.start, item.end)
            yield from item.bullets
