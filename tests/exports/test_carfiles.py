"""CAR files and their blocks are read as far as they go, and nothing raises for what they hold."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from selfcheck.exports import Documents, recognise
from selfcheck.exports.bluesky import Bluesky
from selfcheck.exports.dagcbor import Link, NotDagCbor, decode
from selfcheck.model import Missing, Reason

Build = Callable[..., Documents]

FILES = Path(__file__).parent / "fixtures" / "bluesky" / "repository" / "files.json"
CAR = base64.b64decode(
    json.loads(FILES.read_text("utf-8"))["parts"][0]["bluesky/repo.car"]["$base64"]
)

VALUES: dict[str, object] = {
    "a26161016162820203": {"a": 1, "b": [2, 3]},
    "3bffffffffffffffff": -(2**64),
    "fb3ff8000000000000": 1.5,
    "83f4f5f6": [False, True, None],
    "d82a4300aabb": Link(b"\xaa\xbb"),
    "62c3a4": "ä",
    "1903e8": 1000,
}


@pytest.mark.parametrize(("block", "value"), VALUES.items())
def test_values_are_decoded(block: str, value: object) -> None:
    assert decode(bytes.fromhex(block)) == value


@pytest.mark.parametrize(
    "block",
    [
        *("", "61", "0000", "9fff", "5f41aaff", "f7", "f93c00", "61ff", "a1010 2".replace(" ", "")),
        *("a2616101616102", "c000", "d82a41aa", "d82a01", "9bffffffffffffffff", "1c", "81" * 40),
    ],
)
def test_what_is_not_strict_is_refused(block: str) -> None:
    with pytest.raises(NotDagCbor):
        decode(bytes.fromhex(block))


def test_a_cut_file_yields_what_came_before_the_break(build: Build) -> None:
    docs = build({"repo.car": CAR[:-20], "b.car": CAR})
    cut, whole = (list(docs.sections(member)) for member in docs.members)
    assert cut == whole[:-1]
    assert [(t.item, t.reason) for t in docs.troubles] == [("repo.car", Reason.TRUNCATED)]


@pytest.mark.parametrize("data", [b"\xff" * 9, b"\xff\xff\xff\x7f"])
def test_a_block_built_to_eat_memory_is_given_up(build: Build, data: bytes) -> None:
    docs = build({"repo.car": data})
    assert list(docs.sections(docs.members[0])) == []
    assert [t.reason for t in docs.troubles] == [Reason.HOSTILE]


@pytest.mark.parametrize("data", [b"", b"\x01\xf6", b"\x00", b"plain text"])
def test_what_is_no_car_file_has_no_blocks(build: Build, data: bytes) -> None:
    docs = build({"repo.car": data})
    assert list(docs.sections(docs.members[0])) == []
    assert not Bluesky().claims(docs)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_repository_never_raises(build: Build, seed: int) -> None:
    draw, data = random.Random(seed), bytearray(CAR)
    for _ in range(draw.randrange(1, 30)):
        data[draw.randrange(60, len(data))] = draw.randrange(256)
    docs = build({"repo.car": bytes(data[: draw.randrange(60, len(data) + 1)])})
    list(Bluesky().read(docs))


@pytest.mark.parametrize("name", ["repo.car", "repo", "com.atproto.sync.getRepo", "x.GETREPO"])
def test_a_repository_is_known_by_its_content_under_every_name(build: Build, name: str) -> None:
    docs = build({f"x/{name}": CAR, "x/other.jpg": None})
    assert recognise(docs).name == "bluesky"
    found = [one for one in Bluesky().read(docs) if isinstance(one, Missing)]
    assert len(found) == 9  # a picture each, none of which lies beside it
    assert {one.listed_in for one in found} == {f"x/{name}"}
