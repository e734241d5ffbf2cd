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
    is_fax,
    is_label,
    is_mobile,
    label_of,
    looks_like_name,
)
from app.importing.header_headline import find_headline, told_headline
from app.importing.header_name import find_name, told_name
from app.importing.header_parts import Part, parts_of
from app.importing.header_place import find_place, likely_place, told_place
from app.importing.preview import FoundProfile, Unplaced

_TITLES = re.compile(
    r"^(?:(?:europass[\s-]*)?(?:curriculum\s+vit(?:ae|æ)|cv|résumé|resume|lebenslauf|currículum)"
    r"(?:\s+europass)?|europass|bewerbung|履歴書|職務経歴書|个人简历|個人簡歷|简历|履歷表|이력서|경력기술서|personal\s+resume)$",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?](?=\s|$)|。")
_LONGEST_HEADLINE = 22  # words, without a full stop
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
    _read_phone(parts, found)
    rest = [part for part in parts if not _reached(part, found)]
    _read_site(parts, found)
    top = [part for part in rest if part.order < own or part.labelled == "name"]
    name = find_name(top or rest)
    if name:
        _set_name(name, found)
        rest = [part for part in rest if part not in name]
    rest = _set_place(rest, found)
    rest = _set_headline(rest, parts, name, own, found)
    rest = _set_likely_place(rest, parts, found)
    prose += _sentence(rest, prose, own, found)
    rest = [part for part in rest if part.block not in prose]
    titles = {block.first.text: title for block, title in contact}
    for part in rest:
        title = titles.get(part.block.first.text)
        found.unplaced.append(seen.unplaced_line(part.line, title, part.written))
    return found.profile, found.unplaced, prose


def _is_prose(block: Block) -> bool:
    words = len(block.text.split())
    if block.bullet or find_emails(block.text) or find_urls(block.text):
        return False
    if label_of(block.text) or (find_phones(block.text) and block.text.count("|") > 1):
        return False
    if words <= _LONGEST_HEADLINE and not _STOP.search(block.text):
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


def _phone_of(part: Part) -> str | None:
    """The telephone number a part is, as written."""
    phones = find_phones(f"Tel: {part.text}" if part.labelled == "phone" else part.text)
    return phones[0].text if phones and len(phones[0].text) >= 0.5 * len(part.text) else None


def _read_phone(parts: list[Part], found: _Header) -> None:
    """The number people answer: a mobile one before others, and never a fax."""
    numbers = [
        (part, number, _remark(parts, index))
        for index, part in enumerate(parts)
        if (number := _phone_of(part)) and not is_fax(part.label)
    ]
    numbers = [each for each in numbers if not is_fax(each[2])] or numbers[:0]
    mobile = [each for each in numbers if is_mobile(each[0].label) or is_mobile(each[2])]
    for part, number, _ in [*mobile, *numbers][:1]:
        found.put("phone", number, part, 0.95, "contact.find_phones")
        parts.remove(part)


def _remark(parts: Sequence[Part], index: int) -> str:
    """What stands in brackets behind a part: `(mobile)`."""
    following = parts[index + 1 : index + 2]
    bracketed = following and following[0].text[:1] in ("(", "（")
    return following[0].text if bracketed and following[0].line is parts[index].line else ""


def _read_site(parts: Sequence[Part], found: _Header) -> None:
    """A site of one's own behind a word such as `Portfolio`, where no text gives its address."""
    if found.profile.website is not None:
        return
    for part in parts:
        for line in part.block.lines:
            for link in line.links:
                text = link.text.strip(" |·•:")
                said = not text or not text[0].isalnum() or is_label(text)
                if said and link.url.startswith("http") and classify_url(link.url) == "website":
                    found.profile.website = link.url
                    evidence = seen.of_line("website", link.text, line, 0.85, "header.links")
                    found.profile.evidence.append(evidence)
                    return


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
    if _phone_of(part):
        return _spare(part, found)
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
    found.unplaced.append(seen.unplaced_line(part.line, None, part.written))
    return True


def _set_name(name: list[Part], found: _Header) -> None:
    text = told_name(name)
    found.profile.full_name = text
    like = looks_like_name(text)
    for part in name:
        found.prove("full_name", part, 0.55 + 0.4 * like, "names.looks_like_name")


def _set_place(parts: list[Part], found: _Header) -> list[Part]:
    chosen, like = find_place(parts)
    if not chosen:
        return parts
    found.profile.location = told_place(chosen)
    for part in chosen:
        found.prove("location", part, like, "places.looks_like_place")
    return [part for part in parts if part not in chosen]


def _set_likely_place(parts: list[Part], all_parts: Sequence[Part], found: _Header) -> list[Part]:
    part = None if found.profile.location else likely_place(parts, all_parts)
    if part is None:
        return parts
    found.put("location", part.text, part, 0.5)
    return [other for other in parts if other is not part]


def _set_headline(
    parts: list[Part], all_parts: Sequence[Part], name: list[Part], own: int, found: _Header
) -> list[Part]:
    if not name:
        return parts
    said = name[-1].text
    again = [part.order for part in all_parts if part.order < own and part.text == said]
    top = name[-1].order if name[-1].order < own else max(again, default=-1)
    head = [part for part in parts if part.order < own and part.text != found.profile.full_name]
    chosen = find_headline(head, all_parts, name, top)
    if not chosen:
        return parts
    found.profile.headline = told_headline(chosen)
    for part in chosen:
        found.prove("headline", part, 0.8)
    return [part for part in parts if part not in chosen]


def _sentence(
    parts: Sequence[Part], prose: Sequence[Block], own: int, found: _Header
) -> list[Block]:
    """A sentence below the headline, too short for a paragraph, that sums somebody up."""
    if prose or found.profile.headline is None:
        return []
    said = [
        part.block
        for part in parts
        if part.order < own
        and part.labelled is None
        and len(part.block.text) == len(part.text)
        and len(part.text.split()) >= 9
        and sum(word.islower() for word in part.text.split()) >= 6
        and not any(char.isdigit() for char in part.text)
        and part.text[0] not in "«“„\"'‘"
    ]
    return said[:1]
