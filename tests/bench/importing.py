"""`./vitae bench import`: CPU time of reading a file in a warm process, by stage."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.importing import pdf
from app.importing.document import Document
from app.importing.docx import read_docx
from app.importing.feet import reach_elsewhere
from app.importing.fields import add_running, read_fields
from app.importing.fitting import fitted
from app.importing.leftovers import leftovers
from app.importing.preview import Preview
from app.importing.sections import sections_of
from tests.bench.harness import PROJECT, print_table

CORPUS = PROJECT / "tests/importing/corpus/open"
STAGES = ("file to lines", "sections", "fields", "the rest", "fitting")
Timed = Callable[..., Any]


def main(rounds: int = 9) -> None:
    """Every file of the open corpus, in turn; the median of each, then over the files."""
    files = sorted(path for path in CORPUS.iterdir() if path.suffix in (".pdf", ".docx"))
    samples: dict[tuple[Path, str], list[float]] = defaultdict(list)
    pages: dict[Path, int] = {}
    for turn in range(rounds + 1):
        for path in files:
            taken, found = _read(path)
            pages[path] = found.pages or 1
            if turn:  # the first fills caches
                for stage, milliseconds in taken.items():
                    samples[path, stage].append(milliseconds)
    rows = []
    for kind, chosen in (
        ("PDF, one page", [p for p in files if p.suffix == ".pdf" and pages[p] == 1]),
        ("PDF, a page of several", [p for p in files if p.suffix == ".pdf" and pages[p] > 1]),
        ("DOCX", [p for p in files if p.suffix == ".docx"]),
    ):
        per_page = {
            stage: [statistics.median(samples[p, stage]) / pages[p] for p in chosen]
            for stage in STAGES
        }
        whole = [sum(each) for each in zip(*per_page.values(), strict=True)]
        medians = [f"{statistics.median(values):.1f}" for values in per_page.values()]
        rows.append(
            (
                kind,
                str(len(chosen)),
                *medians,
                f"{statistics.median(whole):.1f}",
                f"{max(whole):.1f}",
            )
        )
    columns = ("", "files", *STAGES, "all", "dearest")
    print_table("Reading the open corpus, CPU ms a page, warm", columns, rows)


def _read(path: Path) -> tuple[dict[str, float], Preview]:
    taken: dict[str, float] = {}

    def timed(stage: str, work: Timed, *arguments: Any) -> Any:
        before = time.process_time()
        result = work(*arguments)
        taken[stage] = (time.process_time() - before) * 1000
        return result

    is_pdf = path.suffix == ".pdf"
    data = path.read_bytes()
    document: Document = timed(STAGES[0], pdf.read_document if is_pdf else read_docx, data)
    found = Preview(format="pdf" if is_pdf else "docx", pages=document.pages)
    sections = timed(STAGES[1], sections_of, document)
    timed(STAGES[2], read_fields, sections, found)

    def rest() -> None:
        reach_elsewhere(document, found)
        found.unplaced.extend(list(leftovers(document, sections, found)))
        add_running(document, found)

    timed(STAGES[3], rest)
    timed(STAGES[4], fitted, found)
    return taken, found
