from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cv import bounds
from app.cv.normalise import ADVICE, Normalised, normalise, to_cv_data
from app.errors import ValidationFailed
from tests.cv.samples import EXAMPLE, smallest, with_item


def errors(cv_data: object) -> list[tuple[str, str]]:
    """(path, code) of every error."""
    with pytest.raises(ValidationFailed) as caught:
        normalise(cv_data)
    return [(error.path, error.code) for error in caught.value.fields]


def warnings(cv_data: object) -> list[tuple[str, str]]:
    return [(warning.path, warning.code) for warning in normalise(cv_data).warnings]


def outcome_of(raw: object) -> Normalised | ValidationFailed:
    try:
        return normalise(raw)
    except ValidationFailed as refusal:
        return refusal


def test_the_documented_example_gives_no_warning() -> None:
    normalised = normalise(EXAMPLE)
    cv = normalised.cv
    assert normalised.warnings == ()
    assert (cv.template, cv.theme_color, cv.font_size, cv.font_family) == (
        "original",
        "#006eb8",
        11.0,
        "arimo",
    )
    assert [section.key for section in cv.sections] == EXAMPLE["sections_order"]
    assert cv.sections[1].heading == "Experience"
    assert cv.sections[1].items[0].end == "Present"


def test_every_error_is_found_in_one_pass() -> None:
    cv_data = {
        "template": "fancy",
        "theme_color": "mauvish",
        "font_size": 30,
        "identity": {"email": "nobody", "website": "javascript:alert(1)", "first_name": 5},
        "sections": {
            "work": {"type": "side", "items": [{"start": "2024-13", "bullets": [1, None]}, 7]},
            "a.b": {"type": "main", "content": ["x"]},
        },
        "sections_order": ["work", 3],
    }
    assert errors(cv_data) == [
        ("cv_data.template", "template"),
        ("cv_data.theme_color", "color"),
        ("cv_data.font_size", "font_size"),
        ("cv_data.identity.first_name", "type"),
        ("cv_data.identity.email", "email"),
        ("cv_data.identity.website", "scheme"),
        ("cv_data.identity", "name_missing"),
        ("cv_data.sections_order[1]", "type"),
        ("cv_data.sections.work.type", "section_type"),
        ("cv_data.sections.work.items[0].start", "date"),
        ("cv_data.sections.work.items[0].bullets[0]", "type"),
        ("cv_data.sections.work.items[0].bullets[1]", "type"),
        ("cv_data.sections.work.items[1]", "type"),
        ('cv_data.sections["a.b"].content', "type"),
    ]


@pytest.mark.parametrize("nothing", [None, [], "cv", 7, True, math.nan])
def test_what_is_no_object_is_refused(nothing: object) -> None:
    assert errors(nothing) == [("cv_data", "type")]


@pytest.mark.parametrize(
    ("cv_data", "error"),
    [
        ({}, ("cv_data.identity", "required")),
        ({}, ("cv_data.sections", "required")),
        (smallest(identity__first_name=" \u200b"), ("cv_data.identity", "name_missing")),
        (smallest(identity__first_name="🦊"), ("cv_data.identity", "name_missing")),
        (smallest(sections={}), ("cv_data.sections", "empty")),
        (smallest(sections={"a": {"type": "main"}}), ("cv_data.sections", "empty")),
        (smallest(sections={"": {"content": "x"}}), ('cv_data.sections[""]', "empty")),
        (smallest(sections=[]), ("cv_data.sections", "type")),
        (smallest(sections={"a": "text"}), ("cv_data.sections.a", "type")),
        (smallest(sections_order="work"), ("cv_data.sections_order", "type")),
        (smallest(template="Original"), ("cv_data.template", "template")),
        (smallest(template={}), ("cv_data.template", "template")),
        (
            smallest(sections__work__type=None, sections__work__items=4),
            ("cv_data.sections.work.items", "type"),
        ),
        (smallest(identity__first_name=True), ("cv_data.identity.first_name", "type")),
        (smallest(identity__mobile=True), ("cv_data.identity.mobile", "type")),
        (smallest(identity__mobile=10**400), ("cv_data.identity.mobile", "type")),
        (smallest(identity__email="a@b"), ("cv_data.identity.email", "email")),
        (smallest(identity__email="a b@c.de"), ("cv_data.identity.email", "email")),
        (smallest(identity__first_name="Ada\0"), ("cv_data.identity.first_name", "characters")),
        (smallest(identity__last_name="\ud800"), ("cv_data.identity.last_name", "characters")),
        (with_item(start="2024-02-30"), ("cv_data.sections.work.items[0].start", "date")),
        (with_item(start="0000"), ("cv_data.sections.work.items[0].start", "date")),
        (with_item(start=2018.5), ("cv_data.sections.work.items[0].start", "type")),
        (with_item(start=10**5000), ("cv_data.sections.work.items[0].start", "type")),
        (with_item(bullets="one"), ("cv_data.sections.work.items[0].bullets", "type")),
    ],
)
def test_what_cannot_be_rendered_is_an_error_at_its_path(
    cv_data: dict[str, Any], error: tuple[str, str]
) -> None:
    assert error in errors(cv_data)


@pytest.mark.parametrize(
    "size",
    [
        8.99,
        14.01,
        0,
        -11,
        True,
        "",
        "11px",
        "1e1",
        "\u0661\u0661",
        [],
        {},
        math.nan,
        math.inf,
        10**400,
        "11pt; color: red",
    ],
)
def test_a_font_size_outside_9_to_14_points_is_refused(size: object) -> None:
    assert errors(smallest(font_size=size)) == [("cv_data.font_size", "font_size")]


@pytest.mark.parametrize(
    ("size", "points"),
    [(9, 9.0), (14, 14.0), (11.5, 11.5), ("11", 11.0), ("11pt", 11.0), (" 10.25 pt ", 10.25)],
)
def test_a_font_size_is_a_number_or_text_in_points(size: object, points: float) -> None:
    assert normalise(smallest(font_size=size)).cv.font_size == points


@pytest.mark.parametrize(
    ("given", "size"), [("a4", "a4"), ("A4", "a4"), ("letter", "letter"), ("Letter", "letter")]
)
def test_a_page_is_a4_or_letter(given: str, size: str) -> None:
    assert normalise(smallest(page_size=given)).cv.page_size == size


@pytest.mark.parametrize("size", ["a3", "", " ", "letter\x00", 4, True, ["a4"], {"a4": 1}])
def test_a_page_of_another_size_is_refused(size: object) -> None:
    assert errors(smallest(page_size=size)) == [("cv_data.page_size", "page_size")]


def test_pages_are_a4_unless_said_otherwise() -> None:
    assert normalise(smallest()).cv.page_size == "a4"
    assert normalise(smallest(page_size=None)).cv.page_size == "a4"


@pytest.mark.parametrize(
    ("cv_data", "path"),
    [
        (smallest(identity__address="x" * (bounds.LINE + 1)), "cv_data.identity.address"),
        (
            smallest(sections__work__content="x" * (bounds.TEXT + 1)),
            "cv_data.sections.work.content",
        ),
        # NFC makes three characters of this one.
        (
            smallest(sections__work__content="\U0001d160" * bounds.TEXT),
            "cv_data.sections.work.content",
        ),
        (with_item(bullets=["x" * (bounds.TEXT + 1)]), "cv_data.sections.work.items[0].bullets[0]"),
        (
            smallest(sections={"k" * (bounds.KEY + 1): {"type": "main", "content": "x"}}),
            "cv_data.sections." + "k" * 60,
        ),
        (
            smallest(sections__work__items=[{"title": "t", "bullets": ["x" * bounds.TEXT] * 41}]),
            "cv_data",
        ),
    ],
)
def test_text_beyond_its_bound_is_refused(cv_data: dict[str, Any], path: str) -> None:
    assert errors(cv_data) == [(path, "too_long")]


@pytest.mark.parametrize(
    ("cv_data", "path"),
    [
        (
            smallest(sections={f"s{n}": {"content": "x"} for n in range(bounds.SECTIONS + 1)}),
            "cv_data.sections",
        ),
        (
            smallest(sections__work__items=[{"title": "x"}] * (bounds.ITEMS + 1)),
            "cv_data.sections.work.items",
        ),
        (with_item(bullets=["x"] * (bounds.BULLETS + 1)), "cv_data.sections.work.items[0].bullets"),
        (
            with_item(bullets=["x"] * bounds.BULLETS, description_bullets=["y"]),
            "cv_data.sections.work.items[0].description_bullets",
        ),
        (smallest(sections_order=["work"] * (bounds.ORDER_ENTRIES + 1)), "cv_data.sections_order"),
        (smallest(sections__work__items=[{"title": "x", "bullets": ["x"] * 25}] * 97), "cv_data"),
    ],
)
def test_too_many_of_anything_are_refused(cv_data: dict[str, Any], path: str) -> None:
    assert errors(cv_data) == [(path, "too_many")]


def test_a_flood_of_errors_is_cut_and_counted() -> None:
    cv_data = smallest(
        sections={f"s{n}": {"items": [5] * bounds.ITEMS} for n in range(bounds.SECTIONS)}
    )
    with pytest.raises(ValidationFailed) as caught:
        normalise(cv_data)
    assert len(caught.value.fields) == bounds.FINDINGS + 1
    assert caught.value.fields[-1].message == "2900 more errors are not listed."


def test_a_flood_of_unknown_keys_is_cut_and_counted() -> None:
    listed = normalise(smallest() | {f"key{n}": n for n in range(100_000)}).warnings
    assert len(listed) == bounds.FINDINGS + 1
    assert listed[-1].message == "99900 more warnings are not listed."


def test_unknown_keys_warn_at_every_level_and_name_a_near_one() -> None:
    cv_data = smallest(identity__phone="1", sections__work__tpye="main")
    cv_data["sections"]["work"]["items"][0]["descriptions_bullet"] = "x"
    cv_data["themecolor"] = "red"
    cv_data["evil\0\ud800\nkey"] = 1
    assert warnings(cv_data) == [
        ("cv_data.themecolor", "unknown_key"),
        ('cv_data["evil\ufffd\ufffd key"]', "unknown_key"),
        ("cv_data.identity.phone", "unknown_key"),
        ("cv_data.sections.work.tpye", "unknown_key"),
        ("cv_data.sections.work.items[0].descriptions_bullet", "unknown_key"),
    ]
    messages = [warning.message for warning in normalise(cv_data).warnings]
    assert messages[0].endswith("did you mean theme_color?")
    assert messages[4].endswith("did you mean bullets?")


def test_null_is_not_given() -> None:
    cv_data = smallest(template=None, identity__email=None, sections_order=None, colour=None)
    assert normalise(cv_data).cv == normalise(smallest()).cv


def test_a_description_keeps_its_line_breaks() -> None:
    cv_data = with_item(description=" One,\r\ntwo. ", bullets=["Three."])
    item = normalise(cv_data).cv.sections[0].items[0]
    assert (item.description, item.bullets) == ("One,\ntwo.", ("Three.",))
    assert normalise(to_cv_data(normalise(cv_data).cv)) == normalise(cv_data)


def test_a_description_counts_in_the_length_of_the_whole() -> None:
    told = [{"title": "t", "description": "x" * bounds.TEXT}] * 41
    with pytest.raises(ValidationFailed) as caught:
        normalise(smallest(sections__work__items=told))
    assert [error.code for error in caught.value.fields] == ["too_long"]


def test_description_bullets_are_read_as_bullets_with_a_warning() -> None:
    cv_data = with_item(description_bullets=["a", "b"])
    assert normalise(cv_data).cv.sections[0].items[0].bullets == ("a", "b")
    path = "cv_data.sections.work.items[0].description_bullets"
    assert warnings(cv_data) == [(path, "legacy_key")]


def test_both_kinds_of_bullets_are_joined_without_repeats() -> None:
    cv_data = with_item(description_bullets=["b", "c"], bullets=["a", "b"])
    assert normalise(cv_data).cv.sections[0].items[0].bullets == ("a", "b", "c")


def test_sections_follow_their_order_and_the_others_come_after_with_a_warning() -> None:
    sections = {key: {"type": "main", "content": key} for key in ("a", "b", "c", "d")}
    cv_data = smallest(sections=sections, sections_order=["c", "x", "a", "c"])
    assert [section.key for section in normalise(cv_data).cv.sections] == ["c", "a", "b", "d"]
    assert warnings(cv_data) == [
        ("cv_data.sections_order[1]", "unknown_section"),
        ("cv_data.sections_order[3]", "repeated"),
        ("cv_data.sections.b", "not_in_order"),
        ("cv_data.sections.d", "not_in_order"),
    ]


def test_without_an_order_sections_stand_as_given() -> None:
    sections = {key: {"type": "main", "content": key} for key in ("z", "a")}
    cv_data = smallest(sections=sections)
    assert [section.key for section in normalise(cv_data).cv.sections] == ["z", "a"]
    assert warnings(cv_data) == []


def test_what_is_empty_is_left_out_with_a_warning() -> None:
    cv_data = smallest(
        sections={
            "a": {"type": "main", "items": [{}, {"title": "t", "bullets": ["", "b"]}]},
            "b": {"type": "secondary", "content": " "},
        },
        sections_order=["b", "a"],
    )
    assert warnings(cv_data) == [
        ("cv_data.sections.a.items[0]", "empty"),
        ("cv_data.sections.a.items[1].bullets[0]", "empty"),
        ("cv_data.sections.b", "empty"),
    ]
    (section,) = normalise(cv_data).cv.sections
    assert [item.bullets for item in section.items] == [("b",)]


@pytest.mark.parametrize(
    ("section", "type_"),
    [
        ({"content": "x"}, "secondary"),
        ({"items": [{"title": "x"}]}, "main"),
        ({"content": "x", "items": [{"title": "x"}]}, "main"),
    ],
)
def test_a_missing_type_is_guessed_with_a_warning(section: dict[str, Any], type_: str) -> None:
    cv_data = smallest(sections={"a": section})
    assert normalise(cv_data).cv.sections[0].type == type_
    assert warnings(cv_data) == [("cv_data.sections.a", "type_missing")]


@pytest.mark.parametrize(
    ("key", "heading"),
    [
        ("work_experience", "Work experience"),
        ("workExperience", "Work Experience"),
        ("open-source", "Open source"),
        ("R&D", "R&D"),
        ("ÉTUDES", "ÉTUDES"),
        ("学歴", "学歴"),
        ("कौशल", "कौशल"),
        ("___", "___"),
    ],
)
def test_a_heading_is_made_from_the_key(key: str, heading: str) -> None:
    cv = normalise(smallest(sections={key: {"type": "main", "content": "x"}})).cv
    assert cv.sections[0].heading == heading


def test_a_section_may_name_its_heading_or_title() -> None:
    section = {"type": "main", "content": "x"}
    titled = smallest(sections={"a": section | {"title": "T"}})
    both = smallest(sections={"a": section | {"title": "T", "heading": "H"}})
    assert normalise(titled).cv.sections[0].heading == "T"
    assert normalise(both).cv.sections[0].heading == "H"
    assert warnings(both) == [("cv_data.sections.a.title", "two_headings")]


def test_unknown_fonts_fall_back_to_the_templates_own() -> None:
    cv_data = smallest(template="harvard", font_family="Comic Sans MS")
    assert (
        normalise(cv_data).cv.font_family == normalise(smallest(template="harvard")).cv.font_family
    )
    assert warnings(cv_data) == [("cv_data.font_family", "unknown_font")]


def test_a_pale_theme_colour_warns() -> None:
    assert warnings(smallest(theme_color="white")) == [("cv_data.theme_color", "pale_color")]


def test_an_end_before_the_start_warns() -> None:
    path = "cv_data.sections.work.items[0].end"
    assert warnings(with_item(start="2021-05", end="2020")) == [(path, "end_before_start")]
    assert warnings(with_item(start="2021-05", end="2021")) == []


def test_years_and_phone_numbers_may_be_numbers() -> None:
    cv_data = with_item(start=2018, end="2021-7")
    cv_data["identity"]["mobile"] = 41791234567
    cv = normalise(cv_data).cv
    assert (cv.sections[0].items[0].start, cv.sections[0].items[0].end) == ("2018", "2021-07")
    assert cv.identity.mobile == "41791234567"


def test_a_section_of_null_is_not_given() -> None:
    cv_data = smallest(sections__hobbies=None, identity__picture="")
    assert normalise(cv_data) == normalise(smallest())


def test_html_stays_text() -> None:
    markup = "<script>alert('x')</script> & <b>bold</b>"
    assert normalise(with_item(location=markup)).cv.sections[0].items[0].location == markup


def test_the_picture_template_without_a_picture_warns() -> None:
    expected = [("cv_data.identity.picture", "picture_missing")]
    assert warnings(smallest(template="picture")) == expected


def assert_stable(first: Normalised) -> None:
    """The canonical form gives the same CV, and no warning but on what the CV says."""
    second = normalise(to_cv_data(first.cv))
    assert second.cv == first.cv
    # Advice may have been cut off a long first list, never the other way round.
    assert {warning.code for warning in second.warnings} <= ADVICE


def test_the_canonical_form_of_the_example_is_stable() -> None:
    assert_stable(normalise(EXAMPLE))


# Characters chosen to break things, beside any character at all.
_AWKWARD = st.sampled_from(
    "aZ0 \t\n\r\v\x00\x01\x85\xa0\u0301\u0390\u200b\u200d\u200f\u2028\u202e\u2066\u2069\u2126"
    "\ud800\udfff\ufdd0\ufeff\uffff\U0001d160<>\"'&@:/.-_"
)
_texts = st.text(_AWKWARD | st.characters(codec=None), max_size=30)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | _texts
    | st.just(4400).map(lambda digits: 10**digits),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)
_dates = (
    _texts
    | _json
    | st.sampled_from(
        ["2018", "2018-9", "2018-13", "2024-02-29", "2023-02-29", "Present", 2020, "9999-12-31"]
    )
)
_bullets = st.lists(_texts, max_size=4) | _json
_items = st.fixed_dictionaries(
    {},
    optional={
        "title": _texts,
        "subtitle": _texts,
        "location": _texts | _json,
        "start": _dates,
        "end": _dates,
        "bullets": _bullets,
        "description_bullets": _bullets,
        "x": _json,
    },
)
_sections = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["main", "secondary"]) | _json,
        "title": _texts,
        "heading": _texts,
        "content": _texts | _json,
        "items": st.lists(_items, max_size=3) | _json,
    },
)
_keys = st.sampled_from(["work", "workExperience", "a b", "a  b", "\u0390"]) | _texts
_addresses = st.sampled_from(
    ["example.com/x", "http://a.b", "//c.d", "https://[::1]/", "https://a.b:99999", "x@y.zz"]
)
_cv_data = st.fixed_dictionaries(
    {
        "identity": st.fixed_dictionaries(
            {"first_name": st.just("Ada") | _texts},
            optional={
                "last_name": _texts,
                "email": _texts | _addresses,
                "mobile": _texts | _json,
                "website": _texts | _addresses,
                "picture": _json,
            },
        ),
        "sections": st.dictionaries(_keys, _sections, min_size=1, max_size=3) | _json,
    },
    optional={
        "template": st.sampled_from(["original", "picture"]) | _json,
        "theme_color": st.sampled_from(["NavyBlue", "green", "#ABC"]) | _texts,
        "font_size": st.sampled_from(["11pt", 9, 13.37]) | _json,
        "page_size": st.sampled_from(["a4", "Letter"]) | _json,
        "font_family": st.sampled_from(["arial", "Times New Roman, serif"]) | _texts,
        "sections_order": st.lists(_keys, max_size=4) | _json,
    },
)


@given(_json | _cv_data)
@settings(max_examples=400, deadline=None)
def test_any_json_is_normalised_or_refused_with_places(raw: object) -> None:
    outcome = outcome_of(raw)
    if isinstance(outcome, ValidationFailed):
        assert outcome.fields
        assert all(error.path.startswith("cv_data") for error in outcome.fields)
        "".join(error.path + error.message for error in outcome.fields).encode()
    else:
        msgspec.json.encode(outcome.cv)
        assert_stable(outcome)


@st.composite
def _valid(draw: st.DrawFn) -> dict[str, Any]:
    """cv_data that renders, its texts as awkward as they may be."""
    text = st.text(
        _AWKWARD.filter(lambda c: c not in "\0\ud800\udfff") | st.characters(codec="utf-8"),
        max_size=20,
    ).filter(lambda drawn: "\0" not in drawn)
    item = st.fixed_dictionaries(
        {"title": text, "bullets": st.lists(text, max_size=3), "start": text}
    )
    sections = st.dictionaries(
        text.map(lambda drawn: "k" + drawn),
        st.fixed_dictionaries(
            {"content": text.map(lambda drawn: "c" + drawn)},
            optional={"items": st.lists(item, max_size=2), "title": text},
        ),
        min_size=1,
        max_size=3,
    )
    return {"identity": {"first_name": "A" + draw(text)}, "sections": draw(sections)}


@given(_valid())
@settings(max_examples=400, deadline=None)
def test_the_canonical_form_of_any_cv_is_stable(raw: dict[str, Any]) -> None:
    outcome = outcome_of(raw)
    if isinstance(outcome, ValidationFailed):
        # Two keys may turn out the same, and nothing else is wrong with these.
        assert {error.code for error in outcome.fields} <= {"repeated", "date"}
    else:
        assert_stable(outcome)
