"""A full row of each section, as a client gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Family:
    """One section: its path, its GraphQL names, and rows of it."""

    section: str
    one: str
    listed: str
    replaced: str
    full: dict[str, Any]
    least: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/v1/me/{self.section}"

    @property
    def type(self) -> str:
        return self.one.capitalize()


_SPAN = {"start_date": "2019-03", "end_date": "2021"}

FAMILIES = [
    Family(
        "skills",
        "skill",
        "skills",
        "replaceSkills",
        {"name": "PostgreSQL", "category": "Databases", "level": "expert", "years": 7.5},
        {"name": "Go"},
    ),
    Family(
        "experience",
        "experience",
        "experienceEntries",
        "replaceAllExperience",
        {
            "company": "Acme",
            "title": "Engineer",
            "location": "Lausanne",
            "employment_type": "full-time",
            **_SPAN,
            "is_current": False,
            "description": "Two lines\nof prose.",
            "bullets": ["Built it.", "Ran it."],
            "technologies": ["Python"],
        },
        {"title": "Cook"},
    ),
    Family(
        "education",
        "education",
        "educationEntries",
        "replaceAllEducation",
        {
            "institution": "ETH",
            "degree": "MSc",
            "field_of_study": "Physics",
            "location": "Zürich",
            **_SPAN,
            "grade": "5.5/6",
            "description": "With a thesis.",
            "bullets": ["Prize of the year."],
        },
        {"degree": "Abitur"},
    ),
    Family(
        "projects",
        "project",
        "projects",
        "replaceProjects",
        {
            "name": "Vane",
            "role": "Author",
            "url": "https://vane.example",
            "repository_url": "https://github.com/x/vane",
            **_SPAN,
            "description": "Says where the wind blows.",
            "bullets": ["Ten users."],
            "technologies": ["Rust", "SQLite"],
        },
        {"name": "Weather"},
    ),
    Family(
        "certifications",
        "certification",
        "certifications",
        "replaceCertifications",
        {
            "name": "First aid",
            "issuer": "Red Cross",
            "issued_on": "2024-02-29",
            "expires_on": "2026-02",
            "credential_id": "A-17",
            "credential_url": "https://verify.example/A-17",
        },
        {"name": "Forklift"},
    ),
]
