"""How themes build the page, beyond what their stylesheets say."""

from __future__ import annotations

from dataclasses import dataclass

_BESIDE = frozenset(("skills", "languages", "certifications"))


@dataclass(frozen=True, slots=True)
class Structure:
    """`beside` names the sections of a second column. `monogram`: initials stand for a portrait
    that there is none of. `slanted`: the headline is in italics."""

    beside: frozenset[str] = frozenset()
    monogram: bool = False
    slanted: bool = False


_STRUCTURES = {
    "studio": Structure(beside=_BESIDE, monogram=True),
    "aurora": Structure(beside=_BESIDE, monogram=True),
    "garden": Structure(monogram=True),
    "gazette": Structure(beside=_BESIDE | {"education"}, slanted=True),
    "academic": Structure(slanted=True),
    "editorial": Structure(slanted=True),
    "blueprint": Structure(beside=_BESIDE),
}
_PLAIN = Structure()


def structure_of(theme_id: str) -> Structure:
    """The structure of a theme; one column for most."""
    return _STRUCTURES.get(theme_id, _PLAIN)
