"""Two companies, each named once with the whole span, and under it one role after another with its
own dates; dates by a tab stop at the right; skills in a table of three columns; a footer."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tests.importing.corpus.make.word import link, right_tab, rule_below, run, shatter

_COMPANIES = [
    (
        "Cascade Outdoor Group",
        "Portland, OR",
        "2012 – Present",
        [
            (
                "Vice President, Marketing",
                "Jul 2019 – Present",
                [
                    "Set the direction of four brands with a budget of $31M",
                    "Moved 60 percent of spending from print to channels that can be measured",
                ],
            ),
            (
                "Director of Brand",
                "Mar 2015 – Jun 2019",
                [
                    "Relaunched the Stonefly line of boots; sales doubled in two seasons",
                ],
            ),
            (
                "Senior Brand Manager",
                "Sep 2012 – Feb 2015",
                ["Brought catalog production in-house"],
            ),
        ],
    ),
    (
        "Whitlock & Hale Advertising",
        "Seattle, WA",
        "2006 – 2012",
        [
            ("Account Director", "Jan 2010 – Aug 2012", ["Led a team of six on three accounts"]),
            ("Account Executive", "Jun 2006 – Dec 2009", ["Wrote briefs, booked media"]),
        ],
    ),
]


def build(path: Path) -> None:
    document = docx.Document()
    name = document.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(name, "Priscilla Nakamura-Ortiz", bold=True, size=22, caps=True)
    contact = document.add_paragraph()
    contact.alignment = WD_ALIGN_PARAGRAPH.CENTER
    contact.add_run("Portland, OR • 503.555.0175 • ")
    link(contact, "p.nakamura@example.com", "mailto:p.nakamura@example.com")
    contact.add_run(" • ")
    link(contact, "linkedin.com/in/pnakamura-ortiz", "https://linkedin.com/in/pnakamura-ortiz")
    headline = document.add_paragraph()
    headline.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(headline, "MARKETING EXECUTIVE", bold=True, color="2E74B5")
    document.add_paragraph(
        "Builder of outdoor brands and of the teams behind them; sixteen years from media desk to "
        "executive committee."
    )
    rule_below(run_heading(document, "Professional Experience"))
    for company, place, span, roles in _COMPANIES:
        head = right_tab(document.add_paragraph(), 15.2)
        run(head, company, bold=True, size=12)
        head.add_run(f", {place}\t{span}")
        for title, dates, points in roles:
            line = right_tab(document.add_paragraph(), 15.2)
            run(line, title, bold=True, italic=True)
            run(line, f"\t{dates}", italic=True)
            for text in points:
                document.add_paragraph(text, style="List Bullet")
    rule_below(run_heading(document, "Education"))
    line = right_tab(document.add_paragraph(), 15.2)
    run(line, "MBA, Marketing", bold=True)
    line.add_run(", Rainier Graduate School of Business\t2011")
    line = right_tab(document.add_paragraph(), 15.2)
    run(line, "BA, Journalism", bold=True)
    line.add_run(", University of the Palouse\t2006")
    rule_below(run_heading(document, "Core Competencies"))
    table = document.add_table(rows=2, cols=3)
    skills = [
        "Brand strategy",
        "Media planning",
        "P&L",
        "Market research",
        "Licensing",
        "E-commerce",
    ]
    for number, skill in enumerate(skills):
        table.cell(number // 3, number % 3).text = skill
    document.sections[0].footer.paragraphs[0].text = "Priscilla Nakamura-Ortiz, résumé"
    shatter(document)
    document.save(str(path))


def run_heading(document: docx.document.Document, text: str) -> object:
    paragraph = document.add_paragraph()
    run(paragraph, text, bold=True, size=12, color="2E74B5", caps=True)
    return paragraph
