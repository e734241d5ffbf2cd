"""Word's plain résumé: built-in styles, company and dates on one line by a tab stop at the right,
list bullets, links by relationship."""

from __future__ import annotations

from pathlib import Path

import docx

from tests.importing.corpus.make.word import link, right_tab, rule_below, run

_JOBS = [
    (
        "Marlowe & Finch LLP",
        "Mar 2019 – Present",
        "Senior Accountant",
        "Chicago, IL",
        [
            "Close the books of fourteen subsidiaries within five working days",
            "Led the move from QuickBooks to NetSuite, including the reconciliation of 61,000 "
            "open items and the training of twenty-two people in three offices",
            "Prepare schedules for external auditors; no adjustments in 2021 and 2022",
        ],
    ),
    (
        "Prairie Implement Co.",
        "Jan 2015 – Feb 2019",
        "Staff Accountant",
        "Peoria, IL",
        [
            "Handled accounts payable for a dealer of farm machinery with $48M in sales",
            "Built the monthly cash forecast in Excel",
        ],
    ),
    (
        "Tidewater Community Bank",
        "Jun 2013 – Dec 2014",
        "Teller",
        "Moline, IL",
        ["Balanced a drawer of up to $25,000 daily"],
    ),
]


def build(path: Path) -> None:
    document = docx.Document()
    title = document.add_paragraph(style="Title")
    run(title, "Deborah L. Castellan, CPA")
    contact = document.add_paragraph("1420 Wabash Court, Chicago, IL 60605 | (312) 555-0163 | ")
    link(contact, "deborah.castellan@example.com", "mailto:deborah.castellan@example.com")
    contact.add_run(" | ")
    link(contact, "LinkedIn", "https://www.linkedin.com/in/deborah-castellan-cpa")
    rule_below(document.add_heading("Summary", 1))
    document.add_paragraph(
        "Certified public accountant with eleven years in industry and public practice. Known for "
        "calm month ends and spreadsheets that others can read."
    )
    rule_below(document.add_heading("Professional Experience", 1))
    for company, dates, title_, place, bullets in _JOBS:
        first = right_tab(document.add_paragraph(), 15.2)
        run(first, company, bold=True)
        first.add_run(f"\t{dates}")
        second = right_tab(document.add_paragraph(), 15.2)
        run(second, title_, italic=True)
        second.add_run(f"\t{place}")
        for text in bullets:
            document.add_paragraph(text, style="List Bullet")
    rule_below(document.add_heading("Education", 1))
    first = right_tab(document.add_paragraph(), 15.2)
    run(first, "Illinois Valley University", bold=True)
    first.add_run("\tMay 2013")
    document.add_paragraph("B.S. in Accounting, magna cum laude, GPA 3.82")
    rule_below(document.add_heading("Licenses & Certifications", 1))
    document.add_paragraph(
        "Certified Public Accountant, State of Illinois, 2016", style="List Bullet"
    )
    document.add_paragraph("NetSuite ERP Consultant, Oracle, 2020", style="List Bullet")
    rule_below(document.add_heading("Skills", 1))
    document.add_paragraph("NetSuite, QuickBooks, Excel, SQL, GAAP, SOX compliance, Power BI")
    document.save(str(path))
