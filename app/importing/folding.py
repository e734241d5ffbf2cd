"""Text as words are compared: without case, accents and width."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode doesn't take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "’": "'"})
_MARKS = re.compile("[\u0300-\u036f]+")  # not the sound marks of kana, which make other letters
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case, no accents, narrow letters and digits. The length may change."""
    text = text.casefold()
    if text.isascii():
        return text
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_PLAIN)))
    return unicodedata.normalize("NFC", plain)


def words_of(text: str) -> list[str]:
    """The folded words and numbers of a text, without what stands between them."""
    return _WORD.findall(fold(text))
