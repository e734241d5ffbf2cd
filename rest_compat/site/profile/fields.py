"""The fields of a profile and its sections: how a form asks for each, and what it sends to the API.

Bounds are those of the API; they are told here so that whoever types sees how much room is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.accounts import MAX_NAME
from app.cv import bounds
from app.profile import rules
from rest_compat.site.forms import Form

Kind = Literal[
    "line", "prose", "lines", "tags", "date", "url", "email", "tel", "flag", "number", "choice"
]


@dataclass(frozen=True, slots=True)
class Field:
    """`lines` are texts, one a line; `tags` are short ones, with commas between them. What is
    `half` stands beside another, and `most` is in characters (of each line)."""

    name: str
    label: str
    kind: Kind = "line"
    most: int = bounds.LINE
    hint: str = ""
    half: bool = False
    options: tuple[tuple[str, str, str], ...] = ()

    def read(self, form: Form, prefix: str = "") -> Any:
        """What a form says, as the API takes it."""
        text = form.get(prefix + self.name).replace("\r\n", "\n")
        match self.kind:
            case "flag":
                return bool(text)
            case "lines":
                return [line for line in text.split("\n") if line.strip()]
            case "tags":
                return _tags(text)
            case "number":
                return _number(text)
            case _:
                return text.strip() or None

    def text(self, value: Any) -> str:
        """The same value as it stands in the form."""
        match self.kind:
            case "lines":
                return "\n".join(value or ())
            case "tags":
                return _tags_text(value or ())
            case "number":
                return "" if value is None else f"{value:g}" if _is_number(value) else str(value)
            case "flag":
                return "yes" if value else ""
            case _:
                return value or ""

    def told(self, value: Any) -> str:
        """The same value in a sentence or a table."""
        if self.kind == "flag":
            return "Yes" if value else "No"
        if self.kind == "choice":
            return next((words for each, words, _ in self.options if each == value), value or "")
        return self.text(value).strip()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _number(text: str) -> float | str | None:
    """A number with a point or a comma; of what is none the API says so."""
    given = text.strip().replace(",", ".")
    try:
        return float(given) if given else None
    except ValueError:
        return given


def _tags(text: str) -> list[str]:
    """Between commas; where there is a line break, between those, since a name may have a comma."""
    parts = text.split("\n") if "\n" in text else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _tags_text(tags: Any) -> str:
    if any("," in tag for tag in tags):
        return "\n".join(tags) + "\n"
    return ", ".join(tags)


_DATE_HINT = "2024, 2024-06 or 2024-06-30."
_START = Field("start_date", "From", "date", 10, _DATE_HINT, half=True)
_END = Field("end_date", "Until", "date", 10, "Leave it empty if it goes on.", half=True)
_DESCRIPTION = Field("description", "Description", "prose", bounds.TEXT)
_BULLETS = Field("bullets", "Highlights", "lines", bounds.TEXT, "One a line.")
_TECHNOLOGIES = Field(
    "technologies", "Technologies", "tags", rules.SHORT, "With commas between them."
)
_LOCATION = Field("location", "Place", half=True)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the profile with a form of its own."""

    name: str
    title: str
    fields: tuple[Field, ...]

    def read(self, form: Form) -> dict[str, Any]:
        return {field.name: field.read(form) for field in self.fields}


@dataclass(frozen=True, slots=True)
class Section:
    """One of the five sections; `one` is what a row is called, and the name of its operations."""

    name: str
    title: str
    one: str
    fields: tuple[Field, ...]
    empty: str

    @property
    def operation(self) -> str:
        """The word in `create_skill`."""
        return self.name.removesuffix("s") if self.name != "experience" else self.name

    def read(self, form: Form, prefix: str = "") -> dict[str, Any]:
        return {field.name: field.read(form, prefix) for field in self.fields}

    def label(self, row: Mapping[str, Any]) -> str:
        """A row in a few words."""
        first, *others = _LABELS[self.name]
        parts = [row.get(first), *(row.get(name) for name in others)]
        return ", ".join(part for part in parts if part) or f"This {self.one}"


_LABELS: dict[str, tuple[str, ...]] = {
    "experience": ("title", "company"),
    "education": ("degree", "institution"),
    "projects": ("name",),
    "skills": ("name",),
    "certifications": ("name",),
}

_VISIBILITY = (
    ("public", "Everybody", "Search engines are told of it."),
    ("unlisted", "Whoever has the address", "It is listed nowhere."),
    ("private", "Nobody", "The address answers as if there were nothing."),
)

PARTS = {
    part.name: part
    for part in (
        Part(
            "head",
            "Who you are",
            (
                Field("full_name", "Name", most=MAX_NAME),
                Field("headline", "Headline", hint="What you are, in a line."),
                Field("location", "Place", hint="City and country, or as you put it."),
                Field("bio", "Summary", "prose", bounds.TEXT),
                Field("open_to_work", "Open to work", "flag"),
            ),
        ),
        Part(
            "contact",
            "Contact and links",
            (
                Field("email", "E-mail address", "email", bounds.EMAIL),
                Field("email_public", "Show it to everybody who sees the page", "flag"),
                Field("phone", "Telephone", "tel", rules.PHONE),
                Field("phone_public", "Show it to everybody who sees the page", "flag"),
                Field("website", "Website", "url", bounds.URL),
                Field("linkedin_url", "LinkedIn", "url", bounds.URL, half=True),
                Field("github_url", "GitHub", "url", bounds.URL, half=True),
            ),
        ),
        Part("languages", "Languages", ()),
        Part(
            "audience",
            "Your public page",
            (
                Field("visibility", "Who may see it", "choice", options=_VISIBILITY),
                Field("answers_questions", "Visitors may ask questions", "flag"),
                Field(
                    "username",
                    "Username",
                    hint="The address of the page ends in it. The former one leads here for 90"
                    " days.",
                ),
            ),
        ),
    )
}

SECTIONS = {
    section.name: section
    for section in (
        Section(
            "experience",
            "Experience",
            "position",
            (
                Field("title", "Position", half=True),
                Field("company", "Employer", half=True),
                _LOCATION,
                Field("employment_type", "Kind", most=rules.SHORT, half=True),
                _START,
                _END,
                Field("is_current", "It goes on", "flag"),
                _DESCRIPTION,
                _BULLETS,
                _TECHNOLOGIES,
            ),
            "Where have you worked, and what came of it?",
        ),
        Section(
            "education",
            "Education",
            "degree or course",
            (
                Field("degree", "Degree", half=True),
                Field("field_of_study", "Subject", half=True),
                Field("institution", "School", half=True),
                _LOCATION,
                _START,
                _END,
                Field("grade", "Grade", most=rules.SHORT, half=True),
                _DESCRIPTION,
                _BULLETS,
            ),
            "Schools, degrees and courses.",
        ),
        Section(
            "projects",
            "Projects",
            "project",
            (
                Field("name", "Name", half=True),
                Field("role", "Your part in it", half=True),
                Field("url", "Address", "url", bounds.URL, half=True),
                Field("repository_url", "Source", "url", bounds.URL, half=True),
                _START,
                _END,
                _DESCRIPTION,
                _BULLETS,
                _TECHNOLOGIES,
            ),
            "What have you made that can be shown?",
        ),
        Section(
            "skills",
            "Skills",
            "skill",
            (
                Field("name", "Skill", half=True),
                Field("category", "Group", half=True, hint="Such as Databases."),
                Field("level", "Level", most=rules.SHORT, half=True, hint="Expert, B2, 4/5."),
                Field("years", "Years", "number", 5, half=True, hint="Of practice."),
            ),
            "What can you do?",
        ),
        Section(
            "certifications",
            "Certifications",
            "certificate",
            (
                Field("name", "Name", half=True),
                Field("issuer", "Issued by", half=True),
                Field("issued_on", "Issued on", "date", 10, _DATE_HINT, half=True),
                Field("expires_on", "Expires on", "date", 10, half=True),
                Field("credential_id", "Number", half=True),
                Field("credential_url", "Where it can be verified", "url", bounds.URL, half=True),
            ),
            "Certificates and licences.",
        ),
    )
}
