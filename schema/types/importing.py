"""Imports: what was found in a file, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.cv import bounds
from app.profile import rules
from schema.types.profile import SpokenLanguageInput
from schema.types.sections import (
    CertificationContent,
    CertificationFields,
    EducationContent,
    EducationFields,
    ExperienceContent,
    ExperienceFields,
    ProjectContent,
    ProjectFields,
    SkillContent,
    SkillFields,
)

_field = strawberry.field


@strawberry.type(description="Where the value of a field was read.")
class Evidence:
    field: str = _field(description="Name of the field.")
    text: str = _field(description="What stood there, before it was made into the value.")
    confidence: float = _field(description="0 to 1: how sure the rule is.")
    rule: str = _field(description="The rule that read it.")
    page: int | None = _field(description="Page, from 1 (PDF).")
    box: list[float] | None = _field(
        description="Left, top, right and bottom on the page, in points from its top left (PDF)."
    )
    paragraph: int | None = _field(description="Paragraph, from 1 (DOCX).")
    path: str | None = _field(
        description="Place in JSON, as in `work[0].name`, or row of a CSV file, as in"
        " `Positions.csv:3`."
    )


@strawberry.type
class _Found:
    evidence: list[Evidence] = _field(description="Where each value was read.")


@strawberry.type(description="What a file says about the owner.")
class ImportedProfile:
    full_name: str | None = _field(description="Display name.")
    headline: str | None = _field(description="What the owner is, in a line.")
    bio: str | None = _field(description="About the owner.")
    location: str | None = _field(description="City and country, as written.")
    website: str | None = _field(description="Website URL.")
    github_url: str | None = _field(description="GitHub URL.")
    linkedin_url: str | None = _field(description="LinkedIn URL.")
    email: str | None = _field(description="E-mail address.")
    phone: str | None = _field(description="Telephone number.")
    evidence: list[Evidence] = _field(description="Where each value was read.")


@strawberry.type(description="A skill that was found.")
class ImportedSkill(SkillFields, _Found):
    pass


@strawberry.type(description="A position that was found.")
class ImportedExperience(ExperienceFields, _Found):
    pass


@strawberry.type(description="A school, course or degree that was found.")
class ImportedEducation(EducationFields, _Found):
    pass


@strawberry.type(description="A project that was found.")
class ImportedProject(ProjectFields, _Found):
    pass


@strawberry.type(description="A certificate that was found.")
class ImportedCertification(CertificationFields, _Found):
    pass


@strawberry.type(description="A spoken language that was found.")
class ImportedLanguage:
    name: str = _field(description="Such as French.")
    level: str | None = _field(description="As written: native, C1, fluent.")
    evidence: list[Evidence] = _field(description="Where each value was read.")


@strawberry.type(description="Text that no field took.")
class Unplaced:
    text: str = _field(description="The text.")
    section: str | None = _field(description="The heading it stood under, as written.")
    page: int | None = _field(description="Page, from 1 (PDF).")
    box: list[float] | None = _field(description="Its place on the page, as in evidence.")
    paragraph: int | None = _field(description="Paragraph, from 1 (DOCX).")
    path: str | None = _field(description="Place in JSON or row of a CSV file.")


@strawberry.type(description="Something to look at before committing.")
class PreviewWarning:
    code: str = _field(description="What sort of thing it is; stable.")
    message: str = _field(description="The same in words.")
    path: str | None = _field(description="A place in the preview.")


@strawberry.enum(description="Which of a PDF and the data that it encloses lacks something.")
class DifferenceKind(Enum):
    NOT_IN_TEXT = "not_in_text"
    NOT_IN_DATA = "not_in_data"


@strawberry.type(
    description="Where the pages of a PDF and the data that it encloses say something else."
)
class PreviewDifference:
    kind: DifferenceKind = _field(
        description="`not_in_text`: a value of the data that no page shows; `not_in_data`: a line"
        " of a page that the data does not know."
    )
    text: str = _field(description="The value or the line.")
    path: str | None = _field(description="Place of the value, as in `experience[0].title`.")
    page: int | None = _field(description="Page of the line, from 1.")


@strawberry.type(description="A page of a PDF, to be looked at beside what was found on it.")
class PagePicture:
    page: int = _field(description="Page, from 1.")
    width: float = _field(description="Width in points, in which boxes of evidence are.")
    height: float = _field(description="Height in points.")
    url: str = _field(description="Path of its picture, a PNG of the whole page.")


@strawberry.type(description="What was found in a file. Nothing of the profile has changed yet.")
class ImportPreview:
    parse_id: UUID = _field(description="Name it to commit what is here as it is.")
    format: str = _field(description="vitae, json_resume, cv_data, linkedin, docx or pdf.")
    pages: int | None = _field(description="Number of pages, of formats that have them.")
    profile: ImportedProfile = _field(description="The profile.")
    skills: list[ImportedSkill] = _field(description="Skills.")
    experience: list[ImportedExperience] = _field(description="Work experience.")
    education: list[ImportedEducation] = _field(description="Education.")
    projects: list[ImportedProject] = _field(description="Projects.")
    certifications: list[ImportedCertification] = _field(description="Certifications.")
    languages: list[ImportedLanguage] = _field(description="Spoken languages.")
    unplaced: list[Unplaced] = _field(description="Text that no field took: nothing is dropped.")
    warnings: list[PreviewWarning] = _field(description="What to look at.")
    tampered: bool | None = _field(
        description="Of a PDF that encloses its data, as ours do: false, the values are those of"
        " the data, which its pages show; true, pages or data were altered, and the values are"
        " those of the pages. null: no data is enclosed."
    )
    differences: list[PreviewDifference] = _field(
        description="Where pages and enclosed data differ; some, if there are very many."
    )
    page_pictures: list[PagePicture] = _field(
        description="The pages of a PDF that was not encrypted. Its pictures are there until it is"
        " committed, or expires."
    )
    expires_at: datetime = _field(description="Until when it can be committed.")


@strawberry.type(description="A file that was parsed and not committed yet.")
class WaitingImport:
    parse_id: UUID = _field(description="Name it to see the preview, or to commit it.")
    format: str = _field(description="vitae, json_resume, cv_data, linkedin, docx or pdf.")
    pages: int | None = _field(description="Number of pages, of formats that have them.")
    full_name: str | None = _field(description="Whose résumé it says it is.")
    entries: int = _field(description="How many entries were found, in all sections together.")
    created_at: datetime = _field(description="When it was parsed.")
    expires_at: datetime = _field(description="Until when it can be committed.")


@strawberry.enum(description="What a commit does with what is there already.")
class ImportMode(Enum):
    MERGE = "merge"
    REPLACE = "replace"


@strawberry.enum(description="A part of a preview that can be committed.")
class ImportSection(Enum):
    PROFILE = "profile"
    SKILLS = "skills"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    PROJECTS = "projects"
    CERTIFICATIONS = "certifications"
    LANGUAGES = "languages"


_IGNORED = "Not read: it is there so that a preview can be sent back as it came."


@strawberry.input
class _Sent:
    evidence: JSON | None = _field(default=None, description=_IGNORED)


def _text(description: str, most: int = bounds.LINE) -> str | None:
    declared: str | None = _field(
        default=None, description=description, metadata={"schema": {"maxLength": most}}
    )
    return declared


@strawberry.input(description="The profile of a preview.")
class ImportedProfileInput(_Sent):
    full_name: str | None = _text("Display name.", rules.NAME)
    headline: str | None = _text("What the owner is, in a line.")
    bio: str | None = _text("About the owner.", bounds.TEXT)
    location: str | None = _text("City and country.")
    website: str | None = _text("Website URL.", bounds.URL)
    github_url: str | None = _text("GitHub URL.", bounds.URL)
    linkedin_url: str | None = _text("LinkedIn URL.", bounds.URL)
    email: str | None = _text("E-mail address.", bounds.EMAIL)
    phone: str | None = _text("Telephone number.", rules.PHONE)


@strawberry.input(description="A skill of a preview.")
class ImportedSkillInput(SkillContent, _Sent):
    pass


@strawberry.input(description="A position of a preview.")
class ImportedExperienceInput(ExperienceContent, _Sent):
    pass


@strawberry.input(description="A school, course or degree of a preview.")
class ImportedEducationInput(EducationContent, _Sent):
    pass


@strawberry.input(description="A project of a preview.")
class ImportedProjectInput(ProjectContent, _Sent):
    pass


@strawberry.input(description="A certificate of a preview.")
class ImportedCertificationInput(CertificationContent, _Sent):
    pass


@strawberry.input(description="A spoken language of a preview.")
class ImportedLanguageInput(SpokenLanguageInput, _Sent):
    pass


def _rows(section: str, description: str) -> Any:
    return _field(
        default=None,
        description=description,
        metadata={"schema": {"maxItems": rules.most_rows(section)}},
    )


@strawberry.input(description="A preview, as it was answered or edited.")
class ImportPreviewInput:
    profile: ImportedProfileInput | None = _field(default=None, description="The profile.")
    skills: list[ImportedSkillInput] | None = _rows("skills", "Skills.")
    experience: list[ImportedExperienceInput] | None = _rows("experience", "Work experience.")
    education: list[ImportedEducationInput] | None = _rows("education", "Education.")
    projects: list[ImportedProjectInput] | None = _rows("projects", "Projects.")
    certifications: list[ImportedCertificationInput] | None = _rows(
        "certifications", "Certifications."
    )
    languages: list[ImportedLanguageInput] | None = _field(
        default=None,
        description="Spoken languages.",
        metadata={"schema": {"maxItems": rules.LANGUAGES}},
    )
    parse_id: JSON | None = _field(default=None, description=_IGNORED)
    format: JSON | None = _field(default=None, description=_IGNORED)
    pages: JSON | None = _field(default=None, description=_IGNORED)
    unplaced: JSON | None = _field(default=None, description=_IGNORED)
    warnings: JSON | None = _field(default=None, description=_IGNORED)
    tampered: JSON | None = _field(default=None, description=_IGNORED)
    differences: JSON | None = _field(default=None, description=_IGNORED)
    page_pictures: JSON | None = _field(default=None, description=_IGNORED)
    expires_at: JSON | None = _field(default=None, description=_IGNORED)


@strawberry.input(
    description="What to commit: a parse as it is, by its id, or a preview, which may be edited."
    " With both, the preview is taken and the parse is used up."
)
class ImportCommitInput:
    parse_id: UUID | None = _field(default=None, description="Id of the parse.")
    preview: ImportPreviewInput | None = _field(
        default=None, description="The preview, as it was answered or edited."
    )
    mode: ImportMode = _field(
        default=ImportMode.MERGE,
        description="`merge` adds what is new and fills what is blank; what was written or edited"
        " by hand stays. `replace` makes the sections what the preview says: an empty list of a"
        " preview that is sent empties its section, one that is absent leaves it.",
    )
    replaced: list[ImportSection] | None = _field(
        default=None,
        description="Parts that are replaced although `mode` is `merge`.",
        metadata={"schema": {"maxItems": 4 * len(ImportSection)}},
    )
    sections: list[ImportSection] | None = _field(
        default=None,
        description="Only these parts. Absent: of a parse those of which anything was found, of a"
        " preview that is sent those that are in it. With `replace` a part named here is emptied"
        " where nothing was found; one that is not in the preview that is sent is refused.",
        metadata={"schema": {"maxItems": 4 * len(ImportSection)}},
    )


@strawberry.enum(description="What became of one entry of a preview.")
class ImportOutcome(Enum):
    CREATED = "created"
    CHANGED = "changed"
    LEFT = "left"
    DELETED = "deleted"


@strawberry.type(description="What became of one entry.")
class ImportedEntry:
    section: ImportSection = _field(description="Where it belongs.")
    outcome: ImportOutcome = _field(description="What was done.")
    label: str = _field(description="The entry in a few words.")
    id: UUID | None = _field(description="The row; null for the profile and for languages.")
    fields: list[str] = _field(description="Names of the fields that were written.")
    differing: list[str] = _field(
        description="Names of fields where the file says something else or more, and the profile"
        " was left as it is: written by hand, or without room for more."
    )


@strawberry.type(description="What a commit did.")
class ImportSummary:
    parse_id: UUID | None = _field(description="The parse, where one was named.")
    mode: ImportMode = _field(description="How it was done.")
    created: int = _field(description="Number of entries created.")
    changed: int = _field(description="Number of entries changed.")
    left: int = _field(description="Number of entries left as they were.")
    deleted: int = _field(description="Number of entries deleted; of `replace` only.")
    entries: list[ImportedEntry] = _field(description="Entry by entry.")
