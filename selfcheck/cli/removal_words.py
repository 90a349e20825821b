"""What `selfcheck remove` tells: the list, the steps for one picture, letters and the next one.

Owns words on the terminal; what is done about a picture is `flows.removing`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from selfcheck.flows.removing import Place, Task
    from selfcheck.removal import Door, Form, LetterKind, Removal

_MOST = 20  # pictures; the order is that of what to deal with first
_PERSON = '--name "YOUR NAME" --contact "YOUR MAIL ADDRESS"'
_LAWS = "--law gdpr (EU, EEA, UK) or --law ccpa (California)"


def shown(text: str) -> str:
    """Make outside text fit for a line."""
    from selfcheck.privacy.text import for_terminal

    return for_terminal(text, 1000)


def tell_list(
    tasks: Sequence[Task], engines: Sequence[Place], today: date, *, everything: bool
) -> None:
    """List pictures with where they stand and how far that is, and the engines that were asked."""
    from selfcheck.cli.speak import data, say
    from selfcheck.removal import State

    listed = tasks if everything else tasks[:_MOST]
    asked = [each for each in engines if each.state is not State.FOUND]
    if listed or asked:
        data().print(_table(listed, asked, today))
    if not tasks:
        say("No picture of you was found, so there is nothing to remove.")
    else:
        if len(listed) < len(tasks):
            say(f"{len(tasks) - len(listed)} more: selfcheck remove --all")
        say("For the steps and letters of one: selfcheck remove PICTURE")
    names = ", ".join(each.name for each in engines)
    line(f"For a face-search engine: selfcheck remove --engine NAME, one of {names}")


def _table(tasks: Sequence[Task], engines: Sequence[Place], today: date) -> object:
    from rich.box import SIMPLE
    from rich.table import Column, Table

    from selfcheck.reports import summary, words

    table = Table(
        Column("picture", no_wrap=True), "where", "who could see it", "how far", box=SIMPLE
    )
    for task in tasks:
        where = [place.title for place in task.places] or ["your own files"]
        far = [_far(place, today) for place in task.places] or ["-"]
        table.add_row(
            task.name,
            "\n".join(map(shown, where)),
            words.audience(summary.widest(task.exposure)),
            "\n".join(far),
        )
    for place in engines:
        table.add_row("-", place.title, "-", _far(place, today))
    return table


def _far(place: Place, today: date) -> str:
    if place.gone:
        return f"gone, as seen on {place.gone.isoformat()}"
    removal = place.removal
    if removal.due_on is not None:
        due = "overdue since" if removal.due_on < today else "answer due"
        return f"{removal.state.value}, {due} {removal.due_on.isoformat()}"
    return removal.state.value


def tell_of_own_files() -> None:
    """Say what to do about a picture that nobody else holds."""
    from selfcheck.cli.speak import data

    data().print("It stands in your own files only, so nobody has to be asked.")
    data().print("1. Delete the file and empty the bin, or keep it.")
    data().print("2. Before you show it to others: selfcheck clean writes a copy without metadata.")


def progress(place: Place, removal: Removal, today: date) -> str:
    """Say who was asked for what and when, and until when an answer is due."""
    from selfcheck.privacy.text import safe
    from selfcheck.removal import words

    other = removal.to and removal.to != place.title
    # Cut by itself, so that a name without end does not take the day with it.
    who = f"{safe(removal.to, 120)} ({place.title})" if other else place.title
    return shown(f"{who}, {words.noted(removal, today)}")


def tell(task: Task | None, place: Place, today: date, *, letters: bool) -> None:
    """Say how far it is, what to do step by step, and what to type next.

    letters: whether some are written now, which tells what is next.
    """
    from selfcheck.cli.speak import data
    from selfcheck.removal import Situation

    door, way, out = place.door, place.door.way(place.situation), data()
    _tell_how_far(task, place, today)
    for number, step in enumerate(way.steps if way else (), start=1):
        out.print(f"{number}. {shown(step)}", soft_wrap=True)
    for form in way.forms if way else ():
        out.print(_form(form), soft_wrap=True)
    if place.searchable:
        _tell_of_search(place)
    if place.situation is not Situation.OWN:
        _points("Will be asked for", door.asks)
        _points("What that costs you", door.costs)
        out.print(f"[bold]How long it takes[/bold] {shown(door.usual)}", soft_wrap=True)
    if door.stale(today):
        out.print(f"[yellow]Last checked on {door.checked}: it may have changed.[/yellow]")
    if not letters:
        for each in _next(task, place):
            line(f"  · {each}")


def _tell_how_far(task: Task | None, place: Place, today: date) -> None:
    """Say what was noted or seen and, where an answer is missing or was no, whom to turn to."""
    from selfcheck.cli.speak import data
    from selfcheck.removal import State

    out, removal = data(), place.removal
    if place.gone:
        out.print(f"[bold]{shown(place.title)}[/bold]: {_far(place, today)}")
    else:
        out.print(f"[bold]{progress(place, removal, today)}[/bold]", soft_wrap=True)
    if task is not None and len(task.places) > 1:
        others = ", ".join(each.name for each in task.places if each is not place)
        out.print(f"It also stands at: {shown(others)} (--at NAME)")
    late = removal.due_on is not None and removal.due_on < today
    if not place.gone and (late or removal.state is State.DECLINED):
        _tell_of_complaints(task, place)


def _tell_of_complaints(task: Task | None, place: Place) -> None:
    from selfcheck.cli.speak import data
    from selfcheck.removal import authorities, term

    kind = place.removal.kind
    doors = authorities({term(kind).law}) if kind else ()
    if not doors:
        letters = f"{command(task, place)} --letters FOLDER"
        data().print(f"Next: a letter that names a law: {letters} {_LAWS}", soft_wrap=True)
    for door in doors:
        _points(f"Next, a complaint: {door.title}", _ways(door))


def _ways(door: Door) -> Iterable[str]:
    for way in door.ways:
        yield from way.steps
        yield from (_named(form) for form in way.forms)


def _next(task: Task | None, place: Place) -> Iterable[str]:
    """Say what can be typed about this place now."""
    from selfcheck.removal import Law, State, suggested

    this, kinds = command(task, place), ", ".join(place.sendable)
    match place.state:
        case State.ASKED:
            yield f"What came of it: {this} --became answered (or declined, or gone)"
            yield f"If that note is wrong: {this} --undo"
        case State.GONE:
            yield f"If it comes back: {this} --became found"
        case _ if suggested(place.door.kind, place.situation, Law.NONE):
            yield f"Letters: {this} --letters FOLDER {_PERSON}, and {_LAWS} where you live there"
            yield f"When you have asked: {this} --asked KIND, one of {kinds}"
        case _:
            yield f"When it is gone: {this} --became gone"


def _tell_of_search(place: Place) -> None:
    """Say how search engines and archives are asked to forget their copy of what was public."""
    from selfcheck.removal import DoorKind, Situation, of_kind

    way = place.door.way(Situation.CACHE)
    forms = (
        f"{engine.title}, {_named(form)}"
        for engine in of_kind(DoorKind.SEARCH)
        for each in engine.ways
        for form in each.forms
    )
    _points(
        "A search engine's cached copy or outdated result", [*(way.steps if way else ()), *forms]
    )


def tell_of_letters(
    task: Task | None, place: Place, kinds: Sequence[LetterKind], paths: Sequence[Path], on: date
) -> None:
    """Say how letters are finished, which one goes out first, and what to type when it did."""
    from selfcheck.removal import term

    for path in paths:
        line(f"Written: [bold]{shown(str(path))}[/bold]")
    line(f"Read the note first: open {shown(paths[-1].name)} in a browser.")
    line(
        "Then open a letter there, click into it, put your words in place of what stands in yellow,"
        " and print it or copy it into a mail (or open its .md in a text editor)."
    )
    for number, kind in enumerate(kinds, start=1):
        line(f"{number}. {kind.value}{_when(kind, kinds[0], on)} When you have sent it:")
        line(f"     {command(task, place)} --asked {kind.value}")
    if not any(term(kind).basis for kind in kinds):
        line(f"For letters that name a law, type the same with {_LAWS}.")


def _when(kind: LetterKind, first: LetterKind, on: date) -> str:
    """Say when a letter has its turn: one at a time, the gentlest first."""
    from selfcheck.removal import LetterKind, due, term, words

    if kind is first:
        return " comes first."
    match kind:
        case LetterKind.OBJECTION:
            return ", if they refuse to erase it, or instead of it."
        case LetterKind.ACCESS:
            return ", if you want to know first what they hold."
        case LetterKind.OPT_OUT:
            return ", if you want them to stop selling or sharing it."
        case _:
            passed = words.day(due(first, on))
            polite = "" if term(first).basis else ", which no law sets"
            return f", if the answer is no or none came by {passed}{polite}."


def command(task: Task | None, place: Place) -> str:
    """Give the command that is about this place."""
    if task is None:
        return f"selfcheck remove --engine {place.name}"
    return f"selfcheck remove {task.name}" + (f" --at {place.name}" if len(task.places) > 1 else "")


def _points(title: str, lines: Iterable[str]) -> None:
    from selfcheck.cli.speak import data

    data().print(f"[bold]{title}[/bold]")
    for each in lines:
        data().print(f"- {shown(each)}", soft_wrap=True)


def _form(form: Form) -> str:
    return shown(_named(form))


def _named(form: Form) -> str:
    sure = "" if form.verified else f" (not confirmed; look for it under {form.under})"
    return f"{form.what}: {form.address}{sure}"


def line(text: str) -> None:
    """Say a line whose commands and paths stay in one piece, to be copied."""
    from selfcheck.cli.speak import talk

    talk().print(text, soft_wrap=True)
