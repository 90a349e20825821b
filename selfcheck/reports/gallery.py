"""Which exposure stands on which page of the HTML report, under which heading, as which card.

Owns what a card shows as a picture: a `maybe` never gets one, even if its value carries it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from selfcheck.model import REACH, Audience, Band, Exposure, Report
from selfcheck.reports import summary, words
from selfcheck.reports.summary import Tally

# A page of more than this many bytes of pictures opens slowly or not at all in a browser.
PICTURE_BYTES = 150_000_000

# Up to here one heading is easier on the eye than several with a card or two each.
_FEW = 12
_ONE_HEADING = (("Pictures of you, the widest audience first", set(Audience)),)
_HEADINGS = (
    ("Anybody could see these", {Audience.PUBLIC, Audience.UNLISTED}),
    ("Followers or friends could see these", {Audience.FOLLOWERS, Audience.FRIENDS}),
    ("Who could see these is not recorded", {Audience.UNKNOWN}),
    ("A few people could see these", {Audience.GROUP, Audience.DIRECT, Audience.PRIVATE}),
)
_MAYBE = "May be you, may be a stranger"

_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One exposure as a page shows it."""

    exposure: Exposure
    anchor: str  # its id in its page
    file: str  # the page's name as a link gives it; empty where the report is one page
    classes: str  # band and platforms, for the filters
    picture: str | None  # JPEG as base64
    too_many: bool  # the picture was left out because the page is full


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The cards under one heading."""

    title: str
    classes: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """The cards of one page, with what its filters offer. Numbers count from 1."""

    number: int
    file: str  # as a link gives it; empty where the report is one page
    first: int
    groups: tuple[Group, ...]
    platforms: tuple[Tally, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Give all of them, in their order."""
        return tuple(card for group in self.groups for card in group.cards)

    @property
    def last(self) -> int:
        """Give the number of its last card over all pages."""
        return self.first + len(self.cards) - 1

    def of(self, band: str) -> int:
        """Count the cards of the band of that name."""
        return sum(card.exposure.match.band.value == band for card in self.cards)


def galleries(report: Report, names: Sequence[str], most: int) -> tuple[Gallery, ...]:
    """Share the exposures out over pages of those file names, at most so many on each.

    The widest audience comes first, what may be somebody else last; the last page takes
    whatever is left. An empty name stands for a report of one page.
    """
    placed = list(_placed(report))
    pages = []
    for n, name in enumerate(names):
        last = n == len(names) - 1
        part = placed[n * most :] if last else placed[n * most : (n + 1) * most]
        pages.append(_gallery(part, n + 1, quote(name), n * most + 1))
    return tuple(pages)


def _placed(report: Report) -> Iterator[tuple[str, Exposure]]:
    """Give every exposure with its heading, in the order of the pages."""
    you = sorted(summary.of_band(report, Band.YOU), key=_reach)
    for heading, audiences in _ONE_HEADING if len(you) <= _FEW else _HEADINGS:
        yield from ((heading, each) for each in you if summary.widest(each) in audiences)
    yield from ((_MAYBE, each) for each in summary.of_band(report, Band.MAYBE))


def _gallery(placed: Sequence[tuple[str, Exposure]], number: int, file: str, first: int) -> Gallery:
    platforms = summary.by_platform([exposure for _, exposure in placed])
    marks = {tally.label: f"p{n}" for n, tally in enumerate(platforms, start=1)}
    room = PICTURE_BYTES
    groups = []
    for title, members in groupby(placed, key=lambda pair: pair[0]):
        cards = []
        for _, exposure in members:
            room -= len(exposure.match.crop)
            cards.append(_card(exposure, marks, file, fits=room >= 0))
        classes = sorted({name for card in cards for name in card.classes.split()})
        groups.append(Group(title=title, classes=" ".join(classes), cards=tuple(cards)))
    return Gallery(number=number, file=file, first=first, groups=tuple(groups), platforms=platforms)


def _reach(exposure: Exposure) -> int:
    return REACH.index(summary.widest(exposure))


def _card(exposure: Exposure, marks: dict[str, str], file: str, *, fits: bool) -> Card:
    match = exposure.match
    platforms = {words.platform(context.platform) for _, context in summary.places(exposure)}
    # Whoever made the value, a picture that may show a stranger stays out of the page.
    has_picture = match.band is Band.YOU and match.crop.startswith(_JPEG)
    return Card(
        exposure=exposure,
        anchor=f"x{exposure.sha256}",
        file=file,
        classes=" ".join([match.band.value, *sorted(marks[name] for name in platforms)]),
        picture=base64.b64encode(match.crop).decode() if has_picture and fits else None,
        too_many=has_picture and not fits,
    )
