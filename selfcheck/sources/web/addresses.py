"""One web address that a user typed or a page named: checked, and written one way.

Owns which addresses may be asked for at all. Where a host's name leads is checked when it
is connected to; no address is expanded, so one address is one request.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

PORTS = {"http": 80, "https": 443}
_LONGEST = 8192  # servers refuse longer ones; browsers stop at 2,000 to 80,000
# C0, DEL, C1, and what turns or hides text: none of them is ever meant in an address.
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NETLOC = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([^:]*))?")
_DIGITS = re.compile("[0-9]{1,5}")
_LAST_PORT = 65535
_LONGEST_NAME = 253  # of DNS
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# What curl and download tools expand: [1-9], [a-z:2], {a,b}, {1..9}, *.
_PATTERN = re.compile(r"\[\w+(?:-|\.\.)\w+(?::\d+)?\]|\{[^{}]*(?:,|\.\.)[^{}]*\}|\*")
# What browsers leave as it is (the WHATWG's URL Standard), without what they leave out of mercy.
_PATH_SAFE = "/%:@!$&'()*+,;=-._~[]|^"
_QUERY_SAFE = _PATH_SAFE + "?{}`"


class Fault(StrEnum):
    """Why an address is refused. The value is a sentence for people."""

    EMPTY = "there is no address"
    LONG = "the address is longer than 8,192 characters"
    CONTROL = "the address holds invisible characters"
    BACKSLASH = "the address holds a backslash"
    SCHEME = "only addresses that begin with http:// or https:// are asked for"
    USER = "the address holds a user name or password before an @; give it without"
    HOST = "the address names no host that can be looked up"
    SCOPE = "the address names an interface of this computer"
    PORT = "the address names a port that was not typed by you"
    PORT_NUMBER = "the address names a port that does not exist"
    PATTERN = "ranges and patterns are not expanded; give each address by itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that may be asked for, in the one form in which it is sent."""

    scheme: str
    host: str  # ASCII, lower case; an IPv6 address without brackets
    port: int
    target: str  # path and query

    @property
    def origin(self) -> tuple[str, str, int]:
        """Give scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def netloc(self) -> str:
        """Give the host as it stands in an address and in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def bare(self) -> str:
        """Give it without what stands behind the question mark."""
        return f"{self.scheme}://{self.netloc}{self.target.partition('?')[0]}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAddress:
    """Text that is no address to ask for, and why."""

    text: str
    fault: Fault


def typed(text: str) -> Address | NoAddress:
    """Check what a user typed; any port is allowed, ranges and patterns are not."""
    text = text.strip()
    if not text:
        return NoAddress(text=text, fault=Fault.EMPTY)
    # Brackets around an IPv6 host are no range: those hold colons between every two digits.
    if _PATTERN.search(text):
        return NoAddress(text=text, fault=Fault.PATTERN)
    return _checked(text, ports=None)


def named(text: str, *, by: Address) -> Address | NoAddress:
    """Check an address, relative ones included, that `by` names or redirects to.

    Ports are 80 and 443, and the one of `by` on the same host.
    """
    text = text.strip(" \t\r\n\f")
    if _CONTROL.search(text):  # urljoin would drop some of them without a word
        return NoAddress(text=text, fault=Fault.CONTROL)
    try:
        whole = urljoin(str(by), text)
    except ValueError:
        return NoAddress(text=text, fault=Fault.HOST)
    found = _checked(whole, ports=frozenset({(by.host, by.port)}))
    return NoAddress(text=text, fault=found.fault) if isinstance(found, NoAddress) else found


def _checked(text: str, *, ports: frozenset[tuple[str, int]] | None) -> Address | NoAddress:
    fault = _fault_of(text)
    if fault is not None:
        return NoAddress(text=text, fault=fault)
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that do not match, or a host that normalises to a slash
        return NoAddress(text=text, fault=Fault.HOST)
    place = _place(parts)
    if isinstance(place, Fault):
        return NoAddress(text=text, fault=place)
    host, port = place
    if ports is not None and port not in PORTS.values() and (host, port) not in ports:
        return NoAddress(text=text, fault=Fault.PORT)
    return Address(scheme=parts.scheme, host=host, port=port, target=_target(parts))


def _fault_of(text: str) -> Fault | None:
    if len(text) > _LONGEST:
        return Fault.LONG
    if _CONTROL.search(text):
        return Fault.CONTROL
    if "\\" in text:
        return Fault.BACKSLASH
    scheme = _SCHEME.match(text)
    if scheme is None or scheme[1].lower() not in PORTS:
        return Fault.SCHEME
    return None if text[scheme.end() :].startswith("//") else Fault.HOST


def _place(parts: SplitResult) -> tuple[str, int] | Fault:
    # Not `hostname` and `port`: before 3.11.10 those drop what stands behind a closing bracket.
    if "@" in parts.netloc:
        return Fault.USER
    found = _NETLOC.fullmatch(parts.netloc)
    if found is None:
        return Fault.HOST
    host, port = _host(found[1]), _port(parts.scheme, found[2])
    if isinstance(host, Fault):
        return host
    return port if isinstance(port, Fault) else (host, port)


def _host(name: str) -> str | Fault:
    if name.startswith("["):
        return Fault.SCOPE if "%" in name else _literal(name[1:-1])
    # A dot at the end says "from the root": the same host under a second name.
    name = name.removesuffix(".").lower()
    try:
        name = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except ValueError:  # idna's own error is one
        return Fault.HOST
    known = len(name) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, name.split(".")))
    return name if known else Fault.HOST


def _literal(text: str) -> str | Fault:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return Fault.HOST


def _port(scheme: str, text: str | None) -> int | Fault:
    if not text:
        return PORTS[scheme]
    port = int(text) if _DIGITS.fullmatch(text) else 0
    return port if 0 < port <= _LAST_PORT else Fault.PORT_NUMBER


def _target(parts: SplitResult) -> str:
    path = quote(parts.path, safe=_PATH_SAFE, errors="replace") or "/"
    query = quote(parts.query, safe=_QUERY_SAFE, errors="replace")
    return f"{path}?{query}" if query else path
