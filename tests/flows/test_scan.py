"""The scan, from archives to the values of a report."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import UTC, datetime, timedelta
from multiprocessing import active_children
from pathlib import Path

import pytest
from stage import Export, Owner, compared, places, report, run

from selfcheck.errors import Interrupted, NotVerified, Refused, SourceError
from selfcheck.flows.report import make_report
from selfcheck.flows.scan import scan
from selfcheck.identity import MemoryKeys
from selfcheck.ledger import Item, Ledger
from selfcheck.model import Accounting, Band, Event, Reason, Rule, Stage, Verdict
from selfcheck.privacy.paths import Home


def test_without_a_verification_nothing_is_scanned(tmp_path: Path, export: Export) -> None:
    home = Home(root=tmp_path / "home")
    home.prepare()
    with pytest.raises(NotVerified):
        scan([export.zip], home=home, keys=MemoryKeys())
    assert not home.ledger.exists()


def test_an_expired_verification_is_refused(owner: Owner, export: Export) -> None:
    with pytest.raises(NotVerified):
        run(owner, export.zip, clock=lambda: datetime.now(UTC) + timedelta(hours=2, minutes=1))


def test_a_source_that_is_not_there_is_one_sentence(owner: Owner, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        run(owner, tmp_path / "nowhere.zip")


def test_an_empty_folder_is_scanned_and_found_empty(owner: Owner, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(owner, tmp_path / "empty").accounting.found == 0


@pytest.mark.parametrize("packed", ["zip", "tar"])
def test_what_a_platform_handed_to_authorities_is_refused(
    owner: Owner, export: Export, tmp_path: Path, packed: str
) -> None:
    found = tmp_path / "found"
    (found / "linked_media").mkdir(parents=True)
    (found / "a.jpg").write_bytes(export.files[min(export.owner)])
    (found / "linked_media" / "b.jpg").write_bytes(export.files[min(export.owner)])
    (found / "records.html").write_text("<html></html>")
    archive = shutil.make_archive(str(tmp_path / "records"), packed, found)
    before = report(owner).accounting if owner.home.ledger.exists() else None
    for source in (found, Path(archive)):
        with pytest.raises(Refused, match="authorities"):
            run(owner, source)
    assert before is None or report(owner).accounting == before
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        assert ledger.accounting().found == (before.found if before else 0)


def test_the_owner_is_found_in_every_place_and_nobody_else_is(owner: Owner, export: Export) -> None:
    outcome = run(owner, export.zip)
    found = report(owner)
    assert places(found) == export.owner
    assert found.accounting == outcome.accounting
    assert outcome.accounting == Accounting(
        found=len(export.files), checked=7, duplicate=1, ignored=8, skipped=2, pending=0
    )


def test_a_copy_is_one_exposure_with_two_places(owner: Owner, export: Export) -> None:
    run(owner, export.zip)
    twice = [one for one in report(owner).exposures if len(one.occurrences) == 2]
    assert len(twice) == 1
    albums = {context.album for place in twice[0].occurrences for context in place.contexts}
    assert "Garden party" in albums


def test_a_picture_in_four_places_is_decoded_once(
    owner: Owner, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        (tmp_path / f"copy-{number}.jpg").write_bytes(export.files[min(export.owner)])
    verdicts: list[str] = []
    settle = Ledger.settle

    def watched(ledger: Ledger, item: Item, verdict: Verdict) -> None:
        verdicts.append(type(verdict).__name__)
        settle(ledger, item, verdict)

    monkeypatch.setattr(Ledger, "settle", watched)
    run(owner, tmp_path, workers=2)
    assert verdicts == ["Examined", "Copied", "Copied", "Copied"]


def test_what_cannot_be_read_is_named_with_its_reason(owner: Owner, export: Export) -> None:
    run(owner, export.zip)
    (source,) = report(owner).sources
    reasons = {Path(skipped.item).name: skipped.reason for skipped in source.skipped}
    assert reasons == {"broken.jpg": Reason.TRUNCATED, "words.jpg": Reason.NOT_A_PICTURE}
    assert source.platform == "Google Takeout"
    assert dict(source.ignored) == {Rule.DOCUMENT: 8}


def test_nothing_of_other_people_is_in_the_ledger(owner: Owner, export: Export) -> None:
    run(owner, export.zip)
    held = owner.home.ledger.read_bytes()
    assert b"my own caption 0" in held
    for secret in (b"SECRET", b"48.13", b"11.57"):
        assert secret not in held


def test_a_second_scan_does_nothing_again(owner: Owner, export: Export) -> None:
    run(owner, export.zip)
    before = compared(owner)
    assert run(owner, export.zip).settled == 0
    assert compared(owner) == before


def test_a_renamed_archive_is_known_again(owner: Owner, export: Export, tmp_path: Path) -> None:
    run(owner, export.zip)
    other = tmp_path / "takeout-20260101T000000Z-001.zip"
    other.write_bytes(export.zip.read_bytes())
    assert run(owner, other).settled == 0


def test_one_worker_and_two_report_the_same(owner: Owner, export: Export) -> None:
    run(owner, export.zip, workers=1)
    alone = compared(owner)
    owner.forget_scans()
    run(owner, export.zip, workers=2)
    assert compared(owner) == alone


def test_a_stream_gives_what_a_zip_gives(owner: Owner, export: Export) -> None:
    outcome = run(owner, export.tar)
    found = report(owner)
    assert places(found) == export.owner
    assert outcome.accounting.balances()
    assert outcome.accounting.checked == 7
    captions = {c.caption for e in found.exposures for o in e.occurrences for c in o.contexts}
    assert "my own caption 0" in captions


def test_a_stopped_stream_goes_on_to_the_same_end(owner: Owner, export: Export) -> None:
    run(owner, export.tar)
    alone = compared(owner)
    owner.forget_scans()
    done: list[Event] = []
    with pytest.raises(Interrupted):
        run(owner, export.tar, on_event=done.append, stop=lambda: examined(done) >= 3)
    run(owner, export.tar)
    assert compared(owner) == alone


def test_a_stopped_scan_goes_on_to_the_same_end(owner: Owner, export: Export) -> None:
    run(owner, export.zip)
    alone = compared(owner)
    owner.forget_scans()
    done: list[Event] = []
    with pytest.raises(Interrupted):
        run(owner, export.zip, on_event=done.append, stop=lambda: examined(done) >= 3)
    assert report(owner).accounting.pending > 0
    assert report(owner).accounting.balances()
    run(owner, export.zip)
    assert compared(owner) == alone


def examined(events: list[Event]) -> int:
    return max((event.done for event in events if event.stage is Stage.EXAMINING), default=0)


def test_a_killed_worker_loses_no_picture(owner: Owner, export: Export) -> None:
    run(owner, export.zip)
    alone = compared(owner)
    owner.forget_scans()
    killed: list[int] = []

    def kill_once(event: Event) -> None:
        if event.stage is Stage.EXAMINING and event.done >= 2 and not killed:
            victim = active_children()[0].pid
            assert victim is not None
            killed.append(victim)
            os.kill(victim, signal.SIGKILL)

    run(owner, export.zip, on_event=kill_once)
    assert killed
    assert compared(owner) == alone


def test_a_changed_file_in_a_folder_is_looked_at_again(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    folder = export.folder(tmp_path / "mine")
    run(owner, folder)
    theirs = next(folder.rglob("theirs-0.jpg"))
    theirs.write_bytes(export.files[max(export.owner)] + b"\0")
    assert run(owner, folder).settled == 1
    assert theirs.name in {Path(place).name for place in places(report(owner))}


def test_the_reference_engine_finds_the_same(owner: Owner, export: Export, tmp_path: Path) -> None:
    folder = export.folder(tmp_path / "few", [name for name in export.files if "-0.jpg" in name])
    run(owner, folder, engine="reference", workers=1)
    found = report(owner)
    assert {Path(place).name for place in places(found)} == {"mine-0.jpg"}


def test_every_stored_crop_is_sealed_and_opens_with_the_key(owner: Owner, export: Export) -> None:
    run(owner, export.zip)
    held = owner.home.ledger.read_bytes()
    assert b"\xff\xd8\xff" not in held
    opened = make_report(home=owner.home, keys=owner.keys)
    crops = [one.match.crop for one in opened.exposures if one.match.band is Band.YOU]
    assert crops
    assert all(crop.startswith(b"\xff\xd8\xff") for crop in crops)


def test_what_lies_behind_a_closed_folder_stays_in_the_report(
    owner: Owner, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = export.folder(tmp_path / "mine")
    run(owner, folder)
    before = places(report(owner))
    listing = os.scandir

    def closed(path: str) -> object:
        if Path(path).name == "Garden party":
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr("os.scandir", closed)
    run(owner, folder)
    assert places(report(owner)) == before
    assert report(owner).accounting.balances()
