"""Projects and certifications: entries that have a name of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.cv import wording
from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.bodies import body_of
from app.importing.contact import find_urls, is_repository, looks_like_place
from app.importing.dates import read_date
from app.importing.entries import Entry, entries_of
from app.importing.grid import names_of
from app.importing.heads import Piece, row_of, trimmed
from app.importing.preview import FoundCertification, FoundProject, Unplaced
from app.importing.roles import organisation_score
from app.importing.skills import split_skills
from app.importing.validity import validity_of, without_validity
from app.importing.words import title_score

_PROJECT = "projects.read_projects"
_CERTIFICATE = "projects.read_certifications"
_BY = re.compile(
    r"^(?:(?:issued|awarded) (?:by|on)|by|ausgestellt (?:von|am)|délivrée? par|emitido por|"
    r"rilasciat[oa] da|uitgegeven door)(?:\s*:)?(?:\s+|$)",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"(?:credential(?: id)?|certificate(?: no\.?| number| id)?|licen[cs]e(?: no\.?| number)?|"
    r"zertifikat(?:s)?(?:-?nr\.?|nummer)|id|n[º°o]\.?|nr\.?|reg(?:istration)?\.? no\.?)"
    r"\s*[:：#]?\s*(?P<id>[A-Z0-9][A-Z0-9./-]{4,})",
    re.IGNORECASE,
)


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


def read_certifications(
    blocks: Sequence[Block], section: str | None
) -> tuple[list[FoundCertification], list[Unplaced]]:
    """The certificates of a section, and what is none of theirs."""
    entries = _certificate_entries(blocks)
    found: list[FoundCertification] = []
    left: list[Unplaced] = []
    for entry in entries:
        certificate = _certificate(entry)
        if certificate is not None:
            found.append(certificate)
        else:
            left.extend(seen.unplaced(row.block, section) for row in entry.head)
            left.extend(seen.unplaced(block, section) for block in entry.body)
    return found, left


def _certificate_entries(blocks: Sequence[Block]) -> list[Entry]:
    """Certificates stand one to a line or item unless their heads have several rows."""
    bullets = [block for block in blocks if block.bullet]
    if bullets and len(bullets) == len(blocks):
        return [Entry([row_of(block)]) for block in blocks]
    if len(blocks) > 1 and (all(map(_begins_bold, blocks)) or _one_a_line(blocks)):
        return [Entry([row_of(block)]) for block in blocks]
    found = entries_of(blocks)
    lone: list[Entry] = []
    for block in found.before:
        if lone and wording.read_label(block.text):
            lone[-1].body.append(block)
        else:
            lone.append(Entry([row_of(block)]))
    entries = lone + found.entries
    if any(entry.dated or _told_apart(entry) for entry in entries):
        return entries
    return [Entry([row_of(block)]) for block in blocks]


def _one_a_line(blocks: Sequence[Block]) -> bool:
    """Whether rows that look alike each have a name, and most of them a date beside it."""
    rows = [row_of(block) for block in blocks]
    named = sum(row.dated and bool(row.pieces) for row in rows)
    alike = len({row.look for row in rows}) == 1
    return alike and rows[0].dated and named >= 2 and 2 * named > len(rows)


def _begins_bold(block: Block) -> bool:
    """Whether a row names a certificate in bold and says more of it behind."""
    segments = block.segments
    return len(segments) > 1 and segments[0].bold and not segments[-1].bold


def _told_apart(entry: Entry) -> bool:
    """Whether an entry has rows of different looks, or says by a label what a block is."""
    looks = {row.look for row in entry.head}
    return len(looks) > 1 or any(wording.read_label(block.text) for block in entry.body)


def _certificate(entry: Entry) -> FoundCertification | None:
    pieces = [piece for row in entry.head for piece in row.pieces]
    if names := names_of(entry):
        pieces = [*names, *(piece for piece in pieces if _CREDENTIAL.fullmatch(piece.text))]
    kept: list[Piece] = []
    facts: dict[str, str] = {}
    proof = []
    for piece in pieces:
        if urls := find_urls(piece.text):
            facts.setdefault("credential_url", urls[0].url)
            proof.append(seen.of_piece("credential_url", piece, 0.9, _CERTIFICATE))
        elif match := _CREDENTIAL.fullmatch(piece.text):
            facts.setdefault("credential_id", match["id"])
            proof.append(seen.of_piece("credential_id", piece, 0.85, _CERTIFICATE))
        else:
            named = _BY.sub("", piece.text)
            if named:
                kept.append(replace(piece, text=named))
    kept = without_validity(kept, entry)
    if not kept:
        return None
    name, issuer, rest = _name_and_issuer(_dashed(kept))
    certificate = FoundCertification(
        name=name.text,
        credential_id=facts.get("credential_id"),
        credential_url=facts.get("credential_url"),
    )
    certificate.evidence = proof
    proof.append(seen.of_piece("name", name, 0.85, _CERTIFICATE))
    if issuer is not None:
        certificate.issuer = issuer.text
        proof.append(seen.of_piece("issuer", issuer, 0.75, _CERTIFICATE))
    proof.extend(seen.of_piece("name", piece, 0.3, _CERTIFICATE) for piece in rest)
    _certificate_dates(certificate, entry)
    for row in entry.head:
        for link in row.line.links:
            if link.url.startswith("http") and certificate.credential_url is None:
                certificate.credential_url = link.url
                proof.append(
                    seen.of_line("credential_url", link.text, row.line, 0.85, _CERTIFICATE)
                )
    for block in entry.body:
        if field := _set_named(certificate, block):
            proof.append(seen.of_block(field, block, 0.95, _CERTIFICATE))
            continue
        match = _CREDENTIAL.search(block.text)
        if match and certificate.credential_id is None:
            certificate.credential_id = match["id"]
            proof.append(seen.of_block("credential_id", block, 0.8, _CERTIFICATE))
            continue
        proof.append(seen.of_block("name", block, 0.3, _CERTIFICATE))
    return certificate


def _set_named(certificate: FoundCertification, block: Block) -> str | None:
    """Take what a block names by a label, or an address that is all of it; the field, if any."""
    field, value = wording.read_label(block.text) or ("", "")
    urls = find_urls(block.text)
    if field == "expires_on" and not certificate.expires_on:
        certificate.expires_on = read_date(value)
        return field if certificate.expires_on else None
    if field == "credential_id" and not certificate.credential_id:
        certificate.credential_id = value
        return field
    if urls and urls[0].text == block.text and not certificate.credential_url:
        certificate.credential_url = urls[0].url
        return "credential_url"
    return None


def _dashed(pieces: list[Piece]) -> list[Piece]:
    """Pieces that only a dash parts put together again, where others stand apart by look."""
    if len({piece.box for piece in pieces}) < 2:
        return pieces
    whole: list[Piece] = []
    for piece in pieces:
        if whole and piece.mark in ("–", "-", "—") and piece.box == whole[-1].box:
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text} {piece.mark} {piece.text}")
        else:
            whole.append(piece)
    return whole


def _name_and_issuer(pieces: list[Piece]) -> tuple[Piece, Piece | None, list[Piece]]:
    if len(pieces) >= 2:
        part, _, body = pieces[1].text.rpartition(", ")
        if part and body.isupper() and pieces[1].mark in ("–", "-", "—") and len(pieces) == 2:
            name = f"{pieces[0].text} {pieces[1].mark} {part}"
            return replace(pieces[0], text=name), replace(pieces[1], text=body), []
        return pieces[0], pieces[1], pieces[2:]
    only = pieces[0]
    head, comma, tail = only.text.rpartition(", ")
    if comma and not only.bold and _may_issue(tail):
        return replace(only, text=trimmed(head)), replace(only, text=trimmed(tail)), []
    return only, None, []


def _may_issue(text: str) -> bool:
    """Whether words behind a comma may be who gives a certificate: no clause, no profession."""
    if len(text.split()) > 6 or text[:1].islower():
        return False
    return title_score(text) < 0.8 or organisation_score(text) >= 0.5


def _certificate_dates(certificate: FoundCertification, entry: Entry) -> None:
    row = entry.dated
    if row is None or row.span is None:
        return
    told = validity_of(entry)
    if told.issued is not None:
        certificate.issued_on = told.issued.start or told.issued.end
        if told.issued.start and told.issued.end:
            certificate.expires_on = told.issued.end
    if told.expires is not None:
        certificate.expires_on = told.expires.end or told.expires.start
    for name in ("issued_on", "expires_on"):
        if getattr(certificate, name):
            certificate.evidence.append(seen.of_span(name, row, "dates.find_span"))
