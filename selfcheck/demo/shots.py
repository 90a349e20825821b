"""The pictures of the demo: who is on each, how it was taken, and its bytes.

Owns which pictures there are; where they stand in which archive is `archives`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from selfcheck import pictures
from selfcheck.demo.people import Person, View, portrait, scene
from selfcheck.pictures import Format

OWNER = 0  # place in the cast; the others follow
SIDEWAYS = 6  # EXIF: stored turned by a quarter, as phones do

_TAKE_SECONDS, _FILM_RATE = 4, 5
_FACES = {1: 0.26, 2: 0.2, 3: 0.17}  # width of a face by how many stand there, of the picture's


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: who is on it (places in the cast), how they look, and the file it becomes."""

    name: str
    people: tuple[int, ...]
    taken: datetime
    view: View = field(default_factory=View)
    width: int = 720
    height: int = 540
    form: Format = Format.JPEG
    orientation: int = 1
    gps: tuple[float, float] | None = None
    plain: bool = False  # before a wall, alone
    whole: bool = True  # False: the file ends in the middle

    @property
    def shows_owner(self) -> bool:
        """Say whether the owner's face can be found in it."""
        return self.whole and OWNER in self.people

    @property
    def seconds(self) -> int:
        """Give the Unix time at which it was taken."""
        return int(self.taken.timestamp())


def _at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, 30, tzinfo=UTC)


_LAKE = (47.5442, 9.6829)
_HUT = (46.5386, 8.1261)

SHOTS: tuple[Shot, ...] = (
    # Facebook: two albums, a profile picture, a group, messages.
    Shot(name="beach", people=(0,), taken=_at(2019, 7, 3), view=View(yaw=8, light=0.5)),
    Shot(name="pier", people=(0, 1), taken=_at(2019, 7, 4), view=View(yaw=-6)),
    Shot(name="sails", people=(), taken=_at(2019, 7, 4, 16), width=640, height=480),
    Shot(name="friends", people=(1, 2), taken=_at(2019, 7, 5), view=View(yaw=5)),
    Shot(name="kitchen", people=(3,), taken=_at(2018, 12, 24), width=640, height=480),
    Shot(name="face", people=(0,), taken=_at(2020, 1, 9), plain=True, width=600, height=750),
    Shot(name="club", people=(2, 0, 4), taken=_at(2021, 3, 13), width=960, height=640),
    Shot(name="sent", people=(1, 0), taken=_at(2021, 5, 1), view=View(yaw=4, pitch=3)),
    Shot(name="reply", people=(2,), taken=_at(2021, 5, 2), width=600, height=450),
    Shot(name="cut", people=(0,), taken=_at(2019, 7, 6), width=600, height=450, whole=False),
    Shot(name="forgotten", people=(0,), taken=_at(2019, 7, 7), view=View(yaw=-10, light=-0.4)),
    # Instagram: a single post, one of two pictures, a story, an archived one, a message.
    Shot(
        name="mirror",
        people=(0,),
        taken=_at(2022, 2, 14),
        view=View(yaw=-9, pitch=2),
        form=Format.WEBP,
        width=640,
        height=800,
        plain=True,
    ),
    Shot(name="picnic", people=(4, 0), taken=_at(2022, 6, 18), view=View(yaw=3, light=-0.3)),
    Shot(name="blanket", people=(4,), taken=_at(2022, 6, 18, 13), width=640, height=480),
    Shot(name="evening", people=(0,), taken=_at(2022, 8, 1), view=View(brightness=0.8)),
    Shot(name="wall", people=(), taken=_at(2017, 4, 1), form=Format.PNG, width=480, height=480),
    Shot(name="stranger", people=(3,), taken=_at(2023, 1, 6), plain=True, width=600, height=750),
    # Google Photos: a year, an album, a HEIC, a picture stored sideways, a film.
    Shot(
        name="lake",
        people=(0,),
        taken=_at(2023, 6, 10),
        view=View(yaw=6, pitch=-3),
        form=Format.HEIC,
        gps=_LAKE,
        width=640,
        height=480,
    ),
    Shot(
        name="summit",
        people=(0,),
        taken=_at(2023, 6, 11),
        view=View(yaw=-7, light=0.6),
        orientation=SIDEWAYS,
        gps=_HUT,
        width=600,
        height=800,
    ),
    Shot(name="hut", people=(1, 0, 3), taken=_at(2023, 6, 12), gps=_HUT, width=960, height=640),
    Shot(name="path", people=(), taken=_at(2023, 6, 12, 15), gps=_HUT, width=640, height=480),
    Shot(name="guide", people=(2,), taken=_at(2023, 6, 13), view=View(yaw=12)),
    Shot(name="table", people=(1, 4), taken=_at(2023, 6, 14), view=View(yaw=-4)),
    Shot(
        name="clip",
        people=(3, 0),
        taken=_at(2023, 6, 14, 20),
        form=Format.MP4,
        width=640,
        height=480,
    ),
    Shot(name="ticket", people=(), taken=_at(2023, 6, 15), form=Format.PNG, width=480, height=360),
)


def draw(shot: Shot, cast: Sequence[Person], seed: int) -> NDArray[np.uint8]:
    """Draw a picture, upright, (height, width, 3) RGB."""
    size = {"width": shot.width, "height": shot.height, "seed": seed}
    if shot.plain:
        return portrait(cast[shot.people[0]], shot.view, **size)
    count = len(shot.people)
    middle = 0.5 * shot.height / shot.width
    places = [((2 * i + 1) / (2 * count), middle, _FACES[count]) for i in range(count)]
    shown = [(cast[who], shot.view, at) for who, at in zip(shot.people, places, strict=True)]
    return scene(shown, **size)


def film(shot: Shot, cast: Sequence[Person], seed: int) -> bytes:
    """Draw a film in which its people come one after the other, each for four seconds."""
    takes = (draw(replace(shot, people=(who,)), cast, seed) for who in shot.people)
    still = (take for take in takes for _ in range(_TAKE_SECONDS * _FILM_RATE))
    return pictures.film_bytes(still, _FILM_RATE)


def encode(shot: Shot, cast: Sequence[Person], seed: int) -> bytes:
    """Draw a picture or film and give its file's bytes."""
    if shot.form.is_film:
        return film(shot, cast, seed)
    data = pictures.save(
        draw(shot, cast, seed),
        shot.form,
        orientation=shot.orientation,
        gps=shot.gps,
        # Facebook and Instagram take the metadata out; Google leaves it in.
        taken=shot.taken if shot.gps else None,
    )
    return data if shot.whole else data[: len(data) // 2]
