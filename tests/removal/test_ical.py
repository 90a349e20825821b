"""The calendar by the rules of RFC 5545: lines, folding, escapes, dates; hostile names as text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.privacy.text import safe
from selfcheck.removal import LetterKind, Removal, State, asked, calendar, moved
from selfcheck.removal.ical import escaped, folded

STAMP = datetime(2026, 11, 27, 12, 30, 5, tzinfo=timezone(timedelta(hours=2)))


def waiting(to: str, *, kind: LetterKind = LetterKind.ERASURE, item: str = "picture 1") -> Removal:
    found = Removal(item=item, since=date(2026, 1, 1))
    return asked(found, kind=kind, to=to, on=date(2026, 1, 31))


def unfolded(data: bytes) -> list[str]:
    return data.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def properties(data: bytes) -> dict[str, str]:
    """Give the properties of a calendar of one event, their values as an importer reads them."""
    pairs = (line.split(":", 1) for line in unfolded(data))
    return {name: re.sub(r"\\([\\;,])", r"\1", value) for name, value in pairs}


def test_a_hostile_recipient_is_text_in_one_event(hostile: str) -> None:
    data = calendar([waiting(hostile)], stamp=STAMP)
    lines = unfolded(data)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert [line for line in lines if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    assert not [line for line in lines if line.startswith(("ATTACH", "DESCRIPTION;", "X-"))]
    summary = properties(data)["SUMMARY"]
    assert summary == f"Answer due: {safe(hostile, 120) or 'no recipient noted'} (erasure)"


def test_every_line_has_at_most_75_octets_and_ends_with_crlf(hostile: str) -> None:
    data = calendar([waiting(hostile), waiting("日本語" * 50)], stamp=STAMP)
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is broken
    assert not [c for c in data.replace(b"\r\n", b"") if c < 0x20 or c == 0x7F]


@given(st.text(max_size=300))
def test_any_text_comes_back_from_folding_and_escaping(text: str) -> None:
    data = folded(f"SUMMARY:{escaped(text)}")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert properties(data) == {"SUMMARY": safe(text, 1000)}
    for line in data.split(b"\r\n"):
        line.decode()


@pytest.mark.parametrize("length", [74, 75, 76, 149, 150, 151])
@pytest.mark.parametrize("character", ["a", "ä", "€", "😀"])
def test_folding_breaks_between_characters_at_every_edge(length: int, character: str) -> None:
    line = (character * length)[:length]
    data = folded(line)
    assert unfolded(data) == [line]
    assert all(len(piece) <= 75 for piece in data.split(b"\r\n"))
    if character == "a":
        assert data.count(b"\r\n ") == (0 if length <= 75 else 1 if length <= 149 else 2)


def test_separators_and_line_breaks_are_escaped() -> None:
    assert escaped("a;b,c\\d\ne:f") == "a\\;b\\,c\\\\d e:f"


def test_an_event_is_a_whole_day_with_a_stamp_in_utc() -> None:
    event = properties(calendar([waiting("Example Ltd")], stamp=STAMP))
    assert event["DTSTART;VALUE=DATE"] == "20260228"
    assert event["DTEND;VALUE=DATE"] == "20260301"
    assert event["DTSTAMP"] == "20261127T103005Z"
    assert event["VERSION"] == "2.0"
    assert event["PRODID"]
    assert event["CLASS"] == "PRIVATE"


def test_the_same_letter_keeps_its_name_and_others_have_others() -> None:
    one, again = (properties(calendar([waiting("A")], stamp=STAMP))["UID"] for _ in range(2))
    later = properties(calendar([waiting("A")], stamp=STAMP + timedelta(days=9)))["UID"]
    assert one == again == later
    assert one.endswith("@selfcheck")
    others = {
        properties(calendar([each], stamp=STAMP))["UID"]
        for each in (
            waiting("B"),
            waiting("A", kind=LetterKind.ACCESS),
            waiting("A", item="picture 2"),
        )
    }
    assert len(others | {one}) == 4


def test_only_what_waits_for_an_answer_stands_in_the_calendar() -> None:
    answered = moved(waiting("A"), State.ANSWERED, on=date(2026, 2, 1))
    found = Removal(item="picture 2", since=date(2026, 1, 1))
    data = calendar([answered, found], stamp=datetime(2026, 1, 1, tzinfo=UTC))
    assert unfolded(data) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//selfcheck//removal//EN",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_of_letter_has_its_words_and_names_no_picture(kind: LetterKind) -> None:
    data = calendar([waiting("A", kind=kind, item="secret.jpg")], stamp=STAMP)
    assert re.fullmatch(r"Answer due: A \([a-z ]+\)", properties(data)["SUMMARY"])
    assert b"secret" not in data
