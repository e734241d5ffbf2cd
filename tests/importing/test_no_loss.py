"""Whatever is said in a profile, in letters that our typefaces have, its PDF brings it back."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.cv.normalise import TEMPLATES
from app.importing.read import read_pdf
from app.profile import rules
from tests.exporting.comparing import plain_record
from tests.exporting.profiles import Record
from tests.importing.test_enclosed import cv_of, said
from workers.render import render_pdf

_WORDS = st.sampled_from(
    [
        *("Ada", "Zoë", "Łuć", "Engine", "O'Brien", "C++", "40%", "R&D", "<b>", "#", "1.", "Ελένη"),
        *("Анна", "\N{EN DASH}", "x_y", "#1", "état", "(late)", "3/4", "naïve", '"so"', "via"),
        *("Müller-Lüdenscheid", "Kubernetes", "e.g.", "[link](x)", "*stars*", "Present", "2019"),
    ]
)
_LINE = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)
_PROSE = st.lists(_LINE, min_size=1, max_size=3).map("\n".join)
_SKILL = st.builds(
    lambda name, level: rules.entry("skills", {"name": name, "level": level}),
    _LINE,
    st.sampled_from([None, "expert", "beginner"]),
)
_POSITION = st.builds(
    lambda company, title, start, text, bullets: rules.entry(
        "experience",
        {
            "company": company,
            "title": title,
            "start_date": f"{start}-03",
            "end_date": f"{start + 2}-11",
            "description": text,
            "bullets": bullets,
        },
    ),
    _LINE,
    _LINE,
    st.integers(1960, 2020),
    st.none() | _PROSE,
    st.lists(_LINE, max_size=3),
)


def _record(name: str, bio: str, skills: list[Any], positions: list[Any]) -> Record:
    profile = {**rules.profile({"full_name": name, "bio": bio}), "languages": []}
    empty: Record = {section: [] for section in rules.SECTIONS}
    return {**empty, "profile": profile, "skills": skills, "experience": positions}


@settings(
    max_examples=10,
    phases=[Phase.generate],
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    record=st.builds(
        _record,
        _LINE,
        _PROSE,
        st.lists(_SKILL, max_size=4),
        st.lists(_POSITION, max_size=3),
    ),
    template=st.sampled_from(TEMPLATES),
)
def test_a_profile_comes_back_from_its_pdf_without_loss(record: Record, template: str) -> None:
    found = read_pdf(render_pdf(cv_of(record, template)).pdf)
    assert (found.tampered, found.differences) == (False, [])
    assert said(found) == plain_record(record)
