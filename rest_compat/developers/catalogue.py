"""The message catalogue: `python -m rest_compat.developers.catalogue` writes what is new into it.

Messages are gathered from the templates, the code and the guides. A translation whose message has
gone is dropped; one whose message is new is empty until somebody translates it, and a test says so.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from app.web.languages import LANGUAGES, LOCALE, SOURCE
from rest_compat.developers import guides, markdown

_TEMPLATES = LOCALE.parent / "templates" / "developers"
_CODE = Path(__file__).parent
_JINJA = {"trimmed": "true", "encoding": "utf-8", "silent": "false"}


def gathered() -> Catalog:
    """Every message, in English."""
    catalogue = Catalog(project="Vitae", charset="utf-8", header_comment="")
    for path in sorted(_TEMPLATES.glob("*.j2")):
        _add(catalogue, "jinja2.ext:babel_extract", path)
    for path in sorted(_CODE.glob("*.py")):
        _add(catalogue, "python", path)
    for guide in guides.guides():
        for block in markdown.blocks(guide.source):
            if not block.is_code:
                catalogue.add(block.text, locations=[(f"guides/{guide.id}", 1)])
    return catalogue


def _add(catalogue: Catalog, method: str, path: Path) -> None:
    options = _JINJA if path.suffix == ".j2" else {}
    for line, message, comments, context in extract_from_file(method, path, options=options):
        catalogue.add(
            message, locations=[(path.name, line)], auto_comments=comments, context=context
        )


def read(language: str) -> Catalog:
    """The catalogue of a language as it is committed."""
    with (LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> bytes:
    """The catalogue of a language with the messages that there are now."""
    catalogue = read(language)
    catalogue.update(gathered(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    written = io.BytesIO()
    write_po(
        written, catalogue, width=100, omit_header=True, include_lineno=False, sort_output=False
    )
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
    header += '"Content-Type: text/plain; charset=utf-8\\n"\n'
    return header.encode() + b"\n" + written.getvalue().strip() + b"\n"


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != SOURCE:
            (LOCALE / f"{language}.po").write_bytes(renewed(language))
