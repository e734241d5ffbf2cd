"""The headline: what stands at the name and is neither contact nor a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from app.importing.header_parts import Part, between, rejoined
from app.importing.header_place import is_whole_address
from app.importing.names import looks_like_name
from app.importing.personal import is_dated, is_personal
from app.importing.slots import AT
from app.importing.words import company_score, title_score

_FURTHEST = 8  # parts from the name
_LONGEST = 160


def find_headline(
    parts: Sequence[Part], all_parts: Sequence[Part], name: Sequence[Part], top: int
) -> list[Part]:
    """The parts of the headline among those left of a header; `top` is where the name ends in it.

    A post that a label says is wanted goes before what merely stands at the name.
    """
    said = {part.text for part in name}
    sizes = sorted((part.size for part in all_parts if part.text not in said), reverse=True)
    largest = sizes[0] if len(sizes) > 1 and sizes[0] > sizes[1] + 0.6 else None
    near = [part for part in parts if _may_be(part, part.size == largest) and part not in name]
    after = [part for part in near if top < part.order <= top + _FURTHEST]
    before = [part for part in near if part.order < top]
    titled = [part for part in after if title_score(part.text) >= 0.6 and part.order <= top + 4]
    chosen = titled[:1] or _wanted(all_parts) or after[:1] or before[-1:]
    return _whole(chosen[0], parts) if chosen and chosen[0].labelled is None else chosen


def _wanted(parts: Sequence[Part]) -> list[Part]:
    """What a label says is the profession, or the post applied for."""
    return [part for part in parts if part.labelled == "headline" and len(part.text) <= 90][:1]


def _whole(chosen: Part, parts: Sequence[Part]) -> list[Part]:
    """With the parts of the same line that marks set off, or a second line as large."""
    line = [part for part in parts if part.source is chosen.source and part.line is chosen.line]
    at = next(i for i, part in enumerate(line) if part is chosen)
    first = last = at
    while first > 0 and _continues(line[first - 1], line[first]):
        first -= 1
    while last + 1 < len(line) and _continues(line[last], line[last + 1]):
        last += 1
    if first != last:
        return line[first : last + 1]
    following = [part for part in parts if part.order == chosen.order + 1 and _may_be(part)]
    if following and chosen.size >= 13 and abs(chosen.size - following[0].size) < 0.6:
        return [chosen, following[0]]
    return [chosen]


def _continues(first: Part, second: Part) -> bool:
    if second.order != first.order + 1 or not (between(first, second) or "").strip():
        return False
    return all(part.labelled is None and not is_personal(part.text) for part in (first, second))


def told_headline(parts: Sequence[Part]) -> str:
    return rejoined(parts, " ")


def _may_be(part: Part, stands_out: bool = False) -> bool:
    text = part.text
    words = text.split()
    if part.labelled is not None or len(text) > _LONGEST or text[0] in '(（«“„"':
        return False
    if text.endswith((":", "：", ".", "。")):
        return False
    wide = not text.isascii() and len(words) == 1
    if any(char.isdigit() for char in text) and len(words) < 5:
        return False
    title = title_score(text)
    if company_score(text) >= (0.9 if stands_out else 0.6) > title and not _is_post(text):
        return False
    if is_personal(text) or is_dated(text) or (is_whole_address(text) and title < 0.6):
        return False
    if title < 0.6 and (looks_like_name(text) >= 0.8 or _is_short_name(text)):
        return False
    return any(char.isalpha() for char in text) and (wide or len(text) > 4 or title >= 0.6)


def _is_post(text: str) -> bool:
    """Whether a text says what somebody is and where: `Leiter Einkauf bei Nordlicht GmbH`."""
    post, *employer = AT.split(text, maxsplit=1)
    return bool(employer) and title_score(post) >= 0.5


def _is_short_name(text: str) -> bool:
    """A name with initials or another form of it in brackets: `J.W. (Jan-Willem) de Boer`."""
    first, _, rest = text.partition(" ")
    initials = "." in first and first.replace(".", "").isupper()
    return initials and (rest.startswith("(") or rest[:1].isupper())
