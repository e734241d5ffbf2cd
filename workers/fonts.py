"""The typefaces résumés are set in: bundled files only, never those of the system.

Latin, Greek and Cyrillic come from static faces in `workers/fonts/<key>/` (regular, italic,
bold). Static, because a variable face is made static anew in every PDF that uses it, which
costs up to ten times the layout of a page. So does Arabic: other than in Noto, each of its glyphs
is one letter, dots and all, which machines can read. Other scripts come from two packages of Noto
fonts. All are under the SIL Open Font License.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from PIL import ImageFont

from app.cv import locales

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

FAMILIES = {
    "arimo": "Arimo",
    "tinos": "Tinos",
    "carlito": "Carlito",
    "lato": "Lato",
    "inter": "Inter",
    "source-sans-3": "Source Sans 3",
    "source-serif-4": "Source Serif 4",
    "eb-garamond": "EB Garamond",
    "noto-sans": "Noto Sans",
    "jetbrains-mono": "JetBrains Mono",
}

# Pango finds the families of other scripts by itself; these may not be left to its order.
_FALLBACK = ("Noto Sans", "IBM Plex Sans Arabic", "Noto Sans Hebrew", "Noto Sans Symbols")
_HAN_REGIONS = {"ja": "JP", "ko": "KR", "zh": "SC", "zh-Hant": "TC"}
_BUNDLED = Path(__file__).with_name("fonts")
_UNITS = 1000
_PACKAGES = ("manimgx_fonts", "noto_cjk_sans_otc")
# The package's own Noto Sans is variable and would compete with the bundled one.
_LEFT_OUT = ("*/manimgx_fonts/NotoSans?wght?.ttf", "*/manimgx_fonts/NotoSans-Italic*")

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{folders}
<cachedir>{cache}</cachedir>
<selectfont><rejectfont>{left_out}</rejectfont></selectfont>
<match target="font">
  <edit name="hinting" mode="assign"><bool>false</bool></edit>
  <edit name="autohint" mode="assign"><bool>false</bool></edit>
</match>
</fontconfig>
"""


class FontsMissing(RuntimeError):
    """A package of fonts that should be installed is not; the message names it."""


def folders() -> tuple[Path, ...]:
    """Where the font files are; raises FontsMissing."""
    return (_BUNDLED, *(_package(name) for name in _PACKAGES))


def stack(key: str, text: str, locale: str = "") -> tuple[str, ...]:
    """Families for `text` in falling preference, the chosen one (`cv.font_family`) first.

    Unknown keys raise KeyError. Chinese, Japanese and Korean write the same code points in
    different shapes, so `locale`, or else what else stands in `text`, decides which of the four
    comes first.
    """
    variety = locales.words_of(locale).tag if locale else ""
    region = _HAN_REGIONS.get(variety) or _han_region(text)
    return (FAMILIES[key], *_FALLBACK, f"Noto Sans CJK {region}")


def covered() -> Iterator[tuple[int, int]]:
    """The ranges of characters that any of these fonts has, first and last of each.

    Not those for private use: of them PDF/A asks what they stand for, which differs by font.

    `python -m workers.fonts > app/cv/covered.txt` keeps them where no font need be opened.
    """
    files = [file for folder in folders() for file in sorted(folder.rglob("*.[ot]t[cf]"))]
    used = [file for file in files if not any(fnmatch(str(file), glob) for glob in _LEFT_OUT)]
    found = {point for points in map(_points, used) for point in points}
    points = sorted(point for point in found if unicodedata.category(chr(point)) != "Co")
    begin = last = points[0]
    for point in points[1:]:
        if point > last + 1:
            yield begin, last
            begin = point
        last = point
    yield begin, last


def _points(file: Path) -> set[int]:
    from fontTools.ttLib import TTCollection, TTFont

    with file.open("rb") as opened:
        collection = file.suffix in (".otc", ".ttc")
        faces = TTCollection(opened, lazy=True).fonts if collection else [TTFont(opened, lazy=True)]
        return {point for face in faces for point in face.getBestCmap()}


def width(key: str, text: str) -> float:
    """How wide `text` is in the regular face of a bundled family, as a multiple of its size."""
    return _regular(key).getlength(text) / _UNITS


@cache
def _regular(key: str) -> ImageFont.FreeTypeFont:
    (file,) = (_BUNDLED / key).glob("*-Regular.ttf")
    return ImageFont.truetype(str(file), _UNITS)


def configuration() -> FontConfiguration:
    """WeasyPrint's view of these fonts and no others. Make one for each process and keep it."""
    from weasyprint.text.fonts import FontConfiguration

    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="vitae-fonts-") as folder:
        # Looking through the files takes 40 ms: a cache that outlives this would gain nothing.
        file = Path(folder, "fonts.conf")
        file.write_text(_xml(folder), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(file)
        try:
            return FontConfiguration()
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def _xml(cache: str) -> str:
    return _CONFIGURATION.format(
        folders="".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders()),
        cache=escape(cache),
        left_out="".join(f"<glob>{glob}</glob>" for glob in _LEFT_OUT),
    )


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise FontsMissing(f"The package {name.replace('_', '-')} is not installed.")
    return Path(spec.submodule_search_locations[0])


def _han_region(text: str) -> str:
    """JP, KR, TC or SC: whose shapes of Chinese characters suit `text`."""
    if any("\u3040" <= char <= "\u30ff" for char in text):
        return "JP"
    if any("\uac00" <= char <= "\ud7a3" for char in text):
        return "KR"
    han = "".join(char for char in text if "\u4e00" <= char <= "\u9fff")
    return "TC" if not _encodes(han, "gb2312") and _encodes(han, "big5") else "SC"


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    for first, last in covered():
        print(f"{first:x}-{last:x}" if last > first else f"{first:x}")
