"""`selfcheck verify`: renew the verification before the camera, or with a new film."""

from __future__ import annotations

from selfcheck.cli.camera import DEFAULT_BROWSER, Browser, Film, Light, Without

NAME = "verify"


def command(
    film: Film = False,
    light: Light = True,
    without: Without = None,
    browser: Browser = DEFAULT_BROWSER,
) -> None:
    """Renew your verification: a page on this computer, your camera, five things to do.

    Holds for 12 hours; for 2 without the colours or a kind of step, and by film. Without the
    colours, and by film, it unlocks archives and folders only. Not resisted: virtual cameras,
    edited source, three-dimensional masks, live deepfakes, twins; without the colours, a film of
    each step, played when it is asked for (docs/threat-model.md).
    """
    from selfcheck.cli import camera, room
    from selfcheck.cli.challenge import tell_of_film
    from selfcheck.cli.speak import say
    from selfcheck.flows.enrol import verify

    home = room.home()
    check = camera.way(film=film, light=light, without=without, browser=browser)
    room.offline()
    held = verify(home=home, keys=room.keys(home), check=check, on_event=tell_of_film)
    said = camera.tell(held, light=light)
    say(f"[green]{said[0].upper()}{said[1:]}[/green]")
