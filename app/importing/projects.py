"""Projects: entries that have a name of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.bodies import body_of
from app.importing.contact import find_urls, is_repository, looks_like_place
from app.importing.entries import Entry, entries_of
from app.importing.heads import Piece, row_of
from app.importing.preview import FoundProject, Unplaced
from app.importing.skills import split_skills
from app.importing.words import title_score

_PROJECT = "projects.read_projects"


def read_projects(
    blocks: Sequence[Block], section: str | None
) -> tuple[list[FoundProject], list[Unplaced]]:
    """The projects of a section, and what is none of theirs."""
    found = entries_of(blocks)
    left = [seen.unplaced(block, section) for block in found.before if not block.bullet]
    entries = found.entries + [Entry([row_of(block)]) for block in found.before if block.bullet]
    projects: list[FoundProject] = []
    for entry in entries:
        project = _project(entry)
        if project is not None:
            projects.append(project)
        else:
            left.extend(seen.unplaced(row.block, section) for row in entry.head)
            left.extend(seen.unplaced(block, section) for block in entry.body)
    return projects, left


def _project(entry: Entry) -> FoundProject | None:
    pieces = [piece for row in entry.head for piece in _with_links(row.pieces)]
    named = next((piece for piece in pieces if not find_urls(piece.text)), None)
    if named is None:
        return None
    if ": " in named.text and not named.bold:
        head, _, tail = named.text.partition(": ")
        at = pieces.index(named)
        pieces[at : at + 1] = [replace(named, text=head), replace(named, text=tail)]
        named = pieces[at]
    project = FoundProject(name=named.text)
    project.evidence.append(seen.of_piece("name", named, 0.85, _PROJECT))
    for piece in pieces:
        if piece is not named:
            _add_piece(project, piece, named)
    for row in entry.head:
        for link in row.line.links:
            field = _add_link(project, link.url)
            if field:
                project.evidence.append(seen.of_line(field, link.text, row.line, 0.9, _PROJECT))
    _project_dates(project, entry)
    body = body_of([block for block in entry.body if not _is_link(project, block)])
    project.bullets = body.bullets
    project.technologies.extend(t for t in body.technologies if t not in project.technologies)
    project.description = "\n".join(filter(None, [project.description, body.description])) or None
    for name, block, sure in body.blocks:
        project.evidence.append(seen.of_block(name, block, sure, _PROJECT))
    return project


def _is_link(project: FoundProject, block: Block) -> bool:
    """Take the address from a block that is nothing else."""
    urls = find_urls(block.text)
    if not urls or len(block.text) - len(urls[0].text) > 12:
        return False
    field = _add_link(project, urls[0].url)
    if field:
        project.evidence.append(seen.of_block(field, block, 0.9, _PROJECT))
    return field is not None


def _with_links(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if any(char.isalnum() for char in piece.text)]


def _add_link(project: FoundProject, url: str) -> str | None:
    """Set the project's address or that of its repository; the field, if it was empty."""
    field = "repository_url" if is_repository(url) else "url"
    if not url.startswith("http") or getattr(project, field):
        return None
    setattr(project, field, url)
    return field


def _add_piece(project: FoundProject, piece: Piece, named: Piece) -> None:
    """A further piece of the head: an address, the technologies, the role, or its description."""
    text = piece.text
    if urls := find_urls(text):
        field = _add_link(project, urls[0].url) or "url"
    elif _is_listed(text) and not project.technologies:
        project.technologies = [skill.name for skill in split_skills(text)]
        field = "technologies"
    elif project.role is None and len(text.split()) <= 8 and _may_be_role(piece, named):
        project.role, field = text, "role"
    else:
        project.description = "\n".join(filter(None, [project.description, text]))
        field = "description"
    project.evidence.append(seen.of_piece(field, piece, 0.7, _PROJECT))


def _may_be_role(piece: Piece, named: Piece) -> bool:
    if looks_like_place(piece.text) > 0.6:
        return False
    unlike = (piece.bold, piece.italic, piece.color) != (named.bold, named.italic, named.color)
    named_so = unlike and len(piece.text.split()) <= 4 and piece.text[:1].isupper()
    return title_score(piece.text) >= 0.4 or piece.line is not named.line or named_so


# Words of a phrase, which a list of technologies has none of.
_PHRASE = re.compile(r"\b(?:of|with|for|the|mit|für|der|des|avec|pour|des|con|para|per|met|voor)\b")


def _is_listed(text: str) -> bool:
    parts = re.split(r"\s*[,;·]\s*", text)
    if len(parts) < 2 or _PHRASE.search(text):
        return False
    return all(len(part.split()) <= 4 for part in parts)


def _project_dates(project: FoundProject, entry: Entry) -> None:
    """The time of a project; a single date is its end, or all of it in brackets behind the name."""
    row = entry.dated
    if row is None or row.span is None:
        return
    project.start_date, project.end_date = row.span.start, row.span.end
    if row.span.start and not row.span.end and not row.span.is_current:
        bracketed = row.block.text[row.span.at[0]] in "(（"
        project.start_date = row.span.start if bracketed else None
        project.end_date = row.span.start
    for name in ("start_date", "end_date"):
        if getattr(project, name):
            project.evidence.append(seen.of_span(name, row, "dates.find_span"))
