"""Which addresses are of the public internet, and not of a network that this server stands in."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

# Translators carry these to the IPv4 address in their last 32 bits (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")
# All of IPv6 that is given out; what lies outside of it is some network's own, or nobody's.
_UNICAST = IPv6Network("2000::/3")
# Older Pythons call these global: IANA's registries of addresses for special purposes say not.
_SPECIAL = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments; some clouds keep metadata there
    IPv4Network("192.88.99.0/24"),  # relays from 6to4
    IPv4Network("168.63.129.16/32"),  # the host of a machine in Azure
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)


def is_public(address: str) -> bool:
    """Whether `address` is of the public internet, whatever form it is written in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return _is_public(parsed)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if address in _TRANSLATED:
            return _is_public(IPv4Address(address.packed[-4:]))
        if address not in _UNICAST or address.scope_id:
            return False
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )
