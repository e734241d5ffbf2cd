"""What can be chosen of a résumé's look: the choices as a form shows them, and what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.cv import bounds, fonts, locales, palette
from app.cv.findings import Unusable

OWN = "own"
SECTIONS = [
    ("summary", "Summary"),
    ("experience", "Experience"),
    ("education", "Education"),
    ("projects", "Projects"),
    ("skills", "Skills"),
    ("languages", "Languages"),
    ("certifications", "Certifications"),
]
PAPERS = [("a4", "A4"), ("letter", "US Letter")]
_SWATCHES = [
    ("#006eb8", "Blue"),
    ("#1f3a5f", "Navy"),
    ("#00736b", "Teal"),
    ("#2f6b3a", "Green"),
    ("#8a5a00", "Ochre"),
    ("#a9331f", "Brick"),
    ("#86216b", "Plum"),
    ("#3b4248", "Graphite"),
]
_LOOK = ("template", "theme_color", "font_size", "font_family", "page_size", "locale")
_SIZES = (9, 9.5, 10, 10.5, 11, 11.5, 12, 13, 14)
_FONTS = {
    "arimo": "Arimo (as Arial)",
    "tinos": "Tinos (as Times)",
    "carlito": "Carlito (as Calibri)",
    "eb-garamond": "EB Garamond",
    "jetbrains-mono": "JetBrains Mono",
}


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour to choose, and how well it is read on paper."""

    value: str
    name: str
    told: str


def swatches() -> list[Swatch]:
    return [Swatch(value, name, contrast_of(value)) for value, name in _SWATCHES]


def font_choices() -> list[tuple[str, str]]:
    named = [(key, _FONTS.get(key, key.replace("-", " ").title())) for key in fonts.FAMILIES]
    return [("", "That of the template"), *sorted(named, key=lambda pair: pair[1])]


def size_choices() -> list[tuple[str, str]]:
    found = [n for n in _SIZES if bounds.FONT_SIZE_LEAST <= n <= bounds.FONT_SIZE_MOST]
    return [("", "Usual"), *((f"{n:g}pt", f"{n:g} points") for n in found)]


def language_choices() -> list[tuple[str, str]]:
    named = [(words.tag, words.name) for words in locales.every()]
    return [("", "As it is written"), *sorted(named, key=lambda pair: pair[1])]


def contrast_of(color: str) -> str:
    """How well `color` is read on paper, in words; empty for what is no colour."""
    try:
        value = palette.color(color)
    except Unusable:
        return ""
    told = f"Contrast {int(palette.contrast(value, '#ffffff') * 10) / 10:g} to 1 on paper"
    return told + ("; headings are set darker, to be read." if palette.pale(value) else ".")


@dataclass(frozen=True, slots=True)
class Look:
    """What was chosen; what was not is empty, and as the template has it.

    `base` is the job whose words are taken again; empty for the profile as it is now. `hidden` is
    None where nobody was asked: then it is what the layout hides.
    """

    values: Mapping[str, str]
    own_color: str = "#006eb8"
    hidden: tuple[str, ...] | None = None
    base: str = ""

    def __getattr__(self, name: str) -> str:
        if name in _LOOK:
            return self.values.get(name, "")
        raise AttributeError(name)

    @classmethod
    def read(cls, fields: Any) -> Look:
        """Of a form or of the query of an address, which have the same names."""
        values = {name: (fields.get(name) or "").strip() for name in _LOOK}
        own = (fields.get("own_color") or "").strip() or "#006eb8"
        if values["theme_color"] == OWN:
            values["theme_color"] = own
        base = (fields.get("from") or "").strip()
        hidden = None
        if "sections" in fields and not base:
            shown = (fields.all if hasattr(fields, "all") else fields.getlist)("section")
            hidden = tuple(name for name, _ in SECTIONS if name not in shown)
        return cls(values, own, hidden, base)

    @classmethod
    def of_cv_data(cls, cv_data: Mapping[str, Any], base: str) -> Look:
        """That of a résumé that was made."""
        values = {name: str(cv_data.get(name) or "") for name in _LOOK}
        if values["font_size"]:
            values["font_size"] = f"{float(cv_data['font_size']):g}pt"
        return cls(values, values["theme_color"] or "#006eb8", None, base)

    @property
    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in self.values.items() if value}

    @property
    def is_own_color(self) -> bool:
        return self.theme_color not in ("", *(value for value, _ in _SWATCHES))

    def wish(self, cv_data: Mapping[str, Any] | None) -> dict[str, Any]:
        """The input of a job or of a preview, with the words of `cv_data` or of the profile."""
        if cv_data is None:
            hidden = {} if self.hidden is None else {"hidden_sections": list(self.hidden)}
            return {"from_profile": True, **self.chosen, **hidden}
        kept = {name: value for name, value in cv_data.items() if name not in _LOOK}
        return {"cv_data": {**kept, **self.chosen}}
