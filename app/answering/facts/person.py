"""What the profile itself says: where somebody is, how to be in touch, who is open to work."""

from __future__ import annotations

from app.answering.answer import Source
from app.answering.facts.asked import NOT_SAID, Asked, Fact
from app.answering.items import Row

_LINKS = {"github_url": "GitHub", "linkedin_url": "LinkedIn", "website": "Website"}
_LINK_WORDS = {"github_url": ("github",), "linkedin_url": ("linkedin",)}


def _field(title: str, text: str) -> tuple[Source, ...]:
    return (Source("profile", None, title, text),)


def phone(asked: Asked, profile: Row) -> Fact | None:
    return NOT_SAID if asked.rest else _value(asked, profile, "phone", "Phone")


def email(asked: Asked, profile: Row) -> Fact | None:
    return NOT_SAID if asked.rest else _value(asked, profile, "email", "E-mail")


def location(asked: Asked, profile: Row) -> Fact | None:
    return _value(asked, profile, "location", "Location")


def _value(asked: Asked, profile: Row, name: str, title: str) -> Fact | None:
    if asked.rest:
        return None
    value = profile.get(name)
    return Fact(asked.say(name, value=value), _field(title, value)) if value else NOT_SAID


def links(asked: Asked, profile: Row) -> Fact | None:
    """The address that the question names, or all of them."""
    if asked.rest:
        return None
    folded = asked.question.folded
    named = [name for name, words in _LINK_WORDS.items() if any(word in folded for word in words)]
    return _all_of(asked, profile, named or ["website"])


def contact(asked: Asked, profile: Row) -> Fact | None:
    """Every public way to be in touch."""
    if asked.rest:
        return None
    return _all_of(asked, profile, ["email", "phone", *_LINKS])


def _all_of(asked: Asked, profile: Row, names: list[str]) -> Fact:
    told: list[str] = []
    sources: tuple[Source, ...] = ()
    for name in names:
        if value := profile.get(name):
            kind = _LINKS.get(name)
            told.append(
                asked.say("link", kind=kind, value=value) if kind else asked.say(name, value=value)
            )
            sources += _field(kind or name.capitalize(), value)
    return Fact(" ".join(told), sources) if told else NOT_SAID


def availability(asked: Asked, profile: Row) -> Fact | None:
    if asked.rest:
        return None
    phrase = "open_to_work" if profile.get("open_to_work") else "not_open_to_work"
    text = asked.say(phrase)
    return Fact(text, _field("Open to work", text))


def about(asked: Asked, profile: Row) -> Fact | None:
    """The profile's own summary."""
    if asked.rest:
        return None
    summary = asked.of("summary")
    if not summary:
        return NOT_SAID
    texts = summary[0].texts[:4]
    return Fact(
        " ".join(text if text[-1:] in ".!?" else f"{text}." for text in texts),
        (summary[0].quoted(*texts),),
    )
