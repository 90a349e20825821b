"""Three exports of people who do not exist, and the record of what was planted where.

Owns where each picture stands; drawing is `shots`'s, the documents are `listings`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from selfcheck.demo import listings
from selfcheck.demo.people import Person
from selfcheck.demo.shots import SHOTS, Shot, encode
from selfcheck.model import Accounting, Event, OnEvent, Stage, quiet

_FACEBOOK = "facebook-demo-2026-01-15-AbCdEf12.zip"
_INSTAGRAM = "instagram-demo-2026-01-15-AbCdEf12.zip"
_TAKEOUT = ("takeout-20260115T120000Z-1-001.zip", "takeout-20260115T120000Z-1-002.zip")
_STAMP = (2026, 1, 15, 12, 0, 0)
CAST = 5  # the owner and so many others that make this number

_POSTS = "your_facebook_activity/posts/media"
_SUMMER = f"{_POSTS}/taulac_AbCd123456"
_YEAR = "Takeout/Google Photos/Photos from 2023"
_TOUR = "Takeout/Google Photos/Hüttentour_ Tag _ Nacht"

# Where each picture stands. `beach` is in Google Photos as well, `summit` in a year and an album.
FACEBOOK: Mapping[str, str] = {
    "beach": f"{_SUMMER}/100001_200001_300001_n_200001.jpg",
    "pier": f"{_SUMMER}/100002_200002_300002_n_200002.jpg",
    "sails": f"{_SUMMER}/100003_200003_300003_n_200003.jpg",
    "friends": f"{_SUMMER}/100004_200004_300004_n_200004.jpg",
    "kitchen": f"{_POSTS}/your_posts/100005_200005_300005_n_200005.jpg",
    "face": f"{_POSTS}/Profilepictures_AbCd123456/100006_200006_300006_n_200006.jpg",
    "cut": f"{_POSTS}/your_posts/100007_200007_300007_n_200007.jpg",
    "forgotten": f"{_POSTS}/your_posts/100008_200008_300008_n_200008.jpg",
    "club": "your_facebook_activity/groups/media/100009_200009_300009_n_200009.jpg",
    "sent": "your_facebook_activity/messages/inbox/friend_1/photos/100010_200010_n.jpg",
    "reply": "your_facebook_activity/messages/inbox/friend_1/photos/100011_200011_n.jpg",
}
INSTAGRAM: Mapping[str, str] = {
    "mirror": "media/posts/202202/400001_17900000000000001.webp",
    "picnic": "media/posts/202206/400002_17900000000000002.jpg",
    "blanket": "media/posts/202206/400003_17900000000000003.jpg",
    "evening": "media/stories/202208/400004_17900000000000004.jpg",
    "wall": "media/archived_posts/201704/400005_17900000000000005.png",
    "stranger": "your_instagram_activity/messages/inbox/friend_17/photos/400006.jpg",
}
TAKEOUT: Mapping[str, str] = {
    "lake": f"{_YEAR}/IMG_0001.HEIC",
    "summit": f"{_YEAR}/IMG_0002.jpg",
    "hut": f"{_YEAR}/IMG_0003.jpg",
    "path": f"{_YEAR}/IMG_0004.jpg",
    "guide": f"{_YEAR}/IMG_0005_with_a_name_of_more_than_forty_six_ch.jpg",
    "table": f"{_YEAR}/IMG_0006.jpg",
    "clip": f"{_YEAR}/IMG_0007.MP4",
    "ticket": f"{_YEAR}/Screenshot_20230615-123000.png",
    "beach": f"{_YEAR}/beach.jpg",
    "summit/album": f"{_TOUR}/IMG_0002.jpg",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What the archives hold: where the owner is, and what must become of every file."""

    archives: tuple[Path, ...]
    owner: frozenset[tuple[str, str]]  # name of the archive, path inside it
    accounting: Accounting


def plant(
    folder: Path, *, owner: Person, others: Sequence[Person], on_event: OnEvent = quiet
) -> Planted:
    """Draw the pictures and write the archives into a folder.

    Takes the first four of `others`; fewer raise ValueError. About 24 pictures and a film,
    ten seconds on one core (2026-11).
    """
    cast = (owner, *others[: CAST - 1])
    if len(cast) < CAST:
        raise ValueError(f"{CAST - 1} others are needed, {len(others)} were given")
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {}
    for number, shot in enumerate(SHOTS):
        on_event(Event(stage=Stage.DRAWING, done=number, total=len(SHOTS)))
        drawn[shot.name] = encode(shot, cast, seed=number)
    return _write(folder, drawn, *(f"{person.name} Example" for person in cast[:2]))


def _write(folder: Path, drawn: Mapping[str, bytes], owner: str, friend: str) -> Planted:
    shots = {shot.name: shot for shot in SHOTS}
    sidecars = listings.takeout(shots, TAKEOUT, friend)
    contents: dict[str, tuple[Mapping[str, str], Mapping[str, bytes]]] = {
        _FACEBOOK: (FACEBOOK, listings.facebook(shots, FACEBOOK, owner, friend)),
        _INSTAGRAM: (INSTAGRAM, listings.instagram(shots, INSTAGRAM, owner, friend)),
        # Google splits anywhere: here every sidecar is in the other part.
        _TAKEOUT[0]: (TAKEOUT, {}),
        _TAKEOUT[1]: ({}, sidecars),
    }
    for name, (paths, documents) in contents.items():
        files = {path: drawn[_shot(key)] for key, path in paths.items()}
        _write_zip(folder / name, files | dict(documents))
    planted = [(name, key, path) for name, (p, _) in contents.items() for key, path in p.items()]
    return Planted(
        archives=tuple(folder / name for name in contents),
        owner=frozenset((n, p) for n, key, p in planted if shots[_shot(key)].shows_owner),
        accounting=_count(
            [shots[_shot(key)] for _, key, _ in planted],
            sum(len(documents) for _, documents in contents.values()),
        ),
    )


def _count(placed: Sequence[Shot], documents: int) -> Accounting:
    different = {shot.name for shot in placed}
    cut = sum(1 for shot in placed if not shot.whole)
    return Accounting(
        found=len(placed) + documents,
        checked=len(different) - cut,
        duplicate=len(placed) - len(different),
        ignored=documents,
        skipped=cut,
        pending=0,
    )


def _shot(key: str) -> str:
    """Give the shot's name of a place: the second place of one shot is `name/where`."""
    return key.partition("/")[0]


def _write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(name, _STAMP), data)
