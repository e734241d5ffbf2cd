"""Positions: which, when, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

from app.answering.facts.asked import NOT_SAID, Asked, Fact, quoted
from app.answering.items import Item
from app.answering.moments import Length, Span, began, ended, span_of, together
from app.answering.words import forms_in
from app.cv import dates


def current_role(asked: Asked) -> Fact | None:
    """What goes on now, or the latest position where nothing does."""
    positions = asked.of("experience")
    if asked.rest:
        return None
    if not positions:
        return NOT_SAID
    current = [item for item in positions if item.row.get("is_current")]
    if current:
        current.sort(key=lambda item: began(item.row), reverse=True)
        return asked.told("current" if len(current) == 1 else "currents", current)
    return asked.told("latest", [max(positions, key=lambda item: ended(item.row))])


def previous_role(asked: Asked) -> Fact | None:
    """The position before the present one, or before the one that the question names."""
    in_order = sorted(
        asked.of("experience"), key=lambda item: (ended(item.row), began(item.row)), reverse=True
    )
    if not asked.rest and asked.before:
        named = [item for item in in_order if item.item_id in asked.before]
    elif not asked.rest:
        past = [item for item in in_order if not item.row.get("is_current")]
        if len(past) == len(in_order):
            past = past[1:]
        return asked.told("previous", past[:1]) if past else NOT_SAID
    else:
        named = asked.named(in_order)
    if not named:
        return None
    first = min(named, key=lambda item: began(item.row))
    before = [
        item
        for item in in_order
        if item not in named and began(item.row) and began(item.row) < began(first.row)
    ]
    if not before:
        return NOT_SAID
    return asked.told("previous", [max(before, key=lambda item: began(item.row))])


def first_role(asked: Asked) -> Fact | None:
    """The earliest position that has a date."""
    dated = [item for item in asked.of("experience") if began(item.row)]
    if asked.rest:
        return None
    return (
        asked.told("first", [min(dated, key=lambda item: began(item.row))]) if dated else NOT_SAID
    )


def role_then(asked: Asked) -> Fact | None:
    """The positions of the one year that the question names."""
    rest = [word for word in asked.rest if not word.folded.isdecimal()]
    if len(asked.question.years) != 1 or rest or not asked.spent:
        return None
    year = asked.question.years[0]
    held = [
        item
        for item in asked.of("experience", "education")
        if (span := span_of(item.row, asked.today)) is not None and span.meets(year)
    ]
    if not held:
        return NOT_SAID
    what = "; ".join(item.head for item in held)
    return Fact(asked.say("then", year=year, what=what), quoted(held))


def employers(asked: Asked) -> Fact | None:
    """All positions, the latest first."""
    if asked.rest:
        return None
    positions = asked.of("experience")
    return asked.told("employers", positions) if positions else NOT_SAID


def experience_length(asked: Asked) -> Fact | None:
    """How long in all, in one position or employment, or with one skill.

    Of a skill the profile may state years; then those are told, beside what its dates say.
    """
    positions = asked.of("experience")
    if not asked.rest:
        return _whole_career(asked, positions)
    if named := asked.named(positions):
        return _length_of(asked, named)
    if schools := asked.named(asked.of("education")):
        return _length_of(asked, schools)
    return _with_skill(asked, positions)


def _whole_career(asked: Asked, positions: Sequence[Item]) -> Fact:
    if not positions:
        return NOT_SAID
    length, dated = _length(asked, positions)
    if not dated:
        return NOT_SAID
    if len(dated) < len(positions):
        text = asked.say("career_length_some", length=asked.length(length))
        return Fact(text, quoted(dated))
    about = asked.about(length)
    text = asked.say("career_length", about=about, length=asked.length(length))
    return Fact(text if about else text[0].upper() + text[1:], quoted(dated))


def _length_of(asked: Asked, named: Sequence[Item]) -> Fact:
    length, dated = _length(asked, named)
    if not dated:
        return NOT_SAID
    what = "; ".join(item.head for item in dated)
    text = asked.say("length_of", about=asked.about(length), length=asked.length(length), what=what)
    return Fact(text, quoted(dated))


def _with_skill(asked: Asked, positions: Sequence[Item]) -> Fact | None:
    skills = [item for item in asked.of("skills") if _is_called(asked, item)]
    using = [item for item in positions if _uses(asked, item)]
    told: list[str] = []
    sources = quoted(skills)
    if skills and skills[0].row.get("years"):
        years = f"{skills[0].row['years']:g}"
        told.append(asked.say("stated_years", years=years, what=skills[0].row["name"]))
    length, dated = _length(asked, using)
    if dated:
        what = "; ".join(item.head for item in dated)
        told.append(
            asked.say(
                "length_of", about=asked.about(length), length=asked.length(length), what=what
            )
        )
        sources += quoted(dated)
    if told:
        return Fact(" ".join(told), sources)
    return NOT_SAID if skills else None


def _is_called(asked: Asked, skill: Item) -> bool:
    called = forms_in(str(skill.row.get("name")))
    return all(word.is_one_of(called) for word in asked.rest)


def _uses(asked: Asked, position: Item) -> bool:
    """Whether the technologies of a position name all of the rest."""
    used = forms_in(" ".join(position.row.get("technologies") or ()))
    return all(word.is_one_of(used) for word in asked.rest)


def _length(asked: Asked, items: Sequence[Item]) -> tuple[Length, list[Item]]:
    """How long those of the entries are together whose dates are known."""
    spans: list[Span] = []
    dated: list[Item] = []
    for item in items:
        if (span := span_of(item.row, asked.today)) is not None:
            spans.append(span)
            dated.append(item)
    return together(spans), dated


def dates_of(asked: Asked) -> Fact | None:
    """When the one thing that the question names was."""
    sections = ("experience", "education", "projects", "certifications")
    named = asked.named(asked.of(*sections)) if asked.rest else _meant(asked)
    if not named:
        return None
    if len(named) > 1:
        named = [item for item in named if item.section == named[0].section]
    told = [text for item in named[:3] if (text := _when(asked, item))]
    return Fact(" ".join(told), quoted(named[:3])) if told else NOT_SAID


def _meant(asked: Asked) -> list[Item]:
    """What is asked for without a name: the latest studies, or the present position."""
    spent = " ".join(word.folded for word in asked.spent)
    if any(part in spent for part in ("gradua", "study", "studie", "studier", "degree", "diplom")):
        studies = asked.of("education")
        return [max(studies, key=lambda item: ended(item.row))] if studies else []
    if any(part in spent for part in ("current", "present", "now")) or "start" in spent:
        return [item for item in asked.of("experience") if item.row.get("is_current")]
    return []


_ENDS = forms_in(
    "leave left finish finished end ended quit stop stopped graduate graduated"
    " complete completed beendet verlassen abgeschlossen quitté fini terminé diplômé"
)


def _when(asked: Asked, item: Item) -> str | None:
    row = item.row
    asks_end = any(word.is_one_of(_ENDS) for word in asked.spent)
    if asks_end and item.section != "certifications" and not row.get("end_date"):
        return None
    if item.section == "certifications":
        issued = row.get("issued_on")
        return asked.say("when", what=item.title, when=dates.shown(issued)) if issued else None
    start, end = row.get("start_date") or "", row.get("end_date") or ""
    if row.get("is_current") and start:
        return asked.say("began", what=item.title, when=dates.shown(start))
    when = dates.period(start, end)
    return asked.say("when", what=item.title, when=when) if when else None
