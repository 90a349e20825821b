"""Makes reports from what the ledger knows; the archives need not be there any more."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from selfcheck import exposure, identity, reports
from selfcheck.errors import LedgerError, ProfileError
from selfcheck.flows import worker
from selfcheck.flows.unlock import unlock
from selfcheck.ledger import Ledger
from selfcheck.model import Band, Expectation, Exposure, Report, RunSummary
from selfcheck.privacy.files import remove
from selfcheck.privacy.paths import Home

FURTHER_PAGE = "further page of a report"


def make_report(
    *, home: Home, keys: identity.KeyStore | None = None, created: datetime | None = None
) -> Report:
    """Read everything a report may say out of the ledger.

    With `keys`, the crops of `you` matches are opened; without, none are. Raises LedgerError
    where nothing was scanned yet.
    """
    if not home.ledger.exists():
        raise LedgerError("Nothing was scanned yet.", hint="selfcheck scan ARCHIVE...")
    key = unlock(home, keys).key if keys is not None else None
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        last = ledger.last_run()
        if last is None:
            raise LedgerError("Nothing was scanned yet.", hint="selfcheck scan ARCHIVE...")
        run = RunSummary(
            created=created or datetime.now(UTC),
            version=version("selfcheck"),
            last_scan=last.ended or last.began,
            runs=ledger.runs(),
            assurance=last.assurance,
            isolation=last.isolation,
            asked=ledger.requests(),
        )
        accounting = ledger.accounting()
        assert accounting.balances(), accounting
        found = map(exposure.graded, exposure.group(ledger.exposures()))
        exposures = tuple(_opened(found, key))
        return Report(
            run=run,
            accounting=accounting,
            expectation=_expectation(ledger),
            sources=ledger.sources(),
            exposures=exposures,
            urgent=exposure.order(exposures),
            rule=exposure.RULE,
        )


def write_report(report: Report, name: str, path: Path, *, home: Home) -> tuple[Path, ...]:
    """Write one kind of report, to stdout when the path is `-`; give the files' full paths.

    A large one has several, the one named last. The ledger remembers where files of the tool lie,
    so that `forget` can name them; pages of an older and larger report at this path go.
    """
    row = reports.row(name)
    if str(path) == "-":
        sys.stdout.buffer.write(row.render(report))
        sys.stdout.buffer.flush()
        return ()
    target = path.expanduser().absolute()
    # Opened first: a ledger in use would leave behind a file that `forget` knows nothing of.
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        files = reports.write(report, target, row)
        for file in files:
            kind = f"report ({name})" if file == target else FURTHER_PAGE
            ledger.note_written(file, kind=kind, when=report.run.created)
        for old in ledger.written():
            if old.path not in files and reports.is_further_page(old.path, target):
                remove(old.path)
    return files


def _expectation(ledger: Ledger) -> Expectation:
    configuration = json.loads(ledger.configuration() or "{}")
    references = int(configuration.get("references", 1))
    faces = ledger.faces_compared()
    limits = identity.limits(references)
    you, maybe = identity.expected(faces, references)
    return Expectation(
        references=references,
        faces_compared=faces,
        you=you,
        maybe=maybe,
        you_limit=limits.you,
        maybe_limit=limits.maybe,
    )


def _opened(exposures: Iterable[Exposure], key: bytes | None) -> Iterator[Exposure]:
    """Open the crops of `you` matches; a `maybe` is shown as a picture in review only."""
    for each in exposures:
        crop = b""
        if key is not None and each.match.band is Band.YOU:
            purpose = worker.crop_purpose(each.sha256)
            crop = _unsealed(key, each.match.crop, purpose)
        yield replace(each, match=replace(each.match, crop=crop))


def _unsealed(key: bytes, sealed: bytes, purpose: str) -> bytes:
    try:
        return identity.unseal(key, sealed, purpose)
    except ProfileError as error:
        raise LedgerError(
            "A stored picture does not open: it was changed or is damaged.",
            hint="selfcheck report, or --json, which need no pictures; or scan the archives again",
        ) from error
