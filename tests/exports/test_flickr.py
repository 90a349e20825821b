"""Flickr's photos that are called alike."""

from __future__ import annotations

from collections.abc import Callable

from selfcheck.exports import Documents
from selfcheck.exports.flickr import Flickr
from selfcheck.model import Picture

Build = Callable[..., Documents]


def test_two_photos_of_one_title_keep_their_own_facts(build: Build) -> None:
    days = {"14512345678": "2014-07-05 16:20:00", "2100000001": "2009-01-02 08:00:00"}
    told = {
        f"a/photo_{photo}.json": {"id": photo, "name": "Sunset", "date_taken": day}
        for photo, day in days.items()
    }
    pictures = {f"b/sunset_{photo}_o.jpg": None for photo in days}
    docs = build({"a/albums.json": {"albums": []}, **told}, pictures)
    found = [one for one in Flickr().read(docs) if isinstance(one, Picture)]
    times = {one.member.path: str(one.context.time and one.context.time.when) for one in found}
    assert times == {f"b/sunset_{photo}_o.jpg": day for photo, day in days.items()}
    assert {one.context.caption for one in found} == {"Sunset"}
