"""Certifications: what was awarded, by whom, when, until when and under which number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from msgspec import structs

from app.cv import wording
from app.importing import evidence as seen
from app.importing.blocks import Block, joined_text
from app.importing.contact import find_urls
from app.importing.dates import read_date
from app.importing.entries import Entry, entries_of
from app.importing.grid import names_of
from app.importing.hanging import unhung
from app.importing.heads import Piece, Row, row_of, trimmed
from app.importing.preview import FoundCertification, Unplaced
from app.importing.roles import organisation_score
from app.importing.validity import validity_of, without_validity
from app.importing.words import title_score
from app.importing.wrapping import unwrapped

_CERTIFICATE = "certifications.read_certifications"
_BY = re.compile(
    r"^(?:(?:issued|awarded) (?:by|on)|by|ausgestellt (?:von|am)|délivrée? par|emitido por|"
    r"rilasciat[oa] da|uitgegeven door)(?:\s*:)?(?:\s+|$)",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"(?:credential(?: id)?|certificate(?: no\.?| number| id)?|licen[cs]e(?: no\.?| number)?|"
    r"zertifikat(?:s)?(?:-?nr\.?|nummer)|id|n[º°o]\.?|nr\.?|reg(?:istration)?\.? no\.?)"
    r"\s*[:：#]?\s*(?P<id>\d{2,}(?:\s\d{2,})+|[A-Z0-9][A-Z0-9./-]{4,})",
    re.IGNORECASE,
)
_CREDENTIAL_LAST = re.compile(rf"(?:^|,\s*)(?:{_CREDENTIAL.pattern})$", re.IGNORECASE)
_BAR = re.compile(r"\s*[)）]?\s*[|·•;]\s")
_SURE = 0.3
_SET_OFF = 0.75  # of a line's height: more than lines of one head are apart
_BRACKETED = re.compile(r"(.*\S)\s*\(([^()]+)\)$")


def read_certifications(
    blocks: Sequence[Block], section: str | None
) -> tuple[list[FoundCertification], list[Unplaced]]:
    """The certificates of a section, and what is none of theirs."""
    entries = [each for entry in _certificate_entries(blocks) for each in _parted(entry)]
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
    blocks = unhung(unwrapped(_in_one_row(blocks)))
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


def _in_one_row(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, each certificate that a narrow column breaks as one row: its name in bold, which
    may go on in the next line, and plain text behind a comma."""
    found: list[Block] = []
    apart = max((block.first.above for block in blocks[1:]), default=0.0)
    for block in blocks:
        last = found[-1] if found else None
        if last is not None and _goes_on(last, block, apart):
            block = Block([*found.pop().lines, *block.lines], f"{last.text} {block.text}")
        found.append(_row_of_lines(block))
    return found


def _goes_on(last: Block, block: Block, apart: float) -> bool:
    """Whether a name in bold goes on in a row that follows it closely and ends in plain letters.

    `apart` is how far certificates stand from each other, unless they stand as close as rows do.
    """
    if last.bullet or block.bullet or not last.segments or not block.segments:
        return False
    if any(segment.gap for segment in (*last.segments, *block.segments)):
        return False
    if last.first.region != block.first.region or block.first.above > 0.75 * block.first.size:
        return False
    bold = all(segment.bold for segment in last.segments) and not block.segments[-1].bold
    if last.text.endswith(","):
        return bold and not block.segments[0].bold
    return bold and block.segments[0].bold and block.first.above < 0.8 * apart


def _row_of_lines(block: Block) -> Block:
    """A block of several lines as one, where it begins in bold and goes on in plain letters."""
    segments = [segment for line in block.lines for segment in line.segments]
    bold = [segment.bold for segment in segments]
    if len(block.lines) < 2 or bold != sorted(bold, reverse=True) or len(set(bold)) < 2:
        return block
    if any(segment.gap for segment in segments):
        return block
    names, rest = segments[: sum(bold)], segments[sum(bold) :]
    parts = [
        structs.replace(part[0], text=joined_text([segment.text for segment in part]))
        for part in (names, rest)
    ]
    text = " ".join(part.text for part in parts)
    return Block([structs.replace(block.first, text=text, segments=tuple(parts))], text)


def _parted(entry: Entry) -> list[Entry]:
    """An entry's certificates, each begun by a row in bold that room, or a new page, sets off."""
    at = [0]
    for index, row in enumerate(entry.head[1:], 1):
        bold = row.look[1] and row.look[:3] == entry.head[0].look[:3]
        turned = row.line.page != entry.head[index - 1].line.page
        if bold and (turned or row.above > _SET_OFF * row.line.size):
            at.append(index)
    if len(at) == 1:
        return _apart(entry)
    heads = [entry.head[start:end] for start, end in pairwise([*at, len(entry.head)])]
    *before, last = heads
    return [*map(Entry, before), Entry(last, entry.body)]


def _apart(entry: Entry) -> list[Entry]:
    """The certificates of a row that names several, each with its own date: `A, 2019 | B, 2022`."""
    row = entry.head[0]
    if len(entry.head) > 1 or entry.body or row.span is None or not row.also:
        return [entry]
    spans = sorted((row.span, *row.also), key=lambda span: span.at)
    text, found, at = row.block.text, [], 0
    for span in spans:
        name = text[at : span.at[0]]
        if (
            span.confidence < _SURE
            or not any(map(str.isalpha, name))
            or (at and not _BAR.match(name))
        ):
            return [entry]
        found.append(_entry_of(row, text[at : span.at[1]]))
        at = span.at[1]
    return [entry] if any(map(str.isalnum, text[at:])) else found


def _entry_of(row: Row, text: str) -> Entry:
    """The entry of a part of a row."""
    line = structs.replace(row.line, text=text, segments=())
    return Entry([row_of(Block([line], trimmed(text)))])


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
        elif match := _CREDENTIAL_LAST.search(piece.text):
            facts.setdefault("credential_id", match["id"])
            proof.append(seen.of_piece("credential_id", piece, 0.85, _CERTIFICATE))
            if match.start():
                kept.append(replace(piece, text=piece.text[: match.start()]))
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
        if pieces[1].text[:1].islower() and organisation_score(pieces[1].text) < 0.5:
            return pieces[0], None, pieces[1:]  # a remark, such as when it was renewed
        return pieces[0], pieces[1], pieces[2:]
    only = pieces[0]
    aside = _BRACKETED.match(only.text)
    if aside and organisation_score(aside[2]) >= 0.5:
        return replace(only, text=aside[1]), replace(only, text=aside[2]), []
    head, comma, tail = only.text.rpartition(", ")
    belongs = organisation_score(head) >= 0.5 > organisation_score(tail)  # `College of …, Part A`
    if comma and not only.bold and not belongs and _may_issue(tail):
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
