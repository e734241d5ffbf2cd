"""Positions: organisation, title, place, time, and what was done there."""

from __future__ import annotations

from collections.abc import Sequence

from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.bodies import Body, body_of
from app.importing.entries import Entry, entries_of
from app.importing.grid import casts_of
from app.importing.heads import Piece
from app.importing.preview import Evidence, FoundExperience, Unplaced
from app.importing.roles import Cast, organisation_score, place_of, told_after
from app.importing.slots import margin, return_kind, split_alike, split_slot, title_first
from app.importing.words import degree_of, is_jobless, is_leave, title_score

_PLAIN = 1.0
_TITLED = 0.6
_UNTITLED = 0.2
_WORDS = 4  # of a department


def read_experience(
    blocks: Sequence[Block], section: str | None
) -> tuple[list[FoundExperience], list[Unplaced]]:
    """The positions of a section, and what is none of theirs."""
    found = entries_of(blocks)
    left = [seen.unplaced(block, section) for block in found.before]
    casts = casts_of(found.entries)
    for cast in casts:
        _title_from_body(cast)
        if not cast.in_grid:
            return_kind(cast)
            split_slot(cast)
    split_alike(casts)
    order = title_first(casts)
    positions: list[FoundExperience] = []
    for cast in casts:
        position = _position(cast, order, casts)
        if _tells_of_work(position):
            positions.append(position)
            left.extend(seen.unplaced_piece(piece, section) for piece in cast.rest)
        else:
            left.extend(seen.unplaced(row.block, section) for row in cast.entry.head)
            left.extend(seen.unplaced(block, section) for block in cast.entry.body)
    return positions, left


def holds_positions(blocks: Sequence[Block]) -> bool:
    """Whether what stands under an unknown heading shows itself to be positions: two or more, each
    with a time that began and ended or goes on, and most with a title."""
    casts = casts_of(entries_of(blocks).entries)
    spans = [cast.entry.dated.span for cast in casts if cast.entry.dated is not None]
    if len(casts) < 2 or len(spans) < len(casts):
        return False
    if not all(span and span.start and (span.end or span.is_current) for span in spans):
        return False
    named = [[piece.text for piece in cast.slots] for cast in casts]
    titled = sum(any(title_score(name) >= _TITLED for name in names) for names in named)
    studied = sum(any(map(degree_of, names)) for names in named)
    return min(map(len, named)) > 1 and 2 * titled > len(casts) > 2 * studied


def _title_from_body(cast: Cast) -> None:
    """Take the title that opens the text below a company: `Farm hand. Fixed whatever broke.`"""
    body = cast.entry.body
    if len(cast.slots) != 1 or cast.under or cast.kind or not body or body[0].bullet:
        return
    opened = told_after(body[0].text)
    if opened is None or title_score(opened[0]) < 0.6 or title_score(cast.slots[0].text) >= 0.5:
        return
    line = body[0].first
    cast.slots.append(Piece(opened[0], line, line.box, row=len(cast.entry.head)))
    body[0] = Block(body[0].lines, opened[1])


def _tells_of_work(position: FoundExperience) -> bool:
    """Whether there is enough for an entry: a lone name without a date is a word of the text."""
    names = [name for name in (position.company, position.title) if name]
    if len(names) == 1:
        if ";" in names[0]:
            return False  # a list of courses, say
        return bool(position.start_date or position.end_date) and not is_jobless(names[0])
    return bool(names)


def _position(cast: Cast, order: bool, casts: Sequence[Cast]) -> FoundExperience:
    company, title, confidence = _company_and_title(cast, order, casts)
    body = body_of(cast.entry.body, () if cast.kind else ("employment_type",))
    position = FoundExperience(
        company=company.text if company else None,
        title=title.text if title else None,
        location=place_of(cast),
        employment_type=cast.kind[1] if cast.kind else body.named.get("employment_type"),
        description=body.description,
        bullets=body.bullets,
        technologies=body.technologies,
    )
    rule = "experience.read_experience"
    proof = position.evidence
    for name, piece, sure in (
        ("company", company, confidence),
        ("title", title, confidence),
        ("location", cast.place, 0.8),
        ("employment_type", cast.kind[0] if cast.kind else None, 0.9),
    ):
        if piece is not None:
            proof.append(seen.of_piece(name, piece, sure, rule))
    set_dates(position, cast.entry)
    _rest_to_description(position, cast)
    add_body(proof, body, rule)
    return position


def _company_and_title(
    cast: Cast, order: bool, casts: Sequence[Cast]
) -> tuple[Piece | None, Piece | None, float]:
    slots = cast.slots
    if cast.under:
        owner = max(cast.under[:2], key=lambda piece: organisation_score(piece.text))
        title = _best_title(slots)
        cast.rest.extend(slot for slot in slots if slot is not title)
        return owner, title, 0.75
    if len(slots) >= 2:
        first, second = slots[0], slots[1]
        cast.rest.extend(slots[2:])
        own = margin(first.text, second.text)
        titled = order
        if abs(own) >= _PLAIN and (own > 0) != order and not _alike_looks(casts):
            titled = not order
        confidence = 0.7 + 0.25 * min(1.0, abs(own)) * (1 if (own > 0) == titled else -1)
        return (second, first, confidence) if titled else (first, second, confidence)
    if slots:
        is_title = title_score(slots[0].text) >= organisation_score(slots[0].text)
        if is_leave(slots[0].text):
            is_title = True
        elif cast.second is not None:
            is_title = cast.second is not order
        return (None, slots[0], 0.6) if is_title else (slots[0], None, 0.6)
    return None, None, 0.0


def _best_title(slots: Sequence[Piece]) -> Piece | None:
    """What somebody was there: the first piece, but where a department stands before the title."""
    first = slots[0] if slots else None
    if first is None or len(first.text.split()) > _WORDS or title_score(first.text) >= _UNTITLED:
        return first
    return next((slot for slot in slots[:2] if title_score(slot.text) >= 0.8), first)


def _alike_looks(casts: Sequence[Cast]) -> bool:
    """Whether looks tell the two apart in every entry, so that order can be relied on."""
    pairs = {
        (c.slots[0].bold, c.slots[0].italic, c.slots[1].bold, c.slots[1].italic)
        for c in casts
        if len(c.slots) >= 2
    }
    return len(pairs) == 1 and next(iter(pairs))[:2] != next(iter(pairs))[2:]


def set_dates(position: FoundExperience, entry: Entry) -> None:
    """The time of a position; a single date is both its begin and its end."""
    row = entry.dated
    if row is None or row.span is None:
        return
    span = row.span
    position.start_date, position.end_date = span.start, span.end
    position.is_current = span.is_current
    if span.start and not span.end and not span.is_current:
        position.end_date = span.start
    for name in ("start_date", "end_date", "is_current"):
        if getattr(position, name):
            position.evidence.append(seen.of_span(name, row, "dates.find_span"))


def _rest_to_description(position: FoundExperience, cast: Cast) -> None:
    """Text of the head that is neither organisation, title nor place describes the position."""
    texts = [piece.text for piece in cast.rest]
    if not texts:
        return
    for piece in cast.rest:
        position.evidence.append(
            seen.of_piece("description", piece, 0.5, "experience.read_experience")
        )
    position.description = "\n".join([*texts, *filter(None, [position.description])])
    cast.rest = []


def add_body(proof: list[Evidence], body: Body, rule: str) -> None:
    for name, block, confidence in body.blocks:
        proof.append(seen.of_block(name, block, confidence, rule))
