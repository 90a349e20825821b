"""`selfcheck remove`: what to do about each picture, letters, and how far it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from selfcheck.flows.removing import Place, Task
    from selfcheck.removal import Form, Removal

NAME = "remove"
_MOST = 20  # pictures; the order is that of what to deal with first


class LawOfTheUser(StrEnum):
    """Which law letters may call on, by where the user lives."""

    NONE = "none"
    GDPR = "gdpr"
    CCPA = "ccpa"


class Became(StrEnum):
    """What a user can tell of a removal, besides that somebody was asked."""

    FOUND = "found"
    ANSWERED = "answered"
    GONE = "gone"
    DECLINED = "declined"


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
        LawOfTheUser, typer.Option(help="gdpr: EU, EEA, UK. ccpa: California.")
    ] = LawOfTheUser.NONE,
    name: Annotated[str, typer.Option(help="Your name, for the letters.")] = "",
    contact: Annotated[str, typer.Option(help="How you can be reached, for the letters.")] = "",
    asked: Annotated[
        str | None, typer.Option(metavar="LETTER", help="Note that you sent it, such as erasure.")
    ] = None,
    became: Annotated[Became | None, typer.Option(help="Note what became of it.")] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of that; today if none.")
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
    from datetime import UTC

    from selfcheck.cli import room
    from selfcheck.cli.speak import say
    from selfcheck.flows import removing
    from selfcheck.removal import Law, Person, suggested

    home = room.home()
    room.offline()
    now = datetime.now(UTC)
    today = on.date() if on else now.astimezone().date()
    if calendar is not None:
        due = removing.write_calendar(calendar.expanduser().absolute(), home=home, now=now)
        say(f"Written: [bold]{_shown(str(calendar))}[/bold], with {due} days.")
        return
    task: Task | None = None
    if engine is not None:
        place = removing.engine(engine, home=home, today=today)
    else:
        tasks = removing.tasks(home=home, today=today)
        if picture is None:
            _list(tasks, everything=every)
            return
        task = removing.find(tasks, picture)
        place = _at(task, at)
    if asked is not None or became is not None:
        removing.note(_changed(place, asked, became, today), home=home)
        say("Noted.")
        return
    _tell(task, place, today)
    if letters is not None:
        person = Person(name=name, contact=contact)
        kinds = suggested(place.door.kind, place.situation, Law[law.name])
        if not kinds:
            say("No letter fits: the steps above do it without one.")
            return
        paths = removing.write_letters(
            task, place, kinds, person=person, folder=_folder(letters), home=home, now=now
        )
        for path in paths:
            say(f"Written: [bold]{_shown(str(path))}[/bold]")
        say("Read the note first. What stands in brackets is yours to fill in.")


def _shown(text: str) -> str:
    from selfcheck.privacy.text import for_terminal

    return for_terminal(text, 1000)


def _at(task: Task, name: str | None) -> Place:
    from selfcheck.errors import UsageError

    known = {place.name: place for place in task.places}
    if not known:
        raise UsageError(
            "This picture stands in your own files only.", hint="delete the file, or keep it"
        )
    if name is None:
        return next(iter(known.values()))
    if name not in known:
        raise UsageError(f"It does not stand at {name!r}.", hint=f"--at {' or '.join(known)}")
    return known[name]


def _list(tasks: Sequence[Task], *, everything: bool) -> None:
    from rich.box import SIMPLE
    from rich.table import Column, Table

    from selfcheck.cli.speak import data, say
    from selfcheck.reports import summary, words

    if not tasks:
        say("No picture of you was found, so there is nothing to remove.")
        return
    table = Table(
        Column("picture", no_wrap=True), "where", "who could see it", "how far", box=SIMPLE
    )
    shown = tasks if everything else tasks[:_MOST]
    for task in shown:
        where = [place.title for place in task.places] or ["your own files"]
        far = [_far(place) for place in task.places] or ["-"]
        table.add_row(
            task.name,
            "\n".join(map(_shown, where)),
            words.audience(summary.widest(task.exposure)),
            "\n".join(far),
        )
    data().print(table)
    if len(shown) < len(tasks):
        say(f"{len(tasks) - len(shown)} more: selfcheck remove --all")
    say("For the steps and letters of one: selfcheck remove PICTURE")


def _far(place: Place) -> str:
    if place.gone:
        return f"gone, as seen on {place.gone.isoformat()}"
    removal = place.removal
    if removal.due_on is not None:
        return f"{removal.state.value}, answer due {removal.due_on.isoformat()}"
    return removal.state.value


def _tell(task: Task | None, place: Place, today: date) -> None:
    from selfcheck.cli.speak import data, say_points

    door, way = place.door, place.door.way(place.situation)
    out = data()
    out.print(f"[bold]{_shown(place.title)}[/bold]: {place.state.value}")
    if task is not None and len(task.places) > 1:
        others = ", ".join(each.name for each in task.places if each is not place)
        out.print(f"It also stands at: {_shown(others)} (--at NAME)")
    for number, step in enumerate(way.steps if way else (), start=1):
        out.print(f"{number}. {_shown(step)}", soft_wrap=True)
    for form in way.forms if way else ():
        out.print(_form(form), soft_wrap=True)
    if place.searchable:
        _tell_of_search(place)
    for title, lines in (("Will be asked for", door.asks), ("What that costs you", door.costs)):
        out.print(f"[bold]{title}[/bold]")
        for line in lines:
            out.print(f"- {_shown(line)}", soft_wrap=True)
    out.print(f"[bold]How long it takes[/bold] {_shown(door.usual)}", soft_wrap=True)
    if door.stale(today):
        out.print(f"[yellow]Last checked on {door.checked}: it may have changed.[/yellow]")
    say_points(
        [
            "Letters: add --letters FOLDER, and --law gdpr or ccpa where one is yours.",
            "When you have sent one: --asked erasure (or its name); then --became gone.",
        ]
    )


def _tell_of_search(place: Place) -> None:
    """Say how search engines and archives are asked to forget their copy of what was public."""
    from selfcheck.cli.speak import data
    from selfcheck.removal import DoorKind, Situation, of_kind

    out, way = data(), place.door.way(Situation.CACHE)
    out.print("[bold]A search engine's cached copy or outdated result[/bold]")
    for step in way.steps if way else ():
        out.print(f"- {_shown(step)}", soft_wrap=True)
    for engine in of_kind(DoorKind.SEARCH):
        for form in (form for way in engine.ways for form in way.forms):
            out.print(f"- {_shown(engine.title)}, {_form(form)}", soft_wrap=True)


def _form(form: Form) -> str:
    sure = "" if form.verified else f" (not confirmed; look for it under {form.under})"
    return f"{_shown(form.what)}: {_shown(form.address + sure)}"


def _folder(given: Path) -> Path:
    from selfcheck.cli.speak import say
    from selfcheck.errors import UsageError
    from selfcheck.privacy.syncing import synced_by

    folder = given.expanduser().absolute()
    if not folder.is_dir():
        raise UsageError(f"{given} is no folder.", hint=f"mkdir '{given}'")
    if program := synced_by(folder / "letter.md"):
        say(f"[yellow]{program} copies this folder to other computers[/yellow], letters too.")
    return folder


def _changed(place: Place, asked: str | None, became: Became | None, on: date) -> Removal:
    from selfcheck.errors import UsageError
    from selfcheck.removal import LetterKind, State, moved
    from selfcheck.removal import asked as note_asked

    if became is not None:
        return moved(place.removal, State[became.name], on=on)
    if asked not in {kind.value for kind in LetterKind}:
        known = ", ".join(LetterKind)
        raise UsageError(f"There is no letter {asked!r}.", hint=f"one of {known}")
    kind = LetterKind(asked)
    uploader = place.context.author_name if place.context else None
    to = (uploader if kind is LetterKind.UPLOADER else None) or place.title
    return note_asked(place.removal, kind=kind, to=to, on=on)
