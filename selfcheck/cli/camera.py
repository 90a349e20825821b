"""The live check's page, from the command line: where it is, and who opens it.

Made before the network is given up: afterwards this process can make no socket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

if TYPE_CHECKING:
    from selfcheck.flows.checking import Check
    from selfcheck.identity import Verification
    from selfcheck.web import CameraPage

# The kinds of steps, as `identity.Kind` names them; a test holds the two together.
KINDS: Final = ("turn", "nod", "mouth", "eyes", "closer")
NO_BROWSER: Final = "none"
DEFAULT_BROWSER: Final = "default"


def _kind(value: str | None) -> str | None:
    if value is not None and value not in KINDS:
        raise typer.BadParameter(f"one of {', '.join(KINDS)}")
    return value


def _browser(value: str) -> str:
    if value not in (NO_BROWSER, DEFAULT_BROWSER):
        raise typer.BadParameter(f"{DEFAULT_BROWSER} or {NO_BROWSER}")
    return value


Film: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--film", help="No camera here: film yourself with another one (2 hours, archives only)."
    ),
]
Light: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--light/--no-light",
        help="Show changing colours at the end. Without: 2 hours, archives only.",
    ),
]
Without: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--without",
        metavar="KIND",
        callback=_kind,
        help=f"Leave out steps you cannot do: {', '.join(KINDS)}. For 2 hours.",
    ),
]
Browser: TypeAlias = Annotated[
    str,
    typer.Option(
        "--browser", callback=_browser, help="`none` prints the page's address and opens nothing."
    ),
]


def way(*, film: bool, light: bool, without: str | None, browser: str) -> Check:
    """Give the way to check the person; call it before the network is given up.

    Raises UsageError for options that do not go together.
    """
    from selfcheck.errors import UsageError

    if not film:
        return _live(light=light, without=without, browser=browser)
    if without is not None:
        raise UsageError(
            "A film must show every kind of step.", hint="leave out --without, or leave out --film"
        )
    from selfcheck.cli.challenge import ask_for_film

    return ask_for_film


def _live(*, light: bool, without: str | None, browser: str) -> Check:
    from selfcheck.cli.opener import opener
    from selfcheck.flows.live import LiveCheck
    from selfcheck.identity import Kind
    from selfcheck.web import CameraPage, listener

    listening = listener()
    show = opener() if browser == DEFAULT_BROWSER else None

    @contextmanager
    def page() -> Iterator[CameraPage]:
        with CameraPage(listening, colours=light) as opened:
            _announce(opened.address, show)
            yield opened

    return LiveCheck(viewfinder=page, light=light, without=Kind(without) if without else None)


def _announce(address: str, show: Callable[[str], None] | None) -> None:
    from selfcheck.cli.speak import data, say

    if show is None:
        say("Open this address in a browser on this computer; it works once:")
        data().print(address, soft_wrap=True, highlight=False)
        return
    say("A page opens in your browser and leads you through the check.")
    say(f"If none opens, open this address yourself; it works once:\n  {address}")
    show(address)


def tell(held: Verification, *, light: bool) -> str:
    """Say how somebody was verified, and until when."""
    from selfcheck.identity import Assurance

    until = held.until.astimezone().strftime("%H:%M")
    said = f"verified ({held.described}) until {until}."
    if light and held.assurance is Assurance.CAMERA_NO_LIGHT:
        said += (
            " The screen's colours were not seen on your face, so archives and folders only."
            " Dimmer light, a brighter screen or a larger window may help."
        )
    return said
