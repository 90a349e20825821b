"""Pictures that are written into a text itself, as `data:` addresses (RFC 2397), as a stream.

Owns how they are found and decoded, and the bounds of that. HTML and CSS are looked through as
bytes: an address may stand in an attribute, a style sheet or a script, and looks alike in all.
Drawings (SVG) show nobody: they are looked through like the text, and are no pictures themselves.
"""

from __future__ import annotations

import binascii
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from selfcheck.model import Reason, Unreadable
from selfcheck.sources.reading import BLOCK, Limits

_LONGEST_REST = 10 << 20  # bytes of a text; more is read of no page
_NOTHING = b"data:,"
_START = re.compile(rb"[dD][aA][tT][aA]:(?=[iIvV][mMiI][aAdD][gGeE][eEoO]/)")
_HEAD = re.compile(
    rb"data:(?P<kind>(?:image|video)/[\w.+-]{1,60})(?P<more>[^,<>\"'()]{0,200}),", re.IGNORECASE
)
_LONGEST_HEAD = 300
_BASE64 = re.compile(rb";\s*base64\s*\Z", re.IGNORECASE)
# Lines may be folded and indented, but a blank alone ends it: "AAAA 2x" in a srcset.
_WRITTEN = rb"(?:[A-Za-z0-9+/=]++|%[0-9A-Fa-f]{2}|[\r\n][\r\n\t ]*+)*+"
_DATA = re.compile(_WRITTEN)
_FOLDED_DATA = re.compile(rb"[\r\n\t ]*+" + _WRITTEN)
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_OTHERS = bytes(set(range(256)) - set(_ALPHABET))
_BLANKS = (b"\r", b"\n", b"\t", b" ")
# What ends an address that is not in base64 depends on the sign in front of it.
_UNTIL = {
    b'"': re.compile(rb"[^\"<>\\\s]*+"),
    b"'": re.compile(rb"[^'<>\\\s]*+"),
}
_UNTIL_ANY = re.compile(rb"[^\"'<>()\\\s]*+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inlined:
    """A picture that a text holds: its bytes, and the address that stands for them in the rest."""

    kind: str  # "jpeg"
    data: bytes
    address: str

    @property
    def name(self) -> str:
        """Give it a file name; in the text it has none."""
        return f"picture.{self.kind}"


class Rest:
    """A text without the pictures in it, 10 MiB of it at most; an address stands for each."""

    def __init__(self) -> None:
        self._text = bytearray()

    def __bytes__(self) -> bytes:
        return bytes(self._text)

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        self._text += piece[: _LONGEST_REST - len(self._text)]


def cut(data: bytes) -> Iterator[bytes]:
    """Cut a text that is held into chunks: decoding one takes several times its size."""
    return (data[at : at + BLOCK] for at in range(0, len(data), BLOCK))


def pictures(
    chunks: Iterable[bytes],
    limits: Limits,
    seen: set[bytes] | None = None,
    rest: Rest | None = None,
) -> Iterator[Inlined | Unreadable]:
    """Give each distinct picture once, Unreadable in place of one that is too large.

    `seen` are those met before, in other parts of the same page; `rest` takes the text around
    them. Holds one picture and a chunk. Raises Unreadable(HOSTILE) past the limits, and what the
    chunks raise.
    """
    text = _Text(iter(chunks), rest)
    yield from _pictures(text, limits, set() if seen is None else seen, within=True)
    text.finish()


def _pictures(
    text: _Text, limits: Limits, seen: set[bytes], *, within: bool
) -> Iterator[Inlined | Unreadable]:
    count = 0
    while text.find():
        count += 1
        if count > limits.inlined * limits.inlined_again:
            raise Unreadable(Reason.HOSTILE, f"more than {count - 1} pictures in the text itself")
        head = text.head()
        if head is None:
            continue
        kind = head["kind"].decode("ascii", "replace").lower().partition("/")[2]
        drawing = kind.startswith("svg")
        if drawing and not _BASE64.search(head["more"]):
            continue  # a drawing is text like the rest: what it holds is met next
        data = text.data(limits.message, encoded=_BASE64.search(head["more"]) is not None)
        if isinstance(data, Unreadable):
            text.put(_NOTHING)
            yield data
        elif drawing or not data:
            text.put(_NOTHING)
            if within:
                yield from _pictures(_Text(cut(data)), limits, seen, within=False)
        else:
            digest = hashlib.blake2b(data, digest_size=16)
            address = f"https://picture.invalid/{digest.hexdigest()}.{kind}"
            text.put(address.encode())
            if _new(digest.digest(), seen, limits):
                yield Inlined(kind=kind, data=data, address=address)


def _new(digest: bytes, seen: set[bytes], limits: Limits) -> bool:
    if digest in seen:
        return False
    if len(seen) >= limits.inlined:
        raise Unreadable(Reason.HOSTILE, f"it holds more than {limits.inlined} pictures")
    seen.add(digest)
    return True


class _Text:
    """A stretch of the text, and a place in it; what is far behind is let go."""

    def __init__(self, chunks: Iterator[bytes], rest: Rest | None = None) -> None:
        self._chunks = chunks
        self._rest = rest
        self._held = b""
        self._at = 0
        self._given = 0  # up to here it was given to the rest, or left out of it
        self._start = 0  # where the address begins whose head was read
        self._before = b""  # the sign in front of it

    def find(self) -> bool:
        """Go on to where the next address may begin; False at the end."""
        while True:
            if found := _START.search(self._held, self._at):
                self._at = found.start()
                return True
            # The last bytes may be the beginning of one.
            self._at = max(self._at, len(self._held) - len("data:image/"))
            if not self._more():
                return False

    def head(self) -> re.Match[bytes] | None:
        """Read what stands in front of an address's comma; None where it is no address."""
        self._ahead(_LONGEST_HEAD)
        head = _HEAD.match(self._held, self._at)
        self._before = self._held[max(self._at - 1, 0) : self._at]
        self._start = self._at
        self._at = head.end() if head else self._at + len("data:")
        return head

    def data(self, most: int, *, encoded: bool) -> bytes | Unreadable:
        """Read and decode an address's data to its end, wherever that is."""
        decoder = _Decoder(most, encoded=encoded)
        plain = _UNTIL.get(self._before, _UNTIL_ANY)
        self._give(self._start)
        folded = False  # whether an indentation may go on at the beginning of a stretch
        while True:
            pattern = (_FOLDED_DATA if folded else _DATA) if encoded else plain
            found = pattern.match(self._held, self._at)
            assert found is not None, "it may be empty"
            decoder.add(found[0])
            folded = found[0].endswith(_BLANKS) or (folded and not found[0])
            self._at = self._given = found.end()
            # "%2" at the end of what is held may go on as "%2B".
            if len(self._held) - self._at > len("%2") or not self._more():
                return decoder.end()

    def put(self, piece: bytes) -> None:
        """Give the rest something in the place of the address that was read last."""
        if self._rest is not None:
            self._rest.add(piece)

    def finish(self) -> None:
        """Give the rest what is left."""
        self._give(len(self._held))

    def _give(self, end: int) -> None:
        if end > self._given:
            if self._rest is not None:
                self._rest.add(self._held[self._given : end])
            self._given = end

    def _ahead(self, count: int) -> None:
        while len(self._held) - self._at < count and self._more():
            pass

    def _more(self) -> bool:
        chunk = next(self._chunks, b"")
        kept = max(self._at - 1, 0)
        self._give(kept)
        self._held = self._held[kept:] + chunk
        self._at -= kept
        self._given -= kept
        return bool(chunk)


class _Decoder:
    """Decodes base64 or percent signs piece by piece, and holds no more than it may."""

    def __init__(self, most: int, *, encoded: bool) -> None:
        self._most = most
        self._encoded = encoded
        self._found = io.BytesIO()
        self._rest = b""
        self._ended = False

    def add(self, piece: bytes) -> None:
        """Take the next piece; in base64 one that cuts no "%2B" in two."""
        if not self._encoded:
            piece = self._rest + piece
            cut = piece.find(b"%", max(len(piece) - len("%2"), 0))
            self._rest = piece[cut:] if cut >= 0 else b""
            self._keep(unquote_to_bytes(piece.removesuffix(self._rest)))
        elif not self._ended and self._found.tell() <= self._most:
            if b"%" in piece:
                piece = unquote_to_bytes(piece)
            # A sign of padding is the end, whatever follows.
            piece, padding, _ = piece.translate(None, _OTHERS).partition(b"=")
            self._ended = bool(padding)
            piece = self._rest + piece
            whole = len(piece) // 4 * 4
            self._rest = piece[whole:]
            self._keep(binascii.a2b_base64(piece[:whole]))

    def end(self) -> bytes | Unreadable:
        """Give all of it; of one that breaks off, what there is."""
        if self._encoded and len(self._rest) > 1:
            self._keep(binascii.a2b_base64(self._rest + b"=="))
        if self._found.tell() > self._most:
            return Unreadable(Reason.TOO_LARGE, f"more than {self._most} bytes")
        return self._found.getvalue()

    def _keep(self, data: bytes) -> None:
        if self._found.tell() <= self._most:
            self._found.write(data)
