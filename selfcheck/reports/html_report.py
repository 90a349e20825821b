"""The report as an HTML page, or several: no script, nothing loaded from anywhere, printable.

Owns what the pages show and how they are kept harmless; what stands on which of them is
`gallery`'s, their looks are in templates/.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from selfcheck.model import Audience, Author, Band, Exposure, Report
from selfcheck.privacy.text import address, safe
from selfcheck.reports import sentences, summary, words
from selfcheck.reports.gallery import Card, Gallery, galleries
from selfcheck.reports.summary import Tally

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# A browser lays out this many cards in less than a second; measured by bench/report.py.
PAGE = 500

_NUMBERED = ".page-"  # between a report's name and the number of a further page
_TEMPLATES = ("layout.html", "report.html", "page.html", "parts.html")
_FIRST = 10  # to deal with; more would be a second gallery


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
    (gallery,) = galleries(report, ("",), PAGE)
    return _main_page(report, (gallery,))


def render_pages(report: Report, name: str) -> Iterator[tuple[str, bytes]]:
    """Write the report as pages that a browser opens at once; give their file names and bytes.

    `name` is the file name of the first page, which comes last here: all others are there by
    then. Each is self-contained; links lead from one to the other by their file names.
    """
    amount = max(1, -(-len(report.exposures) // PAGE))
    if amount == 1:
        yield name, render_html(report)
        return
    names = (name, *(_page_name(name, number) for number in range(2, amount + 1)))
    pages = galleries(report, names, PAGE)
    for gallery, file in zip(pages[1:], names[1:], strict=True):
        yield file, _page("page.html", gallery, report=report, pages=pages)
    yield name, _main_page(report, pages)


def is_further_page(path: PurePath, of: PurePath) -> bool:
    """Say whether a file has the name of a further page of the report at `of`."""
    number = path.stem.rpartition(_NUMBERED)[2]
    return number.isdecimal() and path == of.with_name(_page_name(of.name, int(number)))


def _page_name(name: str, number: int) -> str:
    path = PurePath(name)
    return f"{path.stem}{_NUMBERED}{number}{path.suffix}"


def _main_page(report: Report, pages: Sequence[Gallery]) -> bytes:
    return _page(
        "report.html",
        pages[0],
        report=report,
        pages=pages,
        tiles=_tiles(report),
        platforms=summary.by_platform(report.exposures),
        urgent=_urgent(report, pages),
        files=_slices(report),
    )


def _page(template: str, gallery: Gallery, **values: object) -> bytes:
    style = _read("report.css") + _filters(gallery.platforms)
    rendered = (
        _environment()
        .get_template(template)
        .render(style=_trusted(style), policy=_trusted(_policy(style)), gallery=gallery, **values)
    )
    return rendered.encode()


def _urgent(report: Report, pages: Sequence[Gallery]) -> tuple[Card, ...]:
    """Give the cards of what is to be dealt with first."""
    first = report.urgent[:_FIRST]
    cards = {
        card.exposure.sha256: card
        for gallery in pages
        for card in gallery.cards
        if card.exposure.sha256 in first and card.exposure.match.band is Band.YOU
    }
    return tuple(cards[sha256] for sha256 in first if sha256 in cards)


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
        loader=DictLoader({name: _read(name) for name in _TEMPLATES}),
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
