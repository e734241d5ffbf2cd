"""An answer in a model's words, of which each sentence is held to the evidence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from app.answering import faithful, prompt
from app.answering.answer import Answer, AnswerMode, AnswerStatus, ConfidenceBand
from app.answering.evidence import Evidence
from app.answering.providers import NoModel, Providers, Spent
from app.answering.questions import Question

_LEAST_WORDS = 3

Hear = Callable[[str], None]
"""Takes a piece of an answer as soon as it may be told."""


class Unfaithful(Exception):
    """The model said what the evidence does not."""


async def tell(
    providers: Providers,
    question: Question,
    evidence: Sequence[Evidence],
    earlier: Sequence[str],
    spent: Spent,
    hear: Hear,
) -> Answer | None:
    """The model's answer; None if it says that the evidence has none.

    `hear` gets each sentence once it has been checked. Raises NoModel and Unfaithful, after which
    nothing of what was heard counts.
    """
    asked = prompt.messages(question.text, question.language, evidence, earlier)
    held = faithful.Held([text for one in evidence for text in (one.item.title, *one.item.texts)])
    said: list[str] = []
    cited: list[int] = []
    async for sentence in _sentences(providers.tell(asked, spent)):
        if prompt.NOT_SAID in sentence:
            if said:
                raise Unfaithful
            return None
        text, numbers = prompt.cited(sentence)
        if not held.holds(text):
            raise Unfaithful
        hear(text if not said else f" {text}")
        said.append(text)
        cited += [number for number in numbers if 1 <= number <= len(evidence)]
    if not said:
        raise NoModel(spent)
    sources = [evidence[number - 1] for number in dict.fromkeys(cited)] or list(evidence[:1])
    return Answer(
        text=" ".join(said),
        status=AnswerStatus.ANSWERED,
        confidence=ConfidenceBand.HIGH if cited and _is_sure(sources) else ConfidenceBand.MEDIUM,
        sources=tuple(one.item.quoted(*one.texts) for one in sources),
        mode=AnswerMode.MODEL,
    )


def _is_sure(sources: Sequence[Evidence]) -> bool:
    return any(one.covered >= 1.0 for one in sources)


async def _sentences(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """Whole sentences, each with the citations after it.

    One that says too little to be judged, as `Yes.` does, comes with the next.
    """
    text = short = ""
    async for piece in pieces:
        whole, text = faithful.sentences(text + piece)
        for sentence in whole:
            short = f"{short} {sentence}".strip()
            if len(short.split()) >= _LEAST_WORDS:
                yield short
                short = ""
    if last := f"{short} {text}".strip():
        yield last
