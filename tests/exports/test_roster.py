"""Members kept in columns come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.exports.documents import fold
from selfcheck.exports.roster import Roster
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


def test_paths_come_without_the_members() -> None:
    roster = Roster(MEMBERS)
    assert list(roster.paths()) == [member.path for member in MEMBERS]
    assert [roster.path(index) for index in range(3)] == [member.path for member in MEMBERS]


@given(st.lists(st.text("aB/ '’é_.\n", max_size=6), max_size=20))
def test_paths_changed_together_are_as_if_changed_one_by_one(paths: list[str]) -> None:
    members = (Member(part=0, locator="", path=path, shown=path, size=0) for path in paths)
    assert list(Roster(members).paths(fold)) == [fold(path) for path in paths]


def test_paths_come_in_their_order_however_many() -> None:
    paths = [f"E/{number}.jpg" + " " * (number == 700) for number in range(1000)]
    members = (Member(part=0, locator="", path=path, shown=path, size=0) for path in paths)
    assert list(Roster(members).paths(str.upper)) == [path.upper() for path in paths]
