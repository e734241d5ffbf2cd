"""Tables with a row for each event, as the Japanese rirekisho has them: year, month, what happened.

Entering and leaving are two rows there and one entry here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from app.importing.blocks import Block
from app.importing.document import Line, Segment

_YEAR = re.compile(r"(?:(?:昭和|平成|令和)\s?\d{1,2}|(?:19|20)\d\d)\s?年?")
_MONTH = re.compile(r"(?:1[0-2]|0?[1-9])\s?月?")
_BOTH = re.compile(rf"({_YEAR.pattern})\s*({_MONTH.pattern})")
_ENTERED = re.compile(r"[\s\u3000]*(?:入学|入社|入職|入所|入庁|就職|着任|編入学)[\s\u3000]*")
_LEFT = re.compile(
    r"[\s\u3000]*(?:卒業見込み?|卒業|修了見込み?|修了|中途退学|中退|退学|退職|退社|退所|離職)"
)
_STILL = re.compile(r"現在に至る|在職中|在学中")
_GOT = re.compile(r"[\s\u3000]*(?:取得見込み?|取得|合格|修得)$")
_NAMES = re.compile(r"^年[\s\u3000]*月")
_NAMES_AT_LEFT = re.compile(r"年[\s\u3000]*月?|月")


@dataclass(slots=True)
class _Event:
    when: str
    text: str
    block: Block


@dataclass(slots=True)
class _Entry:
    start: str
    name: str
    role: str
    blocks: list[Block]
    end: str = ""


def without_column_names(line: Line) -> Line:
    """The head of such a table without the names of its columns: the heading of what they hold."""
    segments = line.segments
    if len(segments) < 2 or not _NAMES.match(line.text):
        return line
    kept = tuple(one for one in segments if not _NAMES_AT_LEFT.fullmatch(one.text.strip()))
    if len(kept) != 1:
        return line
    return msgspec.structs.replace(
        line, text=kept[0].text, segments=(msgspec.structs.replace(kept[0], gap=False),)
    )


def without_months(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of such a table as heads of entries; other blocks come back as they are."""
    events = [_event(block) for block in blocks]
    if sum(event is not None for event in events) < 2:
        return list(blocks)
    found: list[_Entry | Block] = []
    for block, event in zip(blocks, events, strict=True):
        if _NAMES.match(block.text):
            continue
        last = next((one for one in reversed(found) if isinstance(one, _Entry)), None)
        if event is None:
            if last is not None and _STILL.search(block.text):
                last.end = "現在"
                last.blocks.append(block)
            else:
                found.append(block)
        elif last is not None and not last.end and _LEFT.search(event.text):
            last.end = event.when
            last.blocks.append(block)
        else:
            found.append(_entered(event))
    return [_block(one) if isinstance(one, _Entry) else one for one in found]


def _event(block: Block) -> _Event | None:
    parts = [segment.text.strip() for segment in block.segments]
    if len(parts) >= 2 and (both := _BOTH.fullmatch(parts[0])):
        parts[:1] = [both[1], both[2]]
    if len(parts) < 3 or not _YEAR.fullmatch(parts[0]) or not _MONTH.fullmatch(parts[1]):
        return None
    year, month = parts[0].rstrip("年 "), parts[1].rstrip("月 ")
    return _Event(f"{year}年{month}月", "\u3000".join(parts[2:]), block)


def _entered(event: _Event) -> _Entry:
    match = _ENTERED.search(event.text)
    if match is None:
        return _Entry(event.when, _GOT.sub("", event.text), "", [event.block], end=event.when)
    name, role = event.text[: match.start()], event.text[match.end() :]
    return _Entry(event.when, " ".join(name.split()), role.strip(), [event.block])


def _block(entry: _Entry) -> Block:
    """One block for the entry, in the place of its first row."""
    when = entry.start if entry.end in ("", entry.start) else f"{entry.start}〜{entry.end}"
    texts = [when, entry.name, *filter(None, [entry.role])]
    first = entry.blocks[0].first
    boxes = [segment.box for segment in first.segments]
    segments = tuple(
        Segment(text=text, size=first.size, gap=index > 0, box=boxes[min(index, len(boxes) - 1)])
        for index, text in enumerate(texts)
    )
    line: Line = msgspec.structs.replace(first, text="  ".join(texts), segments=segments)
    return Block([line], line.text)
