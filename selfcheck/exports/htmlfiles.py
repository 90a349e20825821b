"""HTML documents of any size, as a stream of the elements somebody asked for.

Exports write one file of many megabytes, so a whole tree is never held; broken markup is read as
far as it makes sense, and nothing raises for what a document holds.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Generic, TypeAlias, TypeVar

from selfcheck.exports.reading import BeyondLimits, Reading
from selfcheck.model import Unreadable

_BLOCK = 256 << 10
_DEEPEST = 200
_MOST = 200_000  # elements and texts of one block
_LONGEST = 4 << 20  # characters between two tags: each block is searched again from there on
_MOST_TEXT = 4 << 20  # characters of one wanted element
# A picture written into the page, which nobody asks for: Facebook's have millions of characters.
_INLINED = re.compile(r"(;base64,)[A-Za-z0-9+/=%]{1000,}")
_VOID = frozenset(
    (*("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
     *("param", "source", "track", "wbr"))
)  # fmt: skip
_ENDS_LINE = re.compile(r"</(?:p|div|li|h\d|blockquote|pre)\s*>", re.IGNORECASE)
_BREAK = r"<br>\g<0>"
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
# What platforms write besides UTF-8, by the name that a document gives.
_CHARSETS = {"windows-1251": "cp1251", "windows-1252": "cp1252", "iso-8859-1": "cp1252"}

Found = TypeVar("Found")

# Whether an element is to be given, by its tag and its attributes.
Wanted: TypeAlias = Callable[[str, Mapping[str, str]], bool]


@dataclass(slots=True)
class Element:
    """An element with what is in it. Tags and the names of attributes are in lower case."""

    tag: str
    attributes: Mapping[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """Give the names in its `class`."""
        return frozenset(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """Give all its text; a line break for `<br>`, blanks as they stand in the file."""
        return "".join(
            child if isinstance(child, str) else ("\n" if child.tag == "br" else child.text)
            for child in self.children
        )

    def walk(self) -> Iterator[Element]:
        """Yield it and every element in it, in the document's order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, tag: str | None = None, class_: str | None = None) -> Iterator[Element]:
        """Yield the elements in it of a tag, of a class, or both."""
        return (
            one
            for one in self.walk()
            if one is not self
            and (tag is None or one.tag == tag)
            and (class_ is None or class_ in one.classes)
        )

    def first(self, tag: str | None = None, class_: str | None = None) -> Element | None:
        """Give the first of what `find` yields."""
        return next(self.find(tag, class_), None)


def blocks(reading: Reading, wanted: Wanted) -> Iterator[Element]:
    """Yield the outermost wanted elements; one that the file breaks off in is given as it is."""
    yield from _read(reading, _Parser(wanted))


def flow(reading: Reading) -> Iterator[Element | str]:
    """Yield the start tags, each without what is in it, and the texts between them, in order.

    For documents that write one thing after the other and put no element around it.
    """
    yield from _read(reading, _Flow())


def _read(reading: Reading, parser: _Reader[Found]) -> Iterator[Found]:
    try:
        with reading.open() as stream:
            decoder = None
            while block := stream.read(_BLOCK):
                decoder = decoder or _decoder(block)
                parser.feed(decoder.decode(block))
                yield from parser.taken()
        parser.close()
    except (Unreadable, OSError, EOFError, BeyondLimits) as error:
        reading.tell(error)
    parser.end()
    yield from parser.taken()


def plain(markup: str) -> str | None:
    """Give the text of a fragment, such as a post in a JSON document; None for a blank one."""
    parser = _Parser(lambda _tag, _attributes: True)
    try:
        parser.feed(f"<text>{_ENDS_LINE.sub(_BREAK, markup)}")
        parser.close()
    except BeyondLimits:
        pass
    parser.end()
    return "".join(block.text for block in parser.taken()).strip() or None


class _Reader(HTMLParser, Generic[Found]):
    """Hands over what it found as it goes by, within limits."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[Found] = []
        self._held = 0  # characters that were read and wait for what follows

    def taken(self) -> list[Found]:
        """Hand over what is complete."""
        done, self._done = self._done, []
        return done

    def end(self) -> None:
        """Take what was left open as complete."""

    def feed(self, data: str) -> None:
        """Read on; raise BeyondLimits inside a text or a tag that does not end."""
        # A tag that waits for its end waits at `;base64,`, so that what follows goes as well.
        self.rawdata = _INLINED.sub(r"\1", self.rawdata + data)
        super().feed("")
        if len(self.rawdata) + self._held > _LONGEST:
            raise BeyondLimits("one text or tag of more than 4 million characters")

    def close(self) -> None:
        """Take the text before a tag that does not end; Python's tries each `<` up to the end."""
        rest, self.rawdata = self.rawdata.partition("<")[0], ""
        if rest:
            self.handle_data(rest if self.cdata_elem else html.unescape(rest))

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 -- its own
        """End `<!-->` where browsers do: Python's (3.11) looks on for another end."""
        if self.rawdata.startswith("<!-->", i):
            return i + len("<!-->")
        return super().parse_comment(i, report)

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 -- its own
        """Pass over `<![anything`, at which Python's parser raises AssertionError (3.11)."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)


class _Parser(_Reader[Element]):
    """Builds the wanted elements and drops everything else."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__()
        self._wanted = wanted
        self._open: list[Element] = []
        self._counted = 0
        self._characters = 0

    def end(self) -> None:
        """Take what was left open as closed."""
        if self._open:
            self._done.append(self._open[0])
            self._open.clear()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, of a wanted one or in one."""
        attributes = {name: value or "" for name, value in reversed(attrs)}
        if not self._open and not self._wanted(tag, attributes):
            return
        element = Element(tag, attributes)
        self._add(element)
        if tag in _VOID:
            if not self._open:
                self._done.append(element)
        elif len(self._open) >= _DEEPEST:
            raise BeyondLimits(f"nested deeper than {_DEEPEST} levels")
        else:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element of that tag, and what is open in it."""
        depth = next((i for i in reversed(range(len(self._open))) if self._open[i].tag == tag), -1)
        if depth >= 0:
            closed = self._open[depth]
            del self._open[depth:]
            if not self._open:
                self._done.append(closed)
                self._counted = self._characters = 0

    def handle_data(self, data: str) -> None:
        """Keep the text of a wanted element."""
        if self._open:
            self._characters += len(data)
            if self._characters > _MOST_TEXT:
                raise BeyondLimits("one element of more than 4 million characters")
            self._add(data)

    def _add(self, child: Element | str) -> None:
        if self._open:
            self._counted += 1
            if self._counted > _MOST:
                raise BeyondLimits(f"one element that holds more than {_MOST} others")
            self._open[-1].children.append(child)


class _Flow(_Reader[Element | str]):
    """Gives tags and texts as they come; a text ends where a tag starts."""

    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """End the text before it."""
        self.end()
        self._done.append(Element(tag, {name: value or "" for name, value in reversed(attrs)}))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 -- HTMLParser's
        """End the text in it."""
        self.end()

    def handle_data(self, data: str) -> None:
        """Keep a text until it ends: it comes in pieces."""
        self._text.append(data)
        self._held += len(data)

    def end(self) -> None:
        """Take the text so far as whole."""
        if self._text:
            self._done.append("".join(self._text))
            self._text.clear()
            self._held = 0


def _decoder(start: bytes) -> codecs.IncrementalDecoder:
    """Decode as the document says it is written (VK's are in windows-1251), else UTF-8."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return codecs.getincrementaldecoder("utf-16")(errors="replace")
    said = _CHARSET.search(start[:2048])
    name = said[1].decode("ascii").lower() if said else ""
    return codecs.getincrementaldecoder(_CHARSETS.get(name, "utf-8-sig"))(errors="replace")
