"""An owner's profile and its sections. Dates are text: `2018`, `2018-09` or `2018-09-01`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id, UpdatedAt, Version

_Texts = Annotated[list[str], mapped_column(server_default=text("'{}'"))]
_No = Annotated[bool, mapped_column(server_default=text("false"))]


class ProfileRow(Base):
    """What there is one of for each account; made with the account.

    `email` and `phone` are for the reader of a résumé: to sign in and to be written to by us, the
    account has an address of its own. They are public only where the owner says so.
    """

    __tablename__ = "profiles"
    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'unlisted', 'private')", name="visibility"),
    )

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    full_name: Mapped[str]
    headline: Mapped[str | None]
    bio: Mapped[str | None]
    location: Mapped[str | None]
    website: Mapped[str | None]
    github_url: Mapped[str | None]
    linkedin_url: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    languages: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    open_to_work: Mapped[_No]
    email_public: Mapped[_No]
    phone_public: Mapped[_No]
    visibility: Mapped[str] = mapped_column(server_default="unlisted")
    answers_questions: Mapped[bool] = mapped_column(server_default=text("true"))
    avatar_key: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[Version]


class FormerUsernameRow(Base):
    """A name that an account gave up: it leads to the account and is nobody else's until then."""

    __tablename__ = "former_usernames"

    username: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[AccountId]
    kept_until: Mapped[datetime]


class _Entry:
    """What the rows of all sections have.

    `position` orders a section; gaps and doubles are allowed, the id then decides. `origin` is
    `import` until the row is edited by hand; `parse_id` says of which import.
    """

    id: Mapped[Id]
    account_id: Mapped[AccountId] = mapped_column(index=False)
    position: Mapped[int]
    origin: Mapped[str] = mapped_column(server_default="hand")
    parse_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[Version]


def _rules(table: str, *more: CheckConstraint) -> tuple[Any, ...]:
    in_order = Index(f"ix_{table}_in_order", "account_id", "position", "id")
    return (CheckConstraint("origin IN ('hand', 'import')", name="origin"), in_order, *more)


class SkillRow(_Entry, Base):
    __tablename__ = "skills"
    __table_args__ = _rules("skills")

    name: Mapped[str]
    category: Mapped[str | None]
    level: Mapped[str | None]
    years: Mapped[float | None]


class ExperienceRow(_Entry, Base):
    __tablename__ = "experience"
    __table_args__ = _rules(
        "experience",
        CheckConstraint("company IS NOT NULL OR title IS NOT NULL", name="names_something"),
        CheckConstraint("NOT (is_current AND end_date IS NOT NULL)", name="ends_or_goes_on"),
    )

    company: Mapped[str | None]
    title: Mapped[str | None]
    location: Mapped[str | None]
    employment_type: Mapped[str | None]
    start_date: Mapped[str | None]
    end_date: Mapped[str | None]
    is_current: Mapped[_No]
    description: Mapped[str | None]
    bullets: Mapped[_Texts]
    technologies: Mapped[_Texts]


class EducationRow(_Entry, Base):
    __tablename__ = "education"
    __table_args__ = _rules(
        "education",
        CheckConstraint("institution IS NOT NULL OR degree IS NOT NULL", name="names_something"),
    )

    institution: Mapped[str | None]
    degree: Mapped[str | None]
    field_of_study: Mapped[str | None]
    location: Mapped[str | None]
    start_date: Mapped[str | None]
    end_date: Mapped[str | None]
    grade: Mapped[str | None]
    description: Mapped[str | None]
    bullets: Mapped[_Texts]


class ProjectRow(_Entry, Base):
    __tablename__ = "projects"
    __table_args__ = _rules("projects")

    name: Mapped[str]
    role: Mapped[str | None]
    url: Mapped[str | None]
    repository_url: Mapped[str | None]
    start_date: Mapped[str | None]
    end_date: Mapped[str | None]
    description: Mapped[str | None]
    bullets: Mapped[_Texts]
    technologies: Mapped[_Texts]


class CertificationRow(_Entry, Base):
    __tablename__ = "certifications"
    __table_args__ = _rules("certifications")

    name: Mapped[str]
    issuer: Mapped[str | None]
    issued_on: Mapped[str | None]
    expires_on: Mapped[str | None]
    credential_id: Mapped[str | None]
    credential_url: Mapped[str | None]
