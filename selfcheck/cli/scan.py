"""`selfcheck scan`: look for your face in archives and folders."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from selfcheck.flows.scan import Outcome

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
        ),
    ],
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Worker processes; one a core unless you say.")
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option(help="`reference` runs the face_recognition library itself; far slower."),
    ] = EngineName.ONNX,
) -> None:
    """Look for your face in archives and folders; goes on where it was stopped."""
    from selfcheck.cli import room
    from selfcheck.flows.crew import Crew, Setup
    from selfcheck.privacy.paths import cache_folder

    home = room.home()
    layers = room.offline()
    setup = Setup(engine=engine.value, cache=cache_folder())
    with _stopping() as stop, Crew(setup, workers=workers) as crew:
        # The workers are loading by now, and so does this process.
        from selfcheck.cli.progress import progress
        from selfcheck.flows.scan import Options, refuse_addresses, scan

        keys = room.keys(home)
        refuse_addresses(source, home=home, keys=keys)
        with progress() as show:
            outcome = scan(
                [Path(one) for one in source],
                home=home,
                keys=keys,
                options=Options(workers=workers, engine=engine.value),
                crew=crew,
                isolation=layers,
                stop=stop,
                on_event=show,
            )
    _tell(outcome)


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
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
        say(f"Of other archives {left} are still to do: scan those again to go on with them.")
    page = "[bold]selfcheck report --html report.html[/bold]"
    say(f"See what was found: [bold]selfcheck report[/bold], or {page}")
    if outcome.skipped:
        bad = count(outcome.skipped, "file")
        raise UnreadableFiles(
            f"Finished, but {bad} could not be read.",
            hint="selfcheck report --html report.html, where each is named with its reason",
        )
