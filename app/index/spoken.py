"""In which language a text is to be stemmed, as PostgreSQL's own lists of stop words tell it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from app.db import Connection, raw_statement

NONE = "simple"
_DEFAULT = "english"

# Those that are written with the letters of others are told apart by their small words; stemming
# asks for more than half a dozen words, or one word of another language decides.
_LATIN = (
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "hungarian",
    "italian",
    "norwegian",
    "portuguese",
    "romanian",
    "spanish",
    "swedish",
    "turkish",
)
_SCRIPTS = {
    "russian": "\u0400-\u04ff",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "arabic": "\u0600-\u06ff",
    "hindi": "\u0900-\u097f",
    "tamil": "\u0b80-\u0bff",
    "armenian": "\u0530-\u058f",
}
_LETTERS = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}
_LATIN_LETTER = re.compile(r"[a-z\u00df-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 4_000  # characters that are looked at

_LEAST_WORDS = 8
_LEAST_SHARE = 0.12  # of small words among all, in a text that is really of that language
_MARGIN = 0.08  # by which a part must be more of its own language than of the whole's

_SHARES = raw_statement(
    "SELECT given.at - 1 AS at, spoken.language, 1 - kept.many::FLOAT / given.words AS share FROM"
    " unnest($1::TEXT[], $2::INT[]) WITH ORDINALITY AS given (text, words, at),"
    " unnest($3::TEXT[]) AS spoken (language), LATERAL (SELECT coalesce(sum("
    "cardinality(positions)), 0) AS many FROM unnest(to_tsvector(spoken.language::REGCONFIG,"
    " given.text))) AS kept",
    "texts",
    "counts",
    "languages",
)


async def languages(db: Connection, texts: Sequence[str]) -> list[str]:
    """The text-search configuration of each text, judged by itself and by all of them together."""
    parts = [_plain(text) for text in ("\n".join(texts), *texts)]
    shares: dict[int, dict[str, float]] = defaultdict(dict)
    asked = [at for at, part in enumerate(parts) if len(part) >= _LEAST_WORDS]
    if asked:
        rows = await db.rows(
            _SHARES,
            texts=[" ".join(parts[at]) for at in asked],
            counts=[len(parts[at]) for at in asked],
            languages=list(_LATIN),
        )
        for row in rows:
            shares[asked[row["at"]]][row["language"]] = row["share"]
    whole = _whole(parts[0], shares[0])
    return [_part(text, shares[at], whole) for at, text in enumerate(texts, 1)]


def _plain(text: str) -> list[str]:
    return _WORD.findall(text[:_LONGEST].lower())


def _whole(words: Sequence[str], shares: dict[str, float]) -> str:
    if not shares:
        return _by_script("".join(words)) or _DEFAULT
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= _LEAST_SHARE else _DEFAULT


def _part(text: str, shares: dict[str, float], whole: str) -> str:
    if script := _by_script(text[:_LONGEST].lower()):
        return script
    if not shares:
        return whole
    best = max(shares, key=lambda language: shares[language])
    enough = shares[best] >= max(_LEAST_SHARE, shares.get(whole, 0) + _MARGIN)
    return best if enough else whole


def _by_script(text: str) -> str | None:
    """The language of a text in a script of its own; `NONE` for a script without stems."""
    counts = {language: len(letters.findall(text)) for language, letters in _LETTERS.items()}
    latin = len(_LATIN_LETTER.findall(text))
    best = max(counts, key=lambda language: counts[language])
    if counts[best] > latin:
        return best
    letters = sum(map(str.isalpha, text))
    return NONE if letters > 2 * latin else None
