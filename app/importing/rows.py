"""The words of a page set into rows and fragments, and the running heads and feet of its pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from app.importing.glyphs import BULLETS, Word

# Words further apart than this, in ems, may belong to different columns.
FRAGMENT_GAP = 0.85
_GLUED_BULLETS = frozenset("•●▪■◆・▶►➢✓‣")
_PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:(?:page|seite|página|pagina|pág\.?|p\.|s\.|第)\s*)?\d{1,2}"
    r"(?:\s*(?:/|of|von|de|di|sur|van|–|-|页\s*共)\s*\d{1,2})?\s*(?:页|ページ)?[\W_]*$",
    re.IGNORECASE,
)
_NUMBER_AFTER_TEXT = re.compile(
    r"(?:page|seite|página|pagina|pág\.?)\s*\d{1,2}(?:\s*(?:/|of|von|de|di|sur|van)\s*\d{1,2})?$|"
    r"(?:^|\s)\d{1,2}\s*/\s*\d{1,2}$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Fragment:
    """Words of one row with no wide gap between them."""

    words: list[Word]
    bullet: bool = False

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def size(self) -> float:
        return max(word.size for word in self.words)

    @property
    def text(self) -> str:
        return joined(self.words)

    def cut(self, x: float) -> tuple[list[Fragment], list[Fragment]] | None:
        """What lies to the left of `x` and what begins at it; None where it runs over it."""
        if self.x0 >= x - 1:
            return [], [self]
        if self.x1 <= x - 2:
            return [self], []
        at = next((i for i, word in enumerate(self.words) if word.x0 >= x - 1), None)
        if at is None:
            return None
        gap = self.words[at].x0 - self.words[at - 1].x1
        if self.words[at].x0 > x + 2.5 or gap < max(2.5, 0.4 * self.size):
            return None
        head, tail = Fragment(self.words[:at], self.bullet), Fragment(self.words[at:])
        tail.mark()
        return ([] if head.is_bullet_only else [head]), [tail]

    @property
    def is_bullet_only(self) -> bool:
        return len(self.words) == 1 and is_bullet(self.words[0].text)

    def mark(self) -> None:
        """Note that the fragment begins with a bullet, which then is no part of its text."""
        first = self.words[0]
        if len(first.text) > 1 and first.text[0] in _GLUED_BULLETS and first.text[1].isalnum():
            bullet, rest = replace(first, text=first.text[0]), replace(first, text=first.text[1:])
            rest.x0 = bullet.x1 = first.x0 + (first.x1 - first.x0) / len(first.text)
            self.words[:1] = [bullet, rest]
        if len(self.words) > 1 and is_bullet(self.words[0].text):
            self.bullet = True
            self.words[1].glued = False


def joined(words: list[Word]) -> str:
    """The words' text with a space where one is seen."""
    parts: list[str] = []
    for word in words:
        if parts and not word.glued:
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def rows_of(words: list[Word]) -> list[list[Fragment]]:
    """Words by rows from the top, each row's fragments from the left."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.base, word.x0)):
        if rows and _same_row(rows[-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [fragments for row in rows if (fragments := _fragments(row))]


def _same_row(row: list[Word], word: Word) -> bool:
    first = row[0]
    return word.base - first.base <= max(0.8, 0.2 * min(first.size, word.size))


def _fragments(row: list[Word]) -> list[Fragment]:
    row.sort(key=lambda word: word.x0)
    fragments: list[Fragment] = []
    last: Word | None = None
    for word in row:
        if not word.text:  # an icon: what follows is a thing of its own
            last = None
            continue
        if last is None:
            fragments.append(Fragment([word]))
            last = word
            continue
        size = max(last.size, word.size)
        gap = word.x0 - last.x1 - 2 * min(last.tracking, word.tracking)
        hanging = fragments[-1].is_bullet_only and gap < 4 * size
        if gap > FRAGMENT_GAP * size and not hanging:
            fragments.append(Fragment([word]))
        else:
            word.glued = gap < (0.03 if word.parted else 0.12) * size
            fragments[-1].words.append(word)
        last = word
    for fragment in fragments:
        fragment.mark()
    return [fragment for fragment in fragments if fragment.text.strip()]


def is_bullet(text: str) -> bool:
    return text in BULLETS or text in ("-", "–", "—", "o")


def without_running(
    pages: list[list[list[Fragment]]], heights: list[float]
) -> tuple[list[list[list[Fragment]]], list[list[list[Fragment]]]]:
    """The pages' rows without those that only number or name the pages, and those rows.

    A head that repeats stays on the first page, where it may be the only place with the name. What
    stands on one page more than once is a list that goes on over the break.
    """
    seen: Counter[str] = Counter()
    listed: set[str] = set()
    for rows, height in zip(pages, heights, strict=True):
        seen.update({_key(row) for row in _margins(rows, height)})
        listed |= {key for key, count in Counter(map(_key, rows)).items() if count > 1}
    kept: list[list[list[Fragment]]] = []
    dropped: list[list[list[Fragment]]] = []
    met: set[str] = set()
    for rows, height in zip(pages, heights, strict=True):
        margins = _margins(rows, height)
        gone = []
        for row in margins:
            key = _key(row)
            again = seen[key] > 1 and key not in listed
            repeats = again and (key in met or row[0].base > 0.5 * height)
            if _is_number(row, rows, len(pages)) or repeats:
                gone.append(row)
            met.add(key)
        kept.append([row for row in rows if row not in gone])
        dropped.append(gone)
    return kept, dropped


def _margins(rows: list[list[Fragment]], height: float) -> list[list[Fragment]]:
    """The first and last three rows, where they lie near the edge of the page."""
    top = [row for row in rows[:3] if row[0].base < 0.1 * height]
    foot = [row for row in rows[-3:] if row[0].base > 0.9 * height]
    return top + [row for row in foot if row not in top]


def _key(row: list[Fragment]) -> str:
    return re.sub(r"\d+", "#", " ".join(fragment.text for fragment in row)).casefold()


def _is_number(row: list[Fragment], rows: list[list[Fragment]], pages: int) -> bool:
    text = " ".join(fragment.text for fragment in row)
    edge = row is rows[-1] or row is rows[0]
    if _PAGE_NUMBER.match(text):
        return edge
    return edge and pages > 1 and len(text) < 80 and bool(_NUMBER_AFTER_TEXT.search(text))
