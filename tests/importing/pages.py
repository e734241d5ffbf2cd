"""Small PDFs written by hand, to show the reader just what a test is about."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from pypdf import PdfReader, PdfWriter

from app.importing.document import Line, Segment

FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "italic": "Helvetica-Oblique"}


def text(x: float, y: float, words: str, *, size: float = 10, font: str = "plain") -> str:
    """Drawing instructions for words whose base begins at `x`, `y` from the bottom left."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n"


def column(x: float, top: float, lines: Sequence[str], *, leading: float = 13) -> str:
    """Lines below each other; a line that begins with `*` is bold."""
    return "".join(
        text(x, top - leading * row, line.lstrip("*"), font="bold" if line[:1] == "*" else "plain")
        for row, line in enumerate(lines)
    )


def pdf(
    *contents: str,
    turn: int = 0,
    links: Sequence[tuple[float, ...]] = (),
    meaning: Mapping[str, str] | None = None,
) -> bytes:
    """A PDF with one page for each content, 600 by 800 points, its text in WinAnsi.

    `meaning` is what characters mean otherwise, as figures of UTF-16.
    """
    count = len(contents)
    kids = " ".join(f"{3 + 2 * index} 0 R" for index in range(count))
    first_font = 3 + 2 * count
    fonts = " ".join(f"/{name} {first_font + i} 0 R" for i, name in enumerate(FONTS))
    annotations = "".join(
        f"<< /Type /Annot /Subtype /Link /Rect [{' '.join(map(str, box))}] /Border [0 0 0] "
        "/A << /S /URI /URI (https://github.com/ada) >> >>"
        for box in links
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
    ]
    for index, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {turn} "
            f"/Contents {4 + 2 * index} 0 R /Annots [{annotations}] "
            f"/Resources << /Font << {fonts} >> >> >>"
        )
        stream = content.encode("cp1252").decode("latin-1")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    means = f" /ToUnicode {first_font + len(FONTS)} 0 R" if meaning else ""
    objects += [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding{means} >>"
        for name in FONTS.values()
    ]
    if meaning:
        objects.append(_characters(meaning))
    return _file(objects)


def _characters(meaning: Mapping[str, str]) -> str:
    """A stream that says what characters mean; the others mean what they are in ASCII."""
    codes = {f"{ord(character):02X}": means for character, means in meaning.items()}
    plain = {f"{code:02X}": f"{code:04X}" for code in range(0x20, 0x7F)}
    lines = "".join(f"<{code}> <{means}>\n" for code, means in (plain | codes).items())
    stream = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        "/CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange "
        f"{len(plain)} beginbfchar\n{lines}endbfchar endcmap end end"
    )
    return f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return body + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
        f"startxref\n{len(body)}\n%%EOF\n"
    ).encode("latin-1")


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def line(
    words: str,
    *,
    top: float = 0,
    left: float = 40,
    bold: bool = False,
    italic: bool = False,
    size: float = 10,
    bullet: bool = False,
    right: str = "",
    above: float = 2,
    ruled: bool = False,
    region: int = 0,
    page: int = 1,
    room: float = 500,
) -> Line:
    """A line as the earlier stages give it, five points a letter; `right` stands at the right."""
    box = (left, top, left + 5.0 * len(words), top + size)
    segments = [Segment(text=words, size=size, bold=bold, italic=italic, box=box)]
    if right:
        edge = (500.0 - 5.0 * len(right), top, 500.0, top + size)
        segments.append(Segment(text=right, size=size, gap=True, box=edge))
        box = (left, top, 500.0, top + size)
    return Line(
        text="  ".join(segment.text for segment in segments),
        segments=tuple(segments),
        page=page,
        box=box,
        region=region,
        size=size,
        bold=bold and not right,
        italic=italic,
        bullet=bullet,
        above=above,
        ruled=ruled,
        room=room,
    )
