"""Text as full-text search reads it: words alone, without accents, the same for both sides."""

from __future__ import annotations

import re
import unicodedata

# Signs that make another word of a word: C++, C#, F#.
_SIGNS = str.maketrans({"+": "plus", "#": "sharp"})
_WORD = re.compile(r"[^\W_]+(?:[+#]+(?!\w))?")
# Written without blanks between words: pairs of neighbours stand for them.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")

# Accents of Latin, Greek and Cyrillic letters, and points of Hebrew and Arabic ones. Lower classes
# are marks without which a letter of an Indian or Japanese script is another.
_LEAST_CLASS_OF_ACCENTS = 10


def folded(text: str) -> str:
    """`text` in lower case and without accents."""
    parts = unicodedata.normalize("NFKD", text)
    kept = (c for c in parts if unicodedata.combining(c) < _LEAST_CLASS_OF_ACCENTS)
    return unicodedata.normalize("NFC", "".join(kept)).lower()


def words(text: str) -> str:
    """The words of `text`, folded, with blanks between."""
    found: list[str] = []
    for word in _WORD.findall(folded(text)):
        if _UNSPACED.search(word):
            found += _pairs(word)
        else:
            found.append(word.translate(_SIGNS))
    return " ".join(found)


def _pairs(word: str) -> list[str]:
    """The neighbours in what is written without blanks, and what stands between as it is."""
    found: list[str] = []
    end = 0
    for run in _UNSPACED.finditer(word):
        found += [word[end : run.start()], *_neighbours(run.group())]
        end = run.end()
    return [part for part in (*found, word[end:]) if part]


def _neighbours(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
