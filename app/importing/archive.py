"""A ZIP archive from a stranger, opened within limits; its names are never used as paths."""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.importing.preview import Unreadable

MOST_ENTRIES = 2_000
MOST_INFLATED = 100 * 1024 * 1024  # bytes of all parts that are read, together
_MOST_DIRECTORY = 1024 * 1024  # bytes of the list of entries, which is read as a whole
_CHUNK = 64 * 1024
_ENCRYPTED = 0x1

_END = b"PK\x05\x06"
_END_SIZE = 22
_MOST_COMMENT = 65_535


class Archive:
    """An open archive. What is inflated is counted over all calls of `read`."""

    def __init__(self, data: bytes) -> None:
        """Raises Unreadable: `damaged`, or `too_large` for too many entries."""
        if _directory_size(data) > _MOST_DIRECTORY:
            raise _too_many_entries()
        try:
            self._zip = ZipFile(io.BytesIO(data))
        except (BadZipFile, ValueError, NotImplementedError, EOFError, struct.error) as error:
            raise _damaged() from error
        self.entries: list[ZipInfo] = self._zip.infolist()
        if len(self.entries) > MOST_ENTRIES:
            raise _too_many_entries()
        self._left = MOST_INFLATED

    def read(self, entry: ZipInfo) -> bytes:
        """The inflated bytes of one entry.

        Raises Unreadable: `encrypted`; `too_large` when all that was read exceeds
        `MOST_INFLATED`, whatever sizes the archive declares; `damaged`.
        """
        if entry.flag_bits & _ENCRYPTED:
            raise Unreadable("encrypted", "The archive is protected by a password; unpack it.")
        inflated = bytearray()
        try:
            with self._zip.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise Unreadable(
                            "too_large", f"Inflated, the file has over {MOST_INFLATED >> 20} MB."
                        )
                    inflated += chunk
        except (BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError) as error:
            # RuntimeError and its NotImplementedError are what zipfile says of methods it lacks.
            raise _damaged() from error
        return bytes(inflated)


def _directory_size(data: bytes) -> int:
    """The declared bytes of the central directory, found where `zipfile` looks for it."""
    at = len(data) - _END_SIZE
    if at < 0 or not (data[at : at + 4] == _END and data[-2:] == b"\0\0"):
        at = data.rfind(_END, max(0, len(data) - _END_SIZE - _MOST_COMMENT))
    if at < 0 or at + _END_SIZE > len(data):
        raise _damaged()
    size: int = struct.unpack_from("<L", data, at + 12)[0]
    return size


def _too_many_entries() -> Unreadable:
    return Unreadable("too_large", f"An archive may have {MOST_ENTRIES:,} files.")


def _damaged() -> Unreadable:
    return Unreadable("damaged", "The file is damaged or was not sent whole.")
