"""`selfcheck remove`: what to do about each picture, letters, and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfcheck.cli.removal_wishes import Became, Wishes, day, law_named, refuse_nonsense

if TYPE_CHECKING:
    from datetime import date, datetime

    from selfcheck.flows.removing import Place, Task
    from selfcheck.privacy.paths import Home
    from selfcheck.removal import LetterKind, Removal

NAME = "remove"


def command(
    picture: Annotated[
        str | None, typer.Argument(metavar="[PICTURE]", help="Its name in the list and the report.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A face-search engine to be left out of, instead."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="NAME", help="Where, if it stands in several places.")
    ] = None,
    letters: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the letters that fit.")
    ] = None,
    law: Annotated[
        str | None, typer.Option(metavar="LAW", help="gdpr: EU, EEA, UK. ccpa: California.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Your name, for the letters.")] = None,
    contact: Annotated[
        str | None, typer.Option(help="How you can be reached, for the letters.")
    ] = None,
    asked: Annotated[
        str | None, typer.Option(metavar="LETTER", help="Note that you sent it, such as erasure.")
    ] = None,
    became: Annotated[
        Became | None, typer.Option(case_sensitive=False, help="Note what became of it.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last note back.")] = False,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="The day of the letter or note, as 2026-11-27; else today."
        ),
    ] = None,
    calendar: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the days of answers as iCalendar.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List all pictures.")] = False,
) -> None:
    """Say what to do about each picture: steps, forms, letters, and how far it is.

    Without a name it lists what to deal with first. Nothing is ever sent: you read, decide and
    send. This is not legal advice.
    """
    from datetime import UTC, datetime

    from selfcheck.cli import room

    wishes = Wishes(
        picture=picture,
        engine=engine,
        at=at,
        letters=letters,
        law=law,
        name=name,
        contact=contact,
        asked=asked,
        became=became,
        undo=undo,
        on=on,
        calendar=calendar,
        every=every,
    )
    refuse_nonsense(wishes)
    home = room.home()
    room.offline()
    _do(wishes, home, datetime.now(UTC))


def _do(wishes: Wishes, home: Home, now: datetime) -> None:
    """Do all that was asked for: letters, then the note, then the calendar."""
    from selfcheck.cli import removal_words as words
    from selfcheck.flows import removing
    from selfcheck.reports.words import count

    today = now.astimezone().date()
    on = day(wishes.on, today)
    calendar = wishes.calendar.expanduser().absolute() if wishes.calendar else None
    if calendar is not None:
        removing.spare(calendar)  # before anything else is done
    if wishes.picture is not None or wishes.engine is not None:
        _deal(wishes, home, on, now)
    elif calendar is None or wishes.every:
        tasks = removing.tasks(home=home, today=today)
        words.tell_list(
            tasks, removing.engines(home=home, today=today), today, everything=wishes.every
        )
    if calendar is not None:
        days = count(removing.write_calendar(calendar, home=home, now=now), "day", "days")
        words.line(f"Written: [bold]{words.shown(str(calendar))}[/bold], with {days}.")


def _deal(wishes: Wishes, home: Home, on: date, now: datetime) -> None:
    """Deal with one picture in one place, or with one face-search engine."""
    from selfcheck.cli import removal_words as words
    from selfcheck.flows import removing

    task, place = _which(wishes, home, on)
    if place is None:
        words.tell_of_own_files()
        return
    today = now.astimezone().date()
    changed = _changed(place, wishes, on)
    if changed is None or wishes.letters is not None:
        words.tell(task, place, today, letters=wishes.letters is not None)
    if wishes.letters is not None:
        _write(wishes, wishes.letters, task, place, home=home, on=on, now=now)
    if changed is not None:
        removing.note(changed, home=home)
        done = "Taken back, and now" if wishes.undo else "Noted"
        words.line(f"{done}: {words.progress(place, changed, today)}.")
        if wishes.undo and changed.kind is None:
            words.line("If an earlier letter was noted there, it is on record no more.")


def _which(wishes: Wishes, home: Home, on: date) -> tuple[Task | None, Place | None]:
    """Find what is meant; no place where a picture stands in one's own files only."""
    from selfcheck.errors import UsageError
    from selfcheck.flows import removing

    if wishes.engine is not None:
        return None, removing.engine(wishes.engine, home=home, today=on)
    task = removing.find(removing.tasks(home=home, today=on), wishes.picture or "")
    if task.places:
        return task, _at(task, wishes.at)
    if wishes.noted or wishes.letters is not None or wishes.at is not None:
        raise UsageError(
            "This picture stands in your own files only, so nobody is asked.",
            hint="delete the file, or keep it",
        )
    return task, None


def _at(task: Task, name: str | None) -> Place:
    from selfcheck.errors import UsageError
    from selfcheck.flows import removing

    if name is None:
        return task.places[0]
    for place in task.places:
        if removing.called_so(place, name):
            return place
    known = " or ".join(place.name for place in task.places)
    raise UsageError(f"It does not stand at {name!r}.", hint=f"--at {known}")


def _changed(place: Place, wishes: Wishes, on: date) -> Removal | None:
    """Give what is to be noted; None where nothing is."""
    from selfcheck.removal import State, asked, moved, undone

    if wishes.undo:
        return undone(place.removal)
    if wishes.became is not None:
        return moved(place.removal, State[wishes.became.name], on=on)
    if wishes.asked is None:
        return None
    kind = _letter(place, wishes.asked)
    return asked(place.removal, kind=kind, to=place.recipient(kind), on=on)


def _letter(place: Place, name: str) -> LetterKind:
    from selfcheck.errors import UsageError

    for kind in place.sendable:
        if kind.value == name.strip().lower().replace("-", "_"):
            return kind
    raise UsageError(
        f"{name!r} is no letter that goes to {place.title}.",
        hint=f"--asked with one of {', '.join(place.sendable)}",
    )


def _write(
    wishes: Wishes,
    given: Path,
    task: Task | None,
    place: Place,
    *,
    home: Home,
    on: date,
    now: datetime,
) -> None:
    """Write the letters that fit, and say how they are finished and which goes out first."""
    from selfcheck.cli import removal_words as words
    from selfcheck.cli.speak import say
    from selfcheck.flows import removing
    from selfcheck.privacy.syncing import synced_by
    from selfcheck.removal import Person, suggested

    kinds = suggested(place.door.kind, place.situation, law_named(wishes.law))
    if not kinds:
        say("No letter fits: the steps above do it without one.")
        return
    folder = given.expanduser().absolute()
    paths = removing.write_letters(
        task,
        place,
        kinds,
        person=Person(name=wishes.name or "", contact=wishes.contact or ""),
        folder=folder,
        home=home,
        now=now,
        written=on,
    )
    if program := synced_by(paths[0]):
        say(f"[yellow]{program} copies this folder to other computers[/yellow], letters too.")
    words.tell_of_letters(task, place, kinds, paths, on)
