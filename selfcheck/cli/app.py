"""The program's commands in the order in which a person meets them, and its outermost frame."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from selfcheck.cli import (
    clean,
    demo,
    doctor,
    enroll,
    forget,
    formats,
    history,
    recheck,
    remove,
    report,
    review,
    scan,
    status,
    verify,
)
from selfcheck.errors import ChangeSeen, Interrupted, SelfcheckError, UnreadableFiles

FAILED = 1


class Commands(TyperGroup):
    """Turns what a command raises into one sentence, one action and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 -- typer's own signature
        """Run the command that was asked for."""
        debug = bool(ctx.params.get("debug"))
        try:
            return super().invoke(ctx)
        except SelfcheckError as error:
            if debug:
                raise
            self._say(error.sentence, error.hint, label=_label(error))
            raise typer.Exit(error.exit_code) from error
        except (KeyboardInterrupt, typer.Abort) as error:
            # Ctrl-C at a question, or twice in a scan.
            self._say("Stopped.", "", label="")
            raise typer.Exit(Interrupted.exit_code) from error
        except typer.Exit:
            raise
        except Exception as error:
            # typer's own usage errors know how to show themselves, and a reader that has left
            # (`| head`) is no error.
            if debug or hasattr(error, "exit_code") or isinstance(error, BrokenPipeError):
                raise
            self._say(
                f"Something went wrong that should not have: {type(error).__name__}.",
                "the same command with `selfcheck --debug ...`, and report what it shows",
            )
            raise typer.Exit(FAILED) from error

    def _say(self, sentence: str, hint: str, label: str = "[red]error:[/red] ") -> None:
        from selfcheck.cli.speak import say_error

        say_error(sentence, hint, label=label)


def _label(error: SelfcheckError) -> str:
    match error:
        case Interrupted():  # what the user asked for is no error
            return ""
        case UnreadableFiles() | ChangeSeen():
            return "[yellow]note:[/yellow] "
        case _:
            return "[red]error:[/red] "


app = typer.Typer(
    name="selfcheck",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold a key or an encoding
    help="Find your own face in the archives you downloaded: on this computer, for you alone.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"selfcheck {version('selfcheck')}")
        raise typer.Exit


@app.callback()
def main(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Take the options that stand before every command."""
    del debug, version  # read from the context by Commands, and by the callback


def _help(docstring: str | None) -> str:
    """Give a docstring with each paragraph in one line, for the terminal to break."""
    paragraphs = inspect.cleandoc(docstring or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)


COMMANDS = (
    demo,
    enroll,
    verify,
    scan,
    report,
    review,
    remove,
    recheck,
    clean,
    status,
    history,
    formats,
    doctor,
    forget,
)
for module in COMMANDS:
    app.command(name=module.NAME, help=_help(module.command.__doc__))(module.command)
