"""Which network addresses are never connected to: this computer's, its network's, nobody's.

Owns the list. Pure functions of one address; who asks, and when, is `connecting`'s business.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

Ip: TypeAlias = IPv4Address | IPv6Address
_Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]


def _networks(*texts: str) -> _Networks:
    return tuple(ipaddress.ip_network(text) for text in texts)


# An explicit list and not `is_global` alone: Python 3.11.7 calls global what leads to this
# computer through NAT64 and 6to4, multicast, site-local and 192.0.0.8 (IANA's registries of
# special-purpose addresses, as of 2026-11). IPv6 addresses that carry an IPv4 address (mapped,
# compatible, NAT64, Teredo, 6to4) are blocked whole, so what they carry need not be looked at.
_BLOCKED = _networks(
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",  # carriers; 100.100.100.200 answers with a cloud machine's secrets
    "127.0.0.0/8",
    "169.254.0.0/16",  # 169.254.169.254 does, too
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "168.63.129.16/32",  # a cloud's own services, in the midst of public addresses
    "::/8",  # mapped and compatible
    "64:ff9b::/96",  # NAT64
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",  # Teredo
    "2001:db8::/32",
    "2002::/16",  # 6to4
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
)
# What a user may allow for a host of their own: home, company and overlay networks, this computer.
_ALLOWABLE = _networks(
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
)
_SECRETS = _networks("100.100.100.200/32", "fd00:ec2::254/128")


def parsed(text: str) -> Ip | None:
    """Read an address as a resolver writes it; None for what is none, or has a scope."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    scoped = isinstance(address, IPv6Address) and address.scope_id is not None
    return None if scoped else address


def is_blocked(address: Ip, *, private_allowed: bool = False) -> bool:
    """Say whether an address must not be connected to.

    `private_allowed` opens the networks that people run themselves, never addresses that
    carry others, are nobody's, or hand out a cloud machine's secrets.
    """
    if private_allowed and _within(address, _ALLOWABLE):
        return _within(address, _SECRETS)
    # Newer Pythons know what the registries added after this list; IPv6 is public in 2000::/3 only.
    return _within(address, _BLOCKED) or address.is_reserved or not address.is_global


def _within(address: Ip, networks: _Networks) -> bool:
    return any(address in network for network in networks if network.version == address.version)
