"""Which addresses of the internet may be connected to."""

from __future__ import annotations

import pytest

from app.oauth.addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "2606:2800:220:1:248:1893:25c8:1946",
        "::ffff:93.184.216.34",
        "64:ff9b::808:808",
    ],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),  # noqa: S104
        *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1"),
        *("ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
        *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::"),
        *("192.0.0.8", "192.0.0.192", "192.88.99.1", "168.63.129.16", "::ffff:168.63.129.16"),
        *("64:ff9b::a83f:8110", "fec0::1", "3fff::1", "3fff:fff::1", "5f00::1", "::127.0.0.1"),
        *("::ffff:0:10.0.0.1", "100::1", "100:0:0:1::1", "2001:1::1", "2001:20::1", "4000::1"),
        *("localhost", "0x7f000001", "2130706433", "127.1", ""),
    ],
)
def test_an_address_of_a_network_is_not(address: str) -> None:
    assert not is_public(address)
