"""How much of a corpus the import finds: `python -m tests.importing.score [CORPUS] [NAME …]`.

CORPUS is one of `CORPORA`. Prints precision, recall and F1 by field, by the rules of `measure`;
`--files` adds the chief fields file by file, `--worst` what was missed and what was invented in
each; `--raise-floors` writes what was reached into floors.json where it is above what stands there.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from app.importing.document import Document
from app.importing.preview import Preview, Unreadable
from tests.importing.measure import Score, Truth, score

CORPUS = Path(__file__).with_name("corpus")
# What is `held` is scored once, then joins `opened`, on which the reader is tuned like on `open`;
# between one such set and the next there is none.
CORPORA = ("open", "opened", "held")
FLOORS = Path(__file__).with_name("floors.json")


def files(corpus: str) -> list[Path]:
    """The résumés of one of the `CORPORA`, in the order of their names; none if it isn't there."""
    folder = CORPUS / corpus
    return sorted(p for p in folder.glob("*") if p.suffix in {".pdf", ".docx"})


def truth_of(path: Path) -> Truth:
    return msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=Truth)


def document_of(path: Path) -> Document:
    """The lines of a file, as its format's reader gives them."""
    if path.suffix == ".pdf":
        from app.importing import pdf

        return pdf.read_document(path.read_bytes())
    from app.importing import docx

    return docx.read_docx(path.read_bytes())


def preview_of(path: Path) -> Preview:
    """The file through the whole reader. Raises `Unreadable`."""
    from app.importing import read

    return read.read_document(document_of(path), "pdf" if path.suffix == ".pdf" else "docx")


def score_file(path: Path) -> Score:
    try:
        preview = preview_of(path)
    except Unreadable:
        preview = Preview(format="pdf")
    return score(truth_of(path), preview)


def score_corpus(corpus: str, names: Sequence[str] = ()) -> Iterator[tuple[str, Score]]:
    for path in files(corpus):
        if not names or path.stem in names:
            yield path.stem, score_file(path)


def total(scores: Iterable[tuple[str, Score]]) -> Score:
    made = Score()
    for _, one in scores:
        made += one
    return made


def floors() -> dict[str, dict[str, float]]:
    """The least F1 of each field, by corpus."""
    known: dict[str, dict[str, float]] = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    return known


def raise_floors(corpus: str, reached: Score) -> None:
    """Lift each field's floor to what was reached, in whole hundredths."""
    known = floors()
    mine = known.setdefault(corpus, {})
    for name, count in reached.counts.items():
        if count.right + count.missed:
            mine[name] = max(mine.get(name, 0.0), math.floor(count.f1 * 100) / 100)
    FLOORS.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


def _table(title: str, reached: Score) -> Table:
    table = Table(title=title)
    table.add_column("field", no_wrap=True)
    for heading in ("precision", "recall", "F1", "right", "missed", "invented"):
        table.add_column(heading, justify="right")
    for name in sorted(name for name, count in reached.counts.items() if count.seen):
        count = reached.counts[name]
        table.add_row(
            name,
            *(f"{share:.2f}" for share in (count.precision, count.recall, count.f1)),
            *(str(number) for number in (count.right, count.missed, count.invented)),
        )
    return table


_KEY_FIELDS = (
    "profile: full_name",
    "experience",
    "experience: with dates",
    "education",
    "education: with dates",
    "skills",
    "languages",
)


def _file_table(scores: Sequence[tuple[str, Score]]) -> Table:
    table = Table(title="F1 by file")
    table.add_column("file", no_wrap=True)
    for name in _KEY_FIELDS:
        table.add_column(name.removeprefix("profile: "), justify="right")
    for name, one in scores:
        counts = [one.counts[field] for field in _KEY_FIELDS]
        table.add_row(name, *(f"{count.f1:.2f}" if count.seen else "" for count in counts))
    return table


def _print_worst(console: Console, name: str, one: Score) -> None:
    console.print(f"[bold]{name}[/bold]")
    for sign, style, wrong in (("-", "red", one.missed), ("+", "yellow", one.invented)):
        for field, text in wrong:
            console.print(f"  {sign} {field}: {text}", style=style, markup=False, soft_wrap=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Scores of the résumé reader, by field.")
    parser.add_argument("corpus", nargs="?", default="open", choices=CORPORA)
    parser.add_argument("names", nargs="*", help="files, without suffix; all if none is named")
    parser.add_argument("--worst", action="store_true", help="what was missed and invented")
    parser.add_argument("--files", action="store_true", help="the chief fields, file by file")
    parser.add_argument("--raise-floors", action="store_true", help="write floors.json")
    asked = parser.parse_args()
    console = Console(highlight=False, width=max(110, Console().width))
    scores = []
    for name, one in score_corpus(asked.corpus, [Path(n).stem for n in asked.names]):
        scores.append((name, one))
        if asked.worst:
            _print_worst(console, name, one)
    reached = total(scores)
    if asked.files:
        console.print(_file_table(scores))
    console.print(_table(f"{asked.corpus}: {len(scores)} files", reached))
    if asked.raise_floors and not asked.names:
        raise_floors(asked.corpus, reached)


if __name__ == "__main__":
    main()
