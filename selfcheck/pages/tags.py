"""Tags and texts of HTML in turn, by the tokenizer of the HTML standard, without a tree.

Time is linear in what is read, whatever that is. Python's own HTMLParser is neither linear (60 kB
of `<a ` took it 142 s, Python 3.11.7) nor without exceptions (`<![x`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

_B = r"\t\n\f\r "
# Never fails behind `<` and a letter, so nothing is read twice.
_TAG = (
    rf"(?P<end>/?)(?P<name>[a-zA-Z][^{_B}/>]*+)"
    rf"(?P<attributes>(?:[{_B}/]++|[^{_B}/>][^{_B}/>=]*+"
    rf"(?:[{_B}]*+=[{_B}]*+(?:\"[^\"]*+\"|'[^']*+'|[^{_B}\"'>][^{_B}>]*+)?+)?+)*+)(?P<closed>>|\Z)"
)
_NEXT = re.compile(rf"<(?:{_TAG}|(?P<comment>!--)|(?P<bogus>[!?/]))")
_ATTRIBUTE = re.compile(
    rf"([^{_B}/>][^{_B}/>=]*+)"
    rf"(?:[{_B}]*+=[{_B}]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^{_B}\"'>][^{_B}>]*+)?+))?+"
)
_SECTION = "<![CDATA["
_ROOM_FOR_MANY = 400
_COMMENT_END = re.compile(r"--!?>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SCRIPT_PARTS = re.compile(rf"<!--|-->|<(/?)script(?=[{_B}/>])", re.IGNORECASE)
RAW = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
)
_RAW_ENDS = {
    name: re.compile(rf"</{name}(?=[{_B}/>])", re.IGNORECASE) for name in RAW - {"plaintext"}
}
VOID = frozenset(
    (*("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img"),
     *("input", "keygen", "link", "meta", "param", "source", "track", "wbr"))
)  # fmt: skip


class Sink(Protocol):
    """Takes what stands in a page, in the document's order."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a start tag. Tags and the names of attributes are in lower case."""

    def end(self, tag: str) -> None:
        """Take an end tag, or the end of an element."""

    def text(self, text: str) -> None:
        """Take a piece of text."""


class Token(NamedTuple):
    """A tag, with its attributes as written, or a stretch of text where `name` is empty."""

    name: str = ""
    ends: bool = False
    written: str = ""  # the attributes, or the text
    raw: bool = False  # whether the text is that of an element in which nothing is markup
    cut: bool = False  # whether the page breaks off within the tag, which is none then


def tokens(text: str) -> Iterator[Token]:
    """Give tags and texts in turn; comments are passed over."""
    at, size = 0, len(text)
    while found := _NEXT.search(text, at):
        if found.start() > at:
            yield Token(written=text[at : found.start()])
        at = found.end()
        if found["comment"]:
            at = _behind_comment(text, at)
        elif found["bogus"]:
            if text.startswith(_SECTION, at - 2):
                yield Token(written=_SECTION, raw=True)  # in a drawing it would hide what follows
            at = text.find(">", at) + 1 or size
        elif not found["closed"]:
            yield Token(found["name"].lower(), written=found["attributes"], cut=True)
        else:
            name = found["name"].lower()
            ends = bool(found["end"])
            yield Token(name, ends, found["attributes"])
            if name in RAW and not ends:
                start, at = at, _raw_end(name, text, at)
                if at > start:
                    yield Token(written=text[start:at], raw=True)
    if at < size:
        yield Token(written=text[at:])


def walk(text: str, sink: Sink) -> None:
    """Hand a page's tags and texts to a sink."""
    for token in tokens(text):
        if not token.name:
            raw = token.raw
            sink.text(token.written if raw else plain(token.written))
        elif token.ends:
            sink.end(token.name)
        elif not token.cut:
            sink.start(token.name, attributes(token.written))


def attributes(written: str) -> dict[str, str]:
    """Read the attributes of a tag; of two with one name the first counts."""
    read: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(written):
        value = found[2] or found[3] or found[4] or ""
        read.setdefault(found[1].lower(), plain(value))
    return read


def count_attributes(written: str) -> int:
    """Count the attributes of a tag; none where there is no room for many."""
    return len(_ATTRIBUTE.findall(written)) if len(written) > _ROOM_FOR_MANY else 0


def plain(text: str) -> str:
    """Replace character references that end in a semicolon."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])


def _behind_comment(text: str, at: int) -> int:
    for empty in (">", "->"):
        if text.startswith(empty, at):
            return at + len(empty)
    found = _COMMENT_END.search(text, at)
    return found.end() if found else len(text)


def _raw_end(name: str, text: str, at: int) -> int:
    if name == "script":
        return _script_end(text, at)
    pattern = _RAW_ENDS.get(name)
    found = pattern.search(text, at) if pattern else None
    return found.start() if found else len(text)


def _script_end(text: str, at: int) -> int:
    """Find a script's end; within `<!-- <script>` an end tag ends the inner one only."""
    escaped = double = False
    while found := _SCRIPT_PARTS.search(text, at):
        at = found.end()
        part = found[0]
        if part == "<!--":
            escaped, at = True, (at if escaped else at - 2)  # `<!-->` is a whole comment
        elif part == "-->":
            escaped = double = False
        elif not found[1]:
            double = escaped
        elif not double:
            return found.start()
        else:
            double = False
    return len(text)
