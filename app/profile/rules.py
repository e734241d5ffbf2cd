"""What may stand in a profile and its sections, field by field.

Whatever way a value comes in, by hand or by import, it passes here. Bounds are those of cv_data, so
that every profile can become a résumé.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from app import accounts
from app.accounts import Refused
from app.cv import bounds, dates, links, text
from app.cv.findings import Unusable
from app.errors import FieldError, ValidationFailed
from app.profile.visibility import Visibility

SECTIONS = ("skills", "experience", "education", "projects", "certifications")
MOST_ROWS = {"skills": 300}
_MOST_ROWS = bounds.ITEMS

DATE_PATTERN = r"^\d{4}(-\d{1,2}(-\d{1,2})?)?$"
NAME = accounts.MAX_NAME
SHORT = 100  # characters of a level, a kind of employment, a grade
PHONE = 40
ENTRY_TEXT = 10_000  # characters of a description and bullets together
TECHNOLOGIES = 50
LANGUAGES = 30
YEARS = 80

_EXTENSION = re.compile(r"(?<=\d)[\s,;)]*(?:ext\.?|x)\s*\d{1,7}$", re.IGNORECASE)

Rule = Callable[[Any], Any]


def most_rows(section: str) -> int:
    """How many rows a section may have."""
    return MOST_ROWS.get(section, _MOST_ROWS)


def most_items(field: str) -> int:
    """How many items a field that is a list may have."""
    return TECHNOLOGIES if field == "technologies" else bounds.BULLETS


def line(raw: str, most: int = bounds.LINE) -> str | None:
    """One line of text; what is blank is None. Raises Refused."""
    return _text(raw, most, multiline=False)


def prose(raw: str) -> str | None:
    """Text with line breaks; what is blank is None. Raises Refused."""
    return _text(raw, bounds.TEXT, multiline=True)


def _text(raw: str, most: int, *, multiline: bool) -> str | None:
    cleaned, _ = text.clean(raw, multiline=multiline)
    # What is left out counts too: the bound is that of what was sent.
    if max(len(raw), len(cleaned)) > most:
        raise Refused("too_long", f"May have {most:,} characters.")
    return cleaned or None


def url(raw: str) -> str | None:
    """An http or https address; one without a scheme gets `https://`. Raises Refused."""
    given = line(raw, bounds.URL)
    try:
        return links.web_url(given) if given else None
    except Unusable as error:
        raise Refused(error.code, error.message) from None


def _url_at(*hosts: str) -> Rule:
    def rule(raw: str) -> str | None:
        found = url(raw)
        if found is None:
            return None
        host = urlsplit(found).hostname or ""
        if not any(host == name or host.endswith("." + name) for name in hosts):
            raise Refused("host", f"Must be an address at {hosts[0]}.")
        return found

    return rule


def email(raw: str) -> str | None:
    """An e-mail address to show, international ones too; raises Refused."""
    given = line(raw, bounds.EMAIL)
    try:
        return links.email(given) if given else None
    except Unusable as error:
        raise Refused(error.code, error.message) from None


def phone(raw: str) -> str | None:
    """A telephone number as it should read; raises Refused for what can be none."""
    given = line(raw, PHONE)
    if given is None:
        return None
    # Without its country a number can be judged by its form only.
    number = _EXTENSION.sub("", given)
    digits = sum(character.isdecimal() for character in given)
    if not 5 <= digits <= 17 or any(character.isalpha() for character in number):
        raise Refused("phone", "This is not a telephone number such as +41 79 123 45 67.")
    return given


def date(raw: str) -> str | None:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, kept at its precision; raises Refused."""
    given = line(raw, SHORT)
    if given is None:
        return None
    try:
        found = dates.checked(given)
    except Unusable as error:
        raise Refused(error.code, error.message) from None
    if not dates.is_figures(found):
        raise Refused("date", "Give YYYY, YYYY-MM or YYYY-MM-DD.")
    return found


def years(raw: float) -> float:
    """A number of years of practice; raises Refused."""
    if not 0 <= raw <= YEARS:  # not true of NaN either
        raise Refused("out_of_range", f"Must be from 0 to {YEARS}.")
    return round(raw, 1)


def lines(raw: list[str], *, most: int, longest: int) -> list[str]:
    """Texts of one line each, without the blank ones; raises ValidationFailed with their places."""
    if len(raw) > most:
        raise Refused("too_many", f"May have {most} entries.")
    found, errors = [], []
    for index, item in enumerate(raw):
        try:
            found.append(line(item, longest))
        except Refused as error:
            errors.append(FieldError(f"[{index}]", error.code, str(error)))
    if errors:
        raise ValidationFailed(errors)
    return [item for item in found if item is not None]


def languages(raw: list[Any]) -> list[dict[str, Any]]:
    """`[{name, level}]`; raises Refused or ValidationFailed."""
    if len(raw) > LANGUAGES:
        raise Refused("too_many", f"May have {LANGUAGES} entries.")
    fields: dict[str, Rule] = {"name": line, "level": _short}
    return [
        _read(item, fields, ("name",), path=f"[{index}]", partial=False)
        for index, item in enumerate(raw)
    ]


_short = partial(line, most=SHORT)
_bullets = partial(lines, most=bounds.BULLETS, longest=bounds.TEXT)
_technologies = partial(lines, most=TECHNOLOGIES, longest=SHORT)


def _yes_or_no(raw: bool) -> bool:
    return raw


def _visibility(raw: Visibility) -> str:
    return raw.value


_PROFILE: dict[str, Rule] = {
    "full_name": partial(line, most=accounts.MAX_NAME),
    "headline": line,
    "bio": prose,
    "location": line,
    "website": url,
    "github_url": _url_at("github.com"),
    "linkedin_url": _url_at("linkedin.com"),
    "email": email,
    "phone": phone,
    "languages": languages,
    "open_to_work": _yes_or_no,
    "email_public": _yes_or_no,
    "phone_public": _yes_or_no,
    "visibility": _visibility,
    "answers_questions": _yes_or_no,
}

_ENTRIES: dict[str, dict[str, Rule]] = {
    "skills": {"name": line, "category": line, "level": _short, "years": years},
    "experience": {
        "company": line,
        "title": line,
        "location": line,
        "employment_type": _short,
        "start_date": date,
        "end_date": date,
        "is_current": _yes_or_no,
        "description": prose,
        "bullets": _bullets,
        "technologies": _technologies,
    },
    "education": {
        "institution": line,
        "degree": line,
        "field_of_study": line,
        "location": line,
        "start_date": date,
        "end_date": date,
        "grade": _short,
        "description": prose,
        "bullets": _bullets,
    },
    "projects": {
        "name": line,
        "role": line,
        "url": url,
        "repository_url": url,
        "start_date": date,
        "end_date": date,
        "description": prose,
        "bullets": _bullets,
        "technologies": _technologies,
    },
    "certifications": {
        "name": line,
        "issuer": line,
        "issued_on": date,
        "expires_on": date,
        "credential_id": line,
        "credential_url": url,
    },
}
PROFILE_FIELDS = tuple(_PROFILE)
# Of these, who may see the rest. They change by the owner's word alone, never by what comes back
# with an old revision.
AUDIENCE_FIELDS = ("email_public", "phone_public", "visibility", "answers_questions")
TOLD_FIELDS = tuple(name for name in PROFILE_FIELDS if name not in AUDIENCE_FIELDS)
FIELDS: dict[str, tuple[str, ...]] = {name: tuple(rules) for name, rules in _ENTRIES.items()}

# Of each of these at least one must be given.
_NEEDED: dict[str, tuple[str, ...]] = {
    "skills": ("name",),
    "experience": ("company", "title"),
    "education": ("institution", "degree"),
    "projects": ("name",),
    "certifications": ("name",),
}
_SPANS = (("start_date", "end_date"), ("issued_on", "expires_on"))


def profile(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields of a profile as they are stored; raises ValidationFailed naming each.

    None clears a field; texts that are blank are None. `full_name` can't be cleared.
    """
    read = _read(changes, _PROFILE, (), path="", partial=True)
    if "full_name" in read and read["full_name"] is None:
        raise ValidationFailed([FieldError("full_name", "empty", "Must not be empty.")])
    return read


def entry(section: str, values: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """A row of `section` as it is stored, all of its fields; raises ValidationFailed.

    `path` is where the values stand in the request.
    """
    read = _read(values, _ENTRIES[section], _NEEDED[section], path=path, partial=False)
    if errors := list(_excess(read, path)):
        raise ValidationFailed(errors)
    return read


def _excess(read: Mapping[str, Any], path: str) -> Iterator[FieldError]:
    """The bullets with which an entry has more text than it may have in all."""
    total = len(read.get("description") or "")
    for index, bullet in enumerate(read.get("bullets") or ()):
        total += len(bullet)
        if total > ENTRY_TEXT:
            message = f"An entry may have {ENTRY_TEXT:,} characters in all."
            yield FieldError(_below(path, f"bullets[{index}]"), "too_much_text", message)


def _read(
    values: Mapping[str, Any],
    rules: Mapping[str, Rule],
    needed: tuple[str, ...],
    *,
    path: str,
    partial: bool,
) -> dict[str, Any]:
    read: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, rule in rules.items():
        if partial and name not in values:
            continue
        raw = values.get(name)
        try:
            read[name] = _EMPTY.get(name) if raw is None else rule(raw)
        except Refused as refused:
            errors.append(FieldError(_below(path, name), refused.code, str(refused)))
        except ValidationFailed as inner:
            errors += [
                FieldError(_below(path, name + field.path), field.code, field.message)
                for field in inner.fields
            ]
    if not errors:
        errors = _contradictions(read, needed, path)
    if errors:
        raise ValidationFailed(errors)
    return read


# What stands in a column that can't be null when nothing is given.
_EMPTY: dict[str, Any] = {"bullets": [], "technologies": [], "languages": [], "is_current": False}


def _contradictions(
    read: Mapping[str, Any], needed: tuple[str, ...], path: str
) -> list[FieldError]:
    errors = []
    if needed and not any(read.get(name) for name in needed):
        message = "Is required." if len(needed) == 1 else f"Give {' or '.join(needed)}."
        errors.append(FieldError(_below(path, needed[0]), "required", message))
    for start, end in _SPANS:
        if read.get(start) and read.get(end) and dates.reversed_span(read[start], read[end]):
            errors.append(FieldError(_below(path, end), "before_start", f"Is before {start}."))
    if read.get("is_current") and read.get("end_date"):
        message = "Must be absent while is_current is true."
        errors.append(FieldError(_below(path, "end_date"), "contradiction", message))
    return errors


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path and not name.startswith("[") else path + name
