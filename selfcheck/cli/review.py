"""`selfcheck review`: look at uncertain pictures one by one and say who is on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from selfcheck.cli.camera import DEFAULT_BROWSER, Browser

if TYPE_CHECKING:
    from selfcheck.flows.asking import Tally
    from selfcheck.flows.review import OpenReviewer
    from selfcheck.web import ReviewPage

NAME = "review"


def command(
    terminal: Annotated[
        bool, typer.Option("--terminal", help="Show the pictures in this terminal, over SSH too.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Ask again about those you were not sure of.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Ask also about those taken for you, after the others.")
    ] = False,
    browser: Browser = DEFAULT_BROWSER,
) -> None:
    """Look at uncertain pictures one by one: me, not me, not sure; each answer is kept at once.

    Needs a verification. What you say belongs to the picture and holds for every later scan. "Not
    me" is never asked again, and what was kept of that picture is destroyed with your next answer
    or at the end. With --all and --again, pictures that you confirmed are asked about too.
    """
    from selfcheck.cli import room
    from selfcheck.flows.review import review

    home = room.home()
    reviewer = _in_terminal() if terminal else _page(browser)
    room.offline()
    tally = review(home=home, keys=room.keys(home), reviewer=reviewer, again=again, every=every)
    _tell(tally)


def _in_terminal() -> OpenReviewer:
    from selfcheck.cli.blocks import TerminalReviewer, demand_terminal

    demand_terminal()
    return TerminalReviewer.opened


def _page(browser: str) -> OpenReviewer:
    """Make the page's socket, while there may be one, and what opens it in the browser."""
    from selfcheck.cli.opener import opener
    from selfcheck.web import ReviewPage, listener

    listening = listener(without="--terminal")
    show = opener() if browser == DEFAULT_BROWSER else None

    @contextmanager
    def page() -> Iterator[ReviewPage]:
        with ReviewPage(listening) as opened:
            _announce(opened.address, show)
            yield opened

    return page


def _announce(address: str, show: Callable[[str], None] | None) -> None:
    from selfcheck.cli.speak import data, say

    if show is None:
        say("Open this address in a browser on this computer; it works once:")
        data().print(address, soft_wrap=True, highlight=False)
        return
    say("A page opens in your browser and shows the pictures. Ctrl-C ends the review.")
    say(f"If none opens, open this address yourself; it works once:\n  {address}")
    show(address)


def _tell(tally: Tally) -> None:
    from selfcheck.cli.speak import say
    from selfcheck.reports.words import count

    answered = tally.me + tally.not_me + tally.unsure
    if not answered and not tally.left:
        say("No uncertain picture is left to look at.")
        return
    say(
        f"Answered: {tally.me} me, {tally.not_me} not me, {tally.unsure} not sure."
        f" Left: {count(tally.left, 'picture')}."
    )
    if tally.not_me:
        say("Of those that are not you, nothing is kept but which file each was.")
        say("Reports that you wrote before still name them: write them anew, and delete the old.")
    if tally.left:
        say("To go on: [bold]selfcheck review[/bold]")
