"""`./vitae bench render`: CPU time of rendering in a warm process, by template and length."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

from app.cv.normalise import TEMPLATES, normalise
from app.settings import PROJECT
from tests.bench.harness import print_table
from workers.render import render_pdf, warm

EXAMPLE: dict[str, Any] = json.loads((PROJECT / "app/cv/example.json").read_text())["cv_data"]


def longer(times: int) -> dict[str, Any]:
    """The example with its main entries repeated."""
    sections = {
        key: {**section, "items": section["items"] * times}
        if section["type"] == "main"
        else section
        for key, section in EXAMPLE["sections"].items()
    }
    return {**EXAMPLE, "sections": sections}


def main(rounds: int = 15) -> None:
    started = time.process_time()
    warm()
    cold = time.process_time() - started
    inputs = {
        (template, times): normalise({**longer(times), "template": template}).cv
        for template in TEMPLATES
        for times in (1, 6)
    }
    samples: dict[tuple[str, int], list[float]] = {key: [] for key in inputs}
    pages: dict[tuple[str, int], int] = {}
    for _ in range(rounds):  # in turn, so that what disturbs one disturbs all
        for key, cv in inputs.items():
            before = time.process_time()
            pages[key] = render_pdf(cv).pages
            samples[key].append((time.process_time() - before) * 1000)
    rows = [
        (template, str(pages[template, times]), f"{_median(taken):.0f}", f"± {_spread(taken):.0%}")
        for (template, times), taken in samples.items()
    ]
    print_table("Rendering, warm", ("template", "pages", "CPU ms", "spread"), rows)
    print(f"Warming a process: {cold * 1000:.0f} ms of CPU, once.")


def _median(samples: list[float]) -> float:
    return statistics.median(samples)


def _spread(samples: list[float]) -> float:
    low, middle, high = statistics.quantiles(samples, n=4)
    return (high - low) / 2 / middle
