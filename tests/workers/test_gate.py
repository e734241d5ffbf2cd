"""What machines lose of résumés is listed in certified.json, which may only shrink (`gate.py`)."""

from __future__ import annotations

import pytest

from app.cv.model import Template
from app.cv.normalise import TEMPLATES
from tests.workers.gate import NAMES, PEOPLE, allowed, amiss, key, of_suite


@pytest.mark.parametrize(("name", "template"), of_suite(), ids=lambda part: str(part))
def test_machines_lose_no_more_of_a_resume_than_is_known(name: str, template: Template) -> None:
    assert set(amiss(name, template)) <= set(allowed().get(key(name, template), ()))


def test_what_is_known_to_be_lost_is_of_people_and_templates_that_are_there() -> None:
    there = {key(name, template) for name in NAMES for template in TEMPLATES}
    assert allowed().keys() <= there


def test_nothing_is_lost_of_the_documented_example() -> None:
    assert [where for where in allowed() if where.endswith(" example")] == []


def test_the_suite_sees_everybody_in_every_template_and_each_template_with_profiles() -> None:
    seen = of_suite()
    assert {(name, template) for name in PEOPLE for template in TEMPLATES} <= set(seen)
    assert {template for name, template in seen if name not in PEOPLE} == set(TEMPLATES)


def test_no_check_of_a_standard_fails_and_no_font_is_left_out_anywhere() -> None:
    kinds = {what.partition(" ")[0] for listed in allowed().values() for what in listed}
    assert not kinds & {"check", "font"}
