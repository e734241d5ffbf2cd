"""The languages of pages: which a reader takes, and the messages in each.

Messages are English in the code; `locale/*.po` has them in the others and is compiled when a
language is first needed. `python -m rest_compat.developers.catalogue` gathers them anew.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"
# By code, as each calls itself.
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français"}
LOCALE = Path(__file__).with_name("locale")


def N_(message: str) -> str:  # noqa: N802 - what message catalogues look for
    """`message` itself: it is in the catalogue, and is translated where it is shown."""
    return message


@cache
def messages(language: str) -> gettext.NullTranslations:
    """The messages in one of LANGUAGES."""
    if language == SOURCE:
        return gettext.NullTranslations()
    with (LOCALE / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def negotiated(accept_language: str) -> str:
    """The one of LANGUAGES that a value of `Accept-Language` likes best (RFC 9110, 12.5.4)."""
    best, weight = SOURCE, 0.0
    for part in accept_language.lower().split(","):
        wanted, _, parameter = part.strip().partition(";")
        language = wanted.strip().partition("-")[0]
        if language in LANGUAGES and (found := _weight(parameter)) > weight:
            best, weight = language, found
    return best


def _weight(parameter: str) -> float:
    """The value of `q=…`; 1 where there is none, and 0 where it is not a number of 0 to 1."""
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
