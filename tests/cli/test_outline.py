"""How one thing is set out in lines."""

from __future__ import annotations

from app.cli.client import outline


def test_values_stand_beneath_each_other() -> None:
    assert outline.lines({"id": "x1", "full_name": "Ann Lee"}) == [
        "id         x1",
        "full name  Ann Lee",
    ]


def test_what_serves_programs_and_what_is_empty_is_left_out() -> None:
    shown = {"ok": True, "request_id": "r", "links": {"self": "/x"}, "none": None, "name": "a"}
    assert outline.lines({**shown, "version": 3, "list": []}) == ["name  a"]


def test_an_answer_about_one_thing_is_that_thing() -> None:
    assert outline.lines({"ok": True, "job": {"id": "x1", "status": "queued"}}) == [
        "id      x1",
        "status  queued",
    ]


def test_things_that_are_alike_stand_in_columns() -> None:
    themes = [
        {"id": "classic", "premium": False, "preview": {"light": {"text": "#000"}}},
        {"id": "poster", "premium": True, "preview": {"light": {"text": "#111"}}},
    ]
    assert outline.lines({"theme": "classic", "catalog": themes}) == [
        "theme  classic",
        "catalog",
        "  id       premium",
        "  classic  no",
        "  poster   yes",
    ]


def test_days_without_anything_are_counted_instead_of_told() -> None:
    days = [{"date": f"2026-01-0{day}", "count": int(day == 3)} for day in range(1, 6)]
    assert outline.lines({"total": 1, "by_day": days})[1:] == [
        "by day",
        "  date        count",
        "  2026-01-03  1",
        "  (nothing on 4 other days)",
    ]
    assert outline.lines({"total": 0, "by_day": days[:2]})[1:] == [
        "by day",
        "  (nothing on 2 days)",
    ]


def test_what_is_not_alike_or_long_stands_one_after_the_other() -> None:
    items = [{"title": "Acme", "text": "one\ntwo"}, {"title": "Umbra"}]
    assert outline.lines({"sources": items, "n": 2}) == [
        "sources",
        "  - title  Acme",
        "    text",
        "      one",
        "      two",
        "  - title  Umbra",
        "n  2",
    ]


def test_no_name_or_value_steers_the_terminal() -> None:
    told = "".join(outline.lines({"a\x1b]0;x\x07": "b\x9b2J", "c": [{"d\u202e": "e\x07"}] * 2}))
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(told)
