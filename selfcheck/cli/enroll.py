"""`selfcheck enroll`: consent, reference photos, a live check, and an encrypted profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfcheck.cli.camera import DEFAULT_BROWSER, Browser, Film, Light, Without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfcheck.identity import Consent, ReferenceVerdict

NAME = "enroll"
# The version is kept with the consent; a changed text is a new version.
CONSENT_VERSION = "2026-11-27"
STORED = (
    "for each photo 128 numbers that describe your face, and a fingerprint of its file",
    "when you agreed and when you verified; of each check its outcome, and on which account",
    "of each scan when, of what, on which account and computer, and what you note as its purpose",
    "later, of pictures that show you: where they stand, and a small crop, all others blurred",
)
TERMS = (
    "The photos and the camera's pictures are not kept. What describes or shows your face is"
    " encrypted; the key lies in this computer's key store, or behind your passphrase. The lists"
    " of pictures, of where they stand, of checks and of scans can be read by your account on this"
    " computer."
    " It is kept until [bold]selfcheck forget[/bold]. Nothing is sent anywhere. Other people's"
    " faces are compared and dropped.\nUse it for yourself only: for somebody else, even with"
    " their leave, it is not made."
)


def command(
    photo: Annotated[
        list[Path],
        typer.Argument(help="Photos of yourself, three to eight, from different days."),
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the references instead of adding to them.")
    ] = False,
    film: Film = False,
    light: Light = True,
    without: Without = None,
    browser: Browser = DEFAULT_BROWSER,
) -> None:
    """Enrol yourself, or add references: consent, check of the photos, a live check.

    The check opens a page on this computer: your camera sees you do five things in random order,
    then look at changing colours. It raises the effort of checking somebody else; it does not
    resist virtual cameras, live face swaps, masks or twins (docs/threat-model.md).
    """
    from selfcheck.cli import camera, room
    from selfcheck.cli.challenge import tell_of_film
    from selfcheck.cli.speak import say
    from selfcheck.flows.enrol import enrol
    from selfcheck.reports.words import count

    home = room.home()
    check = camera.way(film=film, light=light, without=without, browser=browser)
    room.offline()
    keys = room.keys(home)
    consent = _ask_consent()
    say("Looking at the photos; the first time this takes up to a minute.")
    enrolled = enrol(
        photo,
        home=home,
        keys=keys,
        consent=consent,
        replace=replace,
        check=check,
        on_references=_show,
        on_event=tell_of_film,
    )
    many = count(enrolled.references, "reference photo")
    verified = camera.tell(enrolled.verification, light=light)
    say(f"[green]Enrolled with {many}, and {verified}[/green]")
    if enrolled.rescan:
        say("Pictures scanned before will be looked at again by the next scan.")
    say("Next, with the archives you downloaded: [bold]selfcheck scan ARCHIVE...[/bold]")


def _ask_consent() -> Consent:
    from datetime import UTC, datetime

    from selfcheck.cli.speak import say, say_points
    from selfcheck.errors import Refused
    from selfcheck.identity import Consent

    say("[bold]What will be stored, on this computer only:[/bold]")
    say_points(STORED)
    say(f"{TERMS}\n")
    if not typer.confirm("Do you agree, for your own face?", err=True):
        raise Refused("Nothing was stored, because you did not agree.")
    if not typer.confirm("Are you an adult (18 or older)?", err=True):
        raise Refused("Nothing was stored: selfcheck is for adults only.")
    return Consent(text=CONSENT_VERSION, given=datetime.now(UTC), adult=True)


def _show(verdicts: Sequence[ReferenceVerdict]) -> None:
    from selfcheck.cli.speak import say
    from selfcheck.identity import advice
    from selfcheck.privacy.text import for_terminal

    for verdict in verdicts:
        name = for_terminal(verdict.name)
        if verdict.problem is None:
            say(f"[green]good[/green] {name}")
        else:
            detail = f" ({for_terminal(verdict.detail)})" if verdict.detail else ""
            say(f"[red]not usable[/red] {name}: {verdict.problem}{detail}. try: {verdict.hint}")
    if more := advice(len(verdicts)):
        say(f"[yellow]{more}[/yellow]")
