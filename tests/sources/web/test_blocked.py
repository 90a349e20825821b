"""No address of this computer, its network or nobody is connected to, however it is written."""

from __future__ import annotations

import pytest

from selfcheck.sources.web.blocked import is_blocked, parsed


def blocked(text: str, *, private_allowed: bool = False) -> bool:
    address = parsed(text)
    assert address is not None
    return is_blocked(address, private_allowed=private_allowed)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",  # forgotten by imgproxy once, CVE-2025-24354
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::7f00:1",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
    ],
)
def test_an_address_that_is_not_public_is_blocked(text: str) -> None:
    assert blocked(text)


@pytest.mark.parametrize(
    "text", ["fe80::1%eth0", "2606:4700::1%1", "host", "", "127.1", "1.2.3.4.5"]
)
def test_what_has_a_scope_or_is_no_address_is_none(text: str) -> None:
    assert parsed(text) is None


@pytest.mark.parametrize(
    "text",
    ["8.8.8.8", "93.184.215.14", "172.32.0.1", "192.0.1.1", "168.63.129.17", "2606:4700::1111"],
)
def test_a_public_address_is_not_blocked(text: str) -> None:
    assert not blocked(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::ffff:192.168.1.1",
        "64:ff9b::c0a8:101",
        "2002:c0a8:101::",
        "fe80::1",
        "fd00:ec2::254",
        "ff02::1",
    ],
)
def test_allowing_private_networks_opens_nothing_else(text: str) -> None:
    assert blocked(text, private_allowed=True)


@pytest.mark.parametrize(
    "text", ["192.168.1.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "::1", "fd12:3456::1", "8.8.8.8"]
)
def test_allowing_private_networks_opens_these(text: str) -> None:
    assert not blocked(text, private_allowed=True)
