"""Which lists are Hinge's, and whose pictures they name."""

from __future__ import annotations

from collections.abc import Callable

from export_fixtures import outcome

from selfcheck.exports import Documents
from selfcheck.exports.hinge import Hinge

Build = Callable[..., Documents]
MEDIA = [{"type": "photo", "url": "https://m.example.org/u/1.jpg"}]


def test_matches_of_a_game_are_not_hinges(build: Build) -> None:
    docs = build({"riot/matches.json": [{"win": True}], "riot/user.json": {}})
    assert not Hinge().claims(docs)


def test_only_the_list_beside_the_matches_is_read(build: Build) -> None:
    docs = build(
        {
            "hinge/matches.json": [{"match": [], "chats": []}],
            "hinge/media.json": MEDIA,
            "other/media.json": [{"type": "photo", "url": "https://m.example.org/u/2.jpg"}],
            "family/1.jpg": None,
            "family/2.jpg": None,
        }
    )
    found = outcome(Hinge(), docs)
    assert found["pictures"] == []
    assert [one["address"] for one in found["addresses"]] == ["https://m.example.org/u/1.jpg"]
