"""The words by which degrees, fields of study and schools are told, each a book made once."""

from __future__ import annotations

import re
from functools import cache

from app.importing import lexicon
from app.importing.folding import fold
from app.importing.phrasebook import Phrasebook, words_in

# Short degrees are words of their own in small letters: an MA, a BS, a CAP, a DU.
_FREE = frozenset({"bsc", "msc", "phd", "mba", "bac", "meng", "beng"})
# Kinds of school that name a degree only where nothing else stands beside them.
_SCHOOLS = (
    "high school|gymnasium|lyceum|atheneum|liceo|lycée|grundschule|handelsschule|secundaria|"
    "preparatoria|ensino superior|studium|opleiding|études|diploma|diplôme|minor|certificat|"
    "attestato|weiterbildung|qualifica|título|técnico|técnica|technik|doctor|meister|hf|ir|ing|wo"
)
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@cache
def degrees() -> Phrasebook:
    listed = [*lexicon.phrases("degrees", "degrees"), *lexicon.phrases("degrees", "capital")]
    return Phrasebook(listed)


@cache
def short() -> frozenset[str]:
    """Degrees that are short enough to be other words in small letters."""
    listed = {fold(word) for word in lexicon.phrases("degrees", "capital")}
    for phrase in lexicon.phrases("degrees", "degrees"):
        words = words_in(phrase)
        if len(words) == 1 and len(words[0].norm) <= 3:
            listed.add(words[0].norm)
    return frozenset(listed - _FREE)


@cache
def openers() -> frozenset[str]:
    """Those of `short` that need one capital only where a line begins: `Havo, profiel …`."""
    return frozenset(fold(word) for word in lexicon.phrases("degrees", "openers"))


@cache
def school_kinds() -> frozenset[str]:
    return frozenset(" ".join(word.norm for word in words_in(kind)) for kind in _SCHOOLS.split("|"))


@cache
def honours() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "honours"))


@cache
def into() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "into"))


@cache
def within() -> Phrasebook:
    """What leads from a field to a part of it: `minor in`, `Schwerpunkt`, `parcours`."""
    return Phrasebook(lexicon.phrases("degrees", "within"))


@cache
def fields() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "fields"))


@cache
def schools() -> Phrasebook:
    return Phrasebook(lexicon.phrases("organisations", "schools"))


@cache
def titles() -> Phrasebook:
    return Phrasebook(p for p in lexicon.phrases("titles", "heads") if not _EAST.search(p))


@cache
def modes() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "modes"))


@cache
def outcomes() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "outcomes"))
