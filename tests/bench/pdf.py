"""`./vitae bench pdf`: what a PDF costs, by template and length, beside what others need.

CPU time, because it is what differs least between a busy machine and an idle one. Each contender
has a process to itself, warmed by a first render, and is used as `tests/bench/contenders.py` says.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import psutil

from app.cv.model import CV
from app.cv.normalise import TEMPLATES, normalise
from app.settings import PROJECT
from tests.bench.contenders import Make, installed
from tests.bench.harness import print_table

EXAMPLE: dict[str, Any] = json.loads((PROJECT / "app/cv/example.json").read_text())["cv_data"]
TIMES = (1, 5, 13, 25, 73)  # the main entries of the example
_OF_A_SECTION = 20  # entries: what is more is told in further sections
_ROUNDS = 7


class Measured(NamedTuple):
    """What one contender needed: milliseconds of CPU of its first and later renders, megabytes."""

    pages: int
    cold: float
    warm: list[float]
    resident: float


def longer(times: int) -> dict[str, Any]:
    """The example with its main entries repeated."""
    sections = dict(EXAMPLE["sections"])
    for key, section in EXAMPLE["sections"].items():
        if section["type"] == "main":
            items = section["items"] * times
            for part, at in enumerate(range(0, len(items), _OF_A_SECTION)):
                some = items[at : at + _OF_A_SECTION]
                sections[f"{key}_{part}" if part else key] = {**section, "items": some}
    return {**EXAMPLE, "sections": sections}


def main(rounds: int = _ROUNDS) -> None:
    rows = []
    for template in TEMPLATES:
        for times in TIMES if template == "original" else TIMES[:2]:
            rows.append((template, *_row(_apart(_ours, template, times, rounds))))
    for name, contender in installed().items():
        for times in TIMES[:2]:
            rows.append((name, *_row(_apart(contender, "original", times, rounds))))
    columns = ("", "pages", "cold ms", "warm ms", "a page", "spread", "MB")
    print_table("PDFs: CPU time and resident memory", columns, rows)


def _row(measured: Measured) -> tuple[str, ...]:
    low, middle, high = statistics.quantiles(measured.warm, n=4)
    return (
        str(measured.pages),
        f"{measured.cold:.0f}",
        f"{middle:.0f}",
        f"{middle / measured.pages:.0f}",
        f"± {(high - low) / 2 / middle:.0%}",
        f"{measured.resident:.0f}",
    )


def _apart(contender: Callable[[CV], Make], template: str, times: int, rounds: int) -> Measured:
    """Measure in a process that nothing was imported in before."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (contender, template, times, rounds))


def _measure(contender: Callable[[CV], Make], template: str, times: int, rounds: int) -> Measured:
    cv = normalise({**longer(times), "template": template}).cv
    spent = _cpu()
    render = contender(cv)
    pdf = render()
    cold, warm = (_cpu() - spent) * 1000, []
    for _ in range(rounds):
        spent = _cpu()
        render()
        warm.append((_cpu() - spent) * 1000)
    resident = psutil.Process().memory_info().rss
    if children := psutil.Process().children(recursive=True):
        resident = sum(map(_memory, children))
    return Measured(_pages(pdf), cold, warm, resident / 1e6)


def _memory(child: psutil.Process) -> int:
    """What a process takes of its own, and its part of what it shares."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return int(child.memory_full_info().pss)
    return 0


def _cpu() -> float:
    """Seconds of CPU of this process and of all below it, also of those that have ended."""
    spent = time.process_time()
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            spent += times.user + times.system + times.children_user + times.children_system
    return spent


def _pages(pdf: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def _ours(cv: CV) -> Make:
    """As in a render process, whose collector of garbage is tuned for it."""
    from workers import render_process

    render_process.warm("workers.render")
    request = msgspec.json.encode(cv)
    return lambda: render_process.answer(request)[render_process.PAGES.size :]
