"""Bad input to a scan: one sentence for what cannot be opened, a reason for what cannot be read.

Whatever comes in, every file is accounted for and the rest is still found.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from oddities import ODDITIES
from stage import Export, Owner, places, report, run, write_zip

from selfcheck.demo.owner import OWNER
from selfcheck.demo.people import View, portrait
from selfcheck.errors import LedgerError, NotVerified, SelfcheckError, SourceError
from selfcheck.flows.scan import Outcome
from selfcheck.model import Reason
from selfcheck.pictures import Format, save


def reasons(owner: Owner) -> dict[str, Reason]:
    """Give the reason for each file that was skipped, by its name."""
    sources = report(owner).sources
    return {Path(one.item).name: one.reason for source in sources for one in source.skipped}


def balanced(outcome: Outcome) -> bool:
    return outcome.accounting.balances() and outcome.accounting.pending == 0


@pytest.fixture
def picture(export: Export) -> bytes:
    """Give one picture of the owner."""
    return export.files[min(export.owner)]


def empty(path: Path) -> None:
    path.write_bytes(b"")


def words(path: Path) -> None:
    path.write_text("this is no archive at all\n")


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar"])
@pytest.mark.parametrize("make", [empty, words])
def test_what_is_only_named_like_an_archive_is_one_sentence(
    owner: Owner, tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / name)
    with pytest.raises(SourceError) as raised:
        run(owner, tmp_path / name)
    assert name in raised.value.sentence
    assert raised.value.hint


def test_an_archive_without_a_member_is_scanned_and_found_empty(
    owner: Owner, tmp_path: Path
) -> None:
    assert run(owner, write_zip(tmp_path / "a.zip", {})).accounting.found == 0


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_a_cut_archive_yields_what_came_before_the_cut(
    owner: Owner, export: Export, tmp_path: Path, kind: str
) -> None:
    cut = tmp_path / f"takeout-20260101T000000Z-001.{kind}"
    whole = (export.zip if kind == "zip" else export.tar).read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    outcome = run(owner, cut)
    assert balanced(outcome)
    assert outcome.accounting.skipped > 0
    assert places(report(owner))
    assert places(report(owner)) < export.owner


def test_a_whole_archive_after_its_cut_copy_is_found_whole(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    cut = tmp_path / "takeout-20260101T000000Z-001.zip"
    whole = export.zip.read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    run(owner, cut)
    cut.write_bytes(whole)
    assert balanced(run(owner, cut))
    assert places(report(owner)) >= export.owner


def test_an_encrypted_picture_in_a_zip_is_skipped_as_encrypted(
    owner: Owner, picture: bytes, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "a.zip", {"mine.jpg": picture})
    data = bytearray(path.read_bytes())
    # The flag "encrypted" in the member's own header and in the directory.
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert balanced(run(owner, path))
    assert reasons(owner) == {"mine.jpg": Reason.ENCRYPTED}


def test_a_wrong_checksum_is_damage_and_the_others_are_found(
    owner: Owner, picture: bytes, tmp_path: Path
) -> None:
    files = {"bad.jpg": picture + b"\0", "good.jpg": picture}
    path = write_zip(tmp_path / "a.zip", files)
    data = bytearray(path.read_bytes())
    for start in (14, data.index(b"PK\x01\x02") + 16):
        data[start] ^= 0xFF
    path.write_bytes(data)
    assert balanced(run(owner, path))
    assert reasons(owner) == {"bad.jpg": Reason.DAMAGED}
    assert places(report(owner)) == {"good.jpg"}


def test_a_list_that_breaks_off_is_named_and_its_pictures_are_still_found(
    owner: Owner, picture: bytes, tmp_path: Path
) -> None:
    listing = "your_facebook_activity/posts/your_posts_1.json"
    photo = "your_facebook_activity/posts/media/mine.jpg"
    path = write_zip(
        tmp_path / "facebook-ada.zip",
        {photo: picture, listing: b'[{"timestamp": 1577836800, "attachments": [{"data": [{"me'},
    )
    assert balanced(run(owner, path))
    assert "your_posts_1.json" in reasons(owner)
    assert places(report(owner)) == {photo}


def test_an_export_of_an_unknown_kind_is_read_as_a_folder(
    owner: Owner, picture: bytes, tmp_path: Path
) -> None:
    unknown = json.dumps({"what": ["nobody", {"knows": 1}]}).encode()
    path = write_zip(tmp_path / "a.zip", {"data/x.json": unknown, "data/1/mine.jpg": picture})
    assert balanced(run(owner, path))
    assert places(report(owner)) == {"data/1/mine.jpg"}
    assert reasons(owner) == {}


def test_an_archive_given_twice_is_counted_once(owner: Owner, export: Export) -> None:
    outcome = run(owner, export.zip, export.zip)
    assert outcome.accounting.found == len(export.files)
    assert len(report(owner).sources) == 1


def test_a_source_that_is_gone_keeps_what_was_found(
    owner: Owner, picture: bytes, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "a.zip", {"mine.jpg": picture})
    run(owner, path)
    path.unlink()
    with pytest.raises(SourceError) as raised:
        run(owner, path)
    assert "a.zip" in raised.value.sentence
    assert places(report(owner)) == {"mine.jpg"}


def test_one_missing_source_stops_the_scan_before_any_work(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    with pytest.raises(SourceError):
        run(owner, export.zip, tmp_path / "nowhere.zip")
    assert not owner.home.ledger.exists()


def test_a_text_named_like_a_picture_is_skipped_in_a_folder_too(
    owner: Owner, picture: bytes, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "mine.jpg").write_bytes(picture)
    (folder / "words.jpg").write_text("words and nothing else")
    (folder / "nothing.jpg").write_bytes(b"")
    assert balanced(run(owner, folder))
    assert reasons(owner) == {"words.jpg": Reason.NOT_A_PICTURE}
    assert places(report(owner)) == {"mine.jpg"}


def test_a_damaged_ledger_is_one_sentence_and_is_left_untouched(
    owner: Owner, export: Export
) -> None:
    owner.home.ledger.write_bytes(b"this was a ledger once" * 500)
    owner.home.ledger.chmod(0o600)
    before = owner.home.ledger.read_bytes()
    with pytest.raises(LedgerError) as raised:
        run(owner, export.zip)
    assert raised.value.hint
    assert owner.home.ledger.read_bytes() == before


def test_a_damaged_profile_unlocks_nothing(owner: Owner, export: Export) -> None:
    whole = owner.home.profile.read_bytes()
    spoilt = bytearray(whole)
    spoilt[len(whole) // 2] ^= 0xFF
    owner.home.profile.write_bytes(spoilt)
    try:
        with pytest.raises(SelfcheckError) as raised:
            run(owner, export.zip)
    finally:
        owner.home.profile.write_bytes(whole)
    assert isinstance(raised.value, NotVerified) or raised.value.exit_code == 1
    assert raised.value.hint
    assert not owner.home.ledger.exists()


def test_a_link_out_of_a_folder_is_named_and_not_followed(
    owner: Owner, picture: bytes, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(picture)
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "link.jpg").symlink_to(outside)
    assert balanced(run(owner, folder))
    assert reasons(owner) == {"link.jpg": Reason.LINK}
    assert places(report(owner)) == frozenset()


def test_odd_pictures_stop_nothing_and_each_is_checked_or_skipped_with_its_reason(
    owner: Owner, picture: bytes, tmp_path: Path
) -> None:
    odd = {name: data for name, (data, _) in ODDITIES.items()}
    path = write_zip(tmp_path / "a.zip", {**odd, "mine.jpg": picture})
    outcome = run(owner, path)
    assert balanced(outcome)
    assert reasons(owner) == {name: why for name, (_, why) in ODDITIES.items() if why is not None}
    assert outcome.accounting.ignored == 0
    assert places(report(owner)) == {"mine.jpg"}


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_face_cut_by_the_border_is_looked_at(owner: Owner, tmp_path: Path, side: str) -> None:
    whole = portrait(OWNER, View(yaw=8), width=240, height=320, seed=0)
    cut = {
        "left": whole[:, 105:],
        "right": whole[:, :135],
        "top": whole[140:],
        "bottom": whole[:180],
    }
    # Small pictures keep the face its size; what is found of it is no matter here.
    path = write_zip(tmp_path / "a.zip", {"cut.png": save(cut[side], Format.PNG)})
    outcome = run(owner, path)
    assert balanced(outcome)
    assert (outcome.accounting.checked, outcome.accounting.skipped) == (1, 0)
