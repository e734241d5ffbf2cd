"""The characters of a PDF page, repaired and gathered into words with their place and look."""

from __future__ import annotations

import ctypes
import itertools
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from app.importing.looks import Look, Looks
from app.importing.marks import is_sign, set_signs, stands_on
from app.importing.preview import Box

# Spacing accents that TeX and others draw over or under a letter, and what they mean.
_ACCENTS = {
    "\u0060": "\u0300",
    "\u00b4": "\u0301",
    "\u02ca": "\u0301",
    "\u02cb": "\u0300",
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\u00af": "\u0304",
    "\u02d8": "\u0306",
    "\u02d9": "\u0307",
    "\u00a8": "\u0308",
    "\u02da": "\u030a",
    "\u02dd": "\u030b",
    "\u02c7": "\u030c",
    "\u00b8": "\u0327",
    "\u02db": "\u0328",
}
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
_SPACES = frozenset(" \t\u00a0\u1680\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}
_NOTHING = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffd\x00\ufffe\uffff")
_CONTROLS = frozenset((*range(2), *range(3, 32), *range(0x7F, 0xA0)))
_ENDS = frozenset("\r\n\v\f\u2028\u2029")
_HALVES = range(0xD800, 0xE000)  # of characters in UTF-16
BULLETS = frozenset("・•●◦▪▫■□○◆◇▶▷►▸‣⁃∙⋅·➢➤➔➜→❖✓✔✦★»*◾◼▹❯›⦁‧")
# Letters of symbol fonts that lists are marked with.
_MARKS = {"marvosym": "{", "dingbat": "lnutqpos", "wingdings": "lnuqv§Øüw", "webdings": "<=4"}
# A word this far from the last, in ems, is another word though no space is written between.
_WORD_GAP = 0.15
_HINTED_GAP = 0.03  # where PDFium, which knows the widths of the face, sees a space too
_TRACKED = 0.055
_MOST_ACCENTS = 200
# How far a line reaches above and below its base, in ems: fonts' own figures are often wrong.
_RISE = 0.78
_DROP = 0.22
_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(slots=True)
class Glyph:
    text: str
    x0: float
    x1: float
    base: float
    look: Look
    spaced: bool = False  # a space was written before it
    parted: bool = False  # PDFium sees a space before it


@dataclass(slots=True)
class Word:
    """Text without a space in it. `glued` words touch the one before them in the same line."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    look: Look
    glued: bool = False
    parted: bool = False  # a space was written or seen before it
    bold: bool = False
    url: str | None = None
    tracking: float = 0.0  # what was added between its letters
    letters: list[tuple[float, float, int]] = field(default_factory=list)  # left, right, offset

    @property
    def size(self) -> float:
        return self.look.size

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)


@dataclass(slots=True)
class PageText:
    """The words of a page in the order they were drawn; `upright` false where a page has none."""

    words: list[Word] = field(default_factory=list)
    turned: list[Word] = field(default_factory=list)
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible part of a page and how it is turned: from user space to points from top left."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turn % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turn % 2 else self.top - self.bottom

    def base(self, x: float, y: float) -> float:
        """How far below the top of the page a point of user space lies."""
        return (self.top - y, x - self.left, y - self.bottom, self.right - x)[self.turn]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        if self.turn == 0:
            return (left - self.left, self.top - top, right - self.left, self.top - bottom)
        if self.turn == 1:
            return (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.turn == 2:
            return (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        return (self.top - top, self.right - right, self.top - bottom, self.right - left)


def read_words(text_page: Any, frame: Frame, looks: Looks) -> PageText:
    """The words of a page, without what nobody can see."""
    page = PageText()
    run: list[Glyph] = []
    apart: list[Word] = []
    seen: set[tuple[str, int, int]] = set()

    def finish() -> None:
        if run:
            page.words.extend(_fresh(_words(run), seen))
            run.clear()

    rect = pdfium.FS_RECTF()
    at = ctypes.byref(rect)
    x, y = ctypes.c_double(), ctypes.c_double()
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    get_unicode = pdfium.FPDFText_GetUnicode
    get_box = pdfium.FPDFText_GetLooseCharBox
    get_origin = pdfium.FPDFText_GetCharOrigin
    look_of = looks.of
    spaced = parted = after_sign = False
    last = 0
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        drawn = code = get_unicode(text_page, index)
        if code in _HALVES:
            code = _whole(last, code)
        last = drawn
        text = "-" if code in (2, 0xFFFE) else chr(code)  # so PDFium marks a hyphen at a line's end
        if text in _SPACES or text in _ENDS:
            parted = True
            written = not pdfium.FPDFText_IsGenerated(text_page, index)
            spaced = spaced or written or (text in _ENDS and not after_sign)
            continue
        if text in _NOTHING or code in _CONTROLS or not get_box(text_page, index, at):
            continue
        look = look_of(text_page, index)
        box = frame.box(rect.left, rect.bottom, rect.right, rect.top)
        if look.hidden or _outside(box, frame) or look.size < 1.5:
            page.hidden += 1
            continue
        text = _character(text, code, look)
        get_origin(text_page, index, at_x, at_y)
        base = frame.base(x.value, y.value)
        if look.turned:
            page.turned.append(_turned(text, box, look))
            continue
        if is_sign(code) and not (run and _stands_on(run[-1], box)):
            apart.append(_word([Glyph(text, box[0], box[2], base, look)], 0.0))
            after_sign = True
            continue
        if run and code > 0x900 and unicodedata.category(chr(code)) in ("Mn", "Mc"):
            run[-1].text += text  # a mark begins no word, whatever its place
            run[-1].x1 = max(run[-1].x1, box[2])
            spaced = parted = False
            continue
        glyph = Glyph(text, box[0], box[2], base, look, spaced, parted)
        spaced = parted = after_sign = False
        if run and not _combined(run, glyph):
            if _breaks(run[-1], glyph):
                finish()
            run.append(glyph)
        elif not run:
            run.append(glyph)
    finish()
    _lower(page.words)
    page.words = _with_accents(page.words)
    page.words.extend(set_signs(apart, page.words))
    return page


def _whole(high: int, low: int) -> int:
    """The character of two halves; U+FFFD, which is drawn for none, where they are not a pair."""
    if 0xD800 <= high < 0xDC00 <= low:
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
    return 0xFFFD


def _with_accents(words: list[Word]) -> list[Word]:
    """The words with accents that were drawn apart, and read elsewhere, set on their letters."""
    accents = [word for word in words if word.text in _ACCENTS]
    if not accents or len(accents) > _MOST_ACCENTS:
        return words
    lost = {id(accent) for accent in accents if _set_on_letter(accent, words)}
    return [word for word in words if id(word) not in lost]


def _set_on_letter(accent: Word, words: list[Word]) -> bool:
    middle = (accent.x0 + accent.x1) / 2
    for word in words:
        if not word.x0 <= middle <= word.x1 or abs(word.base - accent.base) > 0.7 * word.size:
            continue
        for left, right, at in word.letters:
            letter = word.text[at : at + 1]
            if word is not accent and left <= middle <= right and letter.isalpha():
                whole = _accented(letter, accent.text)
                word.text = word.text[:at] + whole + word.text[at + 1 :]
                return len(whole) == 1 and whole != letter
    return False


def _accented(letter: str, accent: str) -> str:
    """The letter with its accent, or as it is where there is no such letter."""
    whole = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + _ACCENTS[accent])
    return whole if len(whole) == 1 else letter


def _lower(words: list[Word]) -> None:
    """Set raised letters, as in 2nd, on the base of the word they belong to."""
    for last, word in itertools.pairwise(words):
        raised = last.base - word.base
        if (
            word.size <= 0.85 * last.size
            and abs(word.x0 - last.x1) < 0.25 * last.size
            and 0.1 * last.size < raised < 0.6 * last.size
        ):
            word.base = last.base


def _stands_on(glyph: Glyph, sign: Box) -> bool:
    return stands_on(glyph.x0, glyph.x1, (sign[0], sign[2]), glyph.look.size)


def _outside(box: Box, frame: Frame) -> bool:
    return box[2] < 0 or box[3] < 0 or box[0] > frame.width or box[1] > frame.height


def _character(text: str, code: int, look: Look) -> str:
    """The character that is meant: ligatures apart, marks of symbol fonts as bullets, no icons."""
    if 0xFB00 <= code <= 0xFB06 or 0x2F00 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", text)
    if 0xE000 <= code <= 0xF8FF or code >= 0xF0000:
        return "•" if code in (0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0FC, 0xF0A8, 0xF071) else ""
    if code in (0x2010, 0x2011):
        return "-"
    if look.symbols:
        return "•" if text in BULLETS or _is_mark(text, look.font) else ""
    return text


def _is_mark(text: str, font: str) -> bool:
    """Whether a letter of a symbol font is drawn as a bullet: a disc, a square, a tick."""
    name = font.casefold()
    return any(text in letters for known, letters in _MARKS.items() if known in name)


def _turned(text: str, box: Box, look: Look) -> Word:
    return Word(text, box[0], box[2], box[1], box[3], box[3], look)


def _combined(run: list[Glyph], glyph: Glyph) -> bool:
    """Whether the glyph and the last one were a letter and its accent, now joined in the run."""
    last = run[-1]
    accent, letter = (last, glyph) if last.text in _ACCENTS else (glyph, last)
    if accent.text not in _ACCENTS or not letter.text[-1:].isalpha():
        return False
    middle = (accent.x0 + accent.x1) / 2
    slack = 0.1 * letter.look.size
    if not letter.x0 - slack <= middle <= letter.x1 + slack:
        return False
    if abs(accent.base - letter.base) > 0.7 * letter.look.size:
        return False
    whole = _accented(letter.text, accent.text)
    if whole == letter.text:
        return False
    run[-1] = Glyph(whole, letter.x0, letter.x1, letter.base, letter.look, last.spaced)
    return True


def _breaks(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.look.size, glyph.look.size)
    if glyph.look is last.look and (glyph.x0, glyph.x1) == (last.x0, last.x1):
        return False  # a ligature, whose letters all have its box
    if _BACKWARDS.match(glyph.text) and glyph.x1 < last.x1:
        return True
    return (
        glyph.look is not last.look
        or abs(glyph.base - last.base) > 0.3 * size
        or glyph.x0 < last.x1 - 0.5 * size
        or glyph.x0 > last.x1 + 3 * size
    )


def _words(run: list[Glyph]) -> list[Word]:
    """A run of glyphs in one look cut at its spaces; letter-spaced text is drawn together."""
    size = run[0].look.size or 1.0
    gaps = [right.x0 - left.x1 for left, right in itertools.pairwise(run)]
    tracking = 0.0
    if len(run) >= 4:
        usual = sorted(gaps)[len(gaps) // 2]
        if usual > _TRACKED * size:
            tracking = usual
    written = _spaces_count(run, gaps, tracking)
    words: list[list[Glyph]] = [[run[0]]]
    for gap, glyph in zip(gaps, run[1:], strict=True):
        near = tracking + (_HINTED_GAP if glyph.parted else _WORD_GAP) * size
        if gap > near or (glyph.spaced and written):
            words.append([])
        words[-1].append(glyph)
    return [_word(part, tracking) for part in words]


def _spaces_count(run: list[Glyph], gaps: list[float], tracking: float) -> bool:
    """Whether written spaces part words here: not where one stands after almost every letter."""
    spaces = sum(glyph.spaced for glyph in run[1:])
    return not (tracking and len(run) >= 5 and spaces >= 0.75 * len(gaps))


def _word(glyphs: list[Glyph], tracking: float) -> Word:
    text, letters = "", []
    for glyph in glyphs:
        letters.append((glyph.x0, glyph.x1, len(text)))
        text += glyph.text
    first, last, look = glyphs[0], glyphs[-1], glyphs[0].look
    base = first.base
    return Word(
        text,
        first.x0,
        last.x1,
        base - _RISE * look.size,
        base + _DROP * look.size,
        base,
        look,
        parted=first.spaced or first.parted,
        bold=look.bold,
        tracking=tracking,
        letters=letters,
    )


def _fresh(words: list[Word], seen: set[tuple[str, int, int]]) -> list[Word]:
    """The words that were not drawn before in the same place, as a poor man's bold is."""
    fresh = []
    for word in words:
        x, y = round(word.x0 / 1.5), round(word.base / 1.5)
        if word.text and any(
            (word.text, x + dx, y + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)
        ):
            continue
        seen.add((word.text, x, y))
        fresh.append(word)
    return fresh
