from __future__ import annotations

import sys
from pathlib import Path

import pytest

from workers import later

SELDOM = "vitae_seldom"


@pytest.fixture(autouse=True)
def _seldom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{SELDOM}.py").write_text("def double(number):\n    return 2 * number\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(later, "MODULES", (SELDOM,))
    monkeypatch.delitem(sys.modules, SELDOM, raising=False)


def test_a_module_is_loaded_when_a_function_of_it_is_called() -> None:
    with later.imported_when_used():
        from vitae_seldom import double  # type: ignore[import-not-found]
    assert SELDOM not in sys.modules
    assert double(4) == 8
    assert SELDOM in sys.modules


def test_a_module_that_is_used_at_once_is_loaded_at_once() -> None:
    with later.imported_when_used():
        import vitae_seldom

        assert vitae_seldom.double(number=4) == 8
        assert Path(sys.modules[SELDOM].__file__ or "").name == f"{SELDOM}.py"
    assert SELDOM in sys.modules


def test_a_module_that_is_there_already_is_left_alone() -> None:
    import vitae_seldom

    with later.imported_when_used():
        assert sys.modules[SELDOM] is vitae_seldom
    assert sys.modules[SELDOM] is vitae_seldom
