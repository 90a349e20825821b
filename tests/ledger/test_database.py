"""Bad files, full disks and other programs: a clear sentence, a hint, and nothing lost."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfcheck.errors import LedgerError
from selfcheck.ledger import Ledger
from selfcheck.ledger.database import Database
from selfcheck.ledger.schema import APPLICATION_ID, VERSION
from selfcheck.model import (
    Band,
    Box,
    Examined,
    FaceQuality,
    Ignored,
    Match,
    Member,
    PartInfo,
    Rule,
)

PARTS = (PartInfo(path="/a.zip", kind="zip", fingerprint="a", name="a.zip"),)
MATCH = Match(
    band=Band.YOU,
    distance=0.4321,
    box=Box(left=1, top=2, right=30, bottom=40),
    picture_width=640,
    picture_height=480,
    faces=1,
)
QUALITY = FaceQuality(
    width=81, sharpness=0.04, yaw=-3.5, pitch=1.25, contrast=0.3, evenness=0.9, drawn=1.0
)


def member(number: int) -> Member:
    name = f"photos/{number}.jpg"
    return Member(part=0, locator=str(number), path=name, shown=name, size=number)


def make(path: Path, count: int = 300) -> None:
    with Ledger.open(path) as ledger:
        source = ledger.source(label="a", parts=PARTS)
        ledger.list_members(source, map(member, range(count)))


def refusal(path: Path) -> LedgerError:
    before = path.read_bytes()
    with pytest.raises(LedgerError) as caught:
        Ledger.open(path)
    assert path.read_bytes() == before
    assert caught.value.hint
    assert str(path) in caught.value.sentence
    return caught.value


def test_random_bytes_are_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(random.Random(1).randbytes(5000))
    assert "not a ledger" in refusal(path).sentence


def test_a_short_scrap_of_a_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path)
    path.write_bytes(path.read_bytes()[:60])
    assert "damaged" in refusal(path).sentence


def test_a_truncated_ledger_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path)
    path.write_bytes(path.read_bytes()[:-5000])
    assert "damaged" in refusal(path).sentence


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA application_id = 77")
        other.execute("CREATE TABLE letters (text)")
    other.close()
    assert "not a ledger" in refusal(path).sentence


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 1)
    with sqlite3.connect(path) as later:
        later.execute("PRAGMA user_version = 99")
    later.close()
    assert "newer" in refusal(path).sentence


def as_of_version_4(earlier: sqlite3.Connection) -> None:
    """Take away what came with version 5."""
    for column in ("width", "sharpness", "yaw", "pitch", "contrast", "evenness", "drawn"):
        earlier.execute(f"ALTER TABLE matches DROP COLUMN {column}")
    for name in ("removals", "decisions"):
        earlier.execute(f"DROP TABLE {name}")
    earlier.execute("PRAGMA user_version = 4")


def as_of_version_3(earlier: sqlite3.Connection) -> None:
    """Take away what came with version 4 too."""
    as_of_version_4(earlier)
    for name in ("requests", "named", "answers", "standings"):
        earlier.execute(f"DROP TABLE {name}")
    for table, column in (("runs", "pages"), ("contexts", "answered"), ("contexts", "modified")):
        earlier.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    earlier.execute("PRAGMA user_version = 3")


def test_a_ledger_of_the_third_version_learns_of_web_addresses(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 3)
    with sqlite3.connect(path) as earlier:
        as_of_version_3(earlier)
    earlier.close()
    with Ledger.open(path) as ledger:
        assert ledger.requests() == ()
        assert ledger.known_addresses() == ()
        assert ledger.pages_since(datetime.min.replace(tzinfo=UTC)) == 0


def test_matches_of_a_ledger_of_the_fourth_version_are_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 2)
    with Ledger.open(path) as ledger:
        source = ledger.source(label="a", parts=PARTS)
        first, second = ledger.pending(source)
        ledger.settle(first, Examined(sha256="11" * 32, faces=1, match=MATCH))
    with sqlite3.connect(path) as earlier:
        as_of_version_4(earlier)
    earlier.close()
    measured = replace(MATCH, quality=QUALITY)
    with Ledger.open(path) as ledger:
        ledger.settle(second, Examined(sha256="22" * 32, faces=1, match=measured))
        assert [one.match.quality for one in ledger.exposures()] == [None, QUALITY]


def test_a_ledger_of_the_first_version_is_brought_up_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 3)
    with Ledger.open(path) as ledger:
        source = ledger.source(label="a", parts=PARTS)
        first, second, third = ledger.pending(source)
        ledger.settle(first, Examined(sha256="11" * 32, faces=1, match=MATCH))
        ledger.settle(second, Ignored(rule=Rule.SOUND))
        ledger.settle(third, Ignored(rule=Rule.DOCUMENT))
    with sqlite3.connect(path) as earlier:
        as_of_version_3(earlier)
        earlier.execute("UPDATE items SET why = 'VIDEO' WHERE why = 'SOUND'")
        earlier.execute("ALTER TABLE matches DROP COLUMN second")
        earlier.execute("ALTER TABLE matches DROP COLUMN fingerprint")
        earlier.execute("ALTER TABLE sources DROP COLUMN addresses")
        earlier.execute("DROP TABLE absent_parts")
        earlier.execute("PRAGMA user_version = 1")
    earlier.close()
    for _ in range(2):  # and stays so
        with Ledger.open(path) as ledger:
            (exposure,) = ledger.exposures()
            assert exposure.match == MATCH
            assert ledger.accounting().ignored == 1  # a film is to be examined now
            assert ledger.accounting().pending == 1
            assert ledger._db.first("PRAGMA user_version") == (VERSION,)


def test_a_ledger_of_the_second_version_learns_of_absent_parts_and_addresses(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 3)
    with sqlite3.connect(path) as earlier:
        as_of_version_3(earlier)
        earlier.execute("ALTER TABLE sources DROP COLUMN addresses")
        earlier.execute("DROP TABLE absent_parts")
        earlier.execute("PRAGMA user_version = 2")
    earlier.close()
    with Ledger.open(path) as ledger:
        assert [(one.absent_parts, one.addresses) for one in ledger.sources()] == [((), 0)]
        source = ledger.source(label="a", parts=PARTS, absent_parts=("b.zip",))
        ledger.set_listing_facts(source, missing=(), unlisted=0, addresses=5)
        (summary,) = ledger.sources()
    assert (summary.absent_parts, summary.addresses) == (("b.zip",), 5)


def test_a_ledger_without_a_version_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with sqlite3.connect(path) as odd:
        odd.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        odd.execute("CREATE TABLE items (text)")
    odd.close()
    assert "damaged" in refusal(path).sentence


def test_a_ledger_without_its_rows_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 1)
    with sqlite3.connect(path) as odd:
        odd.execute("DELETE FROM state")
    odd.close()
    assert "damaged" in refusal(path).sentence


@pytest.mark.parametrize("seed", range(8))
def test_damaged_pages_end_in_a_ledger_error_and_in_nothing_else(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path)
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    start = chance.randrange(4096, len(data) - 3000)
    data[start:] = chance.randbytes(len(data) - start)
    path.write_bytes(data)
    (tmp_path / "ledger.lock").write_text("1234\n")  # its last user died: every page is checked
    assert "damaged" in refusal(path).sentence


def test_damage_met_later_is_told_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path)
    data = bytearray(path.read_bytes())
    data[-40960:] = bytes(40960)
    path.write_bytes(data)

    def use() -> None:
        with Ledger.open(path) as ledger:
            ledger.sources()
            list(ledger.pending(1))
            ledger.require_configuration("x")

    with pytest.raises(LedgerError, match="damaged"):
        use()


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(tmp_path / "home" / "ledger.sqlite3")


def test_a_link_in_the_ledgers_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / "ledger.sqlite3").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(tmp_path / "ledger.sqlite3")
    assert (tmp_path / "elsewhere").read_bytes() == b""


def test_a_ledger_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 1)
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    database = Database(connection, path)
    with pytest.raises(LedgerError, match="cannot be opened for writing"), database.transaction():
        database.run("DELETE FROM runs")
    database.close()


def test_another_programs_lock_on_the_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with Ledger.open(tmp_path / "x.sqlite3") as ledger:
        ledger._db = Database(sqlite3.connect(path, timeout=0, isolation_level=None), path)
        with pytest.raises(LedgerError, match="in use by another program"):
            ledger.require_configuration("x")
    other.close()


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    make(path, 300)
    with Ledger.open(path) as ledger:
        ledger._db.rows("PRAGMA max_page_count = 1")  # SQLite takes it as the present size
        source = ledger.source(label="a", parts=PARTS)
        with pytest.raises(LedgerError, match="disk is full") as caught:
            ledger.list_members(source, map(member, range(5000)))
        assert "free some space" in caught.value.hint
        assert ledger.accounting().found == 300
        assert ledger.accounting().balances()


FILLING = """
import resource, signal, sys
from pathlib import Path
from selfcheck.errors import LedgerError
from selfcheck.ledger import Ledger
from selfcheck.model import Ignored, Member, PartInfo, Rule, Skipped, Reason

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
part = PartInfo(path="/a.zip", kind="zip", fingerprint="a", name="a.zip")
ledger = Ledger.open(Path(sys.argv[1]))
source = ledger.source(label="a", parts=[part])
ledger.list_members(source, [
    Member(part=0, locator=str(n), path=str(n), shown=str(n), size=n) for n in range(60)])
limit = Path(sys.argv[1]).stat().st_size + 20000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    for item in ledger.pending(source):
        why = Skipped(item="x", reason=Reason.DAMAGED, detail="d" * 2000)
        ledger.settle(item, why)
        print(item.member.path, flush=True)
except LedgerError as error:
    print(error.sentence, file=sys.stderr)
    sys.exit(1)
"""


def test_a_file_that_may_not_grow_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    run = subprocess.run(
        [sys.executable, "-c", FILLING, str(path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1, run.stderr
    assert str(path) in run.stderr
    acknowledged = set(run.stdout.split())
    assert 1 < len(acknowledged) < 60
    with Ledger.open(path) as ledger:
        settled = ledger._db.rows("SELECT path FROM items WHERE state = 'skipped'")
        assert {row[0] for row in settled} == acknowledged
        assert ledger._db.first("PRAGMA integrity_check") == ("ok",)
        source = ledger.source(label="a", parts=PARTS)
        for item in ledger.pending(source):
            ledger.settle(item, Ignored(rule=Rule.EMPTY))
        assert ledger.accounting().pending == 0


def test_a_ledger_killed_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.touch()
    make(path, 3)
    with Ledger.open(path) as ledger:
        assert ledger.accounting().found == 3


def test_only_its_owner_can_read_the_ledger(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        make(tmp_path / "ledger.sqlite3")
    finally:
        os.umask(old)
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


def test_the_settings_that_the_promises_rest_on_are_in_force(tmp_path: Path) -> None:
    expected = {
        "journal_mode": ("truncate",),
        "synchronous": (2,),
        "secure_delete": (1,),
        "foreign_keys": (1,),
        "trusted_schema": (0,),
        "temp_store": (2,),
        "application_id": (APPLICATION_ID,),
        "user_version": (VERSION,),
    }
    with Ledger.open(tmp_path / "ledger.sqlite3") as ledger:
        settings = {name: ledger._db.first(f"PRAGMA {name}") for name in expected}
    assert settings == expected
