"""What is stored compressed, and who gets it so."""

from __future__ import annotations

import gzip

import pytest

from rest_compat.stored import Stored, takes_gzip


@pytest.mark.parametrize(
    "value",
    ["gzip", "GZIP", "deflate, gzip, br", "gzip;q=0.5", "gzip; q=1", "*", "x-gzip", "br,*;q=0.1"],
)
def test_gzip_is_taken_when_it_is_named_or_all_is(value: str) -> None:
    assert takes_gzip(value)


@pytest.mark.parametrize(
    "value", ["", "br", "identity", "gzip;q=0", "gzip; q=0.0", "*;q=0", "*, gzip;q=0", "gzip;q=x"]
)
def test_gzip_is_not_taken_when_it_is_absent_or_refused(value: str) -> None:
    assert not takes_gzip(value)


def test_what_gets_no_smaller_is_not_compressed() -> None:
    assert Stored.of(b"short", "text/plain").compressed is None


def test_the_same_bytes_are_stored_alike_in_every_process() -> None:
    body = b"again and again " * 100
    one, other = Stored.of(body, "text/plain"), Stored.of(body, "text/plain")
    assert one == other
    assert one.compressed is not None
    assert gzip.decompress(one.compressed) == body
