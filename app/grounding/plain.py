"""Text in plain characters: one kind of digit, dash, blank and quote, and nothing invisible.

What a reader sees as the same must compare as the same: `４５％`, `٤٥٪` and `4<zero width>5 %`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

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
    if "\u2160" <= character <= "\u2188":  # Roman numerals
        return f" {unicodedata.numeric(character, 0):g} "
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
_CODES = (*range(0x7F, 0x20000), *range(0xE0000, 0xE1000))  # beyond are ideographs


@cache
def _table() -> dict[int, str]:
    dropped = {code: "" for code in range(32) if code not in (9, 10, 11, 12, 13)}
    found = ((code, _character(chr(code))) for code in _CODES)
    return dropped | _BLANKS | {code: text for code, text in found if text is not None}


# What looks like a Latin letter, in a word that has Latin letters too.
_LATIN = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅԚԜαενοριτυχκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwABEKMHOPCTYXIJSQWaevopituxkABEZHIKMNOPTYX",
)
_LOOKALIKE = re.compile("[\u0370-\u052f]")
_MIXED = re.compile(r"\b(?=\w{0,60}[A-Za-z])(?=\w{0,60}[\u0370-\u052f])\w{1,60}\b")
# The letter for the digit, in what else is a number: `6O`, `2O20`.
_ZEROS = re.compile(r"(?<![^\W_])\d[\dOoОоΟο]{0,20}(?:[OОΟоο]|[Oo]\d)\d{0,20}(?![^\W_])")
_ZERO = str.maketrans("OoОоΟο", "000000")


@cache
def _heaps() -> re.Pattern[str]:
    """More marks on one letter than any language has: sorting them takes quadratic time."""
    marks = "".join(re.escape(chr(code)) for code in _CODES if unicodedata.combining(chr(code)))
    return re.compile(f"(?<=[{marks}]{{8}})[{marks}]+")


def plain(text: str) -> str:
    """`text` in plain characters; takes time in proportion to its length."""
    text = _ZEROS.sub(lambda match: match[0].translate(_ZERO), text.translate(_table()))
    if text.isascii():
        return text
    if _LOOKALIKE.search(text):
        text = _MIXED.sub(lambda match: match[0].translate(_LATIN), text)
    return unicodedata.normalize("NFKC", _heaps().sub("", text))
