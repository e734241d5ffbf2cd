"""The directions in which modules may import each other (README, "How it is built")."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "schema", "resolvers", "rest_compat", "workers")

# The composition root, the command line and its parts stand above everything.
TOP = ("app.main", "app.cli", "app.commands", "app.install")


def _modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*.py")):
            parts = path.relative_to(PROJECT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path
    return found


MODULES = _modules()


def _imports(path: Path, *, runtime_only: bool = False) -> set[str]:
    """Our own modules that a file imports, wherever in it; without those for types alone."""
    found: set[str] = set()
    tree = ast.parse(path.read_text())
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if runtime_only and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            skipped.update(child for child in ast.walk(node))
        if runtime_only and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            skipped.update(child for child in ast.walk(node))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else node.module for name in names]
        else:
            continue
        found.update(name for name in names if name in MODULES)
    return found


def _is_top(module: str) -> bool:
    return any(module == top or module.startswith(top + ".") for top in TOP)


def _allowed(importer: str, imported: str) -> bool:
    if _is_top(importer):
        return True
    if _is_top(imported):
        return False
    target = imported.split(".")[0]
    is_type = imported == "schema.types" or imported.startswith("schema.types.")
    match importer.split(".")[0]:
        case "app":
            return target == "app"
        case "workers":
            return target in ("app", "workers")
        case "resolvers":
            return target in ("app", "resolvers") or is_type
        case "schema" if importer.startswith("schema.types"):
            return target == "app" or is_type
        case "schema":
            return target in ("app", "resolvers", "schema")
        case "rest_compat":
            return target in ("app", "schema", "rest_compat")
    return False


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_what_lies_below_it(module: str) -> None:
    forbidden = [name for name in _imports(MODULES[module]) if not _allowed(module, name)]
    assert forbidden == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: _imports(path, runtime_only=True) - {name} for name, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' → '.join(error.args[1])}")


def test_resolvers_know_neither_the_root_nor_operations() -> None:
    for module, path in MODULES.items():
        if module.startswith("resolvers"):
            assert not _imports(path) & {"schema.root", "schema.operation", "schema.graphql"}


def test_only_settings_reads_the_environment() -> None:
    # The command line hands the environment to Settings, and to the processes it starts.
    below = {name: path for name, path in MODULES.items() if not _is_top(name)}
    readers = [name for name, path in below.items() if _reads_environment(path)]
    assert readers == ["workers.fonts"]  # puts back what it sets for fontconfig


def _reads_environment(path: Path) -> bool:
    """Whether a file uses os.environ or os.getenv other than to set a variable for a library."""
    tree = ast.parse(path.read_text())
    written = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    return any(
        ast.unparse(node) in ("os.environ", "os.getenv") and node not in written
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    )


def test_schema_package_itself_is_empty() -> None:
    assert (PROJECT / "schema/__init__.py").read_text() == ""


def test_only_payments_speaks_to_stripe() -> None:
    speakers = [
        name
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Import) and node.names[0].name.split(".")[0] == "stripe")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "stripe")
    ]
    assert set(speakers) == {"app.payments"}


def test_private_strawberry_is_used_in_the_codec_only() -> None:
    users = [
        name
        for name, path in MODULES.items()
        if "strawberry.types.arguments" in path.read_text() or "._schema\n" in path.read_text()
    ]
    assert users == ["rest_compat.codec"]
