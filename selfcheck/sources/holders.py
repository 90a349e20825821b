"""Mail, a page saved as one file or a web archive, opened up: its pictures as members of the tree.

Each is read once, front to back. What the headers tell, and the HTML of saved pages as it is,
goes into JSON documents beside the pictures ("inbox.mbox/messages-1.json"), so that an export's
reader finds it as it finds all else. No HTML is understood here.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import BinaryIO, TypeAlias

from selfcheck.model import Member, Skipped, Unreadable
from selfcheck.sources import mailboxes, names, singlefiles, warcs
from selfcheck.sources.inlined import Rest
from selfcheck.sources.messages import Enclosed, Message, WebPage, sent_at, take_apart
from selfcheck.sources.reading import Limits
from selfcheck.sources.warcs import PassedOver

Met: TypeAlias = tuple[Member, BinaryIO] | Skipped

# In a locator it stands behind the holder's own, and in no path of a file system.
INSIDE = "//"
# Messages in one document: some megabytes.
_MOST_TOLD = 5000
_MOST_ADDRESSES = 1000
# Of HTML as it is written into documents: what one holds, and what all of a source do.
_MOST_HTML = 4 << 20
_MOST_HTML_IN_ALL = 256 << 20
_PIECE = 1 << 20  # characters; a reader of JSON bounds a single text
_MHTML = re.compile(r"\.mht(?:ml)?$", re.IGNORECASE)
_WARC = re.compile(r"\.warc(\.gz)?$", re.IGNORECASE)
_ONE_MESSAGE = re.compile(r"\.(emlx?|mht(?:ml)?)$", re.IGNORECASE)
_LONGEST_NAME = 150


@dataclass(slots=True)
class HtmlRoom:
    """How much HTML a source's documents may still hold, so that other documents find room."""

    left: int = _MOST_HTML_IN_ALL


def open_up(holder: Member, file: BinaryIO, limits: Limits, room: HtmlRoom) -> Iterator[Met]:
    """Give the pictures of a holder, and last what its messages tell; trouble comes as Skipped."""
    opened = _Opened(holder=holder, limits=limits, room=room)
    try:
        with file:
            if _WARC.search(holder.path):
                yield from opened.web_archive(file)
            elif names.is_page(holder.path):
                yield from opened.single_file(file)
            elif ending := _ONE_MESSAGE.search(holder.path):
                counted = ending[1].lower() == "emlx"
                data = mailboxes.message(file, limits, counted=counted)
                yield from opened.message(b"", data, 0)
            else:
                yield from opened.mailbox(file)
    except Unreadable as trouble:
        yield Skipped(item=holder.shown, reason=trouble.reason, detail=trouble.detail)
    yield opened.document()


@dataclass(slots=True, kw_only=True)
class _Opened:
    """One holder on its way from front to back, and what it told so far."""

    holder: Member
    limits: Limits
    room: HtmlRoom
    told: list[dict[str, object]] = field(default_factory=list)
    delivered_to: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    pages: list[dict[str, object]] = field(default_factory=list)
    html: int = 0  # how much of it is in `pages`

    def mailbox(self, file: BinaryIO) -> Iterator[Met]:
        for ordinal, one in enumerate(mailboxes.messages(file, self.limits)):
            self.limits.bear(ordinal)
            if isinstance(one, Unreadable):
                yield self._skipped(f"message {ordinal + 1}", one)
            else:
                yield from self.message(*one, ordinal)
            if len(self.told) >= _MOST_TOLD:
                yield self.document()

    def message(self, separator: bytes, data: bytes, ordinal: int) -> Iterator[Met]:
        """Give one message's pictures, and remember what it tells of them."""
        folder = f"{self.holder.path}/{ordinal + 1}"
        stamp = zlib.crc32(data[:4096])  # a mailbox is packed anew, and numbers move
        found, addresses, pages = 0, list[tuple[str, ...]](), list[WebPage]()
        message = Message()
        try:
            is_page = _MHTML.search(self.holder.path) is not None
            message, enclosed = take_apart(data, self.limits, page=is_page)
            for picture in enclosed:
                if isinstance(picture, WebPage):
                    pages.append(picture)
                    continue
                found += 1
                addresses.append(picture.addresses)
                yield self._member(folder, f"{ordinal + 1}.{found}", found, picture, stamp)
        except Unreadable as trouble:
            yield self._skipped(f"message {ordinal + 1}", trouble)
        if message.delivered_to and len(self.delivered_to) < _MOST_ADDRESSES:
            self.delivered_to[message.delivered_to] += 1
        if found:
            date = message.date or sent_at(separator)
            named = {"pictures": addresses} if pages else {}
            self.told.append({"number": ordinal + 1, **asdict(message), "date": date, **named})
            for page in pages:
                yield from self.page(page, ordinal + 1)

    def web_archive(self, file: BinaryIO) -> Iterator[Met]:
        """Give the pictures of a web archive, each under a number of its own.

        What is passed over is an empty file there, named so that a rule knows it by its path.
        """
        ordinal = 0
        for one in warcs.pictures(file, self.limits):
            if isinstance(one, WebPage):
                yield from self.page(one)
                continue
            ordinal += 1
            self.limits.bear(ordinal)
            if isinstance(one, Unreadable):
                yield self._skipped(f"picture {ordinal}", one)
                continue
            folder = f"{self.holder.path}/{ordinal}"
            if isinstance(one, PassedOver):
                yield self._member(folder, f"{ordinal}.1", one.why, Enclosed(name=one.name), 0)
                continue
            yield self._member(folder, f"{ordinal}.1", 1, one, zlib.crc32(one.data[:4096]))
            self.told.append({"number": ordinal, **asdict(Message(page=one.addresses[0]))})
            if len(self.told) >= _MOST_TOLD:
                yield self.document()

    def single_file(self, file: BinaryIO) -> Iterator[Met]:
        """Give the pictures written into a page, each under a number of its own."""
        rest = Rest()
        page, pictures = singlefiles.read(file, self.limits, rest)
        broken: Unreadable | None = None
        try:
            for ordinal, one in enumerate(pictures, start=1):
                if isinstance(one, Unreadable):
                    yield self._skipped(f"picture {ordinal}", one)
                    continue
                picture = Enclosed(name=one.name, data=one.data)
                folder = f"{self.holder.path}/{ordinal}"
                yield self._member(folder, f"{ordinal}.1", 1, picture, zlib.crc32(one.data))
                named = {"pictures": [[one.address]]}
                self.told.append({"number": ordinal, **asdict(page), **named})
                if len(self.told) >= _MOST_TOLD:
                    yield self.document()
        except Unreadable as trouble:
            broken = trouble
        yield from self.page(WebPage(html=bytes(rest), address=page.page))
        if broken is not None:
            raise broken

    def page(self, page: WebPage, number: int = 0) -> Iterator[Met]:
        """Remember a page's HTML, of one message or (0) of all; what is too much is left out."""
        try:
            written, form = page.html.decode(), "utf-8"
        except UnicodeDecodeError:  # whoever reads it finds out what it is in
            written, form = page.html.decode("latin-1"), "latin-1"
        pieces = [written[at : at + _PIECE] for at in range(0, len(written), _PIECE)]
        size = len(json.dumps(pieces))
        if size > min(self.room.left, self.limits.document - _MOST_HTML):
            return
        if self.html + size > _MOST_HTML and self.pages:
            yield self.document()
        self.html += size
        self.room.left -= size
        told = {"number": number, "address": page.address, "charset": page.charset}
        self.pages.append({**told, "form": form, "html": pieces})

    def document(self) -> tuple[Member, BinaryIO]:
        """Give what was told since the last document, as the next one."""
        self.documents += 1
        addresses = [{"address": a, "messages": n} for a, n in sorted(self.delivered_to.items())]
        told = {"messages": self.told, "delivered_to": addresses}
        data = json.dumps(told | ({"pages": self.pages} if self.pages else {})).encode()
        self.told, self.delivered_to, self.pages, self.html = [], Counter(), [], 0
        path = f"{self.holder.path}/messages-{self.documents}.json"
        return self._made(path, f"messages-{self.documents}", data, 0)

    def _member(
        self, folder: str, locator: str, number: int | str, picture: Enclosed, stamp: int
    ) -> tuple[Member, BinaryIO]:
        # One file name, whatever is in it: folders in a name would lead out of the message.
        name = names.matching(re.sub(r"[/\\]", "_", picture.name))[-_LONGEST_NAME:]
        return self._made(f"{folder}/{number} {name}", locator, picture.data, stamp)

    def _made(self, path: str, locator: str, data: bytes, stamp: int) -> tuple[Member, BinaryIO]:
        member = Member(
            part=self.holder.part,
            locator=f"{self.holder.locator}{INSIDE}{locator}",
            path=path,
            shown=path,
            size=len(data),
            stamp=stamp,
        )
        return member, io.BytesIO(data)

    def _skipped(self, item: str, trouble: Unreadable) -> Skipped:
        detail = trouble.detail
        return Skipped(item=f"{self.holder.shown}/{item}", reason=trouble.reason, detail=detail)
