"""What heads and feet of pages say of how a person is reached, where the header is silent."""

from __future__ import annotations

from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.contact import find_emails, find_phones, find_urls
from app.importing.document import Document, Line
from app.importing.header_parts import parts_of
from app.importing.header_place import find_place, told_place
from app.importing.preview import Preview

_RULE = "feet.reach_elsewhere"


def reach_elsewhere(document: Document, preview: Preview) -> None:
    """Look for mail, telephone, links and place in feet of pages where the header has no mail or
    no telephone."""
    profile = preview.profile
    if profile.email and profile.phone:
        return
    foot = max((line.box[3] for line in document.lines if line.box), default=0.0)
    low = [line for line in document.lines if line.box and line.box[1] > 0.85 * foot]
    lines = [*document.running, *low]
    for line in lines:
        emails, phones = find_emails(line.text), find_phones(line.text)
        called = [link.url[4:] for link in line.links if link.url.startswith("tel:")]
        phone = phones[0].text if phones else (called[0] if called else None)
        _set("email", emails[0].address if emails else None, line, preview)
        _set("phone", phone, line, preview)
        if emails or phones:
            _set_links(line, preview)
    _set_place(lines, preview)


def _set(name: str, value: str | None, line: Line, preview: Preview) -> None:
    if value and not getattr(preview.profile, name):
        setattr(preview.profile, name, value)
        preview.profile.evidence.append(seen.of_line(name, line.text, line, 0.8, _RULE))


def _set_links(line: Line, preview: Preview) -> None:
    for url in find_urls(line.text):
        name = {"github": "github_url", "linkedin": "linkedin_url", "website": "website"}.get(
            url.kind
        )
        if name:
            _set(name, url.url, line, preview)


def _set_place(lines: list[Line], preview: Preview) -> None:
    """The place beside what reaches the person, or within two lines of it."""
    if preview.profile.location:
        return
    reached = [bool(find_emails(line.text) or find_phones(line.text)) for line in lines]
    near = [line for at, line in enumerate(lines) if any(reached[max(at - 2, 0) : at + 3])]
    chosen, like = find_place(list(parts_of(Block([line], line.text) for line in near)))
    if chosen and like >= 0.6:
        preview.profile.location = told_place(chosen)
        for part in chosen:
            evidence = seen.of_line("location", part.written, part.line, 0.7, _RULE, part.box)
            preview.profile.evidence.append(evidence)
