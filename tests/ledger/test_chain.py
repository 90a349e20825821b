"""Lines and MACs: what is written is read again, and nothing else has the right MAC."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from selfcheck.ledger.chain import (
    LONGEST,
    MOST_NAMES,
    MOST_TEXT,
    START,
    Entry,
    Head,
    Outcome,
    What,
    chain_key,
    follows,
    link,
    read,
)

KEY = chain_key(bytes(range(32)))
ENTRY = Entry(
    profile="ab" * 16,
    at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    what=What.SCAN,
    outcome=Outcome.BEGUN,
    account="ada",
    machine="here",
    scope=("takeout.zip", "club.example"),
    assurance="camera, without turn",
    purpose="after leaving the club",
)


def test_the_chains_key_is_that_of_hkdf() -> None:
    expand = HKDFExpand(algorithm=SHA256(), length=32, info=b"selfcheck history, version 1")
    assert expand.derive(bytes(range(32))) == KEY


def test_a_line_is_read_as_it_was_written_and_has_its_mac() -> None:
    raw, mac = link(KEY, Head(), ENTRY)
    assert read(raw).entry == ENTRY
    assert read(raw).number == 1
    assert follows(KEY, START, raw) == mac
    assert json.loads(raw)["mac"] == mac.hex()


def test_a_time_is_kept_in_utc() -> None:
    there = timezone(timedelta(hours=9))
    raw, _ = link(KEY, Head(), replace(ENTRY, at=ENTRY.at.astimezone(there)))
    assert json.loads(raw)["at"] == "2026-01-02T03:04:05+00:00"


def test_every_changed_byte_takes_the_mac_away() -> None:
    raw, _ = link(KEY, Head(), ENTRY)
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        assert follows(KEY, START, bytes(changed)) is None, place


@pytest.mark.parametrize(
    "other", [b"", b"\n", b"{}\n", b'{"number":1,"mac":""}\n', b"\xff" * 100 + b"\n"]
)
def test_what_is_no_line_has_no_mac_and_cannot_be_read(other: bytes) -> None:
    assert follows(KEY, START, other) is None
    with pytest.raises(ValueError, match=r".*"):
        read(other)


def test_another_key_or_another_line_before_it_does_not_fit() -> None:
    raw, _ = link(KEY, Head(), ENTRY)
    assert follows(chain_key(bytes(32)), START, raw) is None
    assert follows(KEY, b"\x01" * 32, raw) is None


def test_a_line_has_a_largest_size_whatever_it_says() -> None:
    long = "\U0001f600" * 10_000
    raw, _ = link(
        KEY,
        Head(count=10**9),
        replace(ENTRY, account=long, machine=long, scope=(long,) * 1000, purpose=long),
    )
    assert len(raw) <= LONGEST
    entry = read(raw).entry
    assert len(entry.purpose) == MOST_TEXT
    assert len(entry.scope) == MOST_NAMES
    assert entry.scope[-1] == "and 985 more"


def test_a_name_that_is_no_utf_8_and_line_breaks_stay_in_one_line() -> None:
    odd = replace(ENTRY, scope=("caf\udce9.zip",), purpose='two\nlines "quoted"\u2028')
    raw, _ = link(KEY, Head(), odd)
    assert raw.count(b"\n") == 1
    assert read(raw).entry == odd


@pytest.mark.parametrize(
    "change",
    [
        {"at": "2026-01-02T03:04:05"},
        {"at": "0001-01-01T00:00:00+00:00"},
        {"at": 7},
        {"scope": "takeout.zip"},
        {"what": "upload"},
        {"number": 1e400},
        {"of": []},
    ],
)
def test_fields_that_no_line_has_are_no_line(change: dict[str, object]) -> None:
    raw, _ = link(KEY, Head(), ENTRY)
    with pytest.raises(ValueError, match=r".*"):
        read(json.dumps(json.loads(raw) | change).encode())


@pytest.mark.parametrize("deep", [b"[" * 60_000, b'{"at":' * 10_000, b'{"number":' + b"9" * 9999])
def test_a_hostile_line_is_no_line(deep: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read(deep + b"\n")


def test_a_head_is_read_as_it_was_written() -> None:
    head = Head(count=3, mac=b"\x07" * 32, size=12345)
    assert Head.unpack(head.pack()) == head
    for other in (b"", b"{}", b"[]", b'{"count":1,"mac":"zz","size":0}'):
        with pytest.raises(ValueError, match=r".*"):
            Head.unpack(other)
