"""Which `data.json` is Tinder's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from export_fixtures import outcome

from selfcheck.exports import Documents, tinder
from selfcheck.exports.tinder import Tinder

Build = Callable[..., Documents]


def test_keys_are_found_across_blocks(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tinder, "_BLOCK", 3)
    assert Tinder().claims(build({"data.json": {"Usage": {}, "Photos": [], "User": {}}}))


@pytest.mark.parametrize(
    "content",
    [{"a": {"Usage": 1, "User": 2, "Photos": 3}}, {"Usage": {}, "User": {}}, [], OSError("gone")],
)
def test_data_of_others_is_not_claimed_and_no_trouble(build: Build, content: object) -> None:
    docs = build({"data.json": content})
    assert not Tinder().claims(docs)
    assert docs.troubles == ()


def test_a_name_that_is_anybodys_is_no_profile_picture_elsewhere(build: Build) -> None:
    told = {"Usage": {}, "User": {}, "Photos": ["1.jpg", "photo.jpg"]}
    files = {"family/1.jpg": None, "friends/bob/photo.jpg": None, "tinder/Photos/photo.jpg": None}
    docs = build({"tinder/data.json": told} | files)
    found = outcome(Tinder(), docs)
    assert [one["picture"] for one in found["pictures"]] == ["tinder/Photos/photo.jpg"]
    assert found["missing"] == [["1.jpg", "tinder/data.json"]]
