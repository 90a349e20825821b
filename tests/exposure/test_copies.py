"""Which matches are one picture: near in bits, alike in all else, and never by way of a third."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from selfcheck.exposure import group
from selfcheck.exposure.copies import CROWD, NEAR
from selfcheck.model import Band, Box, Exposure, Finding, Leak, Match

PICTURE = random.Random(1).getrandbits(256)


def turned(bits: int, count: int, seed: int = 0) -> int:
    for place in random.Random(seed).sample(range(256), count):
        bits ^= 1 << place
    return bits


def one(
    name: int,
    bits: int | None = PICTURE,
    *,
    band: Band = Band.YOU,
    **changes: object,
) -> Exposure:
    match = Match(
        band=band,
        distance=0.3,
        box=Box(left=400, top=300, right=600, bottom=500),
        picture_width=1600,
        picture_height=1200,
        faces=1,
        crop=b"sealed %d" % name,
        fingerprint=b"" if bits is None else bits.to_bytes(32, "big"),
    )
    changed = replace(match, **changes)  # type: ignore[arg-type] # fields by name
    return Exposure(sha256=f"{name:064x}", match=changed, occurrences=())


def names(groups: tuple[Exposure, ...]) -> list[list[int]]:
    return [[int(each.sha256, 16) for each in (leader, *leader.copies)] for leader in groups]


def small(name: int, bits: int = PICTURE) -> Exposure:
    """Give the same picture at a quarter of its size, the face found a little beside."""
    box = Box(left=98, top=76, right=152, bottom=127)
    return one(name, bits, picture_width=400, picture_height=300, box=box)


def test_nothing_is_grouped_into_nothing() -> None:
    assert group([]) == ()


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("one bit too many", one(2, turned(PICTURE, NEAR + 1))),
        ("another form", one(2, picture_height=900)),
        ("upright against lying", one(2, picture_width=1200, picture_height=1600)),
        ("the face elsewhere", one(2, box=Box(left=520, top=300, right=720, bottom=500))),
        ("the face larger", one(2, box=Box(left=340, top=240, right=660, bottom=560))),
        ("no fingerprint", one(2, None)),
        ("a film, which has none", one(2, None, second=3.5)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_doubt_keeps_two_pictures_apart(why: str, other: Exposure) -> None:
    assert names(group([one(1), other])) == [[1], [2]], why
    assert names(group([other, one(1)])) == [[2], [1]], why


def test_two_without_fingerprints_are_no_copies_of_each_other() -> None:
    assert names(group([one(1, None), one(2, None)])) == [[1], [2]]


def test_two_shots_of_different_seconds_are_two_pictures() -> None:
    first, second = (
        one(n, findings=(Finding(leak=Leak.TIME, value=f"2019-06-21 04:05:0{n}"),)) for n in (1, 2)
    )
    assert names(group([first, second])) == [[1], [2]]
    silent = one(3)
    assert names(group([first, silent])) == [[1, 3]]
    assert names(group([silent, first, second])) == [[3, 1, 2]]
    zoned = one(4, findings=(Finding(leak=Leak.TIME, value="2019-06-21 04:05:01+02:00"),))
    assert names(group([first, zoned])) == [[1, 4]]


@pytest.mark.parametrize("seed", range(50))
def test_whichever_bits_differ_a_near_one_is_found(seed: int) -> None:
    assert names(group([one(1), small(2, turned(PICTURE, NEAR, seed))])) == [[1, 2]]


def test_bits_that_differ_side_by_side_are_found_as_well() -> None:
    for place in range(256 - NEAR):
        other = PICTURE ^ ((1 << NEAR) - 1) << place
        assert names(group([one(1), one(2, other)])) == [[1, 2]]


def test_groups_do_not_chain() -> None:
    chain = [one(n, PICTURE ^ ((1 << 6 * n) - 1)) for n in range(4)]
    assert names(group(chain)) == [[0, 1], [2, 3]]


def test_the_nearest_leader_takes_a_copy_and_the_first_of_equals() -> None:
    first, second = one(1), one(2, PICTURE ^ ((1 << 12) - 1))
    nearer = one(3, PICTURE ^ ((1 << 12) - 1) ^ (1 << 100))
    between = one(4, PICTURE ^ ((1 << 6) - 1))
    assert names(group([first, second, nearer, between])) == [[1, 4], [2, 3]]


def test_the_order_of_discovery_is_kept_and_the_first_one_leads() -> None:
    others = [one(n, random.Random(n).getrandbits(256)) for n in (5, 6)]
    assert names(group([others[0], one(1), others[1], small(2)])) == [[5], [1, 2], [6]]
    assert names(group([small(2), one(1)])) == [[2, 1]]


def test_a_maybe_never_leads_a_you_and_keeps_its_own_band() -> None:
    maybe, you = one(1, band=Band.MAYBE), small(2)
    (leader,) = group([maybe, you])
    assert (leader.match.band, leader.match.crop) == (Band.YOU, b"sealed 2")
    assert [each.match.band for each in leader.copies] == [Band.MAYBE]


def test_copies_keep_their_findings_and_lose_their_crops() -> None:
    place = (Finding(leak=Leak.GPS, value="1, 2"),)
    (leader,) = group([one(1), one(2, findings=place)])
    assert leader.match.findings == ()
    assert leader.copies[0].match.findings == place
    assert leader.copies[0].match.crop == b""
    assert leader.copies[0].copies == ()


def from_a_tripod(count: int, *, timed: bool) -> list[Exposure]:
    """Give shots of one scene, through which the owner walks."""
    shots = []
    for number in range(count):
        told = Finding(leak=Leak.TIME, value=f"2019-06-21 04:{number // 60:02}:{number % 60:02}")
        face = Box(left=6 * number, top=300, right=6 * number + 10, bottom=312)
        shots.append(one(number, box=face, findings=(told,) if timed else ()))
    return shots


def saved_again(shot: Exposure) -> Exposure:
    """Give a copy of a shot, which differs in two bits and is named a thousand higher."""
    match = replace(shot.match, fingerprint=turned(PICTURE, 2).to_bytes(32, "big"))
    return replace(shot, sha256=f"{int(shot.sha256, 16) + 1000:064x}", match=match)


def test_of_a_scene_taken_every_second_each_shot_finds_its_copy() -> None:
    shots = from_a_tripod(4 * CROWD, timed=True)
    groups = group([*shots, *map(saved_again, shots)])
    assert names(groups) == [[number, number + 1000] for number in range(4 * CROWD)]


def test_of_a_scene_without_times_the_latest_shots_find_their_copies() -> None:
    shots = from_a_tripod(4 * CROWD, timed=False)
    latest = range(3 * CROWD, 4 * CROWD)
    groups = group([*shots, *(saved_again(shots[number]) for number in latest)])
    assert names(groups)[-CROWD:] == [[number, number + 1000] for number in latest]
    assert names(group([*shots, saved_again(shots[0])]))[-1] == [1000]


def test_what_is_far_apart_stays_as_it_was() -> None:
    every = tuple(one(n, random.Random(n).getrandbits(256)) for n in range(200))
    assert group(every) == every


def test_grouping_agrees_with_comparing_all_with_all() -> None:
    chance = random.Random(7)
    roots = [chance.getrandbits(256) for _ in range(20)]
    told = [(), *((Finding(leak=Leak.TIME, value=f"2019-06-21 04:05:0{n}"),) for n in range(2))]
    every = [
        one(
            n,
            turned(chance.choice(roots), chance.randrange(2 * NEAR), n),
            findings=chance.choice(told),
        )
        for n in range(600)
    ]
    leaders: list[list[Exposure]] = []
    for each in every:
        apart = [
            ((bits(each) ^ bits(members[0])).bit_count(), place)
            for place, members in enumerate(leaders)
            if not each.match.findings
            or not members[0].match.findings
            or each.match.findings == members[0].match.findings
        ]
        near = min((pair for pair in apart if pair[0] <= NEAR), default=None)
        if near is None:
            leaders.append([each])
        else:
            leaders[near[1]].append(each)
    expected = [[int(each.sha256, 16) for each in members] for members in leaders]
    assert names(group(every)) == expected


def bits(exposure: Exposure) -> int:
    return int.from_bytes(exposure.match.fingerprint, "big")
