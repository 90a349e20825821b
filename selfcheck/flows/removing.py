"""What to do about each picture, with whom, and how far that is; sends nothing.

Owns which doors a picture has, and the way between the ledger's rows and `removal`'s values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from selfcheck import removal
from selfcheck.errors import UsageError
from selfcheck.flows.report import make_report
from selfcheck.ledger import Ledger, RemovalRow
from selfcheck.model import Audience, Author, Band, Context, Exposure, PictureKind, Standing
from selfcheck.privacy.files import write_atomically
from selfcheck.privacy.paths import Home
from selfcheck.privacy.text import address
from selfcheck.removal import Door, DoorKind, LetterKind, Person, Removal, Situation, State

SHORTEST: Final = 6
"""Letters and digits of a picture's name that are enough, if no other begins so."""
_PAGES = frozenset({PictureKind.GROUP, PictureKind.PAGE})
_POSTED = frozenset({PictureKind.POST, PictureKind.PROFILE, PictureKind.COVER, PictureKind.PAGE})
_SOON = 7  # days ahead that are told of


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One of those who can take a picture down: why it is theirs, and how far that is.

    context: None of a face-search engine, which is asked about all pictures. gone: the day on
    which `recheck` saw that it is not there any more.
    """

    door: Door
    situation: Situation
    context: Context | None
    removal: Removal
    gone: date | None = None

    @property
    def name(self) -> str:
        """What it is called on the command line: a web site by its host."""
        return _name(self.door, self.context)

    @property
    def title(self) -> str:
        """What it is called for people."""
        return self.door.title if self.name == self.door.name else self.name

    @property
    def state(self) -> State:
        """How far it is, as told or as seen."""
        return State.GONE if self.gone else self.removal.state

    @property
    def searchable(self) -> bool:
        """Whether search engines may have a copy: of a page, or of what anybody could see.

        Where an export does not say who could see a post, it may have been anybody.
        """
        if self.context is None or self.door.kind is DoorKind.WEBSITE:
            return self.context is not None
        unknown = self.context.audience is Audience.UNKNOWN and self.context.kind in _POSTED
        return unknown or self.context.audience is Audience.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A picture to deal with, and everybody who can take it down, each once."""

    exposure: Exposure
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        """The picture's name on the command line."""
        return _short(self.exposure.sha256)


def tasks(*, home: Home, today: date) -> tuple[Task, ...]:
    """Give every picture of `you` in the order in which it is to be dealt with.

    Raises LedgerError where nothing was scanned yet.
    """
    report = make_report(home=home)
    known = {each.sha256: each for each in report.exposures}
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        kept = {(row.sha256, row.door): _value(row) for row in ledger.removals()}
        gone = _gone(ledger)
    return tuple(
        Task(
            exposure=known[sha256],
            places=tuple(_places(known[sha256], kept, gone.get(sha256), today)),
        )
        for sha256 in report.urgent
    )


def find(every: Sequence[Task], name: str) -> Task:
    """Find the picture whose name begins so; UsageError where none or several do."""
    found = [each for each in every if each.exposure.sha256.startswith(name.lower())]
    if len(name) >= SHORTEST and len(found) == 1:
        return found[0]
    why = "Several pictures begin with" if len(found) > 1 else "No picture of you is called"
    raise UsageError(f"{why} {name!r}.", hint="selfcheck remove lists them")


def engine(name: str, *, home: Home, today: date) -> Place:
    """Give a face-search engine and how far it is; UsageError for anything else."""
    engines = {door.name: door for door in removal.of_kind(DoorKind.FACES)}
    if name not in engines:
        raise UsageError(
            f"{name!r} is no face-search engine that is known.", hint=f"one of {', '.join(engines)}"
        )
    item = _item("", name)
    known = {each.item: each for each in every_removal(home=home)}
    return Place(
        door=engines[name],
        situation=Situation.FACES,
        context=None,
        removal=known.get(item, Removal(item=item, since=today)),
    )


def note(changed: Removal, *, home: Home) -> None:
    """Keep how far a removal is."""
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        ledger.note_removal(_row(changed))


def every_removal(*, home: Home) -> tuple[Removal, ...]:
    """Give all that was noted."""
    if not home.ledger.exists():
        return ()
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        return tuple(map(_value, ledger.removals()))


def reminders(rows: Iterable[RemovalRow], today: date) -> tuple[removal.Reminder, ...]:
    """Give what is due by now or within a week."""
    return removal.what_is_due(map(_value, rows), today, ahead=_SOON)


def called(one: Removal) -> str:
    """Give what leads to a removal on the command line."""
    sha256, _, door = one.item.partition(":")
    return f"{_short(sha256)} --at {door}" if sha256 else f"--engine {door}"


def write_letters(
    task: Task | None,
    place: Place,
    kinds: Sequence[LetterKind],
    *,
    person: Person,
    folder: Path,
    home: Home,
    now: datetime,
) -> tuple[Path, ...]:
    """Write letters and the note that goes with them, as Markdown and as pages to be printed.

    Of a face-search engine `task` is None. Files are named after picture, door and letter; one
    that is there already is replaced. Raises SelfcheckError where they cannot be written.
    """
    today = now.astimezone().date()
    title, name = place.title, place.name
    case = removal.Case(recipient=title, platform="", written=today, person=person)
    uploader = case
    if task is not None and place.context is not None:
        uploader = removal.case_of(task.exposure, place.context, written=today, person=person)
        case, name = replace(uploader, recipient=title), f"{task.name}-{name}"
    written = removal.write_set(kinds, case, place.door, place.situation, today=today)
    # Whoever posted a picture is asked by name, and everything else goes to the platform.
    letters = (
        removal.write_letter(kind, uploader) if kind is LetterKind.UPLOADER else letter
        for kind, letter in zip(kinds, written.letters, strict=True)
    )
    paths = []
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        for document in (*letters, written.note):
            for suffix, text in (("md", document.markdown), ("html", document.html)):
                path = folder / f"{name}-{document.name}.{suffix}"
                write_atomically(path, text.encode())
                ledger.note_written(path, kind="letter", when=now)
                paths.append(path)
    return tuple(paths)


def write_calendar(path: Path, *, home: Home, now: datetime) -> int:
    """Write the days on which answers are due as an iCalendar file; give how many there are."""
    due = [each for each in every_removal(home=home) if each.due_on is not None]
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        write_atomically(path, removal.calendar(due, stamp=now))
        ledger.note_written(path, kind="calendar", when=now)
    return len(due)


def _short(sha256: str) -> str:
    return sha256[: SHORTEST + 2]


def _places(
    exposure: Exposure,
    kept: dict[tuple[str, str], Removal],
    gone: date | None,
    today: date,
) -> Iterable[Place]:
    found: dict[str, Place] = {}
    for each in exposure.whole:
        for occurrence in each.occurrences:
            for context in occurrence.contexts:
                door = removal.door_for(context.platform)
                if door is None or (name := _name(door, context)) in found:
                    continue
                new = Removal(item=_item(exposure.sha256, name), since=today)
                found[name] = Place(
                    door=door,
                    situation=_situation(context),
                    context=context,
                    removal=kept.get((exposure.sha256, name), new),
                    gone=gone if door.kind is DoorKind.WEBSITE else None,
                )
    return found.values()


def _name(door: Door, context: Context | None) -> str:
    link = address(context.permalink) if context and context.permalink else None
    host = urlsplit(link).hostname if link and door.kind is DoorKind.WEBSITE else None
    return host or door.name


def _situation(context: Context) -> Situation:
    if context.author is Author.OWNER:
        return Situation.OWN
    return Situation.PAGE if context.kind in _PAGES else Situation.OTHER


def _gone(ledger: Ledger) -> dict[str, date]:
    """Give the day since which a picture stands at none of its web addresses."""
    last: dict[str, list[date | None]] = {}
    for known in ledger.known_addresses():
        if known.band is Band.YOU:
            stood = known.stood[-1] if known.stood else None
            away = stood is not None and stood.standing is Standing.GONE
            last.setdefault(known.sha256, []).append(stood.at.date() if stood and away else None)
    return {
        sha256: max(day for day in days if day)
        for sha256, days in last.items()
        if all(day is not None for day in days)
    }


def _item(sha256: str, door: str) -> str:
    return f"{sha256}:{door}"


def _value(row: RemovalRow) -> Removal:
    return Removal(
        item=_item(row.sha256, row.door),
        state=State[row.state],
        since=row.since,
        kind=LetterKind[row.kind] if row.kind else None,
        to=row.to,
        asked_on=row.asked_on,
        due_on=row.due_on,
    )


def _row(value: Removal) -> RemovalRow:
    sha256, _, door = value.item.partition(":")
    return RemovalRow(
        sha256=sha256,
        door=door,
        state=value.state.name,
        since=value.since,
        kind=value.kind.name if value.kind else None,
        to=value.to,
        asked_on=value.asked_on,
        due_on=value.due_on,
    )
