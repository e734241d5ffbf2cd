"""A section split into its entries by their dates and by how their heads look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.cv import wording
from app.importing.beside import reordered
from app.importing.blocks import Block
from app.importing.dates import find_span, is_only_dates
from app.importing.hanging import unhung
from app.importing.heads import HeadLook, Row, row_of
from app.importing.words import company_score
from app.importing.wrapping import unwrapped

_MOST_WORDS = 18
_MOST_LETTERS = 130
_LABEL = re.compile(
    r"^\W*(?:(?:key |main |core |used |verwendete |eingesetzte )?"
    r"(?:technolog|tech(?:nical)? ?stack|"
    r"stack\b|tools?\b|environment|umgebung|technik|entorno|tecnolog|herramientas|outils|"
    r"environnement|skills\b|keywords|achievements|responsibilities|aufgaben|"
    r"tätigkeiten|missions?\b|projects?\b|gpa\b|thesis|relevant|coursework|not[ae]\b|grade|"
    r"(?:ab|gesamt)schluss|abschluss|votazione|voto\b|tesi\b|tese\b|classifica|mémoire|"
    r"(?:bachelor|master|diplom|doktor)arbeit|dissertation|major\b|minor\b)"
    r"[^:：]{0,30})[:：]",
    re.IGNORECASE,
)
# The end of a short sentence, unlike that of a name: `Weekends while at school.`
_CLAUSE = re.compile(r"\s[a-zà-ÿ]\S*\s[a-zà-ÿ]{4,}\.$")
_COMPANY_FACT = re.compile(
    r"^\W*(?:事業内容|従業員数?|資本金|設立|売上高|業種|公司简介|公司规模|公司性质|所属行业|"
    r"about the company|company profile|branche|secteur|sector|settore)\s*[:：]",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Entry:
    """The rows of an entry's head and the blocks below them.

    `under` are rows of an earlier entry that this one stands under too: several positions at one
    company.
    """

    head: list[Row]
    body: list[Block] = field(default_factory=list)
    under: list[Row] = field(default_factory=list)

    @property
    def dated(self) -> Row | None:
        return next((row for row in self.head if row.dated), None)


@dataclass(slots=True)
class Entries:
    """What a section holds: blocks before the first entry, and the entries."""

    before: list[Block] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def entries_of(blocks: Sequence[Block]) -> Entries:
    """The entries of a section of experience, education, projects or the like."""
    blocks = unhung(unwrapped(reordered(blocks)))
    listed = _listed(blocks)
    items = [_Item(block, row_of(block) if _may_head(block, listed) else None) for block in blocks]
    runs = _runs(items)
    pattern = _Pattern.of(runs)
    found = Entries()
    for run in runs:
        if isinstance(run, Block):
            (found.entries[-1].body if found.entries else found.before).append(run)
        else:
            _place(run, pattern, found)
    return found


@dataclass(slots=True)
class _Item:
    block: Block
    row: Row | None


def _listed(blocks: Sequence[Block]) -> bool:
    """Whether the entries themselves are the items of a list, each with its date."""
    bullets = [block for block in blocks if block.bullet and not wording.read_label(block.text)]
    if not bullets or any(row_of(block).dated for block in blocks if not block.bullet):
        return False
    return 2 * sum(row_of(block).dated for block in bullets) >= len(bullets)


def _may_head(block: Block, listed: bool) -> bool:
    if block.bullet and not (listed and row_of(block).dated):
        return False
    text = block.text
    if _LABEL.match(text) or wording.read_label(text) or _is_fact(block):
        return False
    long = len(text) > _MOST_LETTERS or len(text.split()) > _MOST_WORDS
    if long and not _begins_as_head(block):
        return False
    return not _is_sentence(block)


def _begins_as_head(block: Block) -> bool:
    """Whether a long block is a head that reads on: names of which the first is in bold, and a date
    set apart at their left or their right."""
    segments = block.segments
    if len(block.lines) > 1 or len(segments) < 3 or all(each.bold for each in segments[1:]):
        return False
    if segments[1].gap and segments[1].bold:
        return is_only_dates(segments[0].text)
    *names, last = segments
    if not names[0].bold or not last.gap or any(each.gap for each in names):
        return False
    span = find_span(last.text)
    return span is not None and span.at[0] == 0


def _is_sentence(block: Block) -> bool:
    text = block.text
    if any(segment.gap or segment.bold for segment in block.segments):
        return False
    if row_of(block).dated:
        return False
    if text.endswith((".", "。", "!", ";")) and len(text.split()) >= 5:
        return True
    if _CLAUSE.search(text):
        return True
    return len(block.lines) > 1 and text[-1:] in ".;。"


def _runs(items: Sequence[_Item]) -> list[Block | list[Row]]:
    """Rows that follow each other together, and each other block for itself."""
    runs: list[Block | list[Row]] = []
    for item in items:
        if item.row is None:
            runs.append(item.block)
        elif runs and isinstance(runs[-1], list):
            runs[-1].append(item.row)
        else:
            runs.append([item.row])
    return runs


@dataclass(slots=True)
class _Pattern:
    """How the heads of a section are built: how many rows come before the date, and the looks."""

    before: int
    start: HeadLook | None
    dated: HeadLook | None
    looks: Counter[HeadLook]
    body: float = 0.0  # the size of the letters below heads
    apart: float = 0.0  # the space above entries, where it is more than that between their lines

    @classmethod
    def of(cls, runs: Sequence[Block | list[Row]]) -> _Pattern:
        befores: Counter[int] = Counter()
        starts: Counter[HeadLook] = Counter()
        dated: HeadLook | None = None
        after_body = True
        for run in runs:
            if isinstance(run, list):
                first = next((i for i, row in enumerate(run) if row.dated), None)
                if first is not None and after_body and first <= 3:
                    befores[first] += 1
                    starts[run[0].look] += 1
                    dated = dated or run[first].look
                after_body = False
            else:
                after_body = True
        before = min(befores, key=lambda n: (-befores[n], n)) if befores else 0
        first_run = next((run for run in runs if isinstance(run, list)), None)
        if first_run and befores and befores[before] <= len(befores):
            first = next((i for i, row in enumerate(first_run) if row.dated), None)
            before = first if first is not None and first <= 3 else before
        start = max(starts, key=lambda look: starts[look]) if starts else None
        sizes = Counter(row_of(run).look[0] for run in runs if isinstance(run, Block))
        body = max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0.0
        return cls(before, start, dated, starts, body, _apart(runs))

    def starts(self, row: Row) -> bool:
        """Whether a row looks like the first of a head, and unlike plain text."""
        if self.start is None or row.look != self.start:
            return False
        return any(row.look[1:]) or row.look[0] > self.body > 0


def _apart(runs: Sequence[Block | list[Row]]) -> float:
    """The least space above an entry that begins with its date below the text of another; 0 where
    lines within entries stand as far apart."""
    above: list[float] = []
    within: list[float] = []
    for before, run in pairwise(runs):
        if isinstance(run, Block):
            within.append(run.first.above)
        elif isinstance(before, Block) and run[0].dated:
            above.append(run[0].above)
    least = min(above, default=0.0)
    return least if within and least > 1.3 * max(within) else 0.0


def _place(run: list[Row], pattern: _Pattern, found: Entries) -> None:
    dated = [index for index, row in enumerate(run) if row.dated]
    if not dated:
        _place_undated(run, pattern, found)
        return
    starts_at = [index for index in range(dated[0]) if pattern.starts(run[index])]
    if len(starts_at) > 1 and pattern.before and found.entries:
        # An entry without a date stands before the one with it.
        _place_undated(run[: starts_at[-1]], pattern, found)
        run = run[starts_at[-1] :]
        dated = [index for index, row in enumerate(run) if row.dated]
    if starts_at and not pattern.before and pattern.starts(run[dated[0]]):
        _place_undated(run[: dated[0]], pattern, found)
        run = run[dated[0] :]
        dated = [index for index, row in enumerate(run) if row.dated]
    begin = _begin(run, dated[0], pattern, found)
    for row in run[:begin]:
        (found.entries[-1].body if found.entries else found.before).append(row.block)
    starts = [begin]
    for last, following in pairwise(dated):
        starts.append(_boundary(run, last, following, pattern))
    undated = _undated_after(run, starts[-1], dated[-1], pattern)
    ends = [*starts[1:], undated]
    for start, end in zip(starts, ends, strict=True):
        rows = run[start:end]
        if rows:
            found.entries.append(_entry(rows, pattern, found))
    if undated < len(run):
        _place_undated(run[undated:], pattern, found)


def _undated_after(run: list[Row], start: int, last: int, pattern: _Pattern) -> int:
    """The row behind the last date of a run that begins an entry without one, or its end.

    It stands at a distance and looks as heads begin, and what it follows is a head already.
    """
    near = max((row.above for row in run[start + 1 : last + 1]), default=0.0)
    for index in range(last + 1, len(run)):
        row = run[index]
        apart = row.above > near + 0.2 * row.line.size and index > last + (pattern.before == 0)
        far = row.above > 0.9 * row.line.size
        alike = row.look == run[start].look
        as_others = 0 < pattern.apart <= row.above + 0.5
        if alike and pattern.starts(row) and (apart or far or as_others or index > last + 1):
            return index
    return len(run)


def _begin(run: list[Row], first_dated: int, pattern: _Pattern, found: Entries) -> int:
    """The row of a run that the head begins with; those before belong to the entry before."""
    if not found.entries or first_dated <= pattern.before:
        return 0
    for index in range(first_dated):
        if pattern.starts(run[index]):
            return index
    if any(row.look[1] for row in run[:first_dated]):
        return next(index for index, row in enumerate(run) if row.look[1])
    return first_dated - pattern.before


def _boundary(run: list[Row], last: int, following: int, pattern: _Pattern) -> int:
    """Between two dated rows: the row that the second entry begins with."""
    best, most = following, -1.0
    *_, second, largest = sorted([0.0, *(row.above for row in run[last + 1 : following + 1])])
    largest = largest or 1.0
    for index in range(last + 1, following + 1):
        row = run[index]
        score = 1.0 * row.above / largest
        score += 0.8 * (row.look == run[0].look)
        larger = row.look[0] > run[last].look[0]
        score += 1.2 * (larger and row.above == largest > 2 * second)
        score += (0.9 if pattern.before else 1.9) * (following - index == pattern.before)
        if score > most + 1e-6:
            best, most = index, score
    return best


def _entry(rows: list[Row], pattern: _Pattern, found: Entries) -> Entry:
    """An entry from its rows; under the company of the one before where it lacks a row for one."""
    entry = Entry(rows)
    previous = found.entries[-1] if found.entries else None
    if previous is None:
        return entry
    rows_before = next((i for i, row in enumerate(rows) if row.dated), 0)
    if rows_before < pattern.before and not pattern.starts(rows[0]):
        owner = previous.under or previous.head[: pattern.before - rows_before]
        if owner and owner[0].look != rows[0].look:
            entry.under = owner
    elif _opens_group(previous, entry):
        entry.under = [previous.head[0]]
        found.before.extend(previous.body)
        found.entries.pop()
    elif previous.under and rows[0].look == previous.head[0].look:
        unlike = rows[0].look != previous.under[0].look
        if unlike or (_within(previous.under[0], entry) and _at_company(previous.under[0], entry)):
            entry.under = previous.under
    return entry


def _opens_group(previous: Entry, entry: Entry) -> bool:
    """Whether the entry before is only a company with the time of all positions there."""
    if len(previous.head) != 1 or previous.under or not all(map(_is_fact, previous.body)):
        return False
    owner = previous.head[0]
    if len(owner.pieces) > 2 or not _within(owner, entry):
        return False
    return owner.look != entry.head[0].look or _at_company(owner, entry)


def _within(owner: Row, entry: Entry) -> bool:
    """Whether the time of an entry lies in that of a company."""
    whole, part = owner.span, entry.dated.span if entry.dated else None
    if whole is None or part is None:
        return False
    start = bool(part.start) and _by(part.start, whole.start) >= (whole.start or "")
    end = whole.is_current or (bool(part.end) and _by(part.end, whole.end) <= (whole.end or ""))
    return start and end


def _is_fact(block: Block) -> bool:
    """Whether a block tells of a company and not of what was done there: `従業員数：120名`."""
    return _COMPANY_FACT.match(block.text) is not None


def _at_company(owner: Row, entry: Entry) -> bool:
    """Whether the words alone say that a company is followed by a position there."""
    names = [piece.text for piece in owner.pieces]
    below = [piece.text for row in entry.head for piece in row.pieces]
    if len(names) != 1 or not below:
        return False
    return company_score(names[0]) >= 0.9 and all(company_score(text) < 0.9 for text in below)


def _by(date: str | None, other: str | None) -> str:
    """A date no more precise than the other."""
    return (date or "")[: len(other or "")]


def _place_undated(run: list[Row], pattern: _Pattern, found: Entries) -> None:
    """Rows with no date: an entry of their own, or text of the entry before."""
    if not found.entries and pattern.start is None:
        found.entries.extend(_undated(run))
        return
    current: Entry | None = None
    first = found.entries[0].head[0].look if found.entries else None
    for row in run:
        again = pattern.start is None and row.look == first and any(row.look[1:])
        if pattern.starts(row) or again:
            current = Entry([row])
            found.entries.append(current)
        elif current is not None and len(current.head) < 3 and not current.body:
            current.head.append(row)
        else:
            (found.entries[-1].body if found.entries else found.before).append(row.block)


def _undated(run: list[Row]) -> list[Entry]:
    """Entries of a section without any date: one where the look of the first row comes again."""
    entries: list[Entry] = []
    for row in run:
        again = entries and row.look == run[0].look and (any(row.look[1:]) or row.above > 2)
        if not entries or (again and not row.block.bullet):
            entries.append(Entry([row]))
        else:
            entries[-1].head.append(row)
    return entries
