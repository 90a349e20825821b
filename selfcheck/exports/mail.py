"""Mail: what the headers of a message tell of its pictures.

Reads the documents that `sources` writes when it opens a mailbox, never the mail itself; other
exports that hold mail (Takeout, folders) and saved pages take `read` from here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.held_pages import HeldPages, is_page
from selfcheck.exports.names import time_in
from selfcheck.exports.values import Fields, fields, number, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Moment,
    Picture,
    PictureKind,
    Rule,
)

_HOLDER = r"(?:^|/)(?:[^/]+\.(?:mbox|emlx?|mht(?:ml)?|warc(?:\.gz)?|x?html?)|mbox)"
_IN_MAIL = re.compile(r"(?:^|/)(?:[^/]+\.(?:mbox|emlx?)|mbox)/")
TOLD = re.compile(rf"{_HOLDER}/messages-\d+\.json$")
INSIDE = re.compile(rf"(?P<message>.*{_HOLDER}/\d+)/[^/]+$")
_MAILBOX = re.compile(r"(?P<name>[^/]+)\.mbox(/mbox)?$", re.IGNORECASE)
_TWO = 2  # a mail from one person to another
_SENT = "sent"  # Gmail's label; in other languages nobody has shown it yet


class Mail:
    """Mailboxes and mails that were given by themselves."""

    name = "mail"
    title = "Mail"
    how = (
        "Name a mailbox (mbox), single mails (eml, emlx) or a folder of them: mail programs save "
        "and export these. In a Google Takeout the mailbox is read where it lies."
    )
    reads = (
        "Attached, pasted and forwarded pictures, and those written into a mail's text, with the "
        "mail's subject, time and sender, and its label or mailbox."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees that hold mail and nothing else."""
        return only(tree, _IN_MAIL)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the pictures of every message."""
        return read(tree, platform=self.title)

    def unlisted(self, path: str) -> Context:
        """Give what the path tells: the mailbox, and the time in the file's name."""
        return Context(
            platform=self.title,
            kind=PictureKind.MESSAGE,
            time=time_in(path),
            album=_album({}, path),
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def only(tree: Documents, holders: re.Pattern[str]) -> bool:
    """Say whether a tree holds nothing but what these holders hold."""
    return tree.has(TOLD) and all(holders.search(path) for path in tree.folded())


def read(tree: Documents, *, platform: str) -> Iterator[Picture]:
    """Yield the pictures of every message that the tree's mail and saved pages hold."""
    documents = tree.matching(TOLD)
    if not documents:
        return
    owner = _owner(tree, documents)
    held, pages = _Held(tree), HeldPages(tree, documents)
    named = Counter(fold(document.path) for document in documents)
    for document in documents:
        holder = document.path.rpartition("/")[0]
        twice = named[fold(document.path)] > 1  # two mailboxes of one name in two parts
        for told in map(fields, tree.items(document, "messages")):
            of_page = is_page(told, document.path)
            mail = None if of_page else _context(told, document.path, owner, platform)
            for member in held.of(holder, told):
                if twice and member.part != document.part:
                    continue
                contexts = [mail] if mail else pages.contexts(told, document, member, platform)
                yield from (Picture(member=member, context=context) for context in contexts)


class _Held:
    """Where in a tree's members the pictures of each message stand."""

    def __init__(self, tree: Documents) -> None:
        self._tree = tree
        self._exact = self._index(whole=True)

    def of(self, holder: str, told: Fields) -> Iterator[Member]:
        """Yield the pictures of one message of a holder."""
        key = fold(f"{holder}/{number(told.get('number')) or 0:.0f}")
        # Only parts that somebody unpacked apart have one mailbox under two roots.
        found = self._exact.get(key) or self._anywhere.get("/".join(key.split("/")[-2:]), [])
        return (self._tree.members[position] for position in found)

    @cached_property
    def _anywhere(self) -> Mapping[str, list[int]]:
        return self._index(whole=False)

    def _index(self, *, whole: bool) -> Mapping[str, list[int]]:
        held: dict[str, list[int]] = {}
        for position, path in enumerate(self._tree.folded()):
            if inside := INSIDE.match(path):
                message = inside["message"]
                key = message if whole else "/".join(message.split("/")[-2:])
                held.setdefault(key, []).append(position)
        return held


def _owner(tree: Documents, documents: Sequence[Member]) -> str | None:
    """Give the address to which most of the mail was delivered, if it is most of it."""
    counts: Counter[str] = Counter()
    for document in documents:
        for told in map(fields, tree.items(document, "delivered_to")):
            address, amount = text(told.get("address")), number(told.get("messages"))
            if address and amount:
                counts[address.casefold()] += int(amount)
    most = counts.most_common(1)
    return most[0][0] if most and most[0][1] * 2 > counts.total() else None


def _context(told: Fields, document: str, owner: str | None, platform: str) -> Context:
    author = _author(told, owner)
    name = text(told.get("sender")) or text(told.get("address"))
    return Context(
        platform=platform,
        kind=PictureKind.MESSAGE,
        caption=text(told.get("subject")),
        time=_when(told),
        author=author,
        author_name=name if author is Author.OTHER else None,
        album=_album(told, document),
        audience=_audience(told),
        listed_in=document,
    )


def _author(told: Fields, owner: str | None) -> Author:
    address, labels = (text(told.get("address")) or "").casefold(), _labels(told)
    if _SENT in labels:
        return Author.OWNER
    if owner and address == owner:
        # Anybody can write the owner's address into a mail, and blackmailers do.
        return Author.UNKNOWN if any(labels) else Author.OWNER
    return Author.OTHER if owner and address else Author.UNKNOWN


def _labels(told: Fields) -> list[str]:
    return [label.strip().casefold() for label in (text(told.get("labels")) or "").split(",")]


def _audience(told: Fields) -> Audience:
    people = number(told.get("people")) or 0
    if people > _TWO or told.get("mailing_list") is True:
        return Audience.GROUP
    # One alone has hidden receivers, and nobody knows how many.
    return Audience.DIRECT if people == _TWO else Audience.UNKNOWN


def _album(told: Fields, path: str) -> str | None:
    """Give Gmail's labels, else the mailbox's name."""
    if labels := text(told.get("labels")):
        return labels
    folder, _, inside = path.partition(".mbox/")
    mailbox = _MAILBOX.search(f"{folder}.mbox") if inside else None
    return mailbox["name"] if mailbox else None


def _when(told: Fields) -> Moment | None:
    try:
        return Moment(when=datetime.fromisoformat(text(told.get("date")) or ""))
    except ValueError:
        return None
