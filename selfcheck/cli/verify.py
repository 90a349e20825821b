"""`selfcheck verify`: renew the verification with a new film."""

from __future__ import annotations

NAME = "verify"


def command() -> None:
    """Renew your verification: film a new challenge. Holds for 2 hours, for archives and folders.

    A film does not resist a skilled reenactment (face-swapping software, a puppet of your face);
    so it never unlocks web addresses.
    """
    from selfcheck.cli import room
    from selfcheck.cli.challenge import ask_for_film, tell_of_film
    from selfcheck.cli.speak import say
    from selfcheck.flows.enrol import verify

    home = room.home()
    room.offline()
    held = verify(home=home, keys=room.keys(home), film=ask_for_film, on_event=tell_of_film)
    until = held.until.astimezone().strftime("%H:%M")
    say(f"[green]Verified ({held.assurance}) until {until}.[/green]")
