"""Profiles to export: one in which all is said, the corpus, and any that the rules take."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.cv.dates import reversed_span
from app.errors import ValidationFailed
from app.profile import rules
from tests.importing.round_trip import names, record_of

Record = dict[str, Any]

OPEN = [name for name in names() if not name.startswith("held/")]

FULL: Record = {
    "profile": {
        "username": "hershel",
        "full_name": "Zoë Müller-Łuć",
        "headline": "Staff Engineer, Platforms; C++ & Go",
        "bio": "Builds *platforms*.\n\nWrites about them.\nOften.",
        "location": "Zürich, Switzerland",
        "website": "https://zoë.example.org/~zoe?a=1&copy=2",
        "github_url": "https://github.com/zoe",
        "linkedin_url": "https://www.linkedin.com/in/zoë-müller",
        "email": "zoe@example.org",
        "phone": "+41 79 123 45 67",
        "languages": [{"name": "German", "level": "native"}, {"name": "Polish", "level": None}],
        "open_to_work": True,
        "email_public": True,
        "phone_public": False,
        "updated_at": "2026-03-17T15:00:00.123456+00:00",
    },
    "skills": [
        {"name": "Go", "category": "Languages", "level": "expert", "years": 6.5},
        {"name": "C++", "category": "Languages", "level": "expert", "years": None},
        {"name": "Patience", "category": None, "level": None, "years": 12.0},
        {"name": "SQL", "category": "Languages", "level": "advanced", "years": None},
    ],
    "experience": [
        {
            "company": "Globex, Inc.",
            "title": "Staff Engineer",
            "location": "Zürich",
            "employment_type": "part-time",
            "start_date": "2020-02",
            "end_date": None,
            "is_current": True,
            "description": "Runs the platform.\n1. Keeps it up.\n- Keeps it small.",
            "bullets": ["Cut costs by 40 %.", "# not a heading", "<b>not bold</b> & [no](link)"],
            "technologies": ["Go", "PostgreSQL"],
        },
        {
            "company": "Red Cross",
            "title": "First-aid trainer",
            "location": None,
            "employment_type": "volunteer",
            "start_date": "2016",
            "end_date": "2018",
            "is_current": False,
            "description": None,
            "bullets": [],
            "technologies": [],
        },
        {
            "company": "Initech",
            "title": None,
            "location": None,
            "employment_type": None,
            "start_date": "2012-09-01",
            "end_date": None,
            "is_current": False,
            "description": None,
            "bullets": ["Filed reports."],
            "technologies": [],
        },
    ],
    "education": [
        {
            "institution": "ETH Zürich",
            "degree": "MSc",
            "field_of_study": "Computer Science",
            "location": "Zürich",
            "start_date": "2008",
            "end_date": "2010-03",
            "grade": "5.5",
            "description": "With a term in Łódź.",
            "bullets": ["Thesis on queues."],
        }
    ],
    "projects": [
        {
            "name": "tinyq",
            "role": "Maintainer",
            "url": "https://tinyq.example.org",
            "repository_url": "https://github.com/zoe/tinyq",
            "start_date": "2019",
            "end_date": None,
            "description": "A queue.",
            "bullets": ["Used by nine teams."],
            "technologies": ["Rust"],
        }
    ],
    "certifications": [
        {
            "name": "CKA",
            "issuer": "CNCF",
            "issued_on": "2021-05",
            "expires_on": "2024-05-20",
            "credential_id": "A-1",
            "credential_url": "https://cncf.example.org/a-1",
        }
    ],
}
"""A profile in which every field is said, with letters and marks that formats trip over."""

EMPTY: Record = {
    "profile": {"username": "nobody", "full_name": "No Body", "languages": []},
    **{section: [] for section in rules.SECTIONS},
}

# What formats trip over, and words of every script.
_TRICKY = st.sampled_from(
    [
        *("=1+1", "+41", "-", "@home", "# x", "1. x", "***", "`x`", "[x](y)", "<b>", "&amp;", "\\"),
        *(
            ";",
            ",",
            "\\n",
            "|",
            "~~",
            "---",
            "===",
            "> x",
            "$",
            "{{x}}",
            "%0A",
            '"',
            "'",
            "\t",
            "…",
        ),
        *(
            "\u202eabc",
            "שלום",
            "مرحبا",
            "日本語",
            "👩‍🚀",
            "e\u0301",
            "a\u00a0b",
            "null",
            "yes",
            "0x1F",
        ),
        *("BEGIN:VCARD", "Technologies: a, b", "C++ (expert)", "x" * 90, "\N{ZERO WIDTH SPACE}"),
    ]
)
_WORDS = st.lists(
    st.one_of(_TRICKY, st.text(st.characters(exclude_categories=["Cs"]), max_size=12)),
    min_size=1,
    max_size=5,
)
_LINE = _WORDS.map(lambda words: " ".join(words).replace("\0", ""))
_PROSE = st.lists(_LINE, min_size=1, max_size=4).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\r\n"]).map(lambda mark: mark.join(lines))
)
_URL = st.sampled_from(
    [
        *(
            "https://example.org",
            "http://example.org/a(b)_c?d=e&f=g#h",
            "https://münchen.example/ä",
        ),
        *("https://example.org/100%", "https://example.org:8080/a;b,c", "https://www.example.org/"),
    ]
)
_DATE = st.one_of(
    st.integers(1, 9999).map(lambda year: f"{year:04}"),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()),
)
_KIND = st.sampled_from(["volunteer", "full-time", "freelance", "zero hours"])
_STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "description": _PROSE,
    "bullets": st.lists(_LINE, max_size=3),
    "technologies": st.lists(_LINE.map(lambda line: line[:60]), max_size=3),
    "years": st.one_of(st.integers(0, 80), st.floats(0, 80)),
    "is_current": st.booleans(),
    "employment_type": _KIND,
    "level": st.sampled_from(["native", "expert", "guru; really", "B2"]),
    "grade": st.sampled_from(["1.3", "summa cum laude", "=A"]),
}


def _of_field(field: str) -> st.SearchStrategy[Any]:
    if field in _STRATEGIES:
        return _STRATEGIES[field]
    if field.endswith(("_date", "_on")):
        return st.none() | _DATE
    return st.none() | (_URL if field.endswith("url") else _LINE)


@st.composite
def _entry(draw: st.DrawFn, section: str) -> Record | None:
    raw = {field: draw(_of_field(field)) for field in rules.FIELDS[section]}
    for start, end in (("start_date", "end_date"), ("issued_on", "expires_on")):
        if raw.get(start) and raw.get(end) and reversed_span(raw[start], raw[end]):
            raw[start], raw[end] = raw[end], raw[start]
    if raw.get("is_current"):
        raw["end_date"] = None
    try:
        return rules.entry(section, raw)
    except ValidationFailed:  # nothing that names it was drawn
        return None


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A profile as an account may hold it, whatever was typed into it."""
    profile = {
        "full_name": draw(_LINE)[:196] + " Lee",
        **{name: draw(st.none() | _LINE) for name in ("headline", "location")},
        "bio": draw(st.none() | _PROSE),
        "website": draw(st.none() | _URL),
        "github_url": draw(
            st.sampled_from([None, "https://github.com/ann", "https://github.com/é"])
        ),
        "linkedin_url": draw(st.sampled_from([None, "https://www.linkedin.com/in/ann-lee/"])),
        "email": draw(st.sampled_from([None, "ann@example.org", "anné@münchen.example"])),
        "phone": draw(st.sampled_from([None, "+41 79 123 45 67", "(044) 123 45 67 ext. 8"])),
    }
    record: Record = {"profile": rules.profile(profile)}
    spoken = draw(st.lists(st.tuples(_LINE, st.none() | _STRATEGIES["level"]), max_size=3))
    given = [{"name": name, "level": level} for name, level in spoken if name.strip()]
    try:
        record["profile"]["languages"] = rules.languages(given)
    except ValidationFailed:  # of a name that is blank once cleaned
        record["profile"]["languages"] = []
    for section in rules.SECTIONS:
        found = draw(st.lists(_entry(section), max_size=3))
        record[section] = [entry for entry in found if entry is not None]
    return record


def corpus(name: str) -> Record:
    """A profile of the corpus, by its name in `OPEN`."""
    return record_of(name)
