"""What a report says in plain sentences: what was found, what was not checked, what next.

"Nothing found" is never said here without saying how much was not checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from selfcheck.model import Author, Band, Exposure, Leak, Report
from selfcheck.reports import summary, words

LIMITS = (
    "A match is a lead, not a proof: look before you act.",
    "Families and look-alikes are mistaken for each other; how often differs with age and origin.",
    "Small, turned, covered or blurred faces are missed; so are most pictures of you as a child.",
    "Of a film, at most 30 pictures a minute, 600 in all, are seen; what lies between is missed.",
    "Only what you supplied was looked at. Copies elsewhere are not covered.",
    "Who could see a picture is what the export recorded on the day it was made; many do not say.",
)
"""What no report may leave out about the method."""

NETWORK = "What this scan told the network"
"""What stands above `network`."""


def title(report: Report) -> str:
    """Say in one short sentence what was found; `coverage` always stands beside it."""
    you = summary.of_band(report, Band.YOU)
    maybe = summary.of_band(report, Band.MAYBE)
    if you:
        return f"You were found in {_pictures_and_films(you)}."
    if maybe:
        return f"{_pictures_and_films(maybe)} may show you."
    if report.accounting.checked:
        return "Nothing found so far in what was checked."
    return "Nothing has been checked yet."


def coverage(report: Report) -> str:
    """Say how much was checked and how much was not, in one breath."""
    left = summary.not_checked(report)
    checked = words.count(report.accounting.checked, "picture or film", "pictures and films")
    verb = "was" if report.accounting.checked == 1 else "were"
    rest = f"{words.count(left.files, 'file')} not checked"
    why = (
        f"{words.number(left.pending)} still to do" if left.pending else "",
        f"{words.number(left.skipped)} unreadable" if left.skipped else "",
    )
    causes = tuple(cause for cause in why if cause)
    detail = f" ({words.listing(causes)})" if causes else ""
    are = "is" if left.missing == 1 else "are"
    listed = f"{words.number(left.missing)} more {are} listed by an export and not in it"
    absent = f"; {listed}" if left.missing else ""
    parts = summary.absent_parts(report)
    unseen = f"; {words.count(parts, 'part')} of exports not given" if parts else ""
    return f"{checked} {verb} checked, {rest}{detail}{absent}{unseen}."


def headline(report: Report) -> tuple[str, ...]:
    """Say in a few sentences what was found, and always what was not checked."""
    you = summary.of_band(report, Band.YOU)
    maybe = summary.of_band(report, Band.MAYBE)
    return (*_found(you), *_uncertain(len(maybe), alone=not you), coverage(report))


def network(report: Report) -> tuple[str, ...]:
    """Say what the last scan, and what asked again after it, told the network."""
    asked = report.run.asked
    if not asked:
        return ("Nothing: the last scan asked no web address.",)
    hosts = words.count(len(summary.by_host(asked)), "host")
    sent = words.volume(sum(one.sent for one in asked))
    received = words.volume(sum(one.received for one in asked))
    return (
        f"{words.count(len(asked), 'request')} to {hosts}: {sent} sent, {received} received.",
        "Each was a plain GET without cookies or a log-in.",
        "A host learns your IP address, what was asked for, and that selfcheck asked.",
    )


def next_steps(report: Report) -> tuple[str, ...]:
    """Say what to do now, the most useful first; at least one step."""
    left = summary.not_checked(report)
    you = summary.of_band(report, Band.YOU)
    maybe = summary.of_band(report, Band.MAYBE)
    steps = (
        (left.pending, "Run the same scan again: it goes on where it stopped."),
        (
            summary.open_to_all(you),
            "Start with what anybody could see: narrow its audience, or delete it.",
        ),
        (
            summary.by_others(you),
            "Where somebody else posted it, ask that person first: they can delete it.",
        ),
        (len(you), "For steps, forms and letters, picture by picture: selfcheck remove."),
        (
            summary.leaking(you, Leak.GPS),
            "Delete or replace pictures that give away where they were taken.",
        ),
        (len(maybe), "Look at each “maybe” and say whether it is you: selfcheck review."),
        (
            summary.absent_parts(report),
            "Parts of an export are absent: download them and scan all its parts together.",
        ),
        (
            left.missing,
            "Some pictures are listed but absent: scan the export's other parts as well.",
        ),
        (
            summary.broken(report),
            "For files that are damaged or end too early, download the archive again and scan it.",
        ),
        (
            summary.behind_walls(report),
            "Pages that want a log-in: open them in your browser, save them, scan what was saved.",
        ),
        (
            left.skipped,
            "The report names each file that could not be read, and why: open those yourself.",
        ),
    )
    due = tuple(sentence for needed, sentence in steps if needed)
    return due or ("Scan the archives of other platforms that you have used.",)


def next_step(exposure: Exposure) -> str:
    """Say what to do about one picture, whoever posted it."""
    authors = {context.author for _, context in summary.places(exposure)}
    names = {context.author_name for _, context in summary.places(exposure)} - {None}
    if authors == {Author.OWNER}:
        return "You posted it: delete it, or let fewer people see it."
    if Author.OTHER in authors:
        who = names.pop() if len(names) == 1 else "whoever posted it"
        return f"Ask {who} to take it down, and report it to the platform where that fails."
    return "Find out who posted it: the place below says where it stands."


def _found(you: Sequence[Exposure]) -> Iterator[str]:
    if not you:
        return
    total = len(you)
    standing = sum(1 for each in you for _ in summary.places(each))
    platforms = summary.by_platform(you)
    where = platforms[0].label if len(platforms) == 1 else f"{len(platforms)} platforms"
    stand = "It stands" if total == 1 else "They stand"
    yield f"{stand} in {words.count(standing, 'place')} on {where}."
    if confirmed := summary.confirmed(you):
        yield f"You confirmed {_of_them(confirmed, total)} yourself, in review."
    if resized := summary.resized(you):
        has = "has" if resized == 1 else "have"
        yield f"{_of_them(resized, total).capitalize()} {has} copies, resized or saved again."
    if public := summary.open_to_all(you):
        yield f"Anybody could see {_of_them(public, total)}."
    if others := summary.by_others(you):
        yield f"Somebody else posted {_of_them(others, total)}."
    if located := summary.leaking(you, Leak.GPS):
        gives = "gives away where it was" if located == 1 else "give away where they were"
        yield f"{_of_them(located, total).capitalize()} {gives} taken."


def _pictures_and_films(exposures: Sequence[Exposure]) -> str:
    films = sum(each.match.second is not None for each in exposures)
    stills = len(exposures) - films
    counts = (
        words.count(stills, "picture") if stills else "",
        words.count(films, "film") if films else "",
    )
    return words.listing(tuple(each for each in counts if each))


def _of_them(part: int, total: int) -> str:
    if part == total:
        return "it" if total == 1 else "all of them"
    return f"{words.number(part)} of them"


def _uncertain(maybe: int, *, alone: bool) -> Iterator[str]:
    if maybe and alone:
        yield "None of them is near enough to say so without your own look."
    elif maybe:
        yield f"{words.number(maybe)} more may show you."
