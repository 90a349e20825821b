"""KakaoTalk's export of a chat: its text, in one or several parts, and its files beside it.

Owns how texts are called, where a message begins and how it names a file: its whole text is the
file's name. No message has an address, an id or a zone, and nothing says whose phone it was. Who
could see a picture shows only in who wrote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from selfcheck.exports.addresses import is_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.dates import written
from selfcheck.exports.documents import Documents, fold, natural
from selfcheck.exports.names import time_in
from selfcheck.exports.values import iso, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    Moment,
    Picture,
    PictureKind,
    Rule,
)

# `KakaoTalkChats.txt`, `KakaoTalk_20240101_1200_00_000_group.txt`, `Talk_2021.1.10 08_15-1.txt`.
_CHATS = re.compile(r"(^|/)(kakaotalk[^/]*\.(txt|csv)|talk_\d{4}\.\d{1,2}\.\d{1,2}[^/]*\.txt)$")
_NUMBER = re.compile(r"-\d{1,4}(?=\.txt$)")  # of a part
_GROUP = re.compile(r"_group\.\w+$")
_TITLES = (
    re.compile(r"^(?P<title>.+?) ?님과(?:의)? 카카오톡 대화(-\d+)?(\.txt)?$"),
    re.compile(r"^KakaoTalk Chats with (?P<title>.+?)(-\d+)?(\.txt)?$"),
)
# `2025년 6월 24일 오전 9:22, name : text`, `October 12, 2020 at 6:49 AM, name : text`: a year and
# a clock in any language, as `dates` reads them.
_PHONE = re.compile(
    r"^(?P<when>(?=[^:]{0,40}(?:19|20)\d\d)[^:]{6,40}?\d?\d:\d\d(?::\d\d)?(?:\s?[ap]\.?\s?m\.?)?), "
    r"(?P<name>.{1,120}?) : (?P<said>.*)$",
    re.IGNORECASE,
)
_RULER = re.compile(r"^-{5,}\s(?P<day>[^-]{6,60})\s-{5,}$")
_DESKTOP = re.compile(
    r"^\[(?P<name>.{1,120}?)\] \[(?P<clock>[^\]:]{0,10}\d?\d:\d\d[^\]]{0,10})\] (?P<said>.*)$"
)
_COLUMNS = ("Date", "User", "Message")
_FILE = re.compile(r"^[a-z0-9]{64}\.[a-z0-9]{3,4}$")  # only KakaoTalk names files so
_TRIED = 5  # texts, and lines of each, before a tree counts as something else
_FIRST = 100  # an open chat's text begins with rules of conduct
_MOST_SENDERS = 10_000
_PAIR = 2


class KakaoTalk:
    """One or several chats, each with its files."""

    name = "kakaotalk"
    title = "KakaoTalk"
    how = (
        "On the phone open the chat, its menu, the settings of the chat, Export chat, and choose "
        "to include media; once for each chat. The texts that a computer saves name no files."
    )
    reads = (
        "The pictures and films of each chat with sender, time and chat, in Korean and English; "
        "who of the senders is you, the export does not tell."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a text that is named like a chat and begins like one."""
        if not tree.has(_CHATS):
            return False
        return any(_is_chat(tree, member) for member in tree.matching(_CHATS)[:_TRIED])

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the files that the messages of every chat name."""
        for texts in _by_chat(tree):
            yield from _Reader.of(tree, texts).read()

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name."""
        return Context(platform=self.title, kind=PictureKind.MESSAGE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A message's first line, or one that follows it: when as it is written, who, and what."""

    when: str
    sender: str
    said: str
    listing: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """One chat: its texts are read twice, first for who wrote."""

    tree: Documents
    texts: Sequence[Member]
    title: str | None
    senders: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, tree: Documents, texts: Sequence[Member]) -> _Reader:
        chat = cls(tree=tree, texts=texts, title=_title(tree, texts[0]))
        for line in _lines(tree, texts):
            if line.sender and len(chat.senders) < _MOST_SENDERS:
                chat.senders.add(line.sender)
        return chat

    def read(self) -> Iterator[Listed]:
        for line in _lines(self.tree, self.texts):
            name = line.said.strip()
            if not _FILE.search(name) or not is_picture(name):
                continue
            found = self._beside(name, line.listing)
            yield from (Picture(member=one, context=self._context(line)) for one in found)
            if not found:
                folder, slash, _ = line.listing.path.rpartition("/")
                yield Missing(path=folder + slash + name, listed_in=line.listing.path)

    def _beside(self, name: str, listing: Member) -> tuple[Member, ...]:
        """Find a file beside the text; else one of its name, in another part's folder."""
        found = self.tree.find(name)
        here = fold(listing.path).rpartition("/")[0]
        return tuple(one for one in found if fold(one.path).rpartition("/")[0] == here) or found

    def _context(self, line: _Line) -> Context:
        audience = self._audience()
        other = audience is Audience.DIRECT and line.sender == self.title
        return Context(
            platform=KakaoTalk.title,
            kind=PictureKind.MESSAGE,
            time=_moment(line.when),
            author=Author.OTHER if other else Author.UNKNOWN,
            author_name=line.sender if other else None,
            # Two people's chat is named after the other one, whose name is no album's.
            album=self.title if audience is Audience.GROUP else None,
            audience=audience,
            listed_in=line.listing.path,
        )

    def _audience(self) -> Audience:
        """Tell a group by its senders; two alone may be a group in which the others are silent."""
        if len(self.senders) > _PAIR or _GROUP.search(fold(self.texts[0].path)):
            return Audience.GROUP
        return Audience.DIRECT if self.title in self.senders else Audience.UNKNOWN


def _is_chat(tree: Documents, member: Member) -> bool:
    if fold(member.path).endswith(".csv"):
        return set(_COLUMNS) <= set(next(tree.rows(member), ()))
    return any(_head(line, "", member) for line in islice(tree.lines(member), _FIRST))


def _by_chat(tree: Documents) -> list[list[Member]]:
    """Give the texts of each chat in the order of their numbers."""
    chats: dict[tuple[str, int], list[Member]] = {}
    met: Counter[str] = Counter()
    for member in tree.matching(_CHATS):
        path = fold(member.path)
        # The same path in another archive is another chat's: all chats' texts may be called alike.
        chats.setdefault((_NUMBER.sub("", path), met[path]), []).append(member)
        met[path] += 1
    return [sorted(texts, key=lambda one: natural(one.path)) for texts in chats.values()]


def _title(tree: Documents, member: Member) -> str | None:
    """Give the name of the chat, which stands before its first message."""
    for line in islice(tree.lines(member), _FIRST):
        found = next((one for pattern in _TITLES if (one := pattern.match(line))), None)
        if found or _head(line, "", member):
            return text(found["title"]) if found else None
    return None


def _lines(tree: Documents, texts: Sequence[Member]) -> Iterator[_Line]:
    """Yield a chat's lines; a day that one part names goes on in the next."""
    day = ""
    for member in texts:
        if fold(member.path).endswith(".csv"):
            yield from _rows(tree, member)
            continue
        current: _Line | None = None
        for line in tree.lines(member):
            ruler = _RULER.match(line)
            day = ruler["day"] if ruler else day
            current = _head(line, day, member) or (current and replace(current, said=line))
            if current:
                yield current


def _head(line: str, day: str, member: Member) -> _Line | None:
    phone = _PHONE.match(line)
    found = phone or _DESKTOP.match(line)
    if not found:
        return None
    when = phone["when"] if phone else f"{day} {found['clock']}"
    return _Line(when=when, sender=found["name"].strip(), said=found["said"], listing=member)


def _rows(tree: Documents, member: Member) -> Iterator[_Line]:
    for row in tree.rows(member):
        when, sender, said = (row.get(column, "") for column in _COLUMNS)
        yield _Line(when=when, sender=sender.strip(), said=said, listing=member)


def _moment(when: str) -> Moment | None:
    return iso(when) or written(when)
