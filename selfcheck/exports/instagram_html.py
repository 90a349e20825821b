"""Instagram's download as HTML: cards with the same class names since 2022, in every language.

Owns how a card and a conversation are read. Class names tell the parts of a card, never words;
which file means what is `instagram`'s table. Times have no zone here, and two people who post
in one minute cannot be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from selfcheck.exports import dates
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.instagram_profile import rows
from selfcheck.exports.meta import Download, Medium, Owner
from selfcheck.exports.threads import group_name
from selfcheck.exports.values import number, place, text
from selfcheck.model import Audience, Author, Context, Listed, Member, Moment, PictureKind, Place

CONVERSATION = re.compile(r"(^|/)messages/[^/]+/([^/]+)/message_\d+\.html?$")
_PAIR = 2

# Labels are translated; these words are the languages' own for the two coordinates. By its shape
# alone a lens's aperture, which may stand beside them, would pass for one.
_NORTH = re.compile(
    "latitud|breitengrad|breedtegraad|breddegrad|szerokość|широта|enlem|lintang"
    "|緯度|纬度|위도|vĩ độ"
)
_EAST = re.compile(
    "longitud|längengrad|lengtegraad|lengdegrad|længdegrad|długość|долгота|boylam|bujur"
    "|経度|經度|经度|경도|kinh độ"
)
# `ana.example (Tagged, 0.25, 0.50)`, the word in the account's language.
_TAG = re.compile(r"([A-Za-z0-9._]{1,30}) \([^(),]+, ?-?\d+[.,]\d+, ?-?\d+[.,]\d+\)")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_VOICE = re.compile(r"(^|/)audio/")  # voice messages are `.mp4` too

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """One card: its heading, its words, when, and its pictures with the rows that follow each."""

    heading: str | None
    words: str | None
    time: Moment | None
    shown: Mapping[str, Facts]
    is_message: bool  # it has a body; without one it is a heading over a conversation


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
                place=_place(facts),
                tagged=_tagged(facts, download.owner),
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
        for member in talk.members:
            _look_through(download.tree, member, talk)
        for member in talk.members:
            yield from _messages(download, member, talk)


def tags(tree: Documents, members: Iterable[Member], owner: Owner) -> dict[str, int]:
    """Count the people tagged in each picture, which JSON does not tell (seen 2026)."""
    counted: dict[str, int] = {}
    for member in members:
        for card in _cards(tree, member):
            found = ((fold(uri), _tagged(facts, owner)) for uri, facts in card.shown.items())
            counted.update((uri, count) for uri, count in found if count)
    return counted


def _look_through(tree: Documents, member: Member, talk: _Talk) -> None:
    for element in tree.blocks(member, _wanted):
        if element.tag == "title":
            talk.title = talk.title or text(element.text)
            continue
        card = _card(element)
        if card.is_message and card.heading:
            talk.senders[card.heading] = None
        elif card.heading and re.search("[:：]", card.heading):
            talk.heading = f"{talk.heading} {card.heading}"


def _messages(download: Download, member: Member, talk: _Talk) -> Iterator[Listed]:
    for card in _cards(download.tree, member):
        author = download.owner.wrote(card.heading)
        context = Context(
            platform=download.platform,
            kind=PictureKind.MESSAGE,
            caption=card.words,
            time=card.time,
            author=author,
            author_name=None if author is Author.OWNER else card.heading,
            album=talk.album,
            audience=talk.audience,
            listed_in=member.path,
        )
        for uri in card.shown:
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
    alone = "_a6-h" in element.classes
    heading = element if alone else element.first(class_="_a6-h") or element.first("h2")
    body = element.first(class_="_a6-p")
    stamp = element.first(class_="_a6-o")
    return _Card(
        heading=text(heading.text) if heading else None,
        words=_words(body) if body else None,
        time=dates.written(stamp.text) if stamp else None,
        shown=_shown(body or element),
        is_message=body is not None,
    )


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


def _place(facts: Facts) -> Place | None:
    north = next((v for label, v in facts if _NORTH.search(label)), None)
    east = next((v for label, v in facts if _EAST.search(label)), None)
    return place(_decimal(north), _decimal(east))


def _decimal(written: str | None) -> float | None:
    return number(written.replace(",", ".")) if written else None


def _tagged(facts: Facts, owner: Owner) -> int:
    names = {name.casefold() for _, value in facts for name in _TAG.findall(value)}
    return sum(1 for name in names if owner.wrote(name) is not Author.OWNER)
