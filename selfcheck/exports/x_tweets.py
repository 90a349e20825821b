"""What one post of an X archive tells of its pictures.

Owns the fields of a post; which file it stands in, and what that means, is `x`'s.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from selfcheck.exports.values import Fields, at, fields, items, joined, number, place, text
from selfcheck.exports.x_account import Account
from selfcheck.exports.x_notes import Notes
from selfcheck.model import Author, Moment, Place

_NUMBER = re.compile(r"\d{1,25}")
_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
_RETWEET = re.compile(r"RT @(\w{1,20}):")
_OPENED = 2006  # a few posts of an archive of 2025 are dated 1997 or 2003
_NORTHERNMOST = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweet:
    """One post with at least one picture."""

    number: str
    told: Fields = field(repr=False)
    media: tuple[Fields, ...] = field(repr=False)

    @property
    def addresses(self) -> list[list[str]]:
        """Give each medium's addresses: a film's sizes, the largest first, then the picture's."""
        return [[*_sizes(medium), *_pictures(medium)] for medium in self.media]

    @property
    def time(self) -> Moment | None:
        """Give when it was posted."""
        return _time(self.told.get("created_at"))

    def caption(self, medium: Fields, notes: Notes) -> str | None:
        """Give the text with links written out, and the description of the picture."""
        words = notes.whole(_words(self.told), self.time)
        for link in items(at(self.told, "entities", "urls")):
            words = _replaced(words, at(link, "url"), text(at(link, "expanded_url")))
        for one in self.media:
            words = _replaced(words, one.get("url"), "")
        lines = (text(words), text(medium.get("ext_alt_text")))
        return joined(*lines)

    def author(self, medium: Fields, account: Account) -> tuple[Author, str | None]:
        """Tell whose picture it is: a retweet's and a film passed on are somebody else's."""
        source = text(medium.get("source_user_id_str")) or text(medium.get("source_user_id"))
        retweet = _RETWEET.match(_words(self.told))
        handle = retweet[1] if retweet else None
        if handle and (account.handle or "").casefold() != handle.casefold():
            return Author.OTHER, handle
        return (account.wrote(source) if source else Author.OWNER), None

    @property
    def place(self) -> Place | None:
        """Give where it was posted, if it cannot be mistaken.

        Latitude and longitude stand in either order (seen in one archive for the same
        point), so they count only where one of them is beyond 90 degrees.
        """
        name = text(at(self.told, "place", "full_name"))
        found = at(self.told, "coordinates", "coordinates")
        pair = [number(value) for value in found] if isinstance(found, list) else []
        match sorted((value for value in pair if value is not None), key=abs):
            case [north, east] if abs(east) > _NORTHERNMOST:
                return place(north, east, name)
            case _:
                return place(None, None, name)


def tweets(found: Iterator[object]) -> Iterator[Tweet]:
    """Yield the posts with pictures; older archives have them without a wrapper."""
    for entry in found:
        told = _unwrapped(fields(entry))
        media = items(at(told, "extended_entities", "media"))
        media = media or items(at(told, "entities", "media"))
        if media and (found_number := number_of(told)):
            yield Tweet(number=found_number, told=told, media=tuple(map(fields, media)))


def number_of(told: Fields) -> str | None:
    """Give a post's or a message's number, which is beyond what a float holds."""
    candidates = (told.get("id_str"), told.get("id"))
    written = (str(value) for value in candidates if isinstance(value, str | int))
    return next((value for value in written if _NUMBER.fullmatch(value)), None)


def numbers(found: Iterator[object]) -> Iterator[str]:
    """Yield the numbers of posts, with or without pictures."""
    for entry in found:
        if one := number_of(_unwrapped(fields(entry))):
            yield one


def _unwrapped(entry: Fields) -> Fields:
    inner = (fields(value) for value in entry.values())
    return entry if number_of(entry) else next((value for value in inner if value), entry)


def _words(told: Fields) -> str:
    return html.unescape(text(told.get("full_text")) or text(told.get("text")) or "")


def _replaced(words: str, short: object, whole: str | None) -> str:
    # Not by their positions: these count other units in older archives.
    written = text(short)
    return words if written is None or whole is None else words.replace(written, whole)


def _sizes(medium: Fields) -> list[str]:
    variants = [fields(v) for v in items(at(medium, "video_info", "variants"))]
    # A GIF's only size has the bitrate "0".
    films = sorted(variants, key=lambda v: number(v.get("bitrate")) or 0, reverse=True)
    return [address for film in films if (address := text(film.get("url")))]


def _pictures(medium: Fields) -> list[str]:
    candidates = (text(medium.get("media_url_https")), text(medium.get("media_url")))
    return [address for address in candidates if address]


def _time(value: object) -> Moment | None:
    found = _TIME.fullmatch(text(value) or "")
    if found is None or int(found[5]) < _OPENED:
        return None
    month, day, clock, zone, year = found.groups()
    try:
        return Moment(when=parsedate_to_datetime(f"{day} {month} {year} {clock} {zone}"))
    except (ValueError, OverflowError):
        return None
