"""Facebook's documents in HTML, of the three layouts from 2018 to 2026, in any language.

Owns what a document's cards mean; how a card is read is `facebook_cards`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from selfcheck.exports import threads
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.facebook_cards import Card, Shown, card, is_card, wanted, within
from selfcheck.exports.facebook_json import placed
from selfcheck.exports.facebook_listings import GROUP_POSTS, album_kind, page, photo_page
from selfcheck.exports.meta import Download, Listing, Medium
from selfcheck.model import Audience, Author, Context, Listed, Member, PictureKind

_OWN_POSTS = re.compile(r"(^|/)posts/(your|profile)_posts[^/]*\.html$")
_PROFILE = "profile_information/profile_information.html"
_ENOUGH = 50  # headings to look into for the owner's name
_MOST_SENDERS = 20
_PAIR = 2
_SHORTEST, _LONGEST = 3, 80  # characters of a name
_COMMA = re.compile(r"[,،、]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What holds for every card of a document."""

    download: Download
    member: Member
    row: Listing
    audience: Audience
    album: str | None = None


def read(download: Download, member: Member, row: Listing) -> Iterator[Listed]:
    """Yield every picture that a document's cards show."""
    about = _about(download, member, row)
    for _, found in _cards(download.tree, member):
        for shown in found.shown:
            medium = Medium(uri=shown.uri, told={}, above=(), listed_in=member)
            yield from placed(download, medium, _context(about, found, shown), sure=row.sure)


def names_of_owner(tree: Documents) -> Iterator[str]:
    """Yield what both stands in the profile and begins the headings of the person's own posts.

    The profile's labels are translated, and it names relatives too.
    """
    told = set(_told(tree))
    for member in tree.matching(_OWN_POSTS) if told else ():
        for _, found in islice(_cards(tree, member), _ENOUGH):
            heading = (found.heading or "").casefold()
            names = [n for n in told if heading.startswith(n) and not _goes_on(heading, n)]
            yield from sorted(names, key=len)[-1:]


def _told(tree: Documents) -> Iterator[str]:
    for member in tree.find(_PROFILE):
        for body in tree.blocks(member, lambda tag, _: tag == "body"):
            texts = (child for e in body.walk() for child in e.children if isinstance(child, str))
            for text in texts:
                name = " ".join(text.split()).casefold()
                if _SHORTEST <= len(name) <= _LONGEST:
                    yield name


def _goes_on(heading: str, name: str) -> bool:
    return heading[len(name) : len(name) + 1].isalnum()


def _cards(tree: Documents, member: Member) -> Iterator[tuple[str | None, Card]]:
    """Yield a document's cards with the title of the page."""
    title: str | None = None
    for element in tree.blocks(member, wanted):
        if is_card(element):
            yield from ((title, card(one)) for one in within(element))
        else:
            title = " ".join(element.text.split()) or title


def _about(download: Download, member: Member, row: Listing) -> _Page:
    cards = _cards(download.tree, member)
    audience, album = row.audience, None
    if row.kind is PictureKind.MESSAGE:
        audience, album = _conversation(cards)
    elif row.kind is PictureKind.ALBUM:
        album = next((title for title, _ in cards), None)
    return _Page(download=download, member=member, row=row, audience=audience, album=album)


def _conversation(cards: Iterable[tuple[str | None, Card]]) -> tuple[Audience, str | None]:
    """Tell a group from a pair: by the list of who takes part, then by who wrote."""
    title, roster, senders = None, "", dict[str, None]()
    for above, found in cards:
        title = above
        if not found.dated and not senders:
            roster = roster or found.heading or ""  # `Participants: A, B and C`, translated
        elif found.heading and len(senders) < _MOST_SENDERS:
            senders[found.heading] = None
    people = [*senders, *(n.strip() for n in _COMMA.split(roster.rpartition(":")[2]) if n.strip())]
    audience = _audience(title, roster, list(senders))
    return audience, threads.group_name(title, people, audience)


def _audience(title: str | None, roster: str, senders: list[str]) -> Audience:
    if _COMMA.search(roster) or len(senders) > _PAIR:
        return Audience.GROUP
    # The page of a pair has the other's name; a group's that two wrote in has another.
    return Audience.DIRECT if title in senders else Audience.UNKNOWN


def _context(about: _Page, found: Card, shown: Shown) -> Context:
    kind = about.row.kind
    if kind is PictureKind.ALBUM and about.album:
        kind = album_kind(about.album)
    message = kind is PictureKind.MESSAGE
    author = about.download.owner.wrote(found.heading) if message else about.row.author
    real, derived = page(found.link or ""), photo_page(shown.uri, kind)
    return Context(
        platform=about.download.platform,
        kind=kind,
        permalink=real or derived,
        permalink_derived=not real and derived is not None,
        caption=_caption(found, shown, message=message),
        time=found.time,
        author=author,
        author_name=found.heading if message and author is not Author.OWNER else None,
        album=_album(about, found, shown, kind),
        audience=about.audience,
        place=shown.place,
        tagged=found.tagged,
        listed_in=about.member.path,
    )


def _caption(found: Card, shown: Shown, *, message: bool) -> str | None:
    """Give the picture's own words, else those of its post."""
    named = [shown.title] if message and shown.title else []
    return "\n".join(dict.fromkeys([*named, *shown.words] or found.words)) or None


def _album(about: _Page, found: Card, shown: Shown, kind: PictureKind) -> str | None:
    if kind is PictureKind.GROUP:
        # Only the sentence over a group's post names the group, in the account's language; the
        # one over a comment names whoever was answered.
        return found.heading if GROUP_POSTS.search(fold(about.member.path)) else None
    return about.album or (None if kind is PictureKind.MESSAGE else shown.title)
