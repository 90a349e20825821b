"""Exports of several platforms in one folder are read as if each had been given alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from export_fixtures import BY_NAME, CASES, Json, ordered, outcome, parts_of, under

from selfcheck.exports import Documents, recognise
from selfcheck.model import Picture, Reason, Unreadable

Build = Callable[..., Documents]

# Those that claim what holds nothing else are not told apart beside others.
PLAIN = {"mail", "saved_pages", "bookmarks", "folder"}
FIRST = {name: case for name, case in reversed(CASES) if name not in PLAIN}
PAIRS = list(pairwise(sorted(FIRST.items())))
FACEBOOK, SLACK = ("facebook", FIRST["facebook"]), ("slack", FIRST["slack"])


def side_by_side(root: str, *cases: tuple[str, str]) -> list[dict[str, Json]]:
    """Put exports into folders named after them, with their parts in one."""
    return [part for case in cases for part in under(f"{root}my {case[0]}/", parts_of(case))]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda case: case[0])
@pytest.mark.parametrize("root", ["", "Downloads/of Ada/"])
def test_two_exports_side_by_side_say_what_each_says_alone(
    build: Build, one: tuple[str, str], other: tuple[str, str], root: str
) -> None:
    docs = build(*side_by_side(root, one, other))
    export = recognise(docs)
    found = ordered(outcome(export, docs, root))
    assert export.name == "several"
    for case in (one, other):
        alone = BY_NAME[case[0]]
        place = f"my {case[0]}/"
        wanted = outcome(alone, build(*under(place, parts_of(case))))
        assert BY_NAME[case[0]].title in export.title
        for key in ("pictures", "missing", "addresses"):
            assert all(row in found.get(key, []) for row in wanted.get(key, []))
        for key in ("unlisted", "ignored"):
            assert {p: v for p, v in found[key].items() if p.startswith(place)} == wanted[key]


def test_two_of_one_platform_are_parts_of_one_export(build: Build) -> None:
    twice = [*under("a/", parts_of(FACEBOOK)), *under("b/", parts_of(FACEBOOK))]
    assert recognise(build(*twice)).name == "facebook"


def test_what_lies_beside_the_exports_is_a_folders(build: Build) -> None:
    loose = {"IMG_20190621_040506.jpg": None, "Holidays/2.jpg": None}
    docs = build(*side_by_side("", FACEBOOK, SLACK), loose)
    export = recognise(docs)
    assert export.unlisted("IMG_20190621_040506.jpg").platform == "Folder"
    assert export.unlisted("Holidays/2.jpg").platform == "Folder"
    assert export.unlisted("my slack/x/2.jpg").platform == "Slack"
    assert export.ignores("Holidays/.DS_Store") is not None


def test_what_cannot_be_read_in_one_of_them_is_told(build: Build) -> None:
    (part,) = under("my facebook/", parts_of(FACEBOOK))
    lost = next(path for path in part if path.endswith(".json") and "album" in path)
    part[lost] = Unreadable(Reason.DAMAGED, "torn")
    docs = build(part, *side_by_side("", SLACK))
    assert [found for found in recognise(docs).read(docs) if isinstance(found, Picture)]
    assert [skipped.reason for skipped in docs.troubles] == [Reason.DAMAGED]


def test_of_more_folders_than_anybody_unpacks_the_first_export_reads_all(build: Build) -> None:
    many = {f"{number}/1.jpg": None for number in range(300)}
    docs = build(*side_by_side("", FACEBOOK, SLACK), many)
    assert recognise(docs).name == "facebook"
