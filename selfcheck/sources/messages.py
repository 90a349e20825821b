"""One MIME message, a mail or a page saved as MHTML: its pictures, and what its headers tell.

Owns the bounds within which a message is taken apart. Whose message it is, is known in `exports`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import getaddresses, parsedate_to_datetime

from selfcheck.model import Reason, Unreadable
from selfcheck.sources import inlined
from selfcheck.sources.reading import Limits

# Real mail nests five deep. The parser tries every line at every level: so many tries are 20 s.
_MOST_BOUNDARIES = 200
_MOST_TRIES = 200_000_000
_MOST_FORWARDED = 50
# The parser makes an object of each line and each part: gigabytes of what is nothing but ends.
_MOST_LINES = 2_500_000  # the largest message in base64 has 1.7 million
_MOST_PARTS = 20_000
_LONGEST_HEADER = 2000  # characters of one header that are told
_PICTURE = re.compile(
    r"\.(jpe?g|png|gif|webp|heic|heif|avif|bmp|tiff?|mp4|mov|m4v|3gp|avi|mkv|webm)$", re.IGNORECASE
)
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_WRITTEN = _PAGES | {"text/css"}
# What the standard library raises over headers and bodies that are made up.
_BROKEN = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    OverflowError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A picture in a message: its name there, its bytes, and how a saved page names it."""

    name: str
    data: bytes = b""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """The HTML of a saved page, its address, and the charset that was told with it."""

    html: bytes
    address: str = ""
    charset: str = ""


def named_like_picture(name: str) -> bool:
    """Say whether a name ends like that of a picture or film."""
    return _PICTURE.search(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the headers of a message tell; empty or None where they do not."""

    sender: str = ""
    address: str = ""  # the sender's
    subject: str = ""
    date: str = ""  # ISO 8601, with an offset where one is told
    people: int = 0  # addresses of sender and receivers, each once
    labels: str = ""
    delivered_to: str = ""
    mailing_list: bool = False
    page: str = ""  # the web address of a saved page


def take_apart(
    data: bytes, limits: Limits, *, page: bool = False
) -> tuple[Message, Iterator[Enclosed | WebPage]]:
    """Parse a message; its pictures are decoded one by one. Raises Unreadable, also on the way.

    Of a saved page (`page`, or its headers say so) its HTML is given too.
    """
    lowered = data.lower()
    boundaries, forwarded = lowered.count(b"boundary="), lowered.count(b"message/rfc822")
    lines = lowered.count(b"\n")
    tries = boundaries * lines
    if lines > _MOST_LINES or lowered.count(b"\n--") > _MOST_PARTS:
        raise Unreadable(Reason.HOSTILE, "a message of more lines or parts than any has")
    if boundaries > _MOST_BOUNDARIES or forwarded > _MOST_FORWARDED or tries > _MOST_TRIES:
        raise Unreadable(Reason.HOSTILE, "a message within a message, and so on without end")
    del lowered
    try:
        parsed = message_from_bytes(data)
        message = _headers(parsed)
        return message, _enclosed(parsed, limits, page=page or bool(message.page))
    except _BROKEN as error:
        raise Unreadable(Reason.DAMAGED, "a message that cannot be taken apart") from error


def _headers(parsed: Parsed) -> Message:
    people = [*_addresses(parsed, "From"), *_addresses(parsed, "To", "Cc", "Bcc")]
    sender = next(iter(_addresses(parsed, "From")), ("", ""))
    delivered = next(iter(_addresses(parsed, "Delivered-To")), ("", ""))
    return Message(
        sender=sender[0],
        address=sender[1],
        subject=_text(parsed, "Subject"),
        date=_date(parsed),
        people=len({address for _, address in people}),
        labels=_text(parsed, "X-Gmail-Labels"),
        delivered_to=delivered[1],
        mailing_list="List-Id" in parsed,
        page=_page(parsed),
    )


def _enclosed(parsed: Parsed, limits: Limits, *, page: bool) -> Iterator[Enclosed | WebPage]:
    seen: set[bytes] = set()
    try:
        count = 0
        for part in parsed.walk():
            rest = inlined.Rest() if page and part.get_content_type() in _PAGES else None
            for picture in _of_part(part, limits, seen, rest):
                count += 1
                if count > limits.enclosed:
                    detail = f"it holds more than {limits.enclosed} pictures"
                    raise Unreadable(Reason.HOSTILE, detail)
                yield picture
            if rest and (html := bytes(rest)):
                address = next(iter(_addresses_of(part)), "")
                charset = part.get_content_charset() or ""
                yield WebPage(html=html, address=address, charset=charset)
    except _BROKEN as error:
        raise Unreadable(Reason.DAMAGED, "a message that cannot be taken apart") from error


def _of_part(
    part: Parsed, limits: Limits, seen: set[bytes], rest: inlined.Rest | None
) -> Iterator[Enclosed]:
    """Give the picture that a part is, or those that a page or its styles hold in their text."""
    name = _name(part)
    if part.is_multipart():
        return
    # Pasted pictures have no name, attached ones often no type.
    if part.get_content_maintype() in {"image", "video"} or named_like_picture(name):
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            name = name or f"picture.{part.get_content_subtype()}"
            yield Enclosed(name=name, data=data, addresses=_addresses_of(part))
    elif part.get_content_type() in _WRITTEN:
        data = part.get_payload(decode=True)
        written = inlined.cut(data) if isinstance(data, bytes) else ()
        for one in inlined.pictures(written, limits, seen, rest):
            if isinstance(one, Unreadable):
                raise one
            yield Enclosed(name=one.name, data=one.data, addresses=(one.address,))


def _addresses_of(part: Parsed) -> tuple[str, ...]:
    """Give the addresses by which the page around a part names it (RFC 2557)."""
    known = _text(part, "Content-ID").strip("<> ")
    found = (_text(part, "Content-Location"), f"cid:{known}" if known else "")
    return tuple(address for address in found if address)


def _text(parsed: Parsed, name: str) -> str:
    """Decode a header (RFC 2047); what cannot be decoded stays as it is."""
    return _decoded(next(iter(_raw(parsed, name)), ""))


def _raw(parsed: Parsed, *names: str) -> list[str]:
    # What `get` gives has lost the bytes that nobody said the encoding of.
    wanted = {name.lower() for name in names}
    return [str(value) for key, value in parsed.raw_items() if key.lower() in wanted]


def _decoded(raw: str) -> str:
    written = raw[:_LONGEST_HEADER]
    with suppress(*_BROKEN):
        # Bytes that nobody said the encoding of come as lone surrogates: nearly always UTF-8.
        written = written.encode("utf-8", "surrogateescape").decode(errors="replace")
        written = str(make_header(decode_header(written)))
    return " ".join(written.split())


def _name(part: Parsed) -> str:
    # Written raw, encoded (RFC 2047) or split into pieces with a charset (RFC 2231).
    try:
        return _decoded(part.get_filename() or "")
    except _BROKEN:
        return ""


def _addresses(parsed: Parsed, *names: str) -> list[tuple[str, str]]:
    found = getaddresses([one[:_LONGEST_HEADER] for one in _raw(parsed, *names)])
    return [(_decoded(name), address.casefold()) for name, address in found if "@" in address]


def _date(parsed: Parsed) -> str:
    """Give when it was sent; else when the last server took it."""
    received = _text(parsed, "Received").rpartition(";")[2]
    for written in (_text(parsed, "Date"), received):
        try:
            return parsedate_to_datetime(written.strip()).isoformat()
        except _BROKEN:
            continue
    return ""


def _page(parsed: Parsed) -> str:
    """Give a saved page's address: Chrome writes it in front, others on the page itself."""
    if front := _text(parsed, "Snapshot-Content-Location"):
        return front
    if parsed.get_content_type() != "multipart/related" or _addresses(parsed, "From", "To"):
        return ""
    html = (part for part in parsed.walk() if part.get_content_type() == "text/html")
    return next((_text(part, "Content-Location") for part in html), "")


def sent_at(line: bytes) -> str:
    """Read the time in the line between two messages of a mailbox: "From 12@xxx Mon Jan 02 …"."""
    words = line.decode("ascii", "replace").split(maxsplit=2)
    for form in ("%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y"):
        try:
            return datetime.strptime(words[2].strip(), form).isoformat()  # noqa: DTZ007
        except (ValueError, IndexError):
            continue
    return ""
