"""The command line: parse, call a flow, render. The only place that turns errors into words."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from selfcheck.cli.app import app

    app()
