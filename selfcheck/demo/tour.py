"""The whole path on people who do not exist: enrol, verify, scan, report, and compare.

Works in a home of its own with a key in memory. Its camera can show the renderer's people only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from selfcheck import identity
from selfcheck.demo import archives
from selfcheck.demo.owner import OTHERS, OWNER, write_references
from selfcheck.demo.viewfinder import living
from selfcheck.flows import enrol, report, scan
from selfcheck.flows.live import LiveCheck
from selfcheck.model import Accounting, Band, OnEvent, Report, quiet
from selfcheck.privacy.paths import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the demo planted, what the scan found, and where the page lies."""

    planted: archives.Planted
    found: frozenset[tuple[str, str]]
    accounting: Accounting
    page: Path

    @property
    def differences(self) -> tuple[str, ...]:
        """Name every difference between what was planted and what was found; none is right."""
        missed = sorted(self.planted.owner - self.found)
        wrong = sorted(self.found - self.planted.owner)
        expected, counted = self.planted.accounting, self.accounting
        return (
            *(f"not found: {part} {member}" for part, member in missed),
            *(f"found and not planted: {part} {member}" for part, member in wrong),
            *([f"counted {counted}, planted {expected}"] if counted != expected else []),
        )


def run(
    folder: Path,
    *,
    workers: int | None = None,
    say: Callable[[str], None],
    on_event: OnEvent = quiet,
) -> Result:
    """Walk the whole path in this folder; `say` is told each step in a sentence."""
    home = Home(root=folder / "home")
    home.prepare()
    keys = identity.MemoryKeys()
    say(f"Drawing {OWNER.name}, who does not exist, and {len(OTHERS)} others.")
    photos = write_references(folder / "photos")
    say(
        f"Enrolling {OWNER.name} with {len(photos)} photos. She sits before a drawn camera and does"
        " what the live check asks for, as it asks it."
    )
    enrol.enrol(
        photos,
        home=home,
        keys=keys,
        consent=identity.Consent(text="demo", given=datetime.now(UTC), adult=True),
        check=LiveCheck(viewfinder=partial(living, OWNER)),
        on_event=on_event,
    )
    say("Building a Facebook, an Instagram and a Google Takeout archive of their pictures.")
    planted = archives.plant(folder / "archives", owner=OWNER, others=OTHERS, on_event=on_event)
    say("Scanning them.")
    scan.scan(
        planted.archives,
        home=home,
        keys=keys,
        options=scan.Options(workers=workers),
        on_event=on_event,
    )
    made = report.make_report(home=home, keys=keys)
    page = folder / "report.html"
    report.write_report(made, "html", page, home=home)
    return Result(planted=planted, found=found(made), accounting=made.accounting, page=page)


def found(made: Report) -> frozenset[tuple[str, str]]:
    """Give every place where a `you` match stands: archive and member."""
    return frozenset(
        (Path(place.part).name, place.path)
        for exposure in made.exposures
        if exposure.match.band is Band.YOU
        for place in exposure.occurrences
    )
