"""Members kept in columns come back as they were."""

from __future__ import annotations

import pytest

from selfcheck.flows.roster import Roster
from selfcheck.model import Member

MEMBERS = [
    Member(part=0, locator="0:5:8:0badcafe", path="a/b.jpg", shown="a/b.jpg", size=7),
    Member(part=3, locator="", path="é/\udcff.jpg", shown="e\u0301\\\udcff.jpg", size=0, stamp=-5),
    Member(part=1, locator="x", path="", shown="unnamed", size=2**63 - 1, stamp=2**60),
]


def test_members_come_back_as_they_were_in_their_order() -> None:
    roster = Roster(MEMBERS)
    assert list(roster) == MEMBERS
    assert [roster[index] for index in range(3)] == MEMBERS
    assert roster[-1] == MEMBERS[-1]
    assert roster[1:] == MEMBERS[1:]
    assert len(roster) == 3
    assert MEMBERS[1] in roster


def test_beyond_the_end_there_is_none() -> None:
    with pytest.raises(IndexError):
        Roster(MEMBERS)[3]


def test_a_size_beyond_64_bits_is_kept_as_the_largest() -> None:
    hostile = Member(part=0, locator="", path="a", shown="a", size=2**80, stamp=-(2**80))
    (kept,) = Roster([hostile])
    assert (kept.size, kept.stamp) == (2**63 - 1, -(2**63 - 1))
