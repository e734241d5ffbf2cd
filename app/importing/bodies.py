"""What stands below the head of an entry: a description, the items of a list, technologies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from app.cv import wording
from app.importing.blocks import Block
from app.importing.dates import find_spans
from app.importing.skills import split_skills
from app.importing.words import technologies_label


@dataclass(slots=True)
class Body:
    """`blocks` names the field each block went to, with how sure that is.

    `named` are the values of fields that a block names by a label.
    """

    description: str | None = None
    bullets: list[str] = field(default_factory=list)
    technologies: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, Block, float]] = field(default_factory=list)


def body_of(blocks: Sequence[Block], fields: Collection[str] = ()) -> Body:
    """The blocks below a head as description, bullets, technologies, and `fields` named there."""
    body = Body()
    paragraphs: list[str] = []
    for block in blocks:
        text = block.text
        label, value = wording.read_label(text) or ("", "")
        if label in fields and label not in body.named:
            body.named[label] = value
            body.blocks.append((label, block, 0.95))
        elif listed := technologies_label(text):
            names = [skill.name for skill in split_skills(listed)]
            body.technologies.extend(name for name in names if name not in body.technologies)
            body.blocks.append(("technologies", block, 0.9))
        elif _is_tags(block):
            names = [segment.text for segment in block.segments]
            body.technologies.extend(name for name in names if name not in body.technologies)
            body.blocks.append(("technologies", block, 0.6))
        elif block.bullet:
            body.bullets.append(text)
            body.blocks.append(("bullets", block, 0.95))
        else:
            paragraphs.append(text)
            body.blocks.append(("description", block, 0.85))
    body.description = "\n".join(paragraphs) or None
    return body


def _is_tags(block: Block) -> bool:
    """Whether a row is a few short words set apart from each other, as tags below a text are."""
    segments = block.segments
    if block.bullet or len(block.lines) > 1 or len(segments) < 2:
        return False
    if not all(segment.gap for segment in segments[1:]) or find_spans(block.text):
        return False
    return all(
        len(segment.text.split()) <= 3 and segment.text[-1] not in ".,:;" for segment in segments
    )
