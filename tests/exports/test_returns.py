"""What was handed to authorities is known by all its marks together, and by nothing less."""

from __future__ import annotations

import pytest

from selfcheck.exports import Returns


def seen(*paths: str) -> str | None:
    returns = Returns()
    return next((found for path in paths if (found := returns.sees(path))), None)


@pytest.mark.parametrize(
    ("paths", "platform"),
    [
        (("x/Records.html", "x/linked_media/1.jpg"), "Meta"),
        (("linked_media/1.jpg", "a.jpg", "records.html"), "Meta"),
        (("memories.csv", "d/conversations.csv"), "Snapchat"),
        (("1/cloudphotolibrary/Metadata.txt",), "Apple"),
    ],
)
def test_a_return_is_known_in_any_order(paths: tuple[str, ...], platform: str) -> None:
    assert seen(*paths) == platform


@pytest.mark.parametrize(
    "paths",
    [
        ("records.html", "media/1.jpg"),
        ("linked_media/1.jpg",),
        ("memories.csv", "json/memories_history.json"),
        ("old-records.html", "linked_media/1.jpg"),
        ("Metadata.txt", "cloudphotolibrary.zip"),
    ],
)
def test_one_mark_alone_is_anybodys_file(paths: tuple[str, ...]) -> None:
    assert seen(*paths) is None
