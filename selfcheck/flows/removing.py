"""What to do about each picture, with whom, and how far that is; sends nothing.

Owns which doors a picture has, and the way between the ledger's rows and `removal`'s values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from os.path import lexists
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from selfcheck import removal
from selfcheck.errors import SelfcheckError, UsageError
from selfcheck.flows.report import make_report
from selfcheck.ledger import Ledger, RemovalRow
from selfcheck.model import Audience, Author, Band, Context, Exposure, PictureKind, Standing
from selfcheck.privacy.files import write_atomically, write_together
from selfcheck.privacy.paths import Home
from selfcheck.privacy.text import address
from selfcheck.removal import Door, DoorKind, LetterKind, Person, Removal, Situation, State

SHORTEST: Final = 6
"""Letters and digits of a picture's name that are enough, if no other begins so."""
_PAGES = frozenset({PictureKind.GROUP, PictureKind.PAGE})
_POSTED = frozenset({PictureKind.POST, PictureKind.PROFILE, PictureKind.COVER, PictureKind.PAGE})
_LETTER = "letter"  # in the list of what was written elsewhere
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
    def addressee(self) -> str:
        """Who gets letters: a company may be called otherwise than its platform."""
        return self.door.addressee or self.title

    @property
    def sendable(self) -> tuple[LetterKind, ...]:
        """The letters that somebody may have sent there."""
        return removal.sendable(self.door.kind, self.situation)

    def recipient(self, kind: LetterKind) -> str:
        """Name who is asked with a letter, in what is noted of it."""
        if kind is LetterKind.UPLOADER:
            return removal.poster(self.context) or "whoever posted it"
        return self.title

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
    name = name.strip()
    found = [each for each in every if each.exposure.sha256.startswith(name.lower())]
    if len(name) >= SHORTEST and len(found) == 1:
        return found[0]
    if found and len(name) < SHORTEST:
        raise UsageError(
            f"{name!r} is too short for a picture's name.",
            hint=f"type more of it, as in {_short(found[0].exposure.sha256)}",
        )
    why = "Several pictures begin with" if len(found) > 1 else "No picture of you is called"
    raise UsageError(f"{why} {name!r}.", hint="selfcheck remove lists them")


def engine(name: str, *, home: Home, today: date) -> Place:
    """Give a face-search engine and how far it is; UsageError for anything else."""
    every = engines(home=home, today=today)
    for place in every:
        if called_so(place, name):
            return place
    raise UsageError(
        f"{name!r} is no face-search engine that is known.",
        hint=f"one of {', '.join(place.name for place in every)}",
    )


def engines(*, home: Home, today: date) -> tuple[Place, ...]:
    """Give every face-search engine and how far it is, by name."""
    known = {each.item: each for each in every_removal(home=home)}
    return tuple(
        Place(
            door=door,
            situation=Situation.FACES,
            context=None,
            removal=known.get(item := _item("", door.name), Removal(item=item, since=today)),
        )
        for door in removal.of_kind(DoorKind.FACES)
    )


def called_so(place: Place, name: str) -> bool:
    """Say whether somebody means this place: by its name or title, in capitals or not."""
    return name.strip().casefold() in {place.name.casefold(), place.title.casefold()}


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


def waiting(rows: Iterable[RemovalRow]) -> tuple[Removal, ...]:
    """Give all whose answer is awaited, by the day on which it is due."""
    asked = [each for each in map(_value, rows) if each.state is State.ASKED and each.due_on]
    return tuple(sorted(asked, key=lambda each: (each.due_on or date.max, each.item)))


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
    written: date | None = None,
) -> tuple[Path, ...]:
    """Write letters and the note that goes with them, as Markdown and as pages to be printed.

    Of a face-search engine `task` is None. The letters are of the day `written`, or of today.
    Files are named after picture, door and letter, and the folder is made where it is missing.
    A letter that was changed since it was written is not replaced: it may have been filled in.
    Raises SelfcheckError where they cannot be written, and before any is.
    """
    day = written or now.astimezone().date()
    case = removal.Case(recipient=place.addressee, platform="", written=day, person=person)
    name = place.name
    if task is not None and place.context is not None:
        case = removal.case_of(task.exposure, place.context, written=day, person=person)
        name = f"{task.name}-{name}"
    letters, note = _documents(place, kinds, case, now.astimezone().date())
    files = {path: data for each in letters for path, data in _files(folder, name, each)}
    _keep_what_was_filled_in(files, home)
    files |= dict(_files(folder, name, note))
    _make(folder)
    paths = write_together(files.items())
    # The real time: what has not changed since then was not filled in.
    when = datetime.now(UTC)
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        for path in paths:
            ledger.note_written(path, kind=_LETTER, when=when)
    return paths


def _documents(
    place: Place, kinds: Sequence[LetterKind], case: removal.Case, today: date
) -> tuple[list[removal.Document], removal.Document]:
    """Address each letter: to whoever posted it or runs the page, and else to the platform."""
    to_platform = replace(case, recipient=place.addressee)
    nobody = replace(case, recipient="")
    people = {LetterKind.UPLOADER: case}
    if place.door.kind is DoorKind.PLATFORM:
        people[LetterKind.OWNER] = nobody
    made = removal.write_set(kinds, to_platform, place.door, place.situation, today=today)
    letters = [
        removal.write_letter(kind, people[kind]) if kind in people else letter
        for kind, letter in zip(kinds, made.letters, strict=True)
    ]
    return letters, made.note


def _files(folder: Path, name: str, document: removal.Document) -> Iterable[tuple[Path, bytes]]:
    for suffix, text in (("md", document.markdown), ("html", document.html)):
        yield folder / f"{name}-{document.name}.{suffix}", text.encode()


def _keep_what_was_filled_in(files: Mapping[Path, bytes], home: Home) -> None:
    """Refuse to replace what says something else, unless it is as this program left it."""
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        left = {one.path: one.when for one in ledger.written() if one.kind == _LETTER}
    kept = [
        path
        for path, data in files.items()
        if lexists(path)
        and _beginning(path, len(data) + 1) != data
        and not (path in left and _untouched(path, left[path]))
    ]
    if kept:
        others = f" (and {len(kept) - 1} more)" if kept[1:] else ""
        raise UsageError(
            f"{kept[0]}{others} is there already, and you may have filled it in.",
            hint="--letters with another folder, or move it away",
        )


def _untouched(path: Path, since: datetime) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime <= since.timestamp()
    except OSError:
        return False


def _beginning(path: Path, size: int) -> bytes | None:
    """Read how a file begins; None of what is no file, or cannot be read."""
    try:
        if not path.is_file():  # a pipe would wait for ever
            return None
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return None


def _make(folder: Path) -> None:
    """Make a folder that only its owner can read, if it is missing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(
            f"{folder} cannot be a folder: a file has that name.",
            hint="--letters with the name of a folder",
        ) from error
    except OSError as error:
        raise SelfcheckError(
            f"The folder {folder} could not be made: {error.strerror or error}.",
            hint="--letters with a folder of yours",
        ) from error


def spare(path: Path) -> None:
    """Refuse to replace a file that is no calendar of this program's."""
    if lexists(path) and _beginning(path, len(removal.BEGINS)) != removal.BEGINS:
        raise UsageError(
            f"{path} is there already, and was not written as a calendar by selfcheck.",
            hint="--calendar with another name, such as due.ics",
        )


def write_calendar(path: Path, *, home: Home, now: datetime) -> int:
    """Write the days on which answers are due as an iCalendar file; give how many there are.

    It replaces only what it wrote; UsageError where something else is there.
    """
    spare(path)
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
