"""Dates as people write them in résumés, and numbers that are none."""

from __future__ import annotations

from datetime import date

import pytest

from app.importing.dates import find_span, find_spans, is_only_dates, is_present, read_date

NOW = "now"  # in the place of an end: the span goes on

# A line, its start, its end.
SPANS = [
    # English
    ("Mar 2019 – Present", "2019-03", NOW),
    ("March 2019 - June 2020", "2019-03", "2020-06"),
    ("Software Engineer, Google — Jan 2019 – Present", "2019-01", NOW),
    ("Google (2019–2021)", "2019", "2021"),
    ("January 2019 to present", "2019-01", NOW),
    ("from January 2019 to December 2020", "2019-01", "2020-12"),
    ("Jan 2019 through Mar 2020", "2019-01", "2020-03"),
    ("Jan. 2019 until Mar. 2020", "2019-01", "2020-03"),
    ("Sept 2018 - Jun 2019", "2018-09", "2019-06"),
    ("2019 to date", "2019", NOW),
    ("2019 — now", "2019", NOW),
    ("2019-present", "2019", NOW),
    ("2019 - ongoing", "2019", NOW),
    ("2019–current", "2019", NOW),
    ("June 2019 – Today", "2019-06", NOW),
    ("since 2019", "2019", NOW),
    ("Since March 2019", "2019-03", NOW),
    ("until June 2020", None, "2020-06"),
    ("March, 2019 – April, 2020", "2019-03", "2020-04"),
    ("May '18 – Aug '19", "2018-05", "2019-08"),
    ("Jun 98 – Aug 99", "1998-06", "1999-08"),
    ("Jan-2019 – Feb-2020", "2019-01", "2020-02"),
    ("Jan 2019 -- Mar 2020", "2019-01", "2020-03"),
    ("Mar – Jun 2020", "2020-03", "2020-06"),
    ("15 March – 20 June 2020", "2020-03-15", "2020-06-20"),
    ("March 15 – June 20, 2020", "2020-03-15", "2020-06-20"),
    ("1st March 2019 – 3rd April 2020", "2019-03-01", "2020-04-03"),
    ("Nov – Feb 2020", "2019-11", "2020-02"),
    ("Fall 2018 – Spring 2020", "2018", "2020"),
    ("Q3 2019 – Q1 2020", "2019", "2020"),
    ("early 2019 – late 2020", "2019", "2020"),
    ("Jan 2019 - Mar 2020 (1 yr 3 mos)", "2019-01", "2020-03"),
    ("Jan 2019 - Mar 2020 · 1 yr 3 mos", "2019-01", "2020-03"),
    ("Summer 2020", "2020", None),
    ("Q1 2020", "2020", None),
    ("Expected May 2026", None, "2026-05"),
    ("May 2026 (expected)", None, "2026-05"),
    ("Expected Graduation: June 2026", None, "2026-06"),
    ("Graduated May 2020", None, "2020-05"),
    ("Class of 2020", None, "2020"),
    ("B.Sc. Physics, 2015", "2015", None),
    ("March 15, 2019", "2019-03-15", None),
    # numbers
    ("03/2019 – 05/2020", "2019-03", "2020-05"),
    ("3/2019 - 5/2020", "2019-03", "2020-05"),
    ("03.2019 - 05.2020", "2019-03", "2020-05"),
    ("03-2019 – 05-2020", "2019-03", "2020-05"),
    ("03 / 2019 – 05 / 2020", "2019-03", "2020-05"),
    ("2019-03 – 2020-05", "2019-03", "2020-05"),
    ("2019/03 - 2020/05", "2019-03", "2020-05"),
    ("2019.09-2023.06", "2019-09", "2023-06"),
    ("01.03.2019 – 15.05.2020", "2019-03-01", "2020-05-15"),
    ("2019-03-01 – 2020-05-15", "2019-03-01", "2020-05-15"),
    ("03/15/2019 - 04/20/2020", "2019-03-15", "2020-04-20"),
    ("15/03/2019 - 20/04/2020", "2019-03-15", "2020-04-20"),
    ("03/04/2019 – 25/06/2020", "2019-04-03", "2020-06-25"),
    ("03/04/2019 – 05/06/2020", "2019", "2020"),
    ("03/03/2019", "2019-03-03", None),
    ("03/04/2019", "2019", None),
    ("03/19 – 05/20", "2019-03", "2020-05"),
    ("seit 03/19", "2019-03", NOW),
    ("1.3.2019", "2019-03-01", None),
    ("12/2019", "2019-12", None),
    ("2019–2021", "2019", "2021"),
    ("2019-2021", "2019", "2021"),
    ("2019 ‑ 2021", "2019", "2021"),
    ("2019 – 21", "2019", "2021"),
    ("2019-21", "2019", "2021"),
    ("1998–99", "1998", "1999"),
    ("2018/19", "2018", "2019"),
    ("2018/2019", "2018", "2019"),
    ("2018 / 2020", "2018", "2020"),
    ("2010/11", "2010", "2011"),
    ("2008-09 – 2011-06", "2008-09", "2011-06"),
    ("2010-11", "2010", None),
    ("'19 – '21", "2019", "2021"),
    ("2019 –", "2019", NOW),
    ("Jan 2019 -", "2019-01", NOW),
    ("(2019 – present)", "2019", NOW),
    ("１９９９ – ２００１", "1999", "2001"),
    # German
    ("März 2019 – heute", "2019-03", NOW),
    ("Mär. 2019 – Okt. 2020", "2019-03", "2020-10"),
    ("seit März 2019", "2019-03", NOW),
    ("ab 2019", "2019", NOW),
    ("von 2019 bis 2020", "2019", "2020"),
    ("01/2019 bis heute", "2019-01", NOW),
    ("1. März 2019 – 31. Mai 2020", "2019-03-01", "2020-05-31"),
    ("bis 2020", None, "2020"),
    ("WS 2018/19", "2018", "2019"),
    ("SoSe 2018 – WS 2019/20", "2018", "2020"),
    ("Wintersemester 2018/2019", "2018", "2019"),
    ("Anfang 2019 – Ende März 2020", "2019", "2020-03"),
    ("1. Quartal 2019", "2019", None),
    ("Jänner 2019 – laufend", "2019-01", NOW),
    ("Dez. 2019 - Feb. 2020 (3 Monate)", "2019-12", "2020-02"),
    ("voraussichtlich Juli 2026", None, "2026-07"),
    # French
    ("mars 2019 - aujourd'hui", "2019-03", NOW),
    ("De mars 2019 à aujourd’hui", "2019-03", NOW),
    ("depuis mars 2019", "2019-03", NOW),
    ("Depuis 2019", "2019", NOW),
    ("de 2019 à 2021", "2019", "2021"),
    ("du 15 mars 2019 au 20 juin 2020", "2019-03-15", "2020-06-20"),
    ("1er mars 2019 – 30 avril 2020", "2019-03-01", "2020-04-30"),
    ("jusqu'en 2020", None, "2020"),
    ("févr. 2019 – déc. 2020", "2019-02", "2020-12"),
    ("août 2019 à ce jour", "2019-08", NOW),
    ("Été 2020", "2020", None),
    ("2019 – en cours", "2019", NOW),
    ("juil. 2019 – août 2020 (1 an 2 mois)", "2019-07", "2020-08"),
    # Spanish
    ("marzo de 2019 – actualidad", "2019-03", NOW),
    ("marzo de 2019 a la fecha", "2019-03", NOW),
    ("desde enero de 2019", "2019-01", NOW),
    ("enero de 2019 a junio de 2020", "2019-01", "2020-06"),
    ("15 de enero de 2019", "2019-01-15", None),
    ("ene. 2019 – dic. 2020", "2019-01", "2020-12"),
    ("sept 2019 - presente", "2019-09", NOW),
    ("2019 – hasta la fecha", "2019", NOW),
    ("Verano 2020", "2020", None),
    # Italian
    ("gennaio 2019 – oggi", "2019-01", NOW),
    ("dal 2019", "2019", NOW),
    ("dal 2019 al 2021", "2019", "2021"),
    ("set 2019 – ott 2020", "2019-09", "2020-10"),
    ("da marzo 2019 a giugno 2020", "2019-03", "2020-06"),
    ("GIUGNO 2019 - PRESENTE", "2019-06", NOW),
    ("2019 - in corso", "2019", NOW),
    ("A.A. 2018/2019", "2018", "2019"),
    # Portuguese
    ("jan. 2019 – atual", "2019-01", NOW),
    ("jan/2020 – atual", "2020-01", NOW),
    ("março de 2019 a junho de 2020", "2019-03", "2020-06"),
    ("fev/2012 – fev/2015", "2012-02", "2015-02"),
    ("desde setembro de 2019", "2019-09", NOW),
    ("2019 – até o momento", "2019", NOW),
    ("out 2019 – dez 2020", "2019-10", "2020-12"),
    ("Étés 2017 et 2018", "2017", "2018"),
    ("Summers 2017 and 2018", "2017", "2018"),
    # Dutch
    ("mei 2019 – heden", "2019-05", NOW),
    ("sinds 2019", "2019", NOW),
    ("maart 2019 tot juni 2020", "2019-03", "2020-06"),
    ("mrt 2019 t/m okt 2020", "2019-03", "2020-10"),
    ("vanaf augustus 2019", "2019-08", NOW),
    # Chinese and Japanese
    ("2019年3月至今", "2019-03", NOW),
    ("2019年9月 - 2023年6月", "2019-09", "2023-06"),
    ("2019.9—至今", "2019-09", NOW),
    ("2019年至2021年", "2019", "2021"),
    ("2018.03-至今　成都蜀锦贸易有限公司　财务主管", "2018-03", NOW),
    ("2019年3月〜2020年5月", "2019-03", "2020-05"),
    ("2019年3月～6月", "2019-03", "2019-06"),
    ("2019年4月から", "2019-04", NOW),
    ("2019年4月～現在", "2019-04", NOW),
    ("2019年4月1日", "2019-04-01", None),
    ("平成31年4月～令和2年3月", "2019-04", "2020-03"),
    ("令和元年5月", "2019-05", None),
    ("2019/4～2021/3", "2019-04", "2021-03"),
    # others
    ("styczeń 2019 – obecnie", "2019-01", NOW),
    ("maj 2019 – idag", "2019-05", NOW),
    ("juni 2019 – nu", "2019-06", NOW),
    ("март 2019 — настоящее время", "2019-03", NOW),
    ("Mart 2019 – Günümüz", "2019-03", NOW),
    ("mai 2019 – nå", "2019-05", NOW),
]

NO_SPANS = [
    "grew 2019 revenue",
    "Led a team of 12 in 2019 and 2020 to deliver",
    "+49 30 2019 2020",
    "+1 (555) 201-2019",
    "555-2010-2019",
    "Tel: 0171 1990 2010",
    "Python 3.11",
    "Version 2.0.19",
    "ISO 9001:2015",
    "Windows Server 2019",
    "$2000 saved",
    "€ 2020",
    "managed 2,019 users",
    "CH-2000 Neuchâtel",
    "24/7 support",
    "COVID-2019",
    "2019-nCoV",
    "http://example.com/2019/03",
    "10.50 – 12.50",
    "2020 – 2019",
    "Room 2019b",
    "99% uptime",
    "4/5",
    "Berlin",
    "",
    "may",
    "13/2019/7",
    "31.02.2019",
]

HARDLY_SPANS = [
    "2000 users",
    "Avenue 12, 2000 Antwerpen",
    "Increased revenue by 20% in 2019",
]


@pytest.mark.parametrize(("line", "start", "end"), SPANS)
def test_a_span_is_read_at_the_precision_written(
    line: str, start: str | None, end: str | None
) -> None:
    span = find_span(line)
    assert span is not None
    current = end == NOW
    assert (span.start, span.end, span.is_current) == (start, None if current else end, current)
    assert span.text == line[span.at[0] : span.at[1]]


@pytest.mark.parametrize("line", NO_SPANS)
def test_other_numbers_are_no_dates(line: str) -> None:
    assert find_spans(line) == []


@pytest.mark.parametrize("line", HARDLY_SPANS)
def test_a_year_inside_a_sentence_is_trusted_little(line: str) -> None:
    assert all(span.confidence < 0.3 for span in find_spans(line))


def test_a_range_is_surer_than_a_year_alone() -> None:
    whole, single = find_span("Mar 2019 – Jun 2020"), find_span("Graz 2019")
    assert whole is not None
    assert single is not None
    assert whole.confidence > 0.9 > single.confidence


def test_several_spans_of_a_line_are_found_in_order() -> None:
    spans = find_spans("2016-2017, 2019-2021")
    assert [(span.start, span.end) for span in spans] == [("2016", "2017"), ("2019", "2021")]


def test_the_surest_span_of_a_line_is_taken() -> None:
    span = find_span("Founded 1998, Mar 2019 – Jun 2020")
    assert span is not None
    assert (span.start, span.end) == ("2019-03", "2020-06")


def test_brackets_and_a_duration_belong_to_the_text_of_a_span() -> None:
    line = "Acme (Jan 2019 – Mar 2020) (1 yr 3 mos), Berlin"
    span = find_span(line)
    assert span is not None
    assert line[: span.at[0]] + line[span.at[1] :] == "Acme , Berlin"


def test_a_two_digit_year_is_never_far_ahead() -> None:
    ahead = (date.today().year + 20) % 100
    span = find_span(f"Jun '{ahead:02d} – Aug '{ahead:02d}")
    if span is not None:  # none where the century before is too long ago for a résumé
        assert span.start is not None
        assert int(span.start[:4]) < date.today().year


@pytest.mark.parametrize(
    "line",
    [
        "2019 – 2021",
        "(Mar 2019 – Present)",
        "Jan 2019 - Mar 2020 · 1 yr 3 mos",
        "2016-2017, 2019-2021",
        "seit 2019",
        "present",
        "– heute",
        "2019年3月至今",
        "Class of 2020",
    ],
)
def test_a_line_of_dates_says_nothing_else(line: str) -> None:
    assert is_only_dates(line)


@pytest.mark.parametrize("line", ["Google 2019 – 2021", "Berlin", "", "1 year", "2019 MSc", "12"])
def test_a_line_with_more_is_not_only_dates(line: str) -> None:
    assert not is_only_dates(line)


@pytest.mark.parametrize(
    "word", ["Present", "heute", "aujourd'hui", "actualidad", "oggi", "atual", "heden", "至今"]
)
def test_the_present_is_known_by_itself(word: str) -> None:
    assert is_present(word)
    assert not is_present(f"{word} Berlin")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("March 2019", "2019-03"),
        ("2019", "2019"),
        ("2019-03-01", "2019-03-01"),
        ("Issued", None),
        ("2019 – 2021", None),
        ("2019, Berlin", None),
        ("until 2020", "2020"),
        ("seit 2019", None),
    ],
)
def test_a_single_date_is_read_only_where_nothing_else_stands(text: str, value: str | None) -> None:
    assert read_date(text) == value


def test_a_long_line_is_read_no_further_than_its_beginning() -> None:
    assert find_spans("a" * 5_000 + " Mar 2019 – Jun 2020") == []
