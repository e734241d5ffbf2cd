"""Where the lines of a text may break, and where they better do not."""

from __future__ import annotations

import re
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from markupsafe import Markup

from app.cv import wording

# An address ends before the letters of scripts that put no blanks between words.
_LINK = re.compile(r"https?://\w[^\s<>\"\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef]*", re.IGNORECASE)
_PUNCTUATION = ".,;:!?'\u2019\u201c\u201d\u2026\u00bb"
_TEXT = re.compile(r"(?<=>)[^<>]{60,}(?=<)")
_ENDLESS = re.compile(r"[0-9A-Za-z_\u00c0-\u024f]{60,}")
# Where a line may break and better does not: behind a hyphen, which at its end could be one of
# hyphenation, and between a number and the East Asian word that counts it.
_LOOSE = re.compile(r"(?<=\w-)(?=\w)|(?<=[0-9])(?=[\u3400-\u9fff])")
_DASH = re.compile(" (?=[\u2013\u2014] )")
_JOINER = "\u2060"  # leaves no trace in a PDF
_ALONE = 14  # characters of a last line that looks like one
_TIED = 18  # of words that fit a line of any column in letters of any size
_NAME = 24  # characters of a list's item that fit a line of any column
_BROAD = re.compile(r"[\u0530-\u058f\u10a0-\u10ff]")  # Armenian and Georgian letters
_EAST_ASIAN = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")


def breakable_words(html: str) -> str:
    """`html` with places to break in words of its text that are longer than any line.

    Without them the time to set such a word grows with the square of its length.
    """
    return _TEXT.sub(lambda text: _ENDLESS.sub(_cut, text[0]), html)


def _cut(word: re.Match[str]) -> str:
    return re.sub(r"(.{5})", "\\1\u200b", word[0])


def paragraphs(text: str) -> list[str]:
    return re.split(r"\n\s*\n", text)


def running(text: str) -> Markup:
    """`text` escaped, with its web addresses as links and what belongs together in one line."""
    text = _tied(re.sub(r"(?<=\d) (?=%)", "\u00a0", text))
    html, end = Markup(), 0
    for match in _LINK.finditer(text):
        address = _trimmed(match[0])
        if _is_address(address):
            html += Markup('{}<a href="{}">{}</a>').format(
                kept(text[end : match.start()]), address, kept(address)
            )
            end = match.start() + len(address)
    return html + kept(text[end:])


def ended(text: str) -> str:
    """`text` with its words whole and its last ones tied, so that none stands alone in a line."""
    return kept(_tied(text))


def room(text: str) -> float:
    """The digits whose room `text` takes at most, in any of our typefaces."""
    doubled = sum(east_asian_width(letter) in "FW" for letter in text)
    return len(text) + doubled + 0.4 * len(_BROAD.findall(text))


def comma(text: str, last: str) -> str:
    """What stands between `text` and a `last` that, where it is short, is not to stand alone."""
    near = len(text.rpartition(" ")[2]) + len(last) + 2 <= _TIED
    return f", {_JOINER}" if near else ", "


def _tied(text: str) -> str:
    """`text` that does not break before its last words, up to what fits a line of any column."""
    if len(text) <= _TIED:
        return text
    *rest, last = text.rsplit(" ", 3)
    while rest and len(last) < _ALONE and len(rest[-1]) + 1 + len(last) <= _TIED:
        last = f"{rest.pop()} {_JOINER}{last}"
    return " ".join((*rest, last))


def kept(text: str) -> str:
    """`text` with its words whole: none breaks at its hyphens but one longer than a column, and no
    line begins with a dash, which would look like the mark of a list."""
    if "-" not in text and text.isascii():
        return text
    text = _DASH.sub(f" {_JOINER}", text)
    return " ".join(
        _LOOSE.sub(_JOINER, word) if len(word) <= _NAME else word for word in text.split(" ")
    )


def _trimmed(address: str) -> str:
    """`address` without the punctuation of the sentence around it."""
    while address[-1] in _PUNCTUATION or any(
        address.endswith(close) and address.count(close) > address.count(opened)
        for opened, close in ("()", "[]", "{}")
    ):
        address = address[:-1]
    return address


def _is_address(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:  # such as http://a[b, on which WeasyPrint would stumble
        return False


def as_run(bullets: tuple[str, ...], locale: str) -> str:
    """`bullets` as a list in one line, or one after the other where they are sentences."""
    if any(text.endswith((".", "!", "?", "\u3002")) for text in bullets):
        return " ".join(bullets)
    return wording.comma("".join(bullets), locale).join(map(_whole, bullets))


def _whole(item: str) -> str:
    """The item of a list that no line breaks in, but one too long before its brackets."""
    name, bracket, note = item.partition(" (")
    if len(item) > _NAME and bracket:
        return f"{_whole(name)} {_whole('(' + note)}"
    if len(item) > _NAME:
        return item
    if _EAST_ASIAN.search(item):
        return _JOINER.join(item) if len(item) <= _NAME // 2 else item
    return item.replace(" ", " " + _JOINER)


def breakable(address: str) -> str:
    """`address` with zero-width spaces, which leave no trace in a PDF, where it may break."""
    kept = _LOOSE.sub(_JOINER, address)
    if len(address) > _NAME and not re.search("[@/]", address):
        return kept.replace(".", "\u200b.", 1)
    return re.sub(r"(?=@)|(?<=/)", "\u200b", kept)
