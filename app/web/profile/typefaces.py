"""The typefaces of the public page: what each is called in CSS, and the files that we serve of it.

Those of `app/cv/fonts.py` are here by the same names, so that a page and a résumé can share a
preference. Where there is no file, the reader's system has the face or one of its measure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from app.presentation.themes import Theme
from app.web.assets import assets

# A face is cut in two: what Western Europe writes with, and all else, which is fetched where a text
# needs it. tokens.css says the same of the typeface of the other pages.
NARROW = (
    "U+0-A3,U+A5,U+A7,U+A9-AB,U+AD-AE,U+B0-B2,U+B5,U+B7,U+BA-BB,U+BD,U+BF-FF,U+131,U+152-153,"
    "U+160-161,U+178,U+17D-17E,U+2000-2014,U+2018-201A,U+201C-201E,U+2020-2022,U+2026-2030,"
    "U+2039-203A,U+205F-206F,U+20AC,U+2122,U+2190-2193,U+2197,U+2212,U+25CF,U+2713"
)
WIDE = (
    "U+A4-AC,U+AF,U+B3-BE,U+100-36F,U+1E00-1EFF,U+2015-2017,U+201B,U+201F,U+2023-2025,"
    "U+2031-2038,U+203B-205E,U+2070-27BF"
)

_SANS = 'ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
_SERIF = '"Iowan Old Style",Charter,"Palatino Linotype",Georgia,serif'
_MONO = 'ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace'


@dataclass(frozen=True, slots=True)
class File:
    """A file of a face: `weight` and `style` as CSS says them."""

    name: str
    weight: str = "400 700"
    style: str = "normal"

    @property
    def is_upright(self) -> bool:
        return self.style == "normal"

    @property
    def url(self) -> str:
        return assets()[f"fonts/{self.name}.woff2"].url

    @property
    def wide_url(self) -> str:
        return assets()[f"fonts/{self.name}-wide.woff2"].url


@dataclass(frozen=True, slots=True)
class Face:
    """`name` as shown to people; `fallback` is used until the files have come, or without any."""

    name: str
    fallback: str
    files: tuple[File, ...] = ()


FACES: dict[str, Face] = {
    "arimo": Face("Arimo", 'Arial,"Helvetica Neue",Helvetica,"Liberation Sans",sans-serif'),
    "tinos": Face("Tinos", '"Times New Roman",Times,"Liberation Serif",serif'),
    "carlito": Face("Carlito", "Calibri," + _SANS),
    "noto-sans": Face("Noto Sans", "Verdana," + _SANS),
    "lato": Face("Lato", _SANS),
    "inter": Face("Inter", _SANS, (File("inter"),)),
    "source-sans-3": Face("Source Sans 3", '"Source Sans Pro",' + _SANS),
    "source-serif-4": Face("Source Serif 4", _SERIF, (File("source-serif-4"),)),
    "eb-garamond": Face(
        "EB Garamond",
        "Garamond," + _SERIF,
        (File("eb-garamond"), File("eb-garamond-italic", "400", "italic")),
    ),
    "newsreader": Face(
        "Newsreader",
        _SERIF,
        (File("newsreader"), File("newsreader-italic", "400", "italic")),
    ),
    "fraunces": Face("Fraunces", _SERIF, (File("fraunces", "400"),)),
    "space-grotesk": Face("Space Grotesk", _SANS, (File("space-grotesk"),)),
    "jetbrains-mono": Face("JetBrains Mono", _MONO, (File("jetbrains-mono"),)),
    "source-serif-4-semibold": Face(
        "Source Serif 4", _SERIF, (File("source-serif-4-semibold", "600"),)
    ),
    "newsreader-regular": Face(
        "Newsreader",
        _SERIF,
        (File("newsreader-regular", "400"), File("newsreader-italic", "400", "italic")),
    ),
}
# What a theme sets in one weight alone comes in half as many bytes.
_LONE_WEIGHTS = {
    ("classic", "source-serif-4"): "source-serif-4-semibold",
    ("editorial", "newsreader"): "newsreader-regular",
}


def faces_of(theme: Theme) -> tuple[str, str]:
    """The faces of a theme, for headings and for text, with no more weights than it uses."""
    heading, body = (
        _LONE_WEIGHTS.get((theme.id, face), face) for face in (theme.heading_font, theme.body_font)
    )
    return heading, body


def is_wide(text: str) -> bool:
    """Whether a letter of it is in the second file of a face, if in any."""
    return _beyond_narrow().search(text) is not None


@cache
def _beyond_narrow() -> re.Pattern[str]:
    bounds = (part.removeprefix("U+").split("-") for part in NARROW.split(","))
    narrow = "".join(rf"\U{each[0]:0>8}-\U{each[-1]:0>8}" for each in bounds)
    return re.compile(f"[^{narrow}]")


def stack(face: str) -> str:
    """The value of `font-family` for a face."""
    return f'"{FACES[face].name}",{FACES[face].fallback}'


@cache
def rules(faces: frozenset[str]) -> str:
    """`@font-face` of these faces, each file from our own origin.

    Upright text is set once and does not move: in the face if it comes early, as `early` has it
    do, or in the fallback. The few words in italics may change once theirs has come.
    """
    return "".join(
        f'@font-face{{font-family:"{FACES[face].name}";font-style:{file.style};'
        f"font-weight:{file.weight};font-display:{'optional' if file.is_upright else 'swap'};"
        f'src:url("{url}") format("woff2");unicode-range:{letters}}}'
        for face in sorted(faces)
        for file in FACES[face].files
        # Of letters that both name the later is asked.
        for url, letters in ((file.wide_url, WIDE), (file.url, NARROW))
    )


@cache
def early(faces: frozenset[str], slanted: bool, wide: bool) -> tuple[str, ...]:
    """The files of these faces to fetch before the style asks for them: those that a page is sure
    to need. `slanted`: italics are among it. `wide`: so are letters that the first files lack."""
    return tuple(
        url
        for face in sorted(faces)
        for file in FACES[face].files
        if file.is_upright or slanted
        for url in ((file.url, file.wide_url) if wide else (file.url,))
    )
