"""Text in plain characters: one kind of digit, dash, blank and quote, and nothing invisible.

What a reader sees as the same must compare as the same: `４５％`, `٤٥٪` and `4<zero width>5 %`.
"""

from __future__ import annotations

import sys
import unicodedata

_PIECE = 256  # characters normalised at once: a run of marks is sorted in quadratic time
_ALSO = {
    **dict.fromkeys("‐‑‒–—―−﹣－〜～", "-"),
    **dict.fromkeys("’‘ʼ′＇", "'"),
    **dict.fromkeys("％٪﹪", "%"),
    "٫": ".",
    "٬": ",",
    "＂": '"',
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
}


def _character(character: str) -> str | None:
    """What stands for a character, or None where it stands for itself."""
    if character in _ALSO:
        return _ALSO[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf":  # directions, joiners, soft hyphens
        return ""
    if category == "Zs":
        return " "
    if category != "No":
        return None
    number, form = unicodedata.numeric(character), unicodedata.normalize("NFKD", character)
    if "\u2044" in form:  # ½ of 3½ is no third digit
        return " " + form.replace("\u2044", "/")
    if unicodedata.decomposition(character).startswith("<super>"):
        return f"^{number:g}"
    if unicodedata.decomposition(character).startswith("<sub>"):
        return None
    return f" {number:g} "


_BLANKS = {9: " ", 11: "\n", 12: "\n", 13: "\n"}
_TABLE = str.maketrans(
    {code: "" for code in range(32) if code not in (9, 10, 11, 12, 13)}
    | _BLANKS
    | {
        code: character
        for code in range(0x7F, sys.maxunicode + 1)
        if (character := _character(chr(code))) is not None
    }
)


def plain(text: str) -> str:
    """`text` in plain characters; takes time in proportion to its length."""
    text = text.translate(_TABLE)
    if text.isascii():
        return text
    if len(text) <= _PIECE:
        return unicodedata.normalize("NFKC", text)
    pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    return "".join(unicodedata.normalize("NFKC", piece) for piece in pieces)
