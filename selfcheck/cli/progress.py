"""A progress bar fed by the events of a flow: counts, speed and time left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from selfcheck.cli.speak import talk
from selfcheck.model import Event, OnEvent, Stage

# What all columns need when the counts have six figures.
_ROOMY = 100


@contextmanager
def progress() -> Iterator[OnEvent]:
    """Show a bar on stderr while a flow works; yield the listener to hand to it."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    # A narrow terminal would cut every column short: counts and time go before bar and speed.
    roomy = talk().width >= _ROOMY
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        *((BarColumn(bar_width=16),) if roomy else ()),
        MofNCompleteColumn(),
        *((TextColumn("{task.fields[speed]}"),) if roomy else ()),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[found]}"),
    )
    bar = Progress(*columns, console=talk(), transient=True)
    task = bar.add_task("starting", total=None, speed="", found="")

    def show(event: Event) -> None:
        # Begun with the first event: a command that is refused leaves no trace of a bar.
        bar.start()
        speed = bar.tasks[task].speed
        bar.update(
            task,
            description=event.stage.value,
            completed=event.done,
            total=event.total,
            speed=f"{speed:.1f}/s" if speed else "",
            found=_found(event),
        )

    try:
        yield show
    finally:
        if bar.live.is_started:
            bar.stop()


def _found(event: Event) -> str:
    if event.stage is not Stage.EXAMINING:
        return ""
    return f"[green]{event.you} you[/green] · {event.maybe} maybe · {event.skipped} skipped"
