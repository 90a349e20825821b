"""Bytes to pictures: stills and films to upright RGB, what metadata gives away, crops.

The only package that knows Pillow, pillow-heif and PyAV. It reads untrusted bytes and
answers with values: a picture, or `Unreadable` with a reason.
"""

from selfcheck.pictures.crop import owner_crop
from selfcheck.pictures.decode import Limits, Still, decode
from selfcheck.pictures.film import Film, film
from selfcheck.pictures.formats import HEAD, Format, describe, looks_like_picture, sniff, unread
from selfcheck.pictures.metadata import metadata, taken
from selfcheck.pictures.opening import Unreadable
from selfcheck.pictures.save import save, write_film

__all__ = [
    "HEAD",
    "Film",
    "Format",
    "Limits",
    "Still",
    "Unreadable",
    "decode",
    "describe",
    "film",
    "looks_like_picture",
    "metadata",
    "owner_crop",
    "save",
    "sniff",
    "taken",
    "unread",
    "write_film",
]
