"""The sections' fields: each section handed to what reads it, and the rest kept as unplaced."""

from __future__ import annotations

from collections.abc import Sequence

from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.document import Document
from app.importing.experience import read_experience
from app.importing.header import read_header
from app.importing.heads import row_of
from app.importing.lists import read_languages, read_skills
from app.importing.preview import FoundProfile, Preview, Unplaced
from app.importing.projects import read_certifications, read_projects
from app.importing.sections import Section
from app.importing.studies import read_education
from app.importing.words import degree_of, institution_score

_OTHERS = frozenset(
    {"publications", "awards", "interests", "references", "volunteering", "other", "header"}
)


def read_fields(sections: Sequence[Section], preview: Preview) -> None:
    """Fill the preview with what the sections say."""
    header = [block for section in sections if section.name == "header" for block in section.blocks]
    contact = [
        (block, section.title)
        for section in sections
        if section.name == "contact"
        for block in section.blocks
    ]
    profile, left, prose = read_header(header, contact)
    preview.profile = profile
    preview.unplaced.extend(left)
    for section in sections:
        _read_section(section, preview)
    if prose and profile.bio is None:
        _set_bio(profile, prose, 0.7)
    else:
        preview.unplaced.extend(seen.unplaced(block, None) for block in prose)


def _read_section(section: Section, preview: Preview) -> None:
    blocks, title = section.blocks, section.title
    left: list[Unplaced] = []
    match section.name:
        case "summary":
            left = _read_summary(blocks, title, preview)
        case "experience":
            positions, left = read_experience(blocks, title)
            preview.experience.extend(positions)
        case "education":
            left = _read_education(section, preview)
        case "projects":
            projects, left = read_projects(blocks, title)
            preview.projects.extend(projects)
        case "certifications":
            certificates, left = read_certifications(blocks, title)
            preview.certifications.extend(certificates)
        case "languages":
            left = _read_languages(blocks, title, preview)
        case "skills":
            left = _read_skills(section, preview)
        case name if name in _OTHERS and name != "header":
            left = [seen.unplaced(block, title) for block in blocks]
    preview.unplaced.extend(left)


def _read_summary(blocks: Sequence[Block], title: str | None, preview: Preview) -> list[Unplaced]:
    if preview.profile.bio is None and blocks:
        _set_bio(preview.profile, blocks, 0.95)
        return []
    return [seen.unplaced(block, title) for block in blocks]


def _set_bio(profile: FoundProfile, blocks: Sequence[Block], confidence: float) -> None:
    profile.bio = "\n".join(block.text for block in blocks)
    profile.evidence.extend(
        seen.of_block("bio", block, confidence, "fields.read_fields") for block in blocks
    )


def _read_education(section: Section, preview: Preview) -> list[Unplaced]:
    """Studies; where the heading names certificates too, those entries that are no studies."""
    if "certifications" not in section.also:
        studies, left = read_education(section.blocks, section.title)
        preview.education.extend(studies)
        return left
    academic = [
        block.bullet
        or bool(degree_of(block.text))
        or institution_score(block.text) >= 0.5
        or not row_of(block).dated
        for block in section.blocks
    ]
    studies, left = read_education(
        [b for b, yes in zip(section.blocks, academic, strict=True) if yes], section.title
    )
    certificates, more = read_certifications(
        [b for b, yes in zip(section.blocks, academic, strict=True) if not yes], section.title
    )
    preview.education.extend(studies)
    preview.certifications.extend(certificates)
    return left + more


def _read_languages(blocks: Sequence[Block], title: str | None, preview: Preview) -> list[Unplaced]:
    languages, rest = read_languages(blocks, title)
    if not languages and rest:
        skills, rest_of_skills = read_skills(blocks, title)
        preview.skills.extend(skills)
        return rest_of_skills
    preview.languages.extend(languages)
    return [seen.unplaced(block, title) for block in rest]


def _read_skills(section: Section, preview: Preview) -> list[Unplaced]:
    blocks: Sequence[Block] = section.blocks
    if "languages" in section.also:
        languages, blocks = read_languages(blocks, section.title)
        preview.languages.extend(languages)
    skills, left = read_skills(blocks, section.title)
    preview.skills.extend(skills)
    return left


def add_running(document: Document, preview: Preview) -> None:
    """Heads and feet of pages are told of too: somebody may miss what stood there."""
    preview.unplaced.extend(seen.unplaced_line(line, None) for line in document.running)
