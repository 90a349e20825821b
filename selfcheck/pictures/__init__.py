"""Bytes to pictures: stills and films to upright RGB, what metadata gives away, crops.

The only package that knows Pillow, pillow-heif, simplejpeg, PyAV and zxing-cpp. It reads untrusted
bytes and answers with values: a picture, or `Unreadable` with a reason.
"""

from selfcheck.pictures.clean import NO_FILMS, Clean, clean, copy_fault
from selfcheck.pictures.codes import code_modules, read_codes
from selfcheck.pictures.crop import owner_crop
from selfcheck.pictures.decode import Limits, Still, decode, smaller
from selfcheck.pictures.film import Film, Glance, film
from selfcheck.pictures.fingerprint import FINGERPRINT, fingerprint
from selfcheck.pictures.formats import (
    HEAD,
    Format,
    describe,
    looks_like_film,
    looks_like_picture,
    sniff,
    unread,
)
from selfcheck.pictures.keyframes import RULES as FILM_RULES
from selfcheck.pictures.keyframes import Budget, Frame, KeyFrames, key_frames
from selfcheck.pictures.metadata import metadata, taken
from selfcheck.pictures.opening import Unreadable
from selfcheck.pictures.rewriting import Removed
from selfcheck.pictures.save import film_bytes, save, write_film
from selfcheck.pictures.thumbnail import thumbnail_shows

__all__ = [
    "FILM_RULES",
    "FINGERPRINT",
    "HEAD",
    "NO_FILMS",
    "Budget",
    "Clean",
    "Film",
    "Format",
    "Frame",
    "Glance",
    "KeyFrames",
    "Limits",
    "Removed",
    "Still",
    "Unreadable",
    "clean",
    "code_modules",
    "copy_fault",
    "decode",
    "describe",
    "film",
    "film_bytes",
    "fingerprint",
    "key_frames",
    "looks_like_film",
    "looks_like_picture",
    "metadata",
    "owner_crop",
    "read_codes",
    "save",
    "smaller",
    "sniff",
    "taken",
    "thumbnail_shows",
    "unread",
    "write_film",
]
