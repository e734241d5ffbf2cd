"""Modules that WeasyPrint imports for what a résumé almost never has, loaded when it has that.

A fifth of a render process would be these alone: fontTools makes variable faces static, and
subsets fonts where HarfBuzz can't; ours are static but for a few scripts, and HarfBuzz is there.
HTML that is not well-formed and fonts of web pages we have none of.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

MODULES = (
    "fontTools.subset",
    "fontTools.ttLib.woff2",
    "fontTools.varLib.instancer",
    "tinyhtml5",
)


@contextmanager
def imported_when_used() -> Iterator[None]:
    """Whoever imports MODULES meanwhile, for functions of theirs, loads them by the first call."""
    missing = [name for name in MODULES if name not in sys.modules]
    sys.modules.update({name: _Later(name) for name in missing})
    try:
        yield
    finally:
        for name in missing:
            _give_way(name)


class _Later(ModuleType):
    """Stands for a module of which only functions and classes are called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **named: Any) -> Any:
            _give_way(self.__name__)
            return getattr(import_module(self.__name__), name)(*arguments, **named)

        return call


def _give_way(name: str) -> None:
    if isinstance(sys.modules.get(name), _Later):
        del sys.modules[name]
