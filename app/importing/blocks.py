"""Lines joined into what was written in one go: paragraphs and items of lists.

Whether a line goes on in the next is told by room: had the first word of the next still fitted at
its end, the break was meant. Every block keeps its lines, so that evidence can point at them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.importing.dates import find_span, is_only_dates
from app.importing.document import Line, Segment

_TIED = 18  # letters of words that careful setters keep together at the end
_WIDER = 1.1  # a word may be of wider letters than its line
_HYPHENS = "-\u2010\u00ad"
# First halves of words that are written with a hyphen wherever they stand.
_KEPT = frozenset(
    "full self cross high low well real long short end multi non co pre post on off all hands "  # noqa: SIM905
    "data user client server open part e in out top up two three first second third".split()
)
_GOES_ON = frozenset(("und", "oder", "and", "or", "y", "o", "e", "et", "ou", "en", "of"))
_WIDE = re.compile(r"[\u3001-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_THAI = re.compile("[\u0e01-\u0e4e]")
_REACHED = re.compile(r"^\+?[\d ()./-]{8,}$|^(?:https?://|www\.)")
_ADDRESS = re.compile(r"\S*(?:\w\.\w|/|@)\S*$")


@dataclass(slots=True)
class Block:
    """One or more lines that read on; `text` is theirs, with hyphenation undone."""

    lines: list[Line]
    text: str

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def bullet(self) -> bool:
        return self.lines[0].bullet

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of the first line: what a header is read from."""
        return self.lines[0].segments

    @property
    def spaced(self) -> bool:
        """Whether a wide gap parts the first line, as between a title and its date."""
        return any(segment.gap for segment in self.lines[0].segments)


def blocks_of(lines: Sequence[Line], apart: Iterable[Line] = ()) -> list[Block]:
    """The lines as blocks, in their order. Lines in `apart`, headings for one, stay alone."""
    words = _words_of(lines)
    rooms = _rooms(lines)
    alone = {id(line) for line in apart}
    groups: list[list[Line]] = []
    for line in lines:
        if (
            groups
            and id(line) not in alone
            and id(groups[-1][-1]) not in alone
            and _reads_on(groups[-1], line, rooms)
        ):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Block(group, joined_text([line.text for line in group], words)) for group in groups]


def joined_text(texts: Sequence[str], words: frozenset[str] = frozenset()) -> str:
    """Texts of consecutive lines as one, without the hyphens that only broke words."""
    whole = ""
    for text in texts:
        whole = _joined(whole, text.strip(), words) if whole else text.strip()
    return whole


def _joined(left: str, right: str, words: frozenset[str]) -> str:
    if not left or not right:
        return left + right
    if left[-1] in _HYPHENS and right[0].isalnum() and left[-2:-1].isalnum():
        return _across_hyphen(left, right, words)
    if _ADDRESS.search(left) and left[-1] in "/_=&?" and not right[0].isspace():
        return left + right
    if _WIDE.match(left[-1]) and (_WIDE.match(right[0]) or not left[-1].isalnum()):
        return left + right
    if _parts_address(left, right):
        return left + right
    if _THAI.match(left[-1]) and _THAI.match(right[0]):
        return left + right  # blanks part sentences there, not words
    return f"{left} {right}"


def _parts_address(left: str, right: str) -> bool:
    """Whether a line ends inside an address, before its sign or a dot, and the next goes on."""
    sign = right[0] in "@." and right[1:2].isalnum() and "." in right[1:]
    return sign and left[-1].isalnum() and " " not in left


def _across_hyphen(left: str, right: str, words: frozenset[str]) -> str:
    head = re.split(r"[\s(]", left)[-1][:-1]
    tail = re.split(r"[\s,.;:)]", right)[0]
    if _ADDRESS.search(head) or head.isdigit():
        return left + right
    if tail.casefold() in _GOES_ON:
        return f"{left} {right}"
    plain, kept = (head + tail).casefold(), f"{head}-{tail}".casefold()
    compound = (
        not right[0].islower()
        or (len(head) > 1 and head.isupper())
        or any(char.isdigit() or char == "-" for char in head)
        or head.casefold() in _KEPT
    )
    if plain in words or (not compound and kept not in words):
        return left[:-1] + right
    return left[:-1] + "-" + right


def _words_of(lines: Sequence[Line]) -> frozenset[str]:
    return frozenset(
        word.casefold() for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.text)
    )


def _left(line: Line) -> float:
    """Where the text of a line begins, after its bullet."""
    box = line.segments[0].box if line.segments else line.box
    return box[0] if box else 0.0


def _right(line: Line) -> float:
    return line.box[2] if line.box else 0.0


_Rooms = dict[tuple[int, int], list[float]]


def _rooms(lines: Sequence[Line]) -> _Rooms:
    """Where lines end that begin at one place, by region and left edge."""
    rooms: _Rooms = defaultdict(list)
    for line in lines:
        if line.box is not None:
            right = max(
                (s.box[2] for s in line.segments if s.box and not s.gap), default=_right(line)
            )
            rooms[(line.region, round(_left(line) / 4))].append(right)
    return rooms


def _reads_on(group: list[Line], line: Line, rooms: _Rooms) -> bool:
    last = group[-1]
    if line.bullet or line.box is None or last.box is None or not line.text or not last.text:
        return False
    if line.page != last.page or line.region != last.region:
        return _over_break(last, line, rooms)
    if _dates_on(last, line):
        return True
    if abs(line.size - last.size) > 0.6 or line.above > 0.75 * line.size:
        return False
    if any(segment.gap for segment in (*last.segments, *line.segments)):
        return False
    if len(group) == 1 and _other_look(last, line):
        return False
    if last.segments[-1].bold != line.segments[0].bold and not _breaks_word(last):
        return False
    if _parts_address(last.text, line.text):
        return True
    if "@" in line.text or _REACHED.match(line.text):
        return False
    if len(group) == 1 and _ends_dated(last) and not line.text[0].islower():
        return False
    left, first = _left(line), _left(group[0])
    if group[0].bullet:
        hanging = abs(left - first) < 4
        flush = left < first and abs(left - (group[0].box or last.box)[0]) < 4
        if hanging and _in_item(group[0], last, line, rooms):
            return True
        return (hanging or flush) and not _had_room(group, line, rooms)
    if len(group) == 1 and 3 <= left - first < line.size and line.above < 0.7 * line.size:
        return max(_ends(last, rooms)) < _right(last) + _width_of_first_word(line) + 1
    return abs(left - _left(last)) < 3 and not _had_room(group, line, rooms)


def _in_item(first: Line, last: Line, line: Line, rooms: _Rooms) -> bool:
    """Whether a line below the text of a marked item can only be a part of it."""
    mark = first.box[0] if first.box else 0.0
    ended = last.text[-1] in ".!?" and _right(last) < 0.8 * max(_ends(last, rooms), default=0.0)
    alike = last.segments[-1].italic == line.segments[0].italic
    return _left(first) - mark > 0.4 * first.size and alike and not ended and not _ends_dated(line)


def _other_look(last: Line, line: Line) -> bool:
    """Whether two lines are each in one look, and that of one is slanted or in another colour."""
    looks = [{(s.italic, s.color) for s in each.segments} for each in (last, line)]
    return len(looks[0]) == len(looks[1]) == 1 and looks[0] != looks[1]


def _dates_on(last: Line, line: Line) -> bool:
    """Whether a span of dates goes on in the next line."""
    if len(line.text) > 24 or line.above > 0.9 * line.size or not is_only_dates(line.text):
        return False
    span = find_span(last.text)
    whole = find_span(f"{last.text} {line.text}")
    return (
        span is not None
        and whole is not None
        and whole.at[0] <= span.at[1] < whole.at[1]
        and whole.end != whole.start
        and (last.text.rstrip()[-1:] in "-–—." or last.text.rstrip()[-1:].isalpha())
    )


def _ends_dated(line: Line) -> bool:
    """Whether a line ends with its date, as the head of an entry may."""
    span = find_span(line.text)
    return (
        span is not None
        and span.at[1] >= len(line.text.rstrip(" .)"))
        and (not line.bullet and span.confidence > 0.6)
    )


def _over_break(last: Line, line: Line, rooms: _Rooms) -> bool:
    """Whether a sentence goes on at the top of the next column or page."""
    if abs(line.size - last.size) > 0.6 or last.bold != line.bold or line.page == last.page:
        return False
    if any(segment.gap for segment in (*last.segments, *line.segments)):
        return False
    return line.text[0].islower() and last.text[-1] not in ".!?:" and _full(last, rooms)


def _full(line: Line, rooms: _Rooms) -> bool:
    ends = _ends(line, rooms)
    return bool(ends) and _right(line) > 0.75 * max(ends)


def _ends(line: Line, rooms: _Rooms) -> list[float]:
    """Where lines with this left edge end, its neighbours' too where rounding parted them."""
    at = round(_left(line) / 4)
    return [end for step in (-1, 0, 1) for end in rooms.get((line.region, at + step), ())]


def _breaks_word(line: Line) -> bool:
    return line.text[-1] in _HYPHENS and line.text[-2:-1].isalpha()


def _had_room(group: Sequence[Line], line: Line, rooms: _Rooms) -> bool:
    """Whether the first word of a line would have fitted at the end of the last one."""
    last = group[-1]
    if _breaks_word(last) or line.text[0] in "(（" or _opens(last.text):
        return False
    text = line.text
    ends = _ends(last, rooms) or [_right(last)]
    needed = _width(line) if _tied(group, line) else _width_of_first_word(line)
    end = _right(last) + needed + 0.3 * line.size
    furthest = max(ends)
    if end < furthest - 0.5:
        return True
    if line.text[0].islower() or line.text[0] in "([" or last.text[-1] in ",&":
        return False
    # Nothing with this left edge reaches further. Either it is set in narrower lines than the
    # region has room for, and then several end here, or these lines are merely short.
    narrow = line.room is not None and line.room - _left(line) < 18 * line.size
    if narrow and _WIDE.match(text) and _WIDE.match(last.text[-1]) and len(last.text) >= 10:
        return last.text[-1] in "。！？"
    margin = (0.4 if narrow else 2.5) * line.size
    if line.room is None or end > line.room - margin:
        return False
    alike = sum(furthest - each < 1.2 * line.size for each in ends)
    long = len(last.text) >= (12 if _WIDE.match(last.text) else 35)
    return not (alike >= 3 and long) or last.text[-1] in ".!?"


def _tied(group: Sequence[Line], line: Line) -> bool:
    """Whether a line may be the few words at the end of a sentence or a list, kept together."""
    last = group[-1].text
    if len(line.text) > _TIED or " " not in line.text or last[-1] in ".!?:;":
        return False
    if len(last) > 2 * _TIED and line.text[-1] in ".!?":
        return True
    return line.text[0].islower() and last[-1] != "," and any("," in each.text for each in group)


def _width(line: Line) -> float:
    return _right(line) - _left(line)


def _opens(text: str) -> bool:
    """Whether a bracket is open at the end of a text."""
    return any(text.rfind(opened) > text.rfind(shut) for opened, shut in ("()", "（）"))


def _width_of_first_word(line: Line) -> float:
    """How wide the first word of a line is at most; of East Asian text, its first two letters."""
    first = line.segments[0]
    box = first.box or line.box or (0.0, 0.0, 0.0, 0.0)
    word = line.text[:2] if _WIDE.match(line.text) else line.text.split(" ", 1)[0]
    share = min(1.0, _WIDER * len(word) / max(1, len(first.text)))
    return (box[2] - box[0]) * share


def paragraphs(blocks: Iterable[Block]) -> Iterator[str]:
    """The blocks' texts, for what has no structure below paragraphs."""
    for block in blocks:
        if block.text:
            yield block.text
