"""`vitae parse`."""

from __future__ import annotations

import json

from tests.bench.harness import PROJECT
from tests.programs import vitae

CORPUS = PROJECT / "tests/importing/corpus/open"


def test_parse_prints_the_preview_of_a_file() -> None:
    done = vitae("parse", str(CORPUS / "en_student_jake.pdf"))
    assert done.returncode == 0
    preview = json.loads(done.stdout)
    assert preview["profile"]["full_name"] == "Jonas Varga"


def test_parse_explains_stage_by_stage() -> None:
    for name in ("en_student_jake.pdf", "en_accountant_word.docx"):
        done = vitae("parse", str(CORPUS / name), "--explain")
        assert done.returncode == 0
        for stage in ("Lines (", "Sections (", "Entries", "Fields"):
            assert any(line.startswith(stage) for line in done.stdout.splitlines()), stage


def test_parse_says_why_a_file_can_not_be_read() -> None:
    done = vitae("parse", str(PROJECT / "README.md"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "(unknown_format)" in done.stderr
    missing = vitae("parse", "no-such-file.pdf")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
