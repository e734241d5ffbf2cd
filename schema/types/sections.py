"""The rows of the five sections, and what is given to make one."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.cv import bounds
from app.grounding import MOST_CITED
from app.profile import rules

_field = strawberry.field


def _schema(**schema: object) -> dict[str, Any]:
    return {"schema": schema}


_NAME = _schema(minLength=1, maxLength=bounds.LINE)
_LINE = _schema(maxLength=bounds.LINE)
_SHORT = _schema(maxLength=rules.SHORT)
_PROSE = _schema(maxLength=bounds.TEXT)
_DATE = _schema(pattern=rules.DATE_PATTERN)
_URL = _schema(maxLength=bounds.URL)
_YEARS = _schema(minimum=0, maximum=rules.YEARS)
_BULLETS = _schema(maxItems=bounds.BULLETS, items={"type": "string", "maxLength": bounds.TEXT})
_TECHNOLOGIES = _schema(
    maxItems=rules.TECHNOLOGIES, items={"type": "string", "maxLength": rules.SHORT}
)
_DATES = " YYYY, YYYY-MM or YYYY-MM-DD, kept at that precision."


GROUNDED_IN = _schema(minItems=1, maxItems=MOST_CITED)
GROUNDED_IN_DESCRIPTION = (
    "Ids of what this is taken from: rows of your sections, imports that are not committed yet,"
    " résumé jobs, or the id of your account for the profile. If given, figures, dates, employers,"
    " titles, names and places that these do not hold are refused, each named. An employer or title"
    " is looked for where a source tells its own, and in prose only where it tells none. Prose"
    " without figures is not judged. It is not kept."
)


@strawberry.input
class Grounded:
    grounded_in: list[UUID] | None = _field(
        default=None, description=GROUNDED_IN_DESCRIPTION, metadata=GROUNDED_IN
    )


@strawberry.enum(description="A section of a profile.")
class Section(Enum):
    SKILLS = "skills"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    PROJECTS = "projects"
    CERTIFICATIONS = "certifications"


@strawberry.enum(description="Where a row came from.")
class Origin(Enum):
    HAND = "hand"
    IMPORT = "import"


@strawberry.type(description="What every row of a section has.")
class Row:
    id: UUID = _field(description="Id of the row.")
    position: int = _field(description="Its place in the section, ascending; gaps are possible.")
    origin: Origin = _field(description="`import` until it is edited by hand.")
    created_at: datetime = _field(description="When it was made.")
    updated_at: datetime = _field(description="When it was last changed.")
    version: int = _field(description="Raised by each change; also its ETag.")


@strawberry.type
class SkillFields:
    name: str = _field(description="What the owner can do, such as PostgreSQL.")
    category: str | None = _field(description="A group it belongs to, such as Databases.")
    level: str | None = _field(description="How well, in the owner's words: expert, B2, 4/5.")
    years: float | None = _field(description="Years of practice.")


@strawberry.type(description="A skill.")
class Skill(Row, SkillFields):
    pass


@strawberry.input
class SkillContent:
    name: str = _field(description="What the owner can do, such as PostgreSQL.", metadata=_NAME)
    category: str | None = _field(
        default=None, description="A group it belongs to, such as Databases.", metadata=_LINE
    )
    level: str | None = _field(
        default=None,
        description="How well, in the owner's words: expert, B2, 4/5.",
        metadata=_SHORT,
    )
    years: float | None = _field(default=None, description="Years of practice.", metadata=_YEARS)


@strawberry.input(description="A skill. Absent and null mean not given.")
class SkillInput(Grounded, SkillContent):
    pass


@strawberry.input(description="A skill. With an `id` it replaces that row.")
class SkillItemInput(SkillInput):
    id: UUID | None = _field(default=None, description="Id of a row to keep; absent for a new one.")


@strawberry.type
class ExperienceFields:
    company: str | None = _field(description="The employer. It or `title` is required.")
    title: str | None = _field(description="The position held.")
    location: str | None = _field(description="Where, or Remote.")
    employment_type: str | None = _field(
        description="Such as full-time, part-time, contract, freelance, internship."
    )
    start_date: str | None = _field(description="When it began." + _DATES)
    end_date: str | None = _field(description="When it ended; null while it goes on." + _DATES)
    is_current: bool = _field(description="Whether it goes on; `end_date` is null then.")
    description: str | None = _field(description="What it was about, in paragraphs.")
    bullets: list[str] = _field(description="What was done, one achievement each.")
    technologies: list[str] = _field(description="What was worked with.")


@strawberry.type(description="One position.")
class Experience(Row, ExperienceFields):
    pass


@strawberry.input
class ExperienceContent:
    company: str | None = _field(
        default=None, description="The employer. It or `title` is required.", metadata=_LINE
    )
    title: str | None = _field(default=None, description="The position held.", metadata=_LINE)
    location: str | None = _field(default=None, description="Where, or Remote.", metadata=_LINE)
    employment_type: str | None = _field(
        default=None,
        description="Such as full-time, part-time, contract, freelance, internship.",
        metadata=_SHORT,
    )
    start_date: str | None = _field(
        default=None, description="When it began." + _DATES, metadata=_DATE
    )
    end_date: str | None = _field(
        default=None, description="When it ended; null while it goes on." + _DATES, metadata=_DATE
    )
    is_current: bool = _field(
        default=False, description="Whether it goes on; `end_date` is null then."
    )
    description: str | None = _field(
        default=None, description="What it was about, in paragraphs.", metadata=_PROSE
    )
    bullets: list[str] | None = _field(
        default=None, description="What was done, one achievement each.", metadata=_BULLETS
    )
    technologies: list[str] | None = _field(
        default=None, description="What was worked with.", metadata=_TECHNOLOGIES
    )


@strawberry.input(description="One position. Absent and null mean not given.")
class ExperienceInput(Grounded, ExperienceContent):
    pass


@strawberry.input(description="One position. With an `id` it replaces that row.")
class ExperienceItemInput(ExperienceInput):
    id: UUID | None = _field(default=None, description="Id of a row to keep; absent for a new one.")


@strawberry.type
class EducationFields:
    institution: str | None = _field(description="The school. It or `degree` is required.")
    degree: str | None = _field(description="Such as BSc.")
    field_of_study: str | None = _field(description="Such as Computer Science.")
    location: str | None = _field(description="Where.")
    start_date: str | None = _field(description="When it began." + _DATES)
    end_date: str | None = _field(description="When it ended or will end." + _DATES)
    grade: str | None = _field(description="The final mark, as it is written there.")
    description: str | None = _field(description="What it was about, in paragraphs.")
    bullets: list[str] = _field(description="Courses, prizes, a thesis; one each.")


@strawberry.type(description="One school, course or degree.")
class Education(Row, EducationFields):
    pass


@strawberry.input
class EducationContent:
    institution: str | None = _field(
        default=None, description="The school. It or `degree` is required.", metadata=_LINE
    )
    degree: str | None = _field(default=None, description="Such as BSc.", metadata=_LINE)
    field_of_study: str | None = _field(
        default=None, description="Such as Computer Science.", metadata=_LINE
    )
    location: str | None = _field(default=None, description="Where.", metadata=_LINE)
    start_date: str | None = _field(
        default=None, description="When it began." + _DATES, metadata=_DATE
    )
    end_date: str | None = _field(
        default=None, description="When it ended or will end." + _DATES, metadata=_DATE
    )
    grade: str | None = _field(
        default=None, description="The final mark, as it is written there.", metadata=_SHORT
    )
    description: str | None = _field(
        default=None, description="What it was about, in paragraphs.", metadata=_PROSE
    )
    bullets: list[str] | None = _field(
        default=None, description="Courses, prizes, a thesis; one each.", metadata=_BULLETS
    )


@strawberry.input(description="One school, course or degree. Absent and null mean not given.")
class EducationInput(Grounded, EducationContent):
    pass


@strawberry.input(description="One school, course or degree. With an `id` it replaces that row.")
class EducationItemInput(EducationInput):
    id: UUID | None = _field(default=None, description="Id of a row to keep; absent for a new one.")


@strawberry.type
class ProjectFields:
    name: str = _field(description="What it is called.")
    role: str | None = _field(description="What the owner was in it.")
    url: str | None = _field(description="Where it can be seen.")
    repository_url: str | None = _field(description="Where its source is.")
    start_date: str | None = _field(description="When it began." + _DATES)
    end_date: str | None = _field(description="When it ended; null while it goes on." + _DATES)
    description: str | None = _field(description="What it is, in paragraphs.")
    bullets: list[str] = _field(description="What was done, one achievement each.")
    technologies: list[str] = _field(description="What it is made with.")


@strawberry.type(description="One project.")
class Project(Row, ProjectFields):
    pass


@strawberry.input
class ProjectContent:
    name: str = _field(description="What it is called.", metadata=_NAME)
    role: str | None = _field(default=None, description="What the owner was in it.", metadata=_LINE)
    url: str | None = _field(default=None, description="Where it can be seen.", metadata=_URL)
    repository_url: str | None = _field(
        default=None, description="Where its source is.", metadata=_URL
    )
    start_date: str | None = _field(
        default=None, description="When it began." + _DATES, metadata=_DATE
    )
    end_date: str | None = _field(
        default=None, description="When it ended; null while it goes on." + _DATES, metadata=_DATE
    )
    description: str | None = _field(
        default=None, description="What it is, in paragraphs.", metadata=_PROSE
    )
    bullets: list[str] | None = _field(
        default=None, description="What was done, one achievement each.", metadata=_BULLETS
    )
    technologies: list[str] | None = _field(
        default=None, description="What it is made with.", metadata=_TECHNOLOGIES
    )


@strawberry.input(description="One project. Absent and null mean not given.")
class ProjectInput(Grounded, ProjectContent):
    pass


@strawberry.input(description="One project. With an `id` it replaces that row.")
class ProjectItemInput(ProjectInput):
    id: UUID | None = _field(default=None, description="Id of a row to keep; absent for a new one.")


@strawberry.type
class CertificationFields:
    name: str = _field(description="What it certifies.")
    issuer: str | None = _field(description="Who issued it.")
    issued_on: str | None = _field(description="When it was issued." + _DATES)
    expires_on: str | None = _field(description="When it expires; null when it does not." + _DATES)
    credential_id: str | None = _field(description="Its number.")
    credential_url: str | None = _field(description="Where it can be verified.")


@strawberry.type(description="One certificate or licence.")
class Certification(Row, CertificationFields):
    pass


@strawberry.input
class CertificationContent:
    name: str = _field(description="What it certifies.", metadata=_NAME)
    issuer: str | None = _field(default=None, description="Who issued it.", metadata=_LINE)
    issued_on: str | None = _field(
        default=None, description="When it was issued." + _DATES, metadata=_DATE
    )
    expires_on: str | None = _field(
        default=None, description="When it expires; null when it does not." + _DATES, metadata=_DATE
    )
    credential_id: str | None = _field(default=None, description="Its number.", metadata=_LINE)
    credential_url: str | None = _field(
        default=None, description="Where it can be verified.", metadata=_URL
    )


@strawberry.input(description="One certificate or licence. Absent and null mean not given.")
class CertificationInput(Grounded, CertificationContent):
    pass


@strawberry.input(description="One certificate or licence. With an `id` it replaces that row.")
class CertificationItemInput(CertificationInput):
    id: UUID | None = _field(default=None, description="Id of a row to keep; absent for a new one.")


def _all_of(section: str) -> Any:
    limits = _schema(maxItems=rules.most_rows(section))
    return strawberry.argument(description="All of the section, first to last.", metadata=limits)


AllSkills = Annotated[list[SkillItemInput], _all_of("skills")]
AllExperience = Annotated[list[ExperienceItemInput], _all_of("experience")]
AllEducation = Annotated[list[EducationItemInput], _all_of("education")]
AllProjects = Annotated[list[ProjectItemInput], _all_of("projects")]
AllCertifications = Annotated[list[CertificationItemInput], _all_of("certifications")]
AllIds = Annotated[
    list[UUID],
    strawberry.argument(
        description="Ids of all rows of the section, first to last.",
        metadata=_schema(maxItems=max(rules.most_rows(section) for section in rules.SECTIONS)),
    ),
]


@strawberry.type(description="The order of a section.")
class SectionOrder:
    section: Section = _field(description="Which one.")
    ids: list[UUID] = _field(description="Ids of its rows, first to last.")
