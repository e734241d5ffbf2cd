"""Who the person is and how they are reached: the head of a document and its contact section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.contact import (
    classify_url,
    find_emails,
    find_phones,
    find_urls,
    looks_like_name,
    looks_like_place,
)
from app.importing.header_parts import Part, parts_of
from app.importing.preview import FoundProfile, Unplaced
from app.importing.words import company_score, title_score

_TITLES = re.compile(
    r"^(?:curriculum\s+vit(?:ae|æ)|cv|résumé|resume|lebenslauf|履歴書|職務経歴書|个人简历|简历)$",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b(?:\d{4,6}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b")
_RULE = "header.read_header"


@dataclass(slots=True)
class _Header:
    profile: FoundProfile = field(default_factory=FoundProfile)
    left: list[Part] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)

    def put(self, name: str, value: str, part: Part, confidence: float, rule: str = _RULE) -> bool:
        """Set a field that is still empty; say whether it was."""
        if getattr(self.profile, name):
            return False
        setattr(self.profile, name, value)
        self.prove(name, part, confidence, rule)
        return True

    def prove(self, name: str, part: Part, confidence: float, rule: str = _RULE) -> None:
        self.profile.evidence.append(
            seen.of_line(name, part.written, part.line, confidence, rule, part.box)
        )


def read_header(
    header: Sequence[Block], contact: Sequence[tuple[Block, str | None]]
) -> tuple[FoundProfile, list[Unplaced], list[Block]]:
    """The profile, what is no part of it, and paragraphs that may be its summary."""
    found = _Header()
    prose = [block for block in header if _is_prose(block)]
    parts = list(parts_of(block for block in header if not _is_prose(block)))
    own = len(parts)
    parts.extend(parts_of((block for block, _ in contact), start=own))
    _read_links(parts, found)
    rest = [part for part in parts if not _reached(part, found)]
    top = [part for part in rest if part.order < own or part.labelled == "name"]
    name = _name(top or rest)
    if name:
        _set_name(name, found)
        rest = [part for part in rest if part not in name]
    rest = _set_place(rest, found)
    rest = _set_headline(rest, name, own, found)
    rest = _set_likely_place(rest, parts, found)
    titles = {block.first.text: title for block, title in contact}
    for part in rest:
        title = titles.get(part.block.first.text)
        found.unplaced.append(seen.unplaced_line(part.line, title, part.text))
    return found.profile, found.unplaced, prose


def _is_prose(block: Block) -> bool:
    words = len(block.text.split())
    if block.bullet or find_emails(block.text) or find_urls(block.text):
        return False
    return (
        words >= 14
        or (len(block.lines) > 1 and words >= 9)
        or (len(block.text) > 40 and words == 1 and "。" in block.text)
    )


def _read_links(parts: Sequence[Part], found: _Header) -> None:
    """Addresses behind the text, which are surer than the text."""
    seen_lines: set[int] = set()
    for part in parts:
        if id(part.line) in seen_lines:
            continue
        seen_lines.add(id(part.line))
        for line in part.block.lines:
            for link in line.links:
                if not link.url.startswith(("http", "www")):
                    continue
                url = link.url if link.url.startswith("http") else f"https://{link.url}"
                kind = classify_url(url)
                name = {"github": "github_url", "linkedin": "linkedin_url"}.get(kind)
                if name and not getattr(found.profile, name):
                    setattr(found.profile, name, url)
                    found.profile.evidence.append(
                        seen.of_line(name, link.text, line, 0.95, "header.links")
                    )


def _reached(part: Part, found: _Header) -> bool:
    """Whether the part is an address, a number or a link, now in the profile or unplaced."""
    text = part.text
    if emails := find_emails(text):
        used = found.put("email", emails[0].address, part, 0.98, "contact.find_emails")
        return used or _spare(part, found)
    if urls := find_urls(text):
        name = _url_field(urls[0].kind, found)
        if name and not getattr(found.profile, name):
            return found.put(name, urls[0].url, part, 0.9, "urls.find_urls")
        if name and getattr(found.profile, name):
            found.prove(name, part, 0.9, "urls.find_urls")
            return True
        return _spare(part, found)
    if any(link.url.startswith("http") and link.text == text for link in part.line.links):
        return _linked(part, found)
    phones = find_phones(f"Tel: {text}" if part.labelled == "phone" else text)
    if phones and len(phones[0].text) >= 0.5 * len(text):
        used = found.put("phone", phones[0].text, part, 0.95, "contact.find_phones")
        return used or _spare(part, found)
    if _TITLES.match("".join(text.split()) if not text.isascii() else text.strip()):
        return _spare(part, found)
    return False


def _linked(part: Part, found: _Header) -> bool:
    """A word such as a user's name with a link behind it."""
    url = next(link.url for link in part.line.links if link.text == part.text)
    kind = classify_url(url)
    if kind == "other" or kind == "github" or kind == "linkedin":
        name = {"github": "github_url", "linkedin": "linkedin_url"}.get(kind)
        if name and getattr(found.profile, name) == url:
            found.prove(name, part, 0.9, "header.links")
            return True
        return False
    return found.put("website", url, part, 0.85, "header.links")


def _url_field(kind: str, found: _Header) -> str | None:
    if kind in ("github", "linkedin"):
        return f"{kind}_url"
    return "website" if not found.profile.website else None


def _spare(part: Part, found: _Header) -> bool:
    found.unplaced.append(seen.unplaced_line(part.line, None, part.text))
    return True


def _name(parts: Sequence[Part]) -> list[Part]:
    """The parts that make the name: what is most like one and set largest."""
    largest = max((part.size for part in parts), default=0.0)
    best: tuple[float, list[Part]] = (0.55, [])
    for index, part in enumerate(parts[:40]):
        for group in ([part], list(parts[index : index + 2])):
            if len(group) == 2 and not _below(group[0], group[1]):
                continue
            text = " ".join(each.text for each in group)
            like = looks_like_name(text)
            if part.labelled == "name":
                like += 0.6
            if like <= 0.0 and not (part.size >= largest > 0 and _could_be(text)):
                continue
            size = part.size / largest if largest else 0.5
            score = like + 0.9 * size - 0.02 * part.order + 0.05 * len(group)
            if size < 0.75 and like < 0.8:
                score -= 0.5
            if score > best[0]:
                best = (score, group)
    return best[1]


def _could_be(text: str) -> bool:
    return 1 <= len(text.split()) <= 5 and not any(c.isdigit() or c in ":@/" for c in text)


def _below(first: Part, second: Part) -> bool:
    """Whether a name may go on in the next line: both as large, and neither long."""
    return (
        abs(first.size - second.size) < 0.6
        and first.line is not second.line
        and first.line.size > 13
        and len(first.text.split()) <= 2
        and len(second.text.split()) <= 2
    )


def _set_name(name: list[Part], found: _Header) -> None:
    text = " ".join(part.text for part in name).strip(" ,")
    family, comma, given = text.partition(", ")
    if comma and len(given.split()) <= 3 and name[0].labelled == "name":
        text = f"{given} {family}"
    found.profile.full_name = text
    like = looks_like_name(text)
    for part in name:
        found.prove("full_name", part, 0.55 + 0.4 * like, "names.looks_like_name")


def _set_place(parts: list[Part], found: _Header) -> list[Part]:
    """The place: one part, or the parts of an address that follow each other."""
    scores = [0.95 if part.labelled == "address" else looks_like_place(part.text) for part in parts]
    best = max(range(len(parts)), key=lambda i: scores[i], default=None)
    if best is None or scores[best] < 0.5:
        return parts
    first = last = best
    while first > 0 and scores[first - 1] >= 0.3 and _neighbours(parts[first - 1], parts[first]):
        first -= 1
    while (
        last + 1 < len(parts)
        and scores[last + 1] >= 0.3
        and _neighbours(parts[last], parts[last + 1])
    ):
        last += 1
    chosen = parts[first : last + 1]
    found.profile.location = ", ".join(part.text.strip(" ,") for part in chosen)
    for part in chosen:
        found.prove("location", part, scores[best], "places.looks_like_place")
    return parts[:first] + parts[last + 1 :]


def _set_likely_place(parts: list[Part], all_parts: Sequence[Part], found: _Header) -> list[Part]:
    """A town no list knows: what stands alone among addresses and numbers."""
    if found.profile.location:
        return parts
    reached = {
        id(part.line)
        for part in all_parts
        if find_emails(part.text) or find_phones(part.text) or find_urls(part.text)
    }
    for part in parts:
        street = "," in part.text and _POSTCODE.search(part.text)
        if part.labelled or len(part.text) > 60 or not (part.text[:1].isalpha() or street):
            continue
        beside = id(part.line) in reached
        near = any(
            abs(other.order - part.order) == 1 and id(other.line) in reached for other in all_parts
        )
        like = looks_like_place(part.text)
        if (
            like >= 0.2
            or street
            or (beside and part.text[:1].isupper() and len(part.text.split()) <= 4)
        ):
            if not (beside or near or street):
                continue
            found.put("location", part.text, part, 0.5)
            return [other for other in parts if other is not part]
    return parts


def _neighbours(first: Part, second: Part) -> bool:
    return second.order == first.order + 1 and abs(first.size - second.size) < 0.6


def _set_headline(parts: list[Part], name: list[Part], own: int, found: _Header) -> list[Part]:
    """What stands at the name and is neither contact nor a sentence."""
    if not name:
        return parts
    at = name[-1].order
    near = [
        part
        for part in parts
        if part.order < own
        and not part.labelled
        and len(part.text) <= 120
        and _may_be_headline(part.text)
        and part.text != found.profile.full_name
    ]
    after = [part for part in near if part.order > at]
    chosen = after[:1] or [part for part in near if part.order < at][-1:]
    if not chosen or chosen[0].order > at + 8:
        return parts
    following = [part for part in after[1:2] if part.order == chosen[0].order + 1]
    if following and chosen[0].size >= 13 and abs(chosen[0].size - following[0].size) < 0.6:
        chosen = [chosen[0], following[0]]
    found.profile.headline = " ".join(part.text for part in chosen)
    for part in chosen:
        found.prove("headline", part, 0.8)
    return [part for part in parts if part not in chosen]


def _may_be_headline(text: str) -> bool:
    words = text.split()
    wide = not text.isascii() and len(words) == 1
    if any(char.isdigit() for char in text) and len(words) < 5:
        return False
    if company_score(text) >= 0.6 > title_score(text):
        return False
    return any(char.isalpha() for char in text) and (wide or len(text) > 4)
