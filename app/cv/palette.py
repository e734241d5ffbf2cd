"""Colours by name: the 68 dvips names that LaTeX users know, the CSS names, and #RRGGBB.

dvips defines its colours in inks (CMYK). The values here are what a PDF viewer shows of those
inks through its press profile, measured with PDFium: NavyBlue, (0.94, 0.54, 0, 0), is #006eb8,
where the plain formula would give a glaring #0f75ff. Black alone is full black.
"""

from __future__ import annotations

import re

from PIL import ImageColor

from app.cv.findings import Unusable

_DVIPS_TABLE = """
    Apricot fab780; Aquamarine 00b5bd; Bittersweet c04f16; Black 000000; Blue 2e3092
    BlueGreen 00b3b8; BlueViolet 483a94; BrickRed b6301c; Brown 7a2500; BurntOrange f6911e
    CadetBlue 747399; CarnationPink f181b2; Cerulean 00a3e3; CornflowerBlue 3eafe4; Cyan 00aeef
    Dandelion fdbb43; DarkOrchid a3538a; Emerald 00a99d; ForestGreen 009a55; Fuchsia 8b368c
    Goldenrod ffde41; Gray 939598; Green 00a54f; GreenYellow dfe573; JungleGreen 00a99a
    Lavender f49dc4; LimeGreen 8bc63e; Magenta ed028c; Mahogany a9331f; Maroon ad3136
    Melon f79e7c; MidnightBlue 006794; Mulberry a93b94; NavyBlue 006eb8; OliveGreen 3a7f32
    Orange f48038; OrangeRed ee1059; Orchid af72af; Peach f79559; Periwinkle 7a77b8
    PineGreen 008a73; Plum 90268f; ProcessBlue 00b0ef; Purple 98479b; RawSienna 973f05; Red ee1d23
    RedOrange f16034; RedViolet 9f236c; Rhodamine ee549f; RoyalBlue 0072bc; RoyalPurple 623e99
    RubineRed ed027d; Salmon f49188; SeaGreen 2dbc9d; Sepia 671600; SkyBlue 47c4dc
    SpringGreen c6db66; Tan d99c75; TealBlue 00afb3; Thistle d782b7; Turquoise 00b4cd
    Violet 59439b; VioletRed ef56a0; White ffffff; WildStrawberry ed2268; Yellow fff101
    YellowGreen 97cd6f; YellowOrange f9a21c
"""

DVIPS: dict[str, str] = {
    name: f"#{value}"
    for name, value in (pair.split() for pair in re.split(r"[;\n]", _DVIPS_TABLE) if pair.strip())
}
CSS: dict[str, str] = {name: str(value).lower() for name, value in ImageColor.colormap.items()}
_DVIPS_ANY_CASE = {name.lower(): value for name, value in DVIPS.items()}
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")

READABLE = 4.5  # WCAG 2.2, 1.4.3: least contrast of text
_PALE = 3.0  # WCAG 2.2, 1.4.11: least contrast of large text and graphics


def color(name: str) -> str:
    """`name` as `#rrggbb`; raises Unusable (`color`).

    A dvips name written as dvips does comes first (`Green`), then CSS names in any case
    (`green`), then dvips names in any case (`navyblue`).
    """
    lower = name.lower()
    found = DVIPS.get(name) or CSS.get(lower) or _DVIPS_ANY_CASE.get(lower)
    if found:
        return found
    if not _HEX.fullmatch(lower):
        raise Unusable("color", "Give a dvips name such as NavyBlue, a CSS name, #RGB or #RRGGBB.")
    return lower if len(lower) == 7 else "#" + "".join(2 * digit for digit in lower[1:])


def pale(value: str) -> bool:
    """Whether headings can't be in `value` (`#rrggbb`) as it is, since paper is white."""
    return contrast(value, "#ffffff") < _PALE


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#rrggbb`), 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(value: str) -> float:
    """The relative luminance of `#rrggbb`, from 0 for black to 1, as WCAG 2.2 defines it."""
    red, green, blue = (_linear(part / 255) for part in bytes.fromhex(value[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def readable(value: str, paper: str = "#ffffff") -> str:
    """The shade of `value` (`#rrggbb`) nearest to it in which text is readable on `paper`."""
    far = max("#000000", "#ffffff", key=lambda end: contrast(end, paper))
    steps = (mix(value, far, step / 50) for step in range(51))
    return next(shade for shade in steps if contrast(shade, paper) >= READABLE)


def mix(one: str, other: str, share: float) -> str:
    """The colour that is `share` of the way from `one` to `other`, all of them `#rrggbb`."""
    parts = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in parts).hex()
