"""What a report counts before it goes into detail: pure functions over its exposures.

The sentences made of these counts are in sentences.py; the looks belong to each report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from selfcheck.model import (
    REACH,
    Asked,
    Audience,
    Author,
    Band,
    Context,
    Exposure,
    Finding,
    Leak,
    Occurrence,
    PictureKind,
    Reason,
    Report,
    Usefulness,
)
from selfcheck.reports import words

# Strangers are among these.
OPEN = frozenset({Audience.PUBLIC, Audience.UNLISTED})

# A wrong clock says 1601 or 9999; the years between would fill the page with nothing.
_LIFETIME = 100

# A picture that stands somewhere without any word about it still gets its line.
_NO_CONTEXT = Context(platform="unknown", kind=PictureKind.FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many pictures fall under one label, by band."""

    label: str
    you: int
    maybe: int

    @property
    def pictures(self) -> int:
        """Give the number of both bands together."""
        return self.you + self.maybe


@dataclass(frozen=True, slots=True, kw_only=True)
class NotChecked:
    """What a report cannot speak about, by why."""

    skipped: int
    pending: int
    missing: int

    @property
    def files(self) -> int:
        """Give the number of files on disk that nobody has looked into."""
        return self.skipped + self.pending


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTally:
    """What one host was asked, and what became of it, most first. Sizes in bytes."""

    host: str
    requests: int
    sent: int
    received: int
    outcomes: tuple[tuple[str, int], ...]


def of_band(report: Report, band: Band) -> tuple[Exposure, ...]:
    """Give the exposures of one band, in their order."""
    return tuple(each for each in report.exposures if each.match.band is band)


def own_places(exposure: Exposure) -> Iterator[tuple[Occurrence, Context]]:
    """List every place where these very bytes stand, once for each time the export lists them."""
    for occurrence in exposure.occurrences:
        for context in occurrence.contexts or (_NO_CONTEXT,):
            yield occurrence, context


def places(exposure: Exposure) -> Iterator[tuple[Occurrence, Context]]:
    """List every place where a picture stands, its copies included."""
    for each in exposure.whole:
        yield from own_places(each)


def findings(exposure: Exposure) -> Iterator[Finding]:
    """List what the metadata of a picture gives away, its copies included."""
    for each in exposure.whole:
        yield from each.match.findings


def widest(exposure: Exposure) -> Audience:
    """Give the widest audience among the places where a picture stands."""
    seen = {context.audience for _, context in places(exposure)}
    return min(seen, key=REACH.index, default=Audience.UNKNOWN)


def by_platform(exposures: Sequence[Exposure]) -> tuple[Tally, ...]:
    """Count pictures by platform, most first; one on two platforms counts in both."""
    tallies = _tallies(exposures, lambda context: words.platform(context.platform))
    return tuple(sorted(tallies, key=lambda tally: (-tally.you, -tally.maybe, tally.label)))


def by_audience(exposures: Sequence[Exposure]) -> tuple[Tally, ...]:
    """Count pictures by their widest audience, widest first; each counts once."""
    order = [words.audience(audience) for audience in REACH]
    keyed = ((exposure, {words.audience(widest(exposure))}) for exposure in exposures)
    return tuple(sorted(_count(keyed), key=lambda tally: order.index(tally.label)))


def by_author(exposures: Sequence[Exposure]) -> tuple[Tally, ...]:
    """Count pictures by who posted them, most first: you, a name, or not recorded."""
    tallies = _tallies(exposures, words.posted_by)
    return tuple(sorted(tallies, key=lambda tally: (-tally.you, -tally.maybe, tally.label)))


def by_year(exposures: Sequence[Exposure]) -> tuple[Tally, ...]:
    """Count pictures by the earliest year an export gives for them, with the years between."""
    tallies = _count((exposure, _first_year(exposure)) for exposure in exposures)
    if not tallies or int(tallies[-1].label) - int(tallies[0].label) > _LIFETIME:
        return tallies
    known = {tally.label: tally for tally in tallies}
    years = range(int(tallies[0].label), int(tallies[-1].label) + 1)
    none = (Tally(label=f"{year:04}", you=0, maybe=0) for year in years)
    return tuple(known.get(tally.label, tally) for tally in none)


def by_leak(exposures: Sequence[Exposure]) -> tuple[Tally, ...]:
    """Count pictures by what their metadata gives away, in the order of `Leak`."""
    order = [leak.value for leak in Leak]
    keyed = (
        (exposure, {finding.leak.value for finding in findings(exposure)}) for exposure in exposures
    )
    return tuple(sorted(_count(keyed), key=lambda tally: order.index(tally.label)))


def by_usefulness(exposures: Sequence[Exposure]) -> tuple[Tally, ...]:
    """Count pictures by how useful they are to a face-search engine, the most useful first."""
    order = [usefulness.value for usefulness in Usefulness]
    keyed = ((exposure, {exposure.grade.usefulness.value}) for exposure in exposures)
    return tuple(sorted(_count(keyed), key=lambda tally: order.index(tally.label)))


def leaks(exposure: Exposure) -> tuple[Leak, ...]:
    """Name what the files of a picture and its copies give away, each once."""
    found = {finding.leak for finding in findings(exposure)}
    return tuple(leak for leak in Leak if leak in found)


def not_checked(report: Report) -> NotChecked:
    """Count what was not looked into: skipped, pending, and listed but absent."""
    return NotChecked(
        skipped=report.accounting.skipped,
        pending=report.accounting.pending,
        missing=sum(len(source.missing) for source in report.sources),
    )


def absent_parts(report: Report) -> int:
    """Count the archives that seem to belong to the exports and were in no scan."""
    return sum(len(source.absent_parts) for source in report.sources)


def broken(report: Report) -> int:
    """Count the files that may be whole in another copy of their archive."""
    mended = (Reason.TRUNCATED, Reason.DAMAGED)
    return sum(one.reason in mended for source in report.sources for one in source.skipped)


def open_to_all(exposures: Iterable[Exposure]) -> int:
    """Count the pictures that anybody could see, with a link or without."""
    return sum(widest(each) in OPEN for each in exposures)


def by_others(exposures: Iterable[Exposure]) -> int:
    """Count the pictures that somebody else posted in at least one place."""
    return sum(
        any(context.author is Author.OTHER for _, context in places(each)) for each in exposures
    )


def leaking(exposures: Iterable[Exposure], leak: Leak) -> int:
    """Count the pictures whose metadata gives one thing away."""
    return sum(any(f.leak is leak for f in findings(each)) for each in exposures)


def resized(exposures: Iterable[Exposure]) -> int:
    """Count the pictures that have copies, resized or saved again."""
    return sum(bool(each.copies) for each in exposures)


def confirmed(exposures: Iterable[Exposure]) -> int:
    """Count the pictures of which the owner said in review that they are on them."""
    return sum(each.match.confirmed for each in exposures)


def behind_walls(report: Report) -> int:
    """Count the web addresses that a browser shows and a program does not."""
    walls = (Reason.LOGIN_WALL, Reason.BOT_CHECK, Reason.CONSENT_PAGE)
    return sum(one.reason in walls for source in report.sources for one in source.skipped)


def by_host(asked: Iterable[Asked]) -> tuple[HostTally, ...]:
    """Count requests by host, most first."""
    hosts: dict[str, list[Asked]] = {}
    for one in asked:
        hosts.setdefault(one.host, []).append(one)
    tallies = (_host(host, requests) for host, requests in hosts.items())
    return tuple(sorted(tallies, key=lambda tally: (-tally.requests, tally.host)))


def _host(host: str, asked: Sequence[Asked]) -> HostTally:
    outcomes = Counter(one.outcome for one in asked)
    order = {name: place for place, name in enumerate(words.OUTCOMES)}
    return HostTally(
        host=host,
        requests=len(asked),
        sent=sum(one.sent for one in asked),
        received=sum(one.received for one in asked),
        outcomes=tuple(
            sorted(outcomes.items(), key=lambda pair: (-pair[1], order.get(pair[0], len(order))))
        ),
    )


def _first_year(exposure: Exposure) -> set[str]:
    years = [context.time.when.year for _, context in places(exposure) if context.time]
    return {f"{min(years):04}"} if years else set()


def _tallies(exposures: Sequence[Exposure], key: Callable[[Context], str]) -> tuple[Tally, ...]:
    return _count((each, {key(context) for _, context in places(each)}) for each in exposures)


def _count(keyed: Iterable[tuple[Exposure, set[str]]]) -> tuple[Tally, ...]:
    you: dict[str, int] = {}
    maybe: dict[str, int] = {}
    for exposure, labels in keyed:
        band = you if exposure.match.band is Band.YOU else maybe
        for label in labels:
            band[label] = band.get(label, 0) + 1
    return tuple(
        Tally(label=label, you=you.get(label, 0), maybe=maybe.get(label, 0))
        for label in sorted({*you, *maybe})
    )
