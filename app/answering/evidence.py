"""Which sentences of a profile speak of what a question asks, and how surely.

Search proposes entries; what is weighed and quoted here are the entries of the public record
alone. A sentence counts by how much of the question's matter its entry names, rare words counting
more, and by how near both are in meaning. A name that the question has and the entry has not makes
the entry no evidence: who asks for one employer is not answered by another.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.answering.items import Item
from app.answering.questions import Question, is_light
from app.answering.words import Word
from app.search import Passage

_RELATED = 0.7  # of a word, where the entry has one of like meaning
_LIGHT = 0.35  # of the weight of a word, where it is one that tells little
_MEANT = "en"  # the language whose meanings our model tells apart when no word is shared
_MOST = 6  # pieces of evidence
_MOST_TEXTS = 2  # sentences quoted of one entry

Found = Mapping[tuple[str, UUID | None], float | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentences of one entry.

    `covered` is the part of the question's matter that the entry names, 0 to 1; what stands in one
    sentence counts twice as much as what is strewn over the entry. `similarity` is the
    cosine of both meanings, None where only words were compared; `lacks_name` says that the
    question names something that the entry does not. `ahead`: by how much it is more similar than
    any other entry.
    """

    item: Item
    texts: tuple[str, ...]
    covered: float
    similarity: float | None
    lacks_name: bool
    ahead: float = 0.0

    @property
    def weight(self) -> float:
        """How well it answers, to order pieces of evidence."""
        return self.covered + (self.similarity or 0.0) - self.lacks_name


def gather(
    question: Question, items: Sequence[Item], passages: Iterable[Passage]
) -> list[Evidence]:
    """The entries that search has found or that have a word of the question, best first."""
    similarities = _similarities(passages)
    weights = _weights(question.matter, items)
    found = [
        _weighed(question, item, weights, similarities)
        for item in items
        if (item.section, item.item_id) in similarities
        or any(_part(word, item) for word in question.matter)
    ]
    if question.language == _MEANT:
        found = [dataclasses.replace(one, ahead=_ahead(one, found)) for one in found]
    return sorted(found, key=lambda evidence: evidence.weight, reverse=True)[:_MOST]


def _ahead(one: Evidence, found: Sequence[Evidence]) -> float:
    others = (other.similarity or 0.0 for other in found if other is not one)
    return (one.similarity or 0.0) - max(others, default=0.0)


def _similarities(passages: Iterable[Passage]) -> dict[tuple[str, UUID | None], float | None]:
    """The best of each entry."""
    found: dict[tuple[str, UUID | None], float | None] = {}
    for passage in passages:
        key = (passage.section, passage.item_id)
        found[key] = max(
            (one for one in (found.get(key), passage.similarity) if one is not None), default=None
        )
    return found


def _weights(matter: Sequence[Word], items: Sequence[Item]) -> dict[Word, float]:
    """How rare each word is in this profile; one that it lacks is the rarest.

    Words that tell little wherever they stand count less.
    """
    most = 1 + len(items)
    return {
        word: math.log(1 + most / (1 + sum(_part(word, item) > 0 for item in items)))
        * (_LIGHT if is_light(word) else 1.0)
        for word in matter
    }


def _part(word: Word, item: Item) -> float:
    """How far an entry has a word: itself, or one of like meaning."""
    if item.says(word):
        return 1.0
    return _RELATED if item.like(word) else 0.0


def _weighed(
    question: Question, item: Item, weights: Mapping[Word, float], similarities: Found
) -> Evidence:
    total = sum(weights.values())
    held = {word: weight * _part(word, item) for word, weight in weights.items()}
    held = {word: weight for word, weight in held.items() if weight}
    whole = sum(held.values()) / total if total else 0.0
    together = _in_one_line(item, held) / total if total else 0.0
    return Evidence(
        item=item,
        texts=_best_texts(item, held),
        covered=(whole + together) / 2,
        similarity=similarities.get((item.section, item.item_id)),
        lacks_name=any(not item.says(word) for word in question.names),
    )


def _in_one_line(item: Item, held: Mapping[Word, float]) -> float:
    """The most of the words that the head and one more sentence have."""
    like = {word: item.like(word) for word in held}
    head = {word for word in held if like[word] & item.naming_words}
    best = max(
        (
            sum(held[word] for word in held if word not in head and like[word] & line)
            for line in item.line_words
        ),
        default=0.0,
    )
    return sum(held[word] for word in head) + best


def _best_texts(item: Item, held: Mapping[Word, float]) -> tuple[str, ...]:
    """The head, and the sentences that have the most of the words, in their own order."""
    like = {word: item.like(word) for word in held}
    scored = [
        (sum(held[word] for word in held if like[word] & words), -at, line)
        for at, (line, words) in enumerate(zip(item.lines, item.line_words, strict=True))
    ]
    best = [line for score, _, line in sorted(scored, reverse=True)[:_MOST_TEXTS] if score]
    if not best:
        best = list(item.lines[:_MOST_TEXTS])
    return (item.head, *(line for line in item.lines if line in best))
