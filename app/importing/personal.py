"""Whether a text tells of a person's age, birth, state or licence, which no profile takes."""

from __future__ import annotations

import re

from app.importing.contact import label_of
from app.importing.dates import find_span

_AGE = re.compile(
    r"^\(?\d{2}\s?(?:years?|yrs?|y/o|jahre|ans|años|anni|anos|jaar|岁|歳)\b"
    r"|\d{1,2}\s?[岁歳](?:\b|[)）])|^[男女](?:性)?(?:\b|$)",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born|geboren|geb\.|née?|nacid[oa]|nat[oa] (?:il|a)|nascid[oa])\b"
    r"|日生|出生|年生",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"(?:^|[,;|] ?)(?:married|single)(?=$| ?[,;|])"
    r"|\b(?:ledig|verheiratet|célibataire|mariée?|casad[oa]|solter[oa]|solteir[oa]"
    r"|celibe|nubile|coniugat[oa]|gehuwd|ongehuwd|permis [A-Z]|führerschein|driving licen[cs]e"
    r"|carn[eé]t? de conducir|patente [A-Z]|rijbewijs|nationality|nationalité)\b",
    re.IGNORECASE,
)


def is_personal(text: str) -> bool:
    """Whether a text says such a thing, as `27 ans, permis B` and `geboren am 3.2.1991` do."""
    label = label_of(text)
    if label is not None and label.kind in ("birth", "nationality", "status"):
        return True
    if _AGE.search(text) or _STATE.search(text):
        return True
    return _BORN.search(text) is not None and any(char.isdigit() for char in text)


def is_dated(text: str) -> bool:
    """Whether a text is a date, with little beside it, as that on which a CV was written."""
    span = find_span(text)
    return span is not None and len(text) - len(span.text) <= 12
