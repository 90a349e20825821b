"""`selfcheck scan`: look for your face in archives, folders and at web addresses."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from selfcheck.flows.given import Request
    from selfcheck.flows.scan import Outcome
    from selfcheck.flows.visiting import Visited
    from selfcheck.privacy.paths import Home

NAME = "scan"


class EngineName(StrEnum):
    """Which implementation of the face networks to use."""

    ONNX = "onnx"
    REFERENCE = "reference"


def command(
    source: Annotated[
        list[str],
        typer.Argument(
            help="Archives (zip, tar, tar.gz) or folders; the parts of one export together."
            " Or web addresses, and lists of them (.txt, .csv, bookmarks)."
        ),
    ],
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Worker processes; one a core unless you say.")
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option(help="`reference` runs the face_recognition library itself; far slower."),
    ] = EngineName.ONNX,
    links: Annotated[
        bool,
        typer.Option("--links", help="Ask also for pictures that an export names by address only."),
    ] = False,
    respect_robots: Annotated[
        bool,
        typer.Option("--respect-robots", help="Leave out what a host's robots.txt asks to."),
    ] = False,
    allow_private: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="A host of your own in a private network."),
    ] = None,
    purpose: Annotated[
        str, typer.Option(metavar="TEXT", help="Why, in your words; kept in the history.")
    ] = "",
) -> None:
    """Look for your face in archives, folders and at web addresses; goes on where it was stopped.

    Web addresses need a verification by camera. A page's pictures are asked for, and no link is
    followed; everything that was told to the network stands in the report.
    """
    from selfcheck.cli import room
    from selfcheck.flows.crew import Crew, Setup
    from selfcheck.privacy.paths import cache_folder

    home = room.home()
    setup = Setup(engine=engine.value, cache=cache_folder())
    with stopping() as stop, ExitStack() as at_work:
        paths, request = [Path(one) for one in source], None
        if links or any(map(_may_be_addresses, source)):
            paths, request = _request(source, home, allow_private, links, respect_robots)
        if request is not None:
            # Started while there is a network to be had; this process gives it up.
            at_work.enter_context(request.courier)
        layers = room.offline()
        crew = at_work.enter_context(Crew(setup, workers=workers))
        # The workers are loading by now, and so does this process.
        from selfcheck.cli.progress import progress
        from selfcheck.flows.scan import Options, scan

        with progress() as show:
            outcome = scan(
                paths,
                request=request,
                links=links,
                purpose=purpose,
                home=home,
                keys=room.keys(home),
                options=Options(workers=workers, engine=engine.value),
                crew=crew,
                isolation=layers,
                stop=stop,
                on_event=show,
            )
    _tell(outcome)


def _may_be_addresses(given: str) -> bool:
    """Say at a glance whether a source may be a web address, or a list of them."""
    return given.strip().lower().startswith(("http:", "https:")) or given.lower().endswith(
        (".txt", ".csv", ".tsv", ".html", ".htm", ".url")
    )


def _request(
    source: list[str], home: Home, private: list[str] | None, links: bool, respect_robots: bool
) -> tuple[list[Path], Request | None]:
    """Tell files from web addresses; with these, let through who was verified by camera."""
    from selfcheck.cli import room
    from selfcheck.flows.fetching import Courier
    from selfcheck.flows.given import Request, sort_out
    from selfcheck.flows.scan import now
    from selfcheck.flows.unlock import pass_gate
    from selfcheck.identity import Scope

    found = sort_out(source)
    if not (found.asks or links):
        return list(found.paths), None
    pass_gate(home, room.keys(home), scope=Scope.ADDRESSES, now=now())
    return list(found.paths), Request(
        courier=Courier(private_hosts=private_hosts(private)),
        given=found.given,
        refused=found.refused,
        respect_robots=respect_robots,
    )


def private_hosts(named: list[str] | None) -> frozenset[str]:
    """Give the hosts of one's own as they are compared."""
    return frozenset(host.strip().strip("[]").lower() for host in named or ())


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C end the scan cleanly and the second at once."""
    from selfcheck.cli.speak import say

    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = {one: signal.signal(one, ask) for one in (signal.SIGINT, signal.SIGTERM)}
    told: list[int] = []

    def stopped() -> bool:
        if asked and not told:
            told.append(1)
            say("Stopping; what is in hand is examined next time. Ctrl-C again ends it at once.")
        return bool(asked)

    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _tell(outcome: Outcome) -> None:
    from selfcheck.cli.speak import say
    from selfcheck.errors import UnreadableFiles
    from selfcheck.reports.words import count, sum_line

    accounting = outcome.accounting
    say(sum_line(accounting))
    if accounting.pending:
        left = count(accounting.pending, "file")
        say(f"Still to do are {left}: scan the same again to go on with them.")
    _tell_of_addresses(outcome.visited)
    page = "[bold]selfcheck report --html report.html[/bold]"
    say(f"See what was found: [bold]selfcheck report[/bold], or {page}")
    if outcome.skipped:
        bad = count(outcome.skipped, "file")
        raise UnreadableFiles(
            f"Finished, but {bad} could not be read.",
            hint="selfcheck report --html report.html, where each is named with its reason",
        )


def _tell_of_addresses(visited: Visited) -> None:
    from selfcheck.cli.speak import say
    from selfcheck.privacy.text import for_terminal
    from selfcheck.reports.words import count, some

    if visited.left:
        left = count(visited.left, "address", "addresses")
        say(
            f"No more than 500 addresses are asked in one scan, and 2,000 in a day: {left} are"
            " left for another time."
        )
    if visited.stay_away:
        hosts = for_terminal(some(visited.stay_away), 200)
        say(
            f"Programs are asked to stay away by the robots.txt of {hosts}. You named the"
            " addresses yourself, so they were asked; --respect-robots leaves them out."
        )
