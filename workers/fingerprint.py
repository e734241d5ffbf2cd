"""What a PDF is made of besides its CV: the fingerprint of all that renders.

Equal fingerprints and equal CVs give equal bytes. It is wide on purpose: a change anywhere in our
code or in what is installed makes it another, and then a PDF is merely rendered once more.
"""

from __future__ import annotations

import ctypes
import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import msgspec

from app.cv.model import CV

_PROJECT = Path(__file__).resolve().parents[1]
_FOLDERS = ("app", "workers")
_UNREAD = ("*/__pycache__/*", "*.so", "*.pyc")  # machine code of the same sources
# Each with a function without arguments that tells its version, and its names on Linux and macOS.
_LIBRARIES = (
    ("pango_version_string", "libpango-1.0.so.0", "libpango-1.0.dylib"),
    ("hb_version_string", "libharfbuzz.so.0", "libharfbuzz.dylib"),
    ("hb_version_string", "libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"),
)


def render_digest(cv: CV) -> bytes:
    """What the PDF of `cv` is known by before it is made: SHA-256 of the CV and the fingerprint."""
    return hashlib.sha256(fingerprint() + msgspec.json.encode(cv)).digest()


@cache
def fingerprint() -> bytes:
    """SHA-256 of our files, of what is installed, and of the libraries below it."""
    digest = hashlib.sha256()
    for part in (*_machine(), *_installed(), *_libraries()):
        digest.update(part.encode() + b"\n")
    for file in _files():
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(_PROJECT).as_posix()} {content}\n".encode())
    return digest.digest()


def _machine() -> tuple[str, ...]:
    return platform.system(), platform.machine(), platform.python_version()


def _installed() -> list[str]:
    return sorted(f"{each.name}=={each.version}" for each in distributions())


def _libraries() -> Iterator[str]:
    for function, *names in _LIBRARIES:
        yield next(filter(None, (_version(function, name) for name in names)), "absent")


def _version(function: str, name: str) -> str:
    """Name and version of a library; "" where there is none."""
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return ""
    if (told := getattr(library, function, None)) is None:
        return name
    told.restype = ctypes.c_char_p
    return f"{name} {told().decode()}"


def _files() -> list[Path]:
    return sorted(
        file
        for folder in _FOLDERS
        for file in (_PROJECT / folder).rglob("*")
        if file.is_file() and not any(file.match(pattern) for pattern in _UNREAD)
    )
