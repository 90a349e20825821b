"""`selfcheck demo`: the whole path on synthetic people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selfcheck.demo.tour import Result

NAME = "demo"


def command() -> None:
    """Show the whole path on people who do not exist: no camera, no network, no personal data."""
    import tempfile
    from pathlib import Path

    from selfcheck.cli import room
    from selfcheck.cli.progress import progress
    from selfcheck.demo import tour

    room.offline()
    folder = Path(tempfile.mkdtemp(prefix="selfcheck-demo-"))
    with progress() as show:
        result = tour.run(folder, say=_step, on_event=show)
    _tell(result)


def _step(sentence: str) -> None:
    from selfcheck.cli.speak import say

    say(f"[bold]·[/bold] {sentence}")


def _tell(result: Result) -> None:
    from selfcheck.cli.speak import data
    from selfcheck.errors import SelfcheckError
    from selfcheck.reports.words import sum_line

    out = data()
    out.print(sum_line(result.accounting))
    planted = len(result.planted.owner)
    hit = len(result.planted.owner & result.found)
    wrong = len(result.found - result.planted.owner)
    out.print(f"Planted {planted} places with the owner; found {hit} of them, and {wrong} others.")
    out.print(f"Report: {result.page}", soft_wrap=True)
    if result.differences:
        raise SelfcheckError(
            "The demo found something else than it planted: " + "; ".join(result.differences) + ".",
            hint="report this together with what `selfcheck doctor` shows",
        )
