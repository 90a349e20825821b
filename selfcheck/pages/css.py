"""The images that style sheets and `style` attributes name: `url()` and `image-set()`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.pages.srcset import Candidate

_QUOTED = r"\"[^\"\\\n]*+(?:\\[\s\S][^\"\\\n]*+)*+\"|'[^'\\\n]*+(?:\\[\s\S][^'\\\n]*+)*+'"
_BARE = r"[^\"'()\\\s]*+(?:\\[\s\S][^\"'()\\\s]*+)*+"
_URL = rf"url\(\s*+(?:({_QUOTED})|({_BARE}))\s*+\)"
_PLACE = re.compile(rf"(?P<set>(?:-webkit-)?image-set\()|(?P<url>{_URL})", re.IGNORECASE)
_CHOICE = re.compile(
    rf"(?:{_URL}|({_QUOTED}))\s*+(?:type\([^)]{{0,100}}\)\s*+)?"
    r"(?:(\d{1,3}(?:\.\d{1,4})?)(x|dppx|dpi)\b)?",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[\s]?|\n|([\s\S]))")
_NO_IMAGE = ("@import", "@namespace", "src:", "src :")
_NO_IMAGE_ENDS = re.compile(r"\.(?:woff2?|ttf|otf|eot|css)(?=\Z|[?#])", re.IGNORECASE)
_BEFORE = 200
_MOST = 20_000  # places of one sheet that are looked at
_LONGEST_SET = 8000


def images(text: str) -> Iterator[list[Candidate]]:
    """Give each image, as the choices that there are of it; fonts and sheets are none."""
    at, count = 0, 0
    while count < _MOST and (found := _PLACE.search(text, at)):
        count += 1
        at = found.end()
        if _declares(text, found.start()).startswith(_NO_IMAGE):
            continue
        if found["set"]:
            end = _closing(text, at)
            yield list(_choices(text[at:end]))
            at = end
        elif (address := _plain(found[3] or found[4] or "")) and not _NO_IMAGE_ENDS.search(address):
            yield [Candidate(address)]


def _choices(text: str) -> Iterator[Candidate]:
    for found in _CHOICE.finditer(text):
        address = _plain(found[1] or found[2] or found[3] or "")
        if not address or text[max(found.start() - 5, 0) : found.start()].lower() == "type(":
            continue
        density = float(found[4]) / (96 if found[5].lower() == "dpi" else 1) if found[4] else None
        yield Candidate(address, None, density)


def _declares(text: str, at: int) -> str:
    """Give the declaration that a place stands in, up to there."""
    before = text[max(at - _BEFORE, 0) : at]
    return before[max(map(before.rfind, ";{}")) + 1 :].lstrip().lower()


def _closing(text: str, at: int) -> int:
    """Find the parenthesis that ends a set, within bounds."""
    depth, last = 1, min(len(text), at + _LONGEST_SET)
    for place in range(at, last):
        if text[place] == "(":
            depth += 1
        elif text[place] == ")":
            depth -= 1
            if not depth:
                return place
    return last


def _plain(written: str) -> str:
    if written[:1] in {'"', "'"}:
        written = written[1:-1]
    return _ESCAPE.sub(_character, written).strip() if "\\" in written else written.strip()


def _character(escape: re.Match[str]) -> str:
    if not escape[1]:
        return escape[2] or ""
    code = int(escape[1], 16)
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code < 0xE000 or not code else chr(code)  # noqa: PLR2004 -- Unicode's
