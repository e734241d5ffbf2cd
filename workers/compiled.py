"""The hot modules of WeasyPrint as machine code, where `./vitae compile` has made it.

Optional: a compiler is needed once, and the files that come of it are the same to the byte. They
lie in `.venv`, below a name that holds the digest of what they were made from, so those of another
release are never loaded.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path

LOCK = Path(__file__).with_name("compiling.lock")
MODULES = (
    *(f"layout.{name}" for name in ("background", "block", "float", "inline", "leader", "min_max")),
    *(f"layout.{name}" for name in ("absolute", "page", "percent", "table")),
    *("formatting_structure.boxes", "formatting_structure.build"),
    *("draw.border", "draw.color", "draw.text"),
    *("text.line_break", "css.computed_values", "css.functions"),
    *("stacking", "anchors", "matrix", "pdf.stream", "pdf.tags"),
)
_SETTINGS = """\
import sys
sys.path.insert(0, "tools")
from setuptools import Extension, setup
from Cython.Build import cythonize
setup(script_args=["build_ext", "--build-lib=out"], ext_modules=cythonize(
    [Extension(name, [path], extra_compile_args=["-O2", "-g0"]) for name, path in {sources!r}],
    compiler_directives={{"language_level": "3", "annotation_typing": False}}))
"""


class NotCompiled(Exception):
    """Why there is no machine code; the message says what is missing."""


class Finder:
    """Finds compiled modules before those that are not."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, _: object = None
    ) -> ModuleSpec | None:
        if not name.startswith("weasyprint.") or not (folder := _folder()).is_dir():
            return None
        file = folder / f"{name}{EXTENSION_SUFFIXES[0]}"
        if not file.exists():
            return None
        return spec_from_file_location(name, file, loader=ExtensionFileLoader(name, str(file)))


def install() -> None:
    """Have imports of WeasyPrint find what is compiled; call it before the first of them."""
    if Finder not in sys.meta_path:
        sys.meta_path.insert(0, Finder)


def uninstall() -> None:
    """Have later imports find what is installed."""
    sys.meta_path.remove(Finder)


def count() -> int:
    """How many modules are compiled for the release that is installed."""
    return len(list(_folder().glob(f"*{EXTENSION_SUFFIXES[0]}")))


def build() -> int:
    """Compile, in place of what was compiled before; how many modules. Raises NotCompiled."""
    if not shutil.which("cc"):
        raise NotCompiled("There is no C compiler. On Debian: sudo apt-get install -y gcc")
    with tempfile.TemporaryDirectory(prefix="vitae-compile-") as name:
        scratch = Path(name)
        sources = [(f"weasyprint.{module}", _copied(module, scratch)) for module in MODULES]
        (scratch / "setup.py").write_text(_SETTINGS.format(sources=sources), encoding="utf-8")
        pip = (sys.executable, "-m", "pip", "install", "-q", "--only-binary", ":all:")
        _run(*pip, "--require-hashes", "-r", str(LOCK), "--target", "tools", folder=scratch)
        _run(sys.executable, "setup.py", folder=scratch)
        remove()
        _folder().mkdir(parents=True)
        for module in MODULES:
            (made,) = (scratch / "out" / "weasyprint").glob(f"{module.replace('.', '/')}.*")
            shutil.copy(made, _folder() / f"weasyprint.{module}{EXTENSION_SUFFIXES[0]}")
    return len(MODULES)


def remove() -> None:
    """Go back to what is installed."""
    shutil.rmtree(_folder().parent, ignore_errors=True)


def _copied(module: str, scratch: Path) -> str:
    # In a tree of their own: a C file beside the installed source would outlive this.
    source = _source(module)
    copy = scratch / "src" / "weasyprint" / source.relative_to(_package())
    copy.parent.mkdir(parents=True, exist_ok=True)
    for folder in (copy.parent, *copy.parent.relative_to(scratch / "src").parents):
        (scratch / "src" / folder / "__init__.py").touch()
    shutil.copy(source, copy)
    return str(copy.relative_to(scratch))


def _run(*command: str, folder: Path) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotCompiled("\n".join((done.stdout + done.stderr).strip().splitlines()[-5:]))


@cache
def _folder() -> Path:
    """Where the compiled modules of the installed release are."""
    digest = hashlib.sha256("\n".join((sys.version, *MODULES)).encode() + LOCK.read_bytes())
    for module in MODULES:
        digest.update(_source(module).read_bytes())
    return Path(sys.prefix, "compiled", digest.hexdigest()[:16])


def _source(module: str) -> Path:
    return _package() / f"{module.replace('.', '/')}.py"


@cache
def _package() -> Path:
    spec = find_spec("weasyprint")
    if spec is None or spec.origin is None:
        raise NotCompiled("WeasyPrint is not installed.")
    return Path(spec.origin).parent
