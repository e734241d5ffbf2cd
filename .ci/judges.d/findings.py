"""A judge's report as lines that stay the same from run to run: `findings.py JUDGE REPORT …`.

One finding a line, and last a line `note: …` that says how much was looked at, where it is known.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_STANDARDS = {"pdfua": "PDF/UA-1", "pdfa": "PDF/A-3a"}


def load(path: str) -> Any:
    return json.loads(Path(path).read_text())


def spectral(report: str, document: str) -> Iterator[str]:
    for found in load(report):
        place = "/".join(str(key) for key in found["path"])
        yield f"{found['code']} at {place}: {found['message']}"
    yield _operations(document)


def redocly(report: str, document: str) -> Iterator[str]:
    for found in load(report)["problems"]:
        place = found["location"][0].get("pointer", "").replace("~1", "/")
        yield f"{found['ruleId']} at {place.removeprefix('#/')}: {found['message']}"
    yield _operations(document)


def validator(*reports: str) -> Iterator[str]:
    """Findings alone: how many pages there were, no report of this one says."""
    for report in reports:
        for found in load(report)["messages"]:
            place = found.get("url", "").rpartition("/")[2]
            yield f"{place}: {found.get('subType', found['type'])}: {found['message']}"


def schemathesis(*reports: str) -> Iterator[str]:
    requests = 0
    found: set[str] = set()
    for path in reports:
        report = load(path)
        requests += report["test_cases"]["generated"]
        for failure in report["failures"]:
            for operation in failure["operations"]:
                found.add(f"{failure['code']} {failure['title']}: {operation}")
        found |= {" ".join(json.dumps(error).split()) for error in report["errors"]}
        if not report["complete"]:
            found.add(f"stopped early: {report['stop_reason']}")
    yield from sorted(found)
    yield f"note: {requests} requests in {len(reports)} runs"


def pdf(pdfua: str, outloud: str, verapdf: str, spoilt: str, folder: str) -> Iterator[str]:
    """Three judges of the PDFs of a folder; of `pdfua`, whose report is one object after the other.

    `spoilt` is what veraPDF says of those that are, and must say; our own checks must say the same.
    """
    text, files = Path(pdfua).read_text(), 0
    while text := text.lstrip():
        report, end = json.JSONDecoder().raw_decode(text)
        text, files = text[end:], files + 1
        for found in report["findings"]:
            yield f"pdfua {Path(report['file']).name}: {found['rule_id']}: {found['message']}"
    for report in load(outloud)["results"]:
        if report["error"]:
            yield f"outloud {Path(report['path']).name}: {report['error']}"
        for found in report["findings"]:
            if found["severity"] != "info":
                yield f"outloud {Path(report['path']).name}: {found['rule']}: {found['message']}"
    said = Path(verapdf).read_text().splitlines()
    yield from said
    wrong, ours = load(f"{folder}/spoilt/wrong.json"), load(f"{folder}/ours.json")
    found = _broken(said + Path(spoilt).read_text().splitlines())
    for name, standards in wrong.items():
        if found.get(name, []) != standards:
            yield f"verapdf {name}: breaks {standards}, but found is {found.get(name, [])}"
    for name, standards in ours.items():
        if found.get(name, []) != standards:
            yield f"ours {name}: breaks {standards}, but veraPDF finds {found.get(name, [])}"
    yield f"note: {files} PDFs, and {len(wrong)} of which judges must see what is spoilt"


def _broken(lines: list[str]) -> dict[str, list[str]]:
    """The standards that veraPDF finds broken, by the names of files."""
    found: dict[str, set[str]] = {}
    for line in lines:
        name, _, told = line.removeprefix("verapdf ").partition(": ")
        known = {key for key, words in _STANDARDS.items() if told.startswith(words)}
        found.setdefault(name, set()).update(known)
    return {name: sorted(standards) for name, standards in found.items()}


def _operations(document: str) -> str:
    return f"note: {sum(len(item) for item in load(document)['paths'].values())} operations"


if __name__ == "__main__":
    judge, *files = sys.argv[1:]
    for line in globals()[judge](*files):
        print(line)
