"""Write the documents that are made from the program itself, or compare them with `--check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from selfcheck import errors
from selfcheck.errors import SelfcheckError
from selfcheck.exports import EXPORTS

DOCS = Path(__file__).parent.parent / "docs"
MADE = "<!-- Made by `python scripts/generate_docs.py`; edit that, or what it reads. -->"
WITHOUT_READER = (
    "Downloads from OneDrive and Dropbox are folders and are read as such, and so is what was",
    "saved from a service that is not named above. LINE's chats name no picture, Signal's",
    "encrypted backups cannot be opened, and Venmo's statements hold none. Of Bumble, OkCupid",
    "and Nextdoor nobody has described a download: their pictures are examined, and what lies",
    "beside them is not read.",
)
FINISHED = (0, "finished", "Everything was done, and every file that should be readable was read.")


def formats() -> str:
    """Write which exports are read, and how to get each."""
    lines = ["# What is read", "", MADE, ""]
    lines += [
        "selfcheck reads folders, zip, tar and tar.gz archives. Nothing is unpacked: name all",
        "parts of one export in one command, or the folder that they were downloaded to. Which",
        "platform an export comes from is seen from what is in it, not from its name.",
        "`selfcheck formats` prints the same list.",
        "",
        "Pictures: JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC, AVIF. Films: MP4, QuickTime, 3GP,",
        "Matroska, WebM, AVI; [which of their pictures are looked at](films.md).",
    ]
    for export in EXPORTS:
        lines += ["", f"## {export.title}", "", f"**What is read.** {export.reads}"]
        lines += ["", f"**How to get it.** {export.how}"]
    lines += ["", "## What has no reader of its own", "", *WITHOUT_READER]
    return "\n".join(lines) + "\n"


def exit_codes() -> str:
    """Write which exit code means what."""
    lines = ["# Exit codes", "", MADE, "", "| code | name | meaning |", "|---:|---|---|"]
    rows = [FINISHED, *((e.exit_code, e.__name__, meaning(e)) for e in errors_of())]
    lines += [f"| {code} | {name} | {text} |" for code, name, text in sorted(rows)]
    return "\n".join(lines) + "\n"


def errors_of(kind: type[SelfcheckError] = SelfcheckError) -> Iterator[type[SelfcheckError]]:
    """Yield the errors that the module defines, a kind before what is more special."""
    if kind.__module__ == errors.__name__:
        yield kind
    for special in kind.__subclasses__():
        yield from errors_of(special)


def meaning(kind: type[SelfcheckError]) -> str:
    """Give the first line of an error's own words."""
    return (kind.__doc__ or "").strip().splitlines()[0]


DOCUMENTS = {"formats.md": formats, "exit-codes.md": exit_codes}


def main(arguments: list[str] | None = None, docs: Path = DOCS) -> int:
    """Write the documents, or with `--check` name those that differ; 1 if any does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    check = parser.parse_args(arguments).check
    different = [
        name
        for name, write in DOCUMENTS.items()
        if not (docs / name).is_file() or (docs / name).read_text("utf-8") != write()
    ]
    for name in different:
        if check:
            print(f"{docs.name}/{name} differs; try: python scripts/generate_docs.py")
        else:
            (docs / name).write_text(DOCUMENTS[name](), "utf-8")
            print(f"wrote {docs.name}/{name}")
    return 1 if check and different else 0


if __name__ == "__main__":
    sys.exit(main())
