"""What Meta's JSON tells of one media object: when, where, and how many people are tagged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from selfcheck.exports.meta import Medium, Owner
from selfcheck.exports.values import Fields, deep, fields, iso, items, mended, moment, place, text
from selfcheck.model import Author, Moment, Place

_TIMES = ("creation_timestamp", "timestamp", "timestamp_ms")
_SPOT = re.compile(r"^\((-?\d{1,2}\.\d+) ?, ?(-?\d{1,3}\.\d+)\)$")


def time_of(medium: Medium) -> Moment | None:
    """Give when it was posted, from the nearest time around it; else when it was taken."""
    posted = moment(*(told.get(key) for told in medium.inside_out for key in _TIMES))
    return posted or iso(medium.told.get("taken_at")) or _taken(medium)


def place_of(medium: Medium) -> Place | None:
    """Give the camera's position and the name of the tagged place, or that place's own position."""
    tagged = next((p for p in _around(medium, "place", _tagged) if p is not None), {})
    # Instagram wrote a place as plain text until 2020.
    name = mended(tagged.get("name")) or mended(medium.told.get("location"))
    spots = [*_exif(medium), fields(tagged.get("coordinate"))]
    exact = next((spot for spot in spots if _exact(spot)), None)
    exact = exact or next(filter(None, _around(medium, "label_values", _labelled)), {})
    return place(exact.get("latitude"), exact.get("longitude"), name)


def tagged_in(medium: Medium, owner: Owner) -> int:
    """Count the people other than the owner who are tagged in a picture or its post."""
    tags = (tag for told in medium.inside_out for tag in items(told.get("tags")))
    names = {mended(fields(tag).get("name")) for tag in tags}
    return sum(1 for name in names if name and owner.wrote(name) is not Author.OWNER)


def _exif(medium: Medium) -> list[Fields]:
    found = deep(medium.told.get("media_metadata"), "exif_data", 3)
    return [fields(spot) for listed in found for spot in items(listed)]


def _around(
    medium: Medium, key: str, search: Callable[[Fields], Fields | None]
) -> Iterator[Fields | None]:
    """Search the objects around a medium, outermost first, each once for all the media in it."""
    for told in medium.above:
        where = (key, id(told))
        if where not in medium.found:
            medium.found[where] = search(told)
        yield medium.found[where]


def _tagged(told: Fields) -> Fields | None:
    return next((fields(found) for found in deep(told, "place", 5)), None)


def _labelled(told: Fields) -> Fields | None:
    """Read a position written as `(52.1 , 13.4)` under a translated label (check-ins, 2024)."""
    values = deep(told.get("label_values"), "value", 4)
    spots = (_SPOT.search(written) for written in map(text, values) if written)
    found = ({"latitude": spot[1], "longitude": spot[2]} for spot in spots if spot)
    return next((spot for spot in found if _exact(spot)), None)


def _exact(spot: Fields) -> bool:
    return place(spot.get("latitude"), spot.get("longitude")) is not None


def _taken(medium: Medium) -> Moment | None:
    return moment(*(spot.get("taken_timestamp") for spot in _exif(medium)))
