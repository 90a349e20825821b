"""A file of mail, a saved page or a web archive, opened up: its pictures as members of the tree.

Each is read once, front to back. What the headers tell goes into JSON documents beside the
pictures ("inbox.mbox/messages-1.json"), so that an export's reader finds it as it finds all else.
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
from selfcheck.sources import mailboxes, names, warcs
from selfcheck.sources.messages import Enclosed, Message, sent_at, take_apart
from selfcheck.sources.reading import Limits

Met: TypeAlias = tuple[Member, BinaryIO] | Skipped

# In a locator it stands behind the holder's own, and in no path of a file system.
INSIDE = "//"
# Messages in one document: some megabytes.
_MOST_TOLD = 5000
_MOST_ADDRESSES = 1000
_WARC = re.compile(r"\.warc(\.gz)?$", re.IGNORECASE)
_ONE_MESSAGE = re.compile(r"\.(emlx?|mht(?:ml)?)$", re.IGNORECASE)
_LONGEST_NAME = 150


def open_up(holder: Member, file: BinaryIO, limits: Limits) -> Iterator[Met]:
    """Give the pictures of a holder, and last what its messages tell; trouble comes as Skipped."""
    opened = _Opened(holder=holder, limits=limits)
    try:
        with file:
            if _WARC.search(holder.path):
                yield from opened.web_archive(file)
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
    told: list[dict[str, object]] = field(default_factory=list)
    delivered_to: Counter[str] = field(default_factory=Counter)
    documents: int = 0

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
        found = 0
        message = Message()
        try:
            message, enclosed = take_apart(data, self.limits)
            for picture in enclosed:
                found += 1
                yield self._member(folder, f"{ordinal + 1}.{found}", found, picture, stamp)
        except Unreadable as trouble:
            yield self._skipped(f"message {ordinal + 1}", trouble)
        if message.delivered_to and len(self.delivered_to) < _MOST_ADDRESSES:
            self.delivered_to[message.delivered_to] += 1
        if found:
            date = message.date or sent_at(separator)
            self.told.append({"number": ordinal + 1, **asdict(message), "date": date})

    def web_archive(self, file: BinaryIO) -> Iterator[Met]:
        """Give the pictures of a web archive, each under a number of its own."""
        for ordinal, one in enumerate(warcs.pictures(file, self.limits), start=1):
            self.limits.bear(ordinal)
            if isinstance(one, Unreadable):
                yield self._skipped(f"picture {ordinal}", one)
                continue
            folder = f"{self.holder.path}/{ordinal}"
            yield self._member(folder, f"{ordinal}.1", 1, one, zlib.crc32(one.data[:4096]))
            self.told.append({"number": ordinal, **asdict(Message(page=one.address))})
            if len(self.told) >= _MOST_TOLD:
                yield self.document()

    def document(self) -> tuple[Member, BinaryIO]:
        """Give what was told since the last document, as the next one."""
        self.documents += 1
        addresses = [{"address": a, "messages": n} for a, n in sorted(self.delivered_to.items())]
        data = json.dumps({"messages": self.told, "delivered_to": addresses}).encode()
        self.told, self.delivered_to = [], Counter()
        path = f"{self.holder.path}/messages-{self.documents}.json"
        return self._made(path, f"messages-{self.documents}", data, 0)

    def _member(
        self, folder: str, locator: str, number: int, picture: Enclosed, stamp: int
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
