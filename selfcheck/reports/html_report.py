"""The report as one HTML page: no script, nothing loaded from anywhere, printable.

Owns what the page shows and how it is kept harmless; its looks are in templates/. A
`maybe` never gets a picture here, even if its value carries one.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from selfcheck.model import REACH, Audience, Author, Band, Exposure, Report
from selfcheck.privacy.text import address, safe
from selfcheck.reports import sentences, summary, words
from selfcheck.reports.summary import Tally

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# A page of more than this many bytes of pictures opens slowly or not at all in a browser;
# 150 MB are about 10,000 crops.
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

_FIRST = 10  # to deal with; more would be a second gallery

_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One exposure as the page shows it."""

    exposure: Exposure
    anchor: str  # its id in the page
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
class Slice:
    """A part of a bar: how wide it is and where it begins, in percent."""

    name: str
    value: int
    start: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One large figure at the top of the page."""

    value: int
    label: str
    tone: str = "plain"


def render_html(report: Report) -> bytes:
    """Write the report as one self-contained page in UTF-8; equal values give equal bytes."""
    platforms = summary.by_platform(report.exposures)
    groups = _groups(report, {tally.label: f"p{n}" for n, tally in enumerate(platforms, start=1)})
    style = _read("report.css") + _filters(platforms)
    page = (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            style=_trusted(style),
            policy=_trusted(_policy(style)),
            tiles=_tiles(report),
            you=len(summary.of_band(report, Band.YOU)),
            maybe=len(summary.of_band(report, Band.MAYBE)),
            platforms=platforms,
            groups=groups,
            urgent=_urgent(report, groups),
            files=_slices(report),
        )
    )
    return page.encode()


def _policy(style: str) -> str:
    """Write the page's Content-Security-Policy: nothing but this style and inline pictures."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _filters(platforms: Sequence[Tally]) -> str:
    """Write the rules behind the filters: one radio button each, no script."""
    show = "#exposures:has(#{0}:checked) .x:not(.{1}){{display:none}}\n"
    empty = "#exposures:has(#{0}:checked):has(#{1}:checked) .none{{display:block}}\n"
    rules = [show.format(f"show-{band}", band) for band in Band]
    for n, tally in enumerate(platforms, start=1):
        rules.append(show.format(f"show-p{n}", f"p{n}"))
        rules += [
            empty.format(f"show-p{n}", f"show-{band}")
            for band, pictures in ((Band.YOU, tally.you), (Band.MAYBE, tally.maybe))
            if not pictures
        ]
    for band in Band:
        if not sum(tally.you if band is Band.YOU else tally.maybe for tally in platforms):
            rules.append(empty.format("show-all", f"show-{band}"))
    return "".join(rules)


def _groups(report: Report, marks: dict[str, str]) -> tuple[Group, ...]:
    """Group by widest audience, the widest first; what may be somebody else comes last."""
    you = sorted(summary.of_band(report, Band.YOU), key=_reach)
    room = PICTURE_BYTES
    groups = []
    for heading, audiences in _ONE_HEADING if len(you) <= _FEW else _HEADINGS:
        cards = []
        for exposure in (each for each in you if summary.widest(each) in audiences):
            room -= len(exposure.match.crop)
            cards.append(_card(exposure, marks, fits=room >= 0))
        groups.append(_group(heading, cards))
    maybe = [_card(each, marks, fits=False) for each in summary.of_band(report, Band.MAYBE)]
    groups.append(_group("May be you, may be a stranger", maybe))
    return tuple(group for group in groups if group.cards)


def _urgent(report: Report, groups: Sequence[Group]) -> tuple[Card, ...]:
    """Give the cards of what is to be dealt with first."""
    cards = {
        card.exposure.sha256: card
        for group in groups
        for card in group.cards
        if card.exposure.match.band is Band.YOU
    }
    return tuple(cards[sha256] for sha256 in report.urgent[:_FIRST] if sha256 in cards)


def _group(title: str, cards: Sequence[Card]) -> Group:
    classes = sorted({name for card in cards for name in card.classes.split()})
    return Group(title=title, classes=" ".join(classes), cards=tuple(cards))


def _reach(exposure: Exposure) -> int:
    return REACH.index(summary.widest(exposure))


def _card(exposure: Exposure, marks: dict[str, str], *, fits: bool) -> Card:
    match = exposure.match
    platforms = {words.platform(context.platform) for _, context in summary.places(exposure)}
    # Whoever made the value, a picture that may show a stranger stays out of the page.
    has_picture = match.band is Band.YOU and match.crop.startswith(_JPEG)
    return Card(
        exposure=exposure,
        anchor=f"x{exposure.sha256}",
        classes=" ".join([match.band.value, *sorted(marks[name] for name in platforms)]),
        picture=base64.b64encode(match.crop).decode() if has_picture and fits else None,
        too_many=has_picture and not fits,
    )


def _slices(report: Report) -> tuple[Slice, ...]:
    """Cut the bar of all files into what became of them."""
    total = max(1, report.accounting.found)
    slices: list[Slice] = []
    start = 0
    for name in ("checked", "duplicate", "ignored", "skipped", "pending"):
        value: int = getattr(report.accounting, name)
        edges = f"{100 * start / total:.3f}", f"{100 * value / total:.3f}"
        slices.append(Slice(name=name, value=value, start=edges[0], width=edges[1]))
        start += value
    return tuple(slices)


def _tiles(report: Report) -> tuple[Tile, ...]:
    """Choose the figures worth their size: the matches, or else what was looked at."""
    you = summary.of_band(report, Band.YOU)
    left = summary.not_checked(report)
    unchecked = Tile(value=left.files, label="files not checked")
    if not report.exposures:
        checked = Tile(value=report.accounting.checked, label="pictures checked")
        return checked, Tile(value=left.pending, label="files still to do"), unchecked
    return (
        Tile(value=len(you), label="pictures of you", tone="you"),
        Tile(value=len(summary.of_band(report, Band.MAYBE)), label="may be you", tone="maybe"),
        _audience_tile(you),
        _author_tile(you),
        unchecked,
    )


def _audience_tile(you: Sequence[Exposure]) -> Tile:
    """Say how many anybody could see; a nought would be wrong where nothing is recorded."""
    public = summary.open_to_all(you)
    unknown = sum(summary.widest(each) is Audience.UNKNOWN for each in you)
    if not public and unknown:
        return Tile(value=unknown, label="audience not recorded")
    return Tile(value=public, label="anybody could see", tone="alert" if public else "plain")


def _author_tile(you: Sequence[Exposure]) -> Tile:
    others = summary.by_others(you)
    unknown = sum(
        all(context.author is Author.UNKNOWN for _, context in summary.places(each)) for each in you
    )
    if not others and unknown:
        return Tile(value=unknown, label="author not recorded")
    return Tile(value=others, label="posted by others")


def _link(url: str | None) -> Markup | None:
    """Give the whole of a plain web address for `href`, or None; never cut, as text is."""
    from markupsafe import escape

    plain = address(url) if url else None
    return escape(plain) if plain else None


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _trusted(text: str) -> Markup:
    """Mark text of our own making as fit for the page as it is."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - the style sheet and policy above, and base64


def _shown(value: object) -> object:
    """Make whatever a template prints harmless; the engine then escapes it for HTML."""
    from markupsafe import Markup

    return value if isinstance(value, Markup) else safe(str(value))


def _read(name: str) -> str:
    return files("selfcheck.reports").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    environment = Environment(
        loader=DictLoader({name: _read(name) for name in ("report.html", "parts.html")}),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words,
        sentences=sentences,
        summary=summary,
        link=_link,
        site=_site,
        base64=_trusted,
        percent=_percent,
    )
    return environment


def _percent(value: int, most: int) -> str:
    return f"{100 * value / max(1, most):.3f}"
