"""Text from archives and pages made safe at output: terminal, CSV, links.

HTML is escaped by the template engine; `safe` goes before it there too.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# Characters that reorder what is displayed: a name ending in U+202E "gpj.exe" reads "exe.jpg".
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = frozenset("\t\n\x0b\x0c\r\x85\u2028\u2029")
# What a spreadsheet takes for the start of a formula, in its full-width forms too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# A spreadsheet's cell ends at 32,767 characters.
_CELL = 32_000
# Longer addresses than this are refused by browsers and servers alike.
_ADDRESS = 8_000
_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)


def safe(text: str, limit: int = 300) -> str:
    """Make untrusted text harmless to display, at most `limit` characters long.

    Line breaks become spaces, characters that reorder text are dropped, every other
    control character, lone surrogate and invisible tag becomes U+FFFD.
    """
    # Cut before the work: a caption may be megabytes long.
    cleaned = "".join(map(_harmless, text[: 4 * limit]))
    if len(cleaned) <= limit and len(text) <= 4 * limit:
        return cleaned
    return cleaned[: limit - 1] + "…"


def for_terminal(text: str, limit: int = 300) -> str:
    """Make untrusted text harmless in rich markup, at most `limit` characters shown."""
    from rich.markup import escape

    return escape(safe(text, limit))


def for_csv(text: str) -> str:
    """Make untrusted text harmless in a spreadsheet's cell: no formula, no control character."""
    cleaned = safe(text, _CELL)
    return f"'{cleaned}" if cleaned.lstrip().startswith(_FORMULA) else cleaned


def address(url: str) -> str | None:
    """Give a web address that is fit for a link, or None for anything else.

    Only http and https with a plain host survive; user names in front of the host, which
    serve to make one site look like another, do not. The result is ASCII (RFC 3986).
    """
    if len(url) > _ADDRESS:
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.encode("idna").decode("ascii") if parts.netloc else ""
        port = parts.port
        rest = "".join(map(_quoted, ("", "?", "#"), (parts.path, parts.query, parts.fragment)))
    except ValueError:  # a UnicodeError, from what cannot be written in ASCII, is one too
        return None
    name = host.removesuffix(f":{port}") if port is not None else host.removesuffix(":")
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(name):
        return None
    return f"{parts.scheme}://{host}{rest}"


def _quoted(mark: str, text: str) -> str:
    return mark + quote(text, safe="/?:@!$&'()*+,;=~%") if text else ""


def _harmless(character: str) -> str:
    if character in _SPACES:
        return " "
    if character in _BIDI:
        return ""
    category = unicodedata.category(character)
    # Cf holds the joiners of emoji and of Indic scripts as well, so only tags go.
    if category in {"Cc", "Cs"} or "\U000e0000" <= character <= "\U000e007f":
        return "\ufffd"
    return character
