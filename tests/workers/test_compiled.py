from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workers import compiled

RENDER = """
import hashlib
from workers import compiled
if {plain}:
    compiled.uninstall()
from tests.workers.samples import TEMPLATES, WRITTEN, dense, example, unruly, written_in
from workers.render import render_pdf
from weasyprint.layout import block
cvs = [make(template) for template in TEMPLATES for make in (example, unruly)]
cvs += [dense("original", 9), *(written_in("business", each) for each in sorted(WRITTEN))]
for cv in cvs:
    print(hashlib.sha256(render_pdf(cv).pdf).hexdigest())
print(block.__file__.endswith(".py"))
"""


def rendered(plain: bool) -> list[str]:
    """The digests of a corpus, and whether a module of WeasyPrint was one of Python."""
    done = subprocess.run(
        [sys.executable, "-c", RENDER.format(plain=plain)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.skipif(compiled.count() == 0, reason="nothing is compiled here: ./vitae compile")
def test_compiled_modules_give_the_same_files() -> None:
    *theirs, plain = rendered(plain=True)
    *ours, compiled_too = rendered(plain=False)
    assert (plain, compiled_too) == ("True", "False")
    assert ours == theirs


def test_without_a_compiler_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(compiled.NotCompiled, match="apt-get install -y gcc"):
        compiled.build()


def test_modules_of_another_release_are_not_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = compiled._folder()
    compiled._folder.cache_clear()
    another = tmp_path / "compiling.lock"
    another.write_text("cython==0")
    monkeypatch.setattr(compiled, "LOCK", another)
    assert compiled._folder() != before
    assert compiled.Finder.find_spec("weasyprint.matrix") is None
    compiled._folder.cache_clear()
