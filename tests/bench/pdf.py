"""`./vitae bench pdf`: what a PDF costs, by template and length, beside what others need.

CPU time, because it is what differs least between a busy machine and an idle one; contenders take
turns, so that what disturbs one disturbs all. Each one has a process to itself, warmed by a first
render. WeasyPrint as it comes reads the same document by `HTML(string=…).write_pdf()`, laid out by
flex and without tags, attachments or PDF/A. The others are measured where they are installed: the
command `typst`, and headless Chromium with a new process per job, as each is used from a shell.
"""

from __future__ import annotations

import html
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from app.cv.model import CV
from app.cv.normalise import TEMPLATES, normalise
from app.settings import PROJECT
from tests.bench.harness import print_table

EXAMPLE: dict[str, Any] = json.loads((PROJECT / "app/cv/example.json").read_text())["cv_data"]
TIMES = (1, 5, 13, 50)  # the main entries of the example; no section holds more than the last
_ROUNDS = 7
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Measured(NamedTuple):
    """What one contender needed: milliseconds of CPU of its first and later renders, megabytes."""

    pages: int
    cold: float
    warm: list[float]
    resident: float


def longer(times: int) -> dict[str, Any]:
    """The example with its main entries repeated."""
    sections = {
        key: {**section, "items": section["items"] * times}
        if section["type"] == "main"
        else section
        for key, section in EXAMPLE["sections"].items()
    }
    return {**EXAMPLE, "sections": sections}


def main(rounds: int = _ROUNDS) -> None:
    rows = []
    for template in TEMPLATES:
        for times in TIMES if template == "original" else TIMES[:2]:
            rows.append((template, *_row(_apart(_ours, template, times, rounds))))
    for name, contender in _others().items():
        for times in TIMES[:2]:
            rows.append((name, *_row(_apart(contender, "original", times, rounds))))
    columns = ("", "pages", "cold ms", "warm ms", "spread", "MB")
    print_table("PDFs: CPU time and resident memory", columns, rows)


def _row(measured: Measured) -> tuple[str, ...]:
    low, middle, high = statistics.quantiles(measured.warm, n=4)
    return (
        str(measured.pages or "?"),
        f"{measured.cold:.0f}",
        f"{middle:.0f}",
        f"± {(high - low) / 2 / middle:.0%}",
        f"{measured.resident:.0f}",
    )


def _apart(
    contender: Callable[[CV], Callable[[], bytes]], template: str, times: int, rounds: int
) -> Measured:
    """Measure in a process that nothing was imported in before."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (contender, template, times, rounds))


def _measure(
    contender: Callable[[CV], Callable[[], bytes]], template: str, times: int, rounds: int
) -> Measured:
    cv = normalise({**longer(times), "template": template}).cv
    spent = _cpu()
    render = contender(cv)
    pdf = render()
    cold, warm = (_cpu() - spent) * 1000, []
    for _ in range(rounds):
        spent = _cpu()
        render()
        warm.append((_cpu() - spent) * 1000)
    resident = max(
        psutil.Process().memory_info().rss,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
    )
    return Measured(_pages(pdf), cold, warm, resident / 1e6)


def _cpu() -> float:
    """Seconds of CPU of this process and of those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _pages(pdf: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def _ours(cv: CV) -> Callable[[], bytes]:
    from workers import render

    return lambda: render.render_pdf(cv).pdf


def _as_it_comes(cv: CV) -> Callable[[], bytes]:
    document, folder = _plain_document(cv), tempfile.mkdtemp(prefix="vitae-bench-")
    Path(folder, "fonts.conf").write_text(_font_configuration(folder), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = f"{folder}/fonts.conf"
    from weasyprint import HTML

    def render() -> bytes:
        pdf: bytes = HTML(string=document).write_pdf()
        return pdf

    return render


def _font_configuration(folder: str) -> str:
    from workers import fonts

    return fonts._xml(folder)


def _plain_document(cv: CV) -> str:
    """The document as one who does not think of speed would write it: all in one, by flex."""
    from workers import render

    templates = PROJECT / "workers/templates"
    files = (templates / "shared/base.css", templates / cv.template / "style.css")
    style = "".join(file.read_text(encoding="utf-8") for file in files) + render.variables(cv)
    style += (
        ".head { display: block } .row { display: flex; justify-content: space-between }"
        ".what, .when { display: block } .mark { display: none }"
        ".bullets { list-style: disc; padding-left: 1.05rem }"
        ".bullets > li { padding-left: 0; text-indent: 0 }"
    )
    return render.render_html(cv).replace("</head>", f"<style>{style}</style></head>")


def _typst(cv: CV) -> Callable[[], bytes]:
    lines = [f"= {cv.identity.first_name} {cv.identity.last_name}"]
    for section in cv.sections:
        lines += [f"== #{json.dumps(section.heading)}", f"#{json.dumps(section.content)}"]
        for item in section.items:
            head = json.dumps(f"{item.title}, {item.subtitle}")
            lines += [f"=== #{head} #h(1fr) #{json.dumps(f'{item.start} – {item.end}')}"]
            lines += [f"- #{json.dumps(bullet)}" for bullet in item.bullets]
    source = "\n".join(lines).encode()
    return lambda: _run("typst", "compile", "-", "-", said=source)


def _chromium(cv: CV) -> Callable[[], bytes]:
    program = next(filter(shutil.which, _CHROMIUM))
    folder = Path(tempfile.mkdtemp(prefix="vitae-bench-"))
    (folder / "cv.html").write_text(_plain_document(cv), encoding="utf-8")
    out = folder / "cv.pdf"

    def render() -> bytes:
        flags = ("--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={out}")
        _run(program, *flags, f"file://{html.escape(str(folder))}/cv.html")
        return out.read_bytes()

    return render


def _run(*command: str, said: bytes = b"") -> bytes:
    return subprocess.run(command, input=said, capture_output=True, check=True).stdout


def _others() -> dict[str, Callable[[CV], Callable[[], bytes]]]:
    others: dict[str, Callable[[CV], Callable[[], bytes]]] = {
        "WeasyPrint as it comes": _as_it_comes
    }
    if shutil.which("typst"):
        others["Typst (a process a job)"] = _typst
    if any(map(shutil.which, _CHROMIUM)):
        others["Chromium (a process a job)"] = _chromium
    return others
