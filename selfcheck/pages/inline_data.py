"""Images that a page holds itself, as `data:` addresses (RFC 2397)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from selfcheck.pages.values import LeftOut

LEAST = 2 << 10
MOST = 10 << 20
_HEAD = re.compile(r"\s*+data:image/([\w.+-]{1,60})((?:;[^,;]{0,200}){0,10}),", re.IGNORECASE)
_BASE64 = re.compile(r";\s*base64\s*\Z", re.IGNORECASE)
_BLANKS = {ord(blank): None for blank in "\t\n\f\r "}


@dataclass(frozen=True, slots=True)
class Inline:
    """The bytes of an image, and the kind that is said of it: "jpeg"."""

    kind: str
    data: bytes


def is_data(address: str) -> bool:
    """Say whether an address holds its own bytes."""
    return address[:40].lstrip()[:5].lower() == "data:"


def is_image(address: str) -> bool:
    """Say whether an address holds the bytes of an image."""
    return address[:40].lstrip()[:11].lower() == "data:image/"


def decode(address: str) -> Inline | LeftOut:
    """Decode an image of 2 KiB to 10 MiB, or say why not."""
    head = _HEAD.match(address)
    if head is None:
        return LeftOut.NO_WEB_ADDRESS
    kind = head[1].lower()
    if kind.startswith("svg"):
        return LeftOut.DRAWING
    try:
        data = _bytes(address[head.end() :], encoded=_BASE64.search(head[2]) is not None)
    except (binascii.Error, ValueError):
        return LeftOut.BROKEN_DATA
    if len(data) < LEAST:
        return LeftOut.SMALL_DATA
    return LeftOut.LARGE_DATA if len(data) > MOST else Inline(kind, data)


def _bytes(written: str, *, encoded: bool) -> bytes:
    plain = unquote_to_bytes(written.partition("#")[0])
    if not encoded:
        return plain
    # Browsers forgive blanks and missing padding, and nothing else.
    digits = plain.decode("ascii").translate(_BLANKS).rstrip("=")
    return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
