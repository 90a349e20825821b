"""Run the rows that are named, or all, and print the table."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scripts.torture import __doc__ as about
from scripts.torture import bad_inputs, kills, shortages
from scripts.torture.row import Row

# Each makes a row in a folder of its own; with `small`, a smaller one.
ROWS: dict[str, Callable[[Path, bool], Row]] = {
    "bad-inputs": bad_inputs.run,
    "kills": kills.run,
    "shortages": shortages.run,
}


def main() -> int:
    """Print a row at a time; give 1 where one failed."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--small", action="store_true", help="a smaller form of each")
    arguments = parser.parse_args()
    failed = False
    for name in arguments.rows or ROWS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            row = ROWS[name](Path(folder), arguments.small)
        failed |= bool(row.failures)
        verdict = "FAILED" if row.failures else "held"
        print(f"{row.name:14} {row.tried:7,} tried  {verdict:6}  {time.monotonic() - began:.0f} s")
        for line in (*row.seen, *(f"! {failure}" for failure in row.failures)):
            print(f"{'':14} {line}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
