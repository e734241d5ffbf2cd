"""Text as it may stand in a CV: NFC, trimmed, without control characters or hidden reordering.

NUL and lone surrogates are refused: no document means them, and neither PostgreSQL nor UTF-8
can hold them. Other control characters come with text pasted from word processors and are
dropped with a warning, and so are bidirectional embeddings and overrides (U+202A to U+202E),
with which a reader and a parser would see different text. Isolates (U+2066 to U+2069), the
form Unicode recommends, stay where they are balanced; joiners and direction marks always do.
"""

from __future__ import annotations

import re
import unicodedata

_REFUSED = re.compile("[\x00\ud800-\udfff]")
_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_DROPPED = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_REORDERING = re.compile("[\u202a-\u202e]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_CLOSE = "\u2069"
_BLANKS = re.compile("[ \t]+")
_GAP = re.compile("\n{3,}")


def refused(raw: str) -> bool:
    """Whether `raw` holds NUL or a lone surrogate."""
    return _REFUSED.search(raw) is not None


def plain(raw: str) -> str | None:
    """`raw` cleaned if it is printable ASCII, which most texts are; None if it takes more."""
    if not (raw.isascii() and raw.isprintable()):
        return None
    return (_BLANKS.sub(" ", raw) if "  " in raw else raw).strip()


def clean(raw: str, *, multiline: bool) -> tuple[str, tuple[str, ...]]:
    """`raw` without what can't be set, and the codes of what was dropped.

    `multiline` keeps line breaks as `\\n` and one empty line between paragraphs; otherwise
    they become spaces. The codes are `control_characters` and `text_direction`. The result
    cleaned again is the same and nothing more is dropped. `raw` must not be `refused`.
    """
    dropped: list[str] = []
    text = _BREAK.sub("\n" if multiline else " ", raw)
    text, count = _DROPPED.subn("", text)
    if count:
        dropped.append("control_characters")
    text, count = _REORDERING.subn("", text)
    if not _balanced(text):
        text, isolates = _ISOLATES.subn("", text)
        count += isolates
    if count:
        dropped.append("text_direction")
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    if multiline:
        text = _GAP.sub("\n\n", "\n".join(line.strip() for line in text.split("\n")))
    return text.strip(), tuple(dropped)


def printable(raw: str) -> str:
    """`raw` on one line, fit for a message or a log whatever it holds."""
    return clean(_REFUSED.sub("\ufffd", raw), multiline=False)[0]


def _balanced(text: str) -> bool:
    """Whether every isolate is closed on its own line and nothing else is."""
    for line in text.split("\n"):
        depth = 0
        for mark in _ISOLATES.findall(line):
            depth += -1 if mark == _CLOSE else 1
            if depth < 0:
                return False
        if depth:
            return False
    return True
