"""The sections' fields: each section handed to what reads it, and the rest kept as unplaced."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.certifications import read_certifications
from app.importing.contact import find_emails, find_phones
from app.importing.document import Document
from app.importing.entries import entries_of
from app.importing.experience import holds_positions, read_experience
from app.importing.forms import without_labels
from app.importing.header import read_header
from app.importing.headings import section_of
from app.importing.labelled import without_labelled
from app.importing.lists import read_languages, read_skills
from app.importing.months import without_months
from app.importing.preview import FoundProfile, Preview, Unplaced
from app.importing.projects import read_projects
from app.importing.sections import Section
from app.importing.spoken import find_languages
from app.importing.studies import read_education
from app.importing.table_rows import read_position_rows, read_study_rows
from app.importing.tables import Table, parted_by_tables
from app.importing.words import degree_of, institution_score

_SUMMARY = re.compile(
    r"profil|summary|about|statement|objecti|resum|perfil|über|sobre", re.IGNORECASE
)
_OTHERS = frozenset(
    {"publications", "awards", "interests", "references", "volunteering", "other", "header"}
)

# What the columns of a table must tell, so that it can be read by them.
_TABLED: dict[str, list[set[str]]] = {
    "experience": [{"company", "school"}, {"title"}],
    "education": [{"degree"}, {"school", "board"}],
    "certifications": [],
    "projects": [],
}


def read_fields(sections: Sequence[Section], preview: Preview) -> None:
    """Fill the preview with what the sections say."""
    header = [block for section in sections if section.name == "header" for block in section.blocks]
    for section in sections:
        if section.name == "summary" and _reaches(section.blocks):
            section.name = "contact"
    contact: list[tuple[Block, str | None]] = []
    for section in sections:
        if section.name == "contact":
            section.blocks = _without_listed_languages(section, preview)
            contact.extend((block, section.title) for block in section.blocks)
    profile, left, prose = read_header(header, contact)
    preview.profile = profile
    preview.unplaced.extend(left)
    _name_positions(sections)
    for section in sections:
        _read_section(section, preview)
    _adopt_summary(sections, preview)
    if prose and profile.bio is None:
        _set_bio(profile, prose, 0.7)
    else:
        preview.unplaced.extend(seen.unplaced(block, None) for block in prose)


def _name_positions(sections: Sequence[Section]) -> None:
    """Where nothing is headed as experience, positions may stand under words of their own, as a
    cook's do under `Kitchens`."""
    if any(section.name == "experience" for section in sections):
        return
    for section in sections:
        if section.name == "other" and holds_positions(section.blocks):
            section.name = "experience"


def _reaches(blocks: Sequence[Block]) -> bool:
    """Whether a section that is headed as a summary only says how to reach the person."""
    short = all(len(block.text.split()) <= 6 for block in blocks)
    return short and any(find_emails(block.text) or find_phones(block.text) for block in blocks)


def _adopt_summary(sections: Sequence[Section], preview: Preview) -> None:
    """Take prose below the first heading as the summary where that heading is not known."""
    first = next((section for section in sections if section.name != "header"), None)
    if first is None or preview.profile.bio is not None or first.name != "other":
        return
    heading = first.heading
    if heading is None or not _SUMMARY.search(heading.text) or not first.blocks:
        return
    texts = {block.text for block in first.blocks}
    preview.unplaced[:] = [
        left for left in preview.unplaced if left.section != first.title or left.text not in texts
    ]
    _set_bio(preview.profile, first.blocks, 0.7)


def _read_section(section: Section, preview: Preview) -> None:
    if section.name == "other":
        section.name = _named_by_table(section.blocks) or "other"
    blocks, title = section.blocks, section.title
    if section.name in _TABLED:
        blocks = _read_tables(section, preview)
    if section.name in ("experience", "education", "certifications"):
        section.blocks = blocks = without_months(without_labels(blocks))
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


def _named_by_table(blocks: Sequence[Block]) -> str | None:
    """The section that a table under an unknown heading shows itself to be by its columns."""
    for name, told in _TABLED.items():
        _, parts = parted_by_tables(blocks, told)
        if any(isinstance(part, Table) for part in parts):
            return name
    return None


def _read_tables(section: Section, preview: Preview) -> list[Block]:
    """Read the tables that say what their columns hold; what else there is comes back."""
    heads, parts = parted_by_tables(section.blocks, _TABLED[section.name])
    preview.unplaced.extend(seen.unplaced(block, section.title) for block in heads)
    rest: list[Block] = []
    for part in parts:
        if isinstance(part, list):
            rest.extend(part)
        elif section.name == "education":
            preview.education.extend(read_study_rows(part))
        else:
            preview.experience.extend(read_position_rows(part))
    return rest


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
    studied: list[Block] = []
    certified: list[Block] = []
    found = entries_of(section.blocks)
    studied.extend(found.before)
    for entry in found.entries:
        text = "  ".join(row.block.text for row in entry.head)
        academic = (
            degree_of(text)
            or institution_score(text) >= 0.5
            or any(
                institution_score(piece.text) >= 0.5 for row in entry.head for piece in row.pieces
            )
        )
        (studied if academic else certified).extend([r.block for r in entry.head] + entry.body)
    studies, left = read_education(studied, section.title)
    certificates, more = read_certifications(certified, section.title)
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
    blocks = _without_spoken(blocks, section, preview)
    blocks, certified = without_labelled(blocks, "certifications")
    certificates, unread = read_certifications(certified, section.title)
    preview.certifications.extend(certificates)
    skills, left = read_skills(blocks, section.title)
    preview.skills.extend(skills)
    return [*left, *unread]


def _lists_languages(block: Block) -> bool:
    """Whether a block is a list of languages behind its label: `Languages: French, English`."""
    segments = block.segments
    label, _, _ = block.text.partition(":")
    if len(segments) > 1 and segments[1].gap:
        label = segments[0].text
    heading = section_of(label) if label != block.text else None
    return bool(
        heading and heading.exact and heading.section == "languages" and find_languages(block.text)
    )


def _without_listed_languages(section: Section, preview: Preview) -> list[Block]:
    """The blocks of a section about the person without languages that a label there lists."""
    listed = [block for block in section.blocks if _lists_languages(block)]
    languages, rest = read_languages(listed, section.title)
    preview.languages.extend(languages)
    taken = {id(block) for block in listed} - {id(block) for block in rest}
    return [block for block in section.blocks if id(block) not in taken]


def _without_spoken(blocks: Sequence[Block], section: Section, preview: Preview) -> Sequence[Block]:
    """The blocks without a list of languages that stands among skills under its own label."""
    spoken: list[Block] = []
    labels: list[Block] = []
    below = False
    for block in blocks:
        heading = section_of(block.text) if len(block.text) < 30 else None
        if heading is not None and heading.exact and not block.bullet:
            below = heading.section == "languages"
            labels.extend([block] if below else [])
        elif below or _lists_languages(block):
            spoken.append(block)
    languages, rest = read_languages(spoken, section.title)
    preview.languages.extend(languages)
    taken = {id(block) for block in spoken} - {id(block) for block in rest}
    taken.update(id(block) for block in labels if languages)
    return [block for block in blocks if id(block) not in taken]


def add_running(document: Document, preview: Preview) -> None:
    """Heads and feet of pages are told of too: somebody may miss what stood there."""
    preview.unplaced.extend(seen.unplaced_line(line, None) for line in document.running)
