"""Cleans pictures of one's own: a copy gets its name once it was read again and holds nothing.

Owns what copies are called, and the ledger's note of each. Originals are never touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from selfcheck import pictures
from selfcheck.errors import SelfcheckError
from selfcheck.flows import cleaning
from selfcheck.flows.crew import Crew, WorkerDied
from selfcheck.ledger import Ledger
from selfcheck.model import Reason, Skipped
from selfcheck.pictures import Clean, Format, Removed
from selfcheck.privacy.files import draft, settle
from selfcheck.privacy.paths import Home

KIND = "copy without metadata"

_SECONDS = 300.0
_MOST_OF_A_NAME = 1000
_LONGEST_STEM = 200  # bytes; a name has 255 on most file systems
_ENDINGS = {
    Format.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    Format.PNG: (".png", ".apng"),
    Format.WEBP: (".webp",),
    Format.GIF: (".gif",),
}
_DAY = re.compile(r"(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?!\d)")
_POSITION = re.compile(r"\d{1,3}\.\d{3,}[NS]?[ ,;_]+[-+]?\d{1,3}\.\d{3,}", re.IGNORECASE)

_EDITOR = "open it in a photo editor, save it as JPEG, and clean that"
_AGAIN = "copy it again from where it came from"
_HINTS = {
    Reason.TRUNCATED: _AGAIN,
    Reason.DAMAGED: _AGAIN,
    Reason.VANISHED: "check its name and its folder",
    Reason.NOT_A_PICTURE: "name pictures only",
    Reason.LINK: "name the file that it leads to",
    Reason.NO_PERMISSION: "give yourself the right to read it",
    Reason.HOSTILE: "leave it out; no camera makes such files",
    Reason.TOO_LARGE: "make it smaller in a photo editor first",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanCopy:
    """A copy that was written, and what it does not hold any more.

    notes: what else should be known of it, in our own words.
    """

    original: Path
    copy: Path
    removed: tuple[Removed, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCleaned:
    """A file of which there is no copy: one sentence with its path, and one action to try."""

    sentence: str
    hint: str


def clean_copies(
    originals: Iterable[Path], *, home: Home, crew: Crew, now: datetime, to: Path | None = None
) -> Iterator[CleanCopy | NotCleaned]:
    """Write a copy without metadata of each picture, beside it or in the folder `to`.

    Nothing is ever replaced: where a name is taken, a number is put into it. The ledger
    remembers each copy, so that `forget` can name it; LedgerError where it is in use.
    """
    # Opened first: a ledger in use would leave behind a file that `forget` knows nothing of.
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        for original in dict.fromkeys(one.expanduser().absolute() for one in originals):
            try:
                done = _clean(original, to or original.parent, crew)
            except SelfcheckError as error:  # of writing: it may go better in the next folder
                done = NotCleaned(sentence=f"{error.sentence}.", hint=_elsewhere(error))
            if isinstance(done, CleanCopy):
                ledger.note_written(done.copy, kind=KIND, when=now)
            yield done


def _elsewhere(error: SelfcheckError) -> str:
    return f"{error.hint}, or --to FOLDER" if error.hint else "--to FOLDER"


def _clean(original: Path, folder: Path, crew: Crew) -> CleanCopy | NotCleaned:
    if original.is_dir():
        name = str(original)
        return NotCleaned(sentence=f"{name} is a folder.", hint=f"selfcheck clean '{name}'/*.jpg")
    try:
        made = crew.call(cleaning.clean, original, seconds=_SECONDS)
        if isinstance(made, Skipped):
            return _left(made)
        return _keep(original, folder.absolute(), made, crew)
    except WorkerDied:
        return _left(Skipped(item=str(original), reason=Reason.CRASHED))


def _keep(original: Path, folder: Path, made: Clean, crew: Crew) -> CleanCopy | NotCleaned:
    """Write a copy under a hidden name, have it read again, and only then give it its own."""
    with draft(folder, made.data) as hidden:
        fault = crew.call(cleaning.fault, original, hidden, seconds=_SECONDS)
        if fault:
            sentence = f"{original} was not cleaned: its copy was read again, and {fault}."
            return NotCleaned(sentence=sentence, hint=_EDITOR)
        for name in _names(original, made.format):
            if settle(hidden, folder / name):
                notes = (made.note, _told_by(original.name))
                return CleanCopy(
                    original=original,
                    copy=folder / name,
                    removed=made.removed,
                    notes=tuple(filter(None, notes)),
                )
    sentence = f"{original} has {_MOST_OF_A_NAME - 1} clean copies already."
    return NotCleaned(sentence=sentence, hint="delete those that you do not need")


def _names(original: Path, form: Format) -> Iterator[str]:
    """Give the names that a copy may have; its content decides how they end."""
    stem, ending = original.stem, original.suffix
    while len(os.fsencode(stem)) > _LONGEST_STEM:
        stem = stem[:-1]
    if ending.lower() not in _ENDINGS[form]:
        ending = _ENDINGS[form][0]
    yield f"{stem} (clean){ending}"
    for number in range(2, _MOST_OF_A_NAME):
        yield f"{stem} (clean {number}){ending}"


def _told_by(name: str) -> str:
    """Say what a file's name gives away, which a copy keeps."""
    told = [
        what
        for what, form in (("a date", _DAY), ("a position", _POSITION))
        if form.search(name) is not None
    ]
    return f"its name tells {' and '.join(told)}: rename it before you post it" if told else ""


def _left(skipped: Skipped) -> NotCleaned:
    """Word why a file was not cleaned."""
    why, detail = skipped.reason.value, skipped.detail
    if skipped.reason is Reason.VANISHED:
        why, detail = "there is no such file", ""
    elif skipped.reason in {Reason.NOT_A_PICTURE, Reason.UNSUPPORTED}:
        why, detail = detail, ""
    hint = _HINTS.get(skipped.reason, _EDITOR)
    if skipped.detail == pictures.NO_FILMS:
        hint = "leave films out, and take place and time out of them where they were made"
    reason = f"{why} ({detail})" if detail else why
    return NotCleaned(sentence=f"{skipped.item} was not cleaned: {reason}.", hint=hint)
