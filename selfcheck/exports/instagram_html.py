"""Instagram's download as HTML: cards with the same class names since 2022, in every language.

Owns how a card and a conversation are read. Class names tell the parts of a card, never words;
which file means what is `instagram`'s table. Times have no zone here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from selfcheck.exports import dates
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.instagram_rows import Facts, place_in, rows, tagged_in
from selfcheck.exports.meta import Download, Medium, Owner
from selfcheck.exports.threads import group_name
from selfcheck.exports.values import text
from selfcheck.model import Audience, Author, Context, Listed, Member, Moment, PictureKind

CONVERSATION = re.compile(r"(^|/)messages/[^/]+/([^/]+)/message_\d+\.html?$")
_PAIR = 2
_COLON = re.compile("[:：]")  # between the translated word and the names
_LONGEST = 100_000  # characters of a group's members

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_VOICE = re.compile(r"(^|/)audio/")  # voice messages are `.mp4` too


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """One card: its heading, its words, when, and its pictures with the rows that follow each."""

    heading: str | None
    words: str | None
    stamp: str | None
    shown: Mapping[str, Facts]

    @property
    def time(self) -> Moment | None:
        """Give when, in the account's own clock."""
        return dates.written(self.stamp) if self.stamp else None


@dataclass(slots=True)
class _Talk:
    """One conversation, whose documents may lie in several parts."""

    members: list[Member] = field(default_factory=list)
    title: str | None = None
    heading: str = ""  # names a group's members, in the account's language
    senders: dict[str, None] = field(default_factory=dict)

    @property
    def audience(self) -> Audience:
        """Tell a group by its heading or by who wrote; a title made of names alone is unsure."""
        if self.heading or len(self.senders) > _PAIR:
            return Audience.GROUP
        sure = self.senders and "," not in (self.title or "")
        return Audience.DIRECT if sure else Audience.UNKNOWN

    @property
    def album(self) -> str | None:
        """Give a group's own name."""
        names = [*self.senders, *re.split(r"[,:：\s]+", self.heading)]
        return group_name(self.title, [name for name in names if name.strip()], self.audience)


def pictures(
    download: Download, member: Member, base: Context, *, sure: bool = True
) -> Iterator[Listed]:
    """Yield the pictures of a page of posts; `base` is what the page tells of all of them."""
    for card in _cards(download.tree, member):
        for uri, facts in card.shown.items():
            context = replace(
                base,
                caption=None if base.kind is PictureKind.PROFILE else card.heading,
                time=card.time,
                place=place_in(facts),
                tagged=tagged_in(facts, download.owner),
            )
            yield from download.located(_medium(uri, member), context, sure=sure)


def conversations(download: Download, members: Iterable[Member]) -> Iterator[Listed]:
    """Yield the pictures of conversations, each with its sender."""
    talks: dict[str, _Talk] = {}
    for member in members:
        found = CONVERSATION.search(fold(member.path))
        if found:
            talks.setdefault(found[2], _Talk()).members.append(member)
    for talk in talks.values():
        showing = [m for m in talk.members if _look_through(download.tree, m, talk)]
        base = Context(
            platform=download.platform,
            kind=PictureKind.MESSAGE,
            album=talk.album,
            audience=talk.audience,
        )
        for member in showing:
            yield from _messages(download, member, base)


def tags(tree: Documents, members: Iterable[Member], owner: Owner) -> dict[str, int]:
    """Count the people tagged in each picture, which JSON does not tell (seen 2026)."""
    counted: dict[str, int] = {}
    for member in members:
        for card in _cards(tree, member):
            found = ((fold(uri), tagged_in(facts, owner)) for uri, facts in card.shown.items())
            counted.update((uri, count) for uri, count in found if count)
    return counted


def _look_through(tree: Documents, member: Member, talk: _Talk) -> bool:
    """Learn who takes part; tell whether any message shows a picture."""
    shows = False
    for element in tree.blocks(member, _wanted):
        if element.tag == "title":
            talk.title = talk.title or text(element.text)
            continue
        heading = _heading(element)
        if heading and element.first(class_="_a6-p"):
            talk.senders[heading] = None
        elif _COLON.search(heading or "") and len(talk.heading) < _LONGEST:
            talk.heading = f"{talk.heading} {heading}"
        shows = shows or any(_uri(one) for one in element.walk())
    return shows


def _messages(download: Download, member: Member, base: Context) -> Iterator[Listed]:
    for card in _cards(download.tree, member):
        author = download.owner.wrote(card.heading)
        for uri in card.shown:
            context = replace(
                base,
                caption=card.words,
                time=card.time,
                author=author,
                author_name=None if author is Author.OWNER else card.heading,
                listed_in=member.path,
            )
            yield from download.located(_medium(uri, member), context)


def _medium(uri: str, member: Member) -> Medium:
    return Medium(uri=uri, told={}, above=(), listed_in=member)


def _wanted(tag: str, attributes: Mapping[str, str]) -> bool:
    classes = set(attributes.get("class", "").split())
    return (
        tag == "title"
        or bool(classes & {"_a6-g", "_a6-h"})
        or {"uiBoxWhite", "noborder"} <= classes
    )


def _cards(tree: Documents, member: Member) -> Iterator[_Card]:
    """Yield the cards of a page; one that holds several is those and the rest of it."""
    for element in tree.blocks(member, _wanted):
        if element.tag == "title":
            continue
        card = _card(element)
        held = (e for e in element.find(class_="_a6-g") if e.first(class_="_a6-g") is None)
        inner = [one for one in map(_card, held) if one.shown]
        if len(inner) > 1:
            known = {uri for one in inner for uri in one.shown}
            rest = {uri: facts for uri, facts in card.shown.items() if uri not in known}
            card = replace(card, shown=rest)
            yield from inner
        yield card


def _card(element: Element) -> _Card:
    body = element.first(class_="_a6-p")
    stamp = element.first(class_="_a6-o")
    return _Card(
        heading=_heading(element),
        words=_words(body) if body else None,
        stamp=text(stamp.text) if stamp else None,
        shown=_shown(element),
    )


def _heading(element: Element) -> str | None:
    alone = "_a6-h" in element.classes
    heading = element if alone else element.first(class_="_a6-h") or element.first("h2")
    return text(heading.text) if heading else None


def _words(body: Element) -> str | None:
    """Give a message's own text: the first or second of its blocks, never what it shares."""
    blocks = _divisions(body)
    if len(blocks) == 1:
        blocks = _divisions(blocks[0]) or blocks
    told = (block.text for block in blocks[:2] if not (block.first("a") or block.first("ul")))
    return next((words for words in map(text, told) if words), None)


def _divisions(element: Element) -> list[Element]:
    return [c for c in element.children if isinstance(c, Element) and c.tag == "div"]


def _shown(body: Element) -> dict[str, Facts]:
    """Give each picture once, with the rows that stand between it and the next."""
    shown: dict[str, Facts] = {}
    before: Facts = []
    for element in body.walk():
        uri = _uri(element)
        if uri and uri not in shown:
            shown[uri] = [] if shown else before
        elif element.tag == "tr":
            (next(reversed(shown.values())) if shown else before).extend(_row(element))
    return shown


def _row(element: Element) -> Facts:
    return list(rows(element)) if element.first("tr") is None else []


def _uri(element: Element) -> str | None:
    """Give what an element shows; of remote ones only what Instagram marks as a picture."""
    source = element.attributes.get("src") if element.tag in {"img", "video", "source"} else None
    uri = (source or "").strip()
    if _VOICE.search(uri):
        return None
    if _SCHEME.search(uri):
        marked = "_a6_o" in element.classes and uri.startswith(("https://", "http://"))
        return uri if marked else None
    return uri or None
