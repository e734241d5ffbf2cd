"""The words of some texts of a source, in the ways in which names are compared with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from app.grounding import names

_SHORT = 120  # characters of a text that may be a name by itself
_LIST = re.compile("[,;|/•·]")


class Wording:
    """Some texts, plain; those that are names by themselves are `own`.

    Nothing of them is read before a claim asks.
    """

    def __init__(self, texts: Iterable[str], own: Iterable[str] = ()) -> None:
        self.texts = list(dict.fromkeys(texts))
        self.own = list(dict.fromkeys(own))

    @cached_property
    def free(self) -> Wording:
        """The texts that are no names themselves."""
        return Wording(text for text in self.texts if text not in self.own) if self.own else self

    @cached_property
    def written(self) -> str:
        """All texts as they are written."""
        return "\n".join(self.texts)

    @cached_property
    def words(self) -> str:
        return names.worded(f" {names.BREAK} ".join(self.texts))

    @cached_property
    def hyphenless(self) -> str:
        """The same with what a hyphen joins as one word."""
        return names.worded(f" {names.BREAK} ".join(self.texts), hyphens="")

    @cached_property
    def single_vowels(self) -> str:
        """The words with `ae`, `oe` and `ue` as the umlauts that they stand for."""
        return names.single_vowels(self.words)

    @cached_property
    def titles(self) -> str:
        return names.canonical(self.words)

    @cached_property
    def certificates(self) -> str:
        """The titles without `Certified`."""
        return names.uncertified(self.titles)

    @cached_property
    def named(self) -> frozenset[str]:
        """Short texts and what they list, without blanks: `nodejs`."""
        short = (text for text in self.texts if len(text) <= _SHORT)
        return frozenset(
            names.joined(names.worded(part))
            for text in short
            for part in (text, *_LIST.split(text))
        )
