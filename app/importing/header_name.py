"""The name in a header: what is most like one and set largest, without what stands round it."""

from __future__ import annotations

from collections.abc import Sequence

from app.importing.header_parts import Part
from app.importing.names import bare_name, looks_like_name


def find_name(parts: Sequence[Part]) -> list[Part]:
    """The parts that make the name; none where nothing could be one."""
    largest = max((part.size for part in parts), default=0.0)
    best: tuple[float, list[Part]] = (0.55, [])
    for index, part in enumerate(parts[:40]):
        for group in ([part], list(parts[index : index + 2])):
            if len(group) == 2 and not _below(group[0], group[1]):
                continue
            score = _score(group, largest)
            if score is not None and score > best[0]:
                best = (score, group)
    return best[1]


def _score(group: Sequence[Part], largest: float) -> float | None:
    part = group[0]
    text = " ".join(each.text for each in group)
    like = looks_like_name(text)
    if part.labelled == "name":
        like += 0.6
    elif part.labelled is not None:
        return None
    if like <= 0.0 and not (part.size >= largest > 0 and _could_be(text)):
        return None
    size = part.size / largest if largest else 0.5
    score = like + 0.9 * size - 0.02 * part.order + 0.05 * len(group)
    return score - 0.5 if size < 0.75 and like < 0.8 else score


def _could_be(text: str) -> bool:
    return 1 <= len(text.split()) <= 5 and not any(c.isdigit() or c in ":@/" for c in text)


def _below(first: Part, second: Part) -> bool:
    """Whether a name may go on in the next line: both as large, and neither long."""
    if first.labelled == second.labelled == "name" and first.label != second.label:
        return len(first.text.split()) <= 3 and len(second.text.split()) <= 3
    return (
        abs(first.size - second.size) < 0.6
        and first.line is not second.line
        and first.line.size > 13
        and len(first.text.split()) <= 2
        and len(second.text.split()) <= 2
    )


def told_name(parts: Sequence[Part]) -> str:
    """The name that parts say, without degrees behind it and with the given name first."""
    return bare_name(" ".join(part.text for part in parts))
