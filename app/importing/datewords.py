"""The words that dates are written with, in every language the importer knows.

Words are compared folded and token by token, so a phrase is the tuple of its tokens.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property

from app.importing import lexicon
from app.importing.folding import fold

Phrases = dict[str, tuple[tuple[str, ...], ...]]

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}  # the year before the first
_IDEOGRAPHS = "\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"


_JOINED = re.compile("[\u0600-\u06ff]")
_LETTERS = re.compile(r"[^\W\d_]+")


def _any_of(words: set[str], within: str = "") -> str:
    """The longest of them that fits, with what may stand `within`, between letters."""
    by_length = sorted(words, key=len, reverse=True)
    return "|".join(within.join(map(re.escape, word)) for word in by_length)


class DateWords:
    """Tables of words by what they do in a date."""

    @cached_property
    def lexer(self) -> re.Pattern[str]:
        """Numbers, words, phrases of scripts without spaces, and single marks."""
        unspaced = {*_ERAS, "年", "月", "日", "元", "春", "夏", "秋", "冬"}
        for role in ("present", "since", "to", "due"):
            unspaced |= {
                p for p in lexicon.phrases("dates", role) if re.match(f"[{_IDEOGRAPHS}]", p)
            }
        return re.compile(
            rf"\d+|{_any_of(self._marked(), ' ?')}|[^\W\d_{_IDEOGRAPHS}]+|{_any_of(unspaced)}|\S"
        )

    def _marked(self) -> set[str]:
        """Words with marks that are no letters, as in `मार्च`, with dots, as in `มี.ค.`, and in
        Arabic letters: readers of PDF may see blanks within any of these."""
        months = [
            spelling.strip()
            for language in lexicon.table("dates").values()
            for spellings in language.get("months", ())
            for spelling in spellings.split(",")
        ]
        present = " ".join(lexicon.phrases("dates", "present")).split()
        return {
            unicodedata.normalize("NFC", word)
            for word in (*months, *present)
            if not (word.isascii() or _LETTERS.fullmatch(word)) or _JOINED.match(word)
        }

    def tokens(self, text: str) -> tuple[str, ...]:
        return tuple(fold(found).replace(" ", "") for found in self.lexer.findall(text))

    def _phrases(self, role: str) -> Phrases:
        table: dict[str, set[tuple[str, ...]]] = {}
        for phrase in lexicon.phrases("dates", role):
            tokens = self.tokens(phrase)
            table.setdefault(tokens[0], set()).add(tokens[1:])
        return {
            first: tuple(sorted(rests, key=lambda rest: (-len(rest), rest)))
            for first, rests in table.items()
        }

    @cached_property
    def months(self) -> dict[str, int]:
        table: dict[str, int] = {}
        for language in lexicon.table("dates").values():
            for number, spellings in enumerate(language.get("months", ()), start=1):
                for spelling in spellings.split(","):
                    table.setdefault(fold(spelling.strip()), number)
        return table

    @cached_property
    def counters(self) -> dict[str, str]:
        """What follows a number in a Korean date, as it is written in Chinese and Japanese."""
        return {"년": "年", "월": "月", "일": "日"}

    @cached_property
    def eras(self) -> dict[str, int]:
        return _ERAS

    @cached_property
    def seasons(self) -> Phrases:
        return self._phrases("seasons")

    @cached_property
    def present(self) -> Phrases:
        return self._phrases("present")

    @cached_property
    def since(self) -> Phrases:
        return self._phrases("since")

    @cached_property
    def start(self) -> Phrases:
        return self._phrases("from")

    @cached_property
    def to(self) -> Phrases:
        return self._phrases("to")

    @cached_property
    def until(self) -> Phrases:
        return self._phrases("until")

    @cached_property
    def due(self) -> Phrases:
        return self._phrases("due")

    @cached_property
    def about(self) -> Phrases:
        return self._phrases("about")

    @cached_property
    def of(self) -> frozenset[str]:
        """Words and marks that may stand between the parts of a date; `d'` comes as its letter."""
        return frozenset(fold(word).rstrip("'") for word in lexicon.phrases("dates", "of"))

    @cached_property
    def sentence(self) -> frozenset[str]:
        """Words after which a year belongs to a sentence."""
        return frozenset(map(fold, lexicon.phrases("dates", "before")))

    @cached_property
    def products(self) -> frozenset[str]:
        return frozenset(map(fold, lexicon.phrases("dates", "products")))

    @cached_property
    def openers(self) -> frozenset[str]:
        """Words that a date can begin with."""
        tables = (self.seasons, self.since, self.start, self.until, self.due, self.about)
        quarters = {"q", "h", "t", "s", "'"}
        return frozenset(self.months).union(*tables, self.eras, quarters)

    @cached_property
    def duration(self) -> re.Pattern[str]:
        """A length of time after a span, as in `(2 yrs 3 mos)` or `· 2 ans`."""
        units = sorted(set(lexicon.phrases("dates", "units")), key=len, reverse=True)
        unit = "|".join(map(re.escape, units))
        # All repetitions are bounded: of a line of 100,000 digits each is looked at once.
        blank = r"\s{0,3}"
        number = r"(?<!\d)\d{1,4}(?:[.,]\d{1,2})?(?!\d)"
        one = rf"{number}{blank}(?:{unit})(?![^\W_{_IDEOGRAPHS}])\.?"
        joint = rf"{blank}(?:,|&|and|und|et|y|e|en)?{blank}"
        several = rf"(?:ca\.?|approx\.?|about|~|<|>)?{blank}{one}(?:{joint}{one}){{0,3}}"
        bracketed = rf"[(\[（]{blank}{several}{blank}[)\]）]"
        return re.compile(rf"{blank}(?:{bracketed}|[·•|,:;–—-]?{blank}{several})", re.I)


WORDS = DateWords()
