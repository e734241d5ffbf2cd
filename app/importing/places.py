"""Whether a text is a place: a city, a region, a country, an address, or remote work."""

from __future__ import annotations

import re
from functools import cache

from app.importing import lexicon
from app.importing.folding import fold

_PARTS = re.compile(r"\s*[,，/|·•()（）]\s*|\s+[–-]\s+")
_POSTCODE = re.compile(
    r"(?:[A-Z]{1,2}[- ]?)?\d{4,6}(?:-\d{3,4})?(?: ?[A-Z]{2}\b)?"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|〒?\d{3}-\d{4}"
    r"|[A-Z]\d[\dW] ?[A-Z\d]{4}|\d{3} \d{2}|\d{2}-\d{3}"
)
# A town with a postcode no other text has the shape of, behind it in Britain, before it in Holland.
_POSTED = re.compile(
    r"(?P<town>\D+) [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[1-9]\d{3} [A-Z]{2} (?P<behind>\D+)"
)
_HAN_ADDRESS = re.compile(
    r"(?:〒?\d{3}-\d{4}\s*)?(?:東京都|北海道|(?:大阪|京都)府|[\u3400-\u9fff]{2,3}県"
    r"|[\u3400-\u9fff]{2,4}(?:省|自治区)[\u3400-\u9fff]{2,4}[市州]"
    r"|[\u3400-\u9fff]{2,3}市[\u3400-\u9fff]{2,4}[区縣鄉區])[^。、，,@:：]{0,50}"
)
_KOREAN_ADDRESS = re.compile(
    r"[가-힣]{2,4}(?:특별시|광역시|특별자치시|특별자치도|도|시) "
    r"[가-힣]{1,5}[시군구읍면](?: [가-힣\d-]+){0,8}"
)
_DISTRICT = re.compile(r"(\D+?) (?:\d{1,2}(?:er|e|eme)|[ivx]{1,5}e)")  # `lyon 6e`, folded
_HAN_PLACE = re.compile(
    r"[\u3400-\u9fff]{1,4}[省市区區县縣都府県町村州](?:[\u3400-\u9fff\d丁目番号-]*)"
)
_NUMBERED = re.compile(r"\b\d{1,5}[a-zA-Z]?\b")
_LONGEST = 90


@cache
def _named(kind: str) -> frozenset[str]:
    text = lexicon.table("places")[kind].replace("\n", ",")
    return frozenset(fold(name.strip()) for name in text.split(",") if name.strip())


@cache
def _codes() -> frozenset[str]:
    return frozenset(lexicon.table("places")["codes"].split())


@cache
def _street() -> re.Pattern[str]:
    words = sorted((re.escape(word) for word in _named("streets")), key=len, reverse=True)
    tail = "|".join(
        word
        for word in words
        if word
        in (
            "strasse",
            "str\\.",
            "gasse",
            "platz",
            "weg",
            "allee",
            "straat",
            "laan",
            "plein",
            "gracht",
            "singel",
            "gatan",
            "vej",
        )
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)|\w(?:{tail})(?!\w)")


def looks_like_place(text: str) -> float:
    """How likely a text is a place and nothing else, 0 to 1."""
    text = text.strip(" \t,;.·•|()[]")
    if not 1 < len(text) <= _LONGEST or "@" in text or "://" in text:
        return 0.0
    folded = fold(text)
    if folded in _named("ways"):
        return 0.9
    if not text.isascii() and (_HAN_ADDRESS.fullmatch(text) or _KOREAN_ADDRESS.fullmatch(text)):
        return 0.85
    parts = [part for part in _PARTS.split(text) if part]
    if not parts or len(parts) > 6:
        return 0.0
    scores = [_part(part, i) for i, part in enumerate(parts)]
    if len(parts) == 1:
        return scores[0]
    known = [score for score in scores if score >= 0.6]
    if len(known) == len(parts):
        return 0.97
    if not known:
        return 0.8 if _is_posted(parts[-1]) and any(map(_NUMBERED.search, parts[:-1])) else 0.0
    # A small town beside a country or a region that is known.
    unknown = [part for part, score in zip(parts, scores, strict=True) if score < 0.6]
    last = re.sub(r"[\d-]*\d", "", parts[-1]).strip(" .")
    ends = _is_wide(fold(last)) or last in _codes()
    if scores[0] < 0.6 and ends and len(parts) > 2 and _NUMBERED.search(parts[0]):
        unknown = unknown[1:]
    if _has_street(folded) and scores[-1] >= 0.6 and _POSTCODE.search(parts[-1]):
        return 0.8
    if _is_posted(parts[-1]) and any(map(_NUMBERED.search, parts[:-1])):
        return 0.8
    if not all(map(_could_be_town, unknown)):
        return 0.2
    if _has_street(folded) or ends:
        return 0.8 if len(unknown) <= 1 else 0.65
    return 0.6 if scores[0] >= 0.9 and _POSTCODE.search(parts[0]) else 0.4


def is_postcode(text: str) -> bool:
    """Whether a text is a postcode and nothing else."""
    return _POSTCODE.fullmatch(text.strip(" ,")) is not None


def _part(part: str, index: int) -> float:
    if index > 0 and part.rstrip(".") in _codes():
        return 0.9
    folded = fold(part)
    if folded in _named("countries") or folded in _named("cities"):
        return 0.9
    if folded in _named("regions") or folded in _named("ways"):
        return 0.85
    if (town := _DISTRICT.fullmatch(folded)) and town[1] in _named("cities"):
        return 0.9
    if _HAN_PLACE.fullmatch(part):
        return 0.8
    if _POSTCODE.fullmatch(part):
        return 0.6 if index else 0.1
    if _has_street(folded) and _NUMBERED.search(part):
        return 0.75
    return _with_more(part)


def _with_more(part: str) -> float:
    """`10115 Berlin`, `Boston MA 02115`, `Greater Boston Area`, `Berlin Germany`."""
    bare = _POSTCODE.sub(" ", part).strip(" -")
    words = bare.split()
    if bare != part and words:
        folded = fold(bare)
        if folded in _named("cities") or folded in _named("countries") or bare in _codes():
            return 0.95
        if len(words) <= 3 and _could_be_town(bare) and part[0].isdigit():
            return 0.6
        town, _, code = bare.rpartition(" ")
        if code in _codes() and part[-1].isdigit() and _could_be_town(town):
            return 0.8
    if len(words) >= 2:
        for cut in range(1, len(words)):
            front, back = fold(" ".join(words[:cut])), " ".join(words[cut:])
            if front in _named("cities") and (back in _codes() or _is_wide(fold(back))):
                return 0.9
        if fold(words[0]) in ("greater", "metropolitan", "grossraum", "raum", "region", "central"):
            rest = fold(" ".join(words[1:])).removesuffix(" area")
            if rest in _named("cities") or _is_wide(rest):
                return 0.85
        if fold(words[-1]) == "area" and fold(" ".join(words[:-1])) in _named("cities"):
            return 0.85
    return 0.0


def _is_posted(part: str) -> bool:
    """Whether a part of an address is a town with such a postcode as leaves no doubt."""
    match = _POSTED.fullmatch(part)
    return match is not None and _could_be_town(match["town"] or match["behind"])


def _is_wide(folded: str) -> bool:
    return folded in _named("countries") or folded in _named("regions")


def _has_street(folded: str) -> bool:
    return _street().search(folded) is not None


def _could_be_town(part: str) -> bool:
    words = part.split()
    return (
        len(words) <= 4
        and len(part) > 2
        and part[0].isupper()
        and all(c.isalpha() or c in " -'’." for c in part)
        and sum(word[0].isupper() for word in words) * 2 >= len(words)
    )
