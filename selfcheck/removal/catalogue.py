"""All doors, read once from the files in doors/, and the one for a platform or a kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from selfcheck.removal.door import Door, DoorKind
from selfcheck.removal.reading import read_door


@cache
def catalogue() -> tuple[Door, ...]:
    """Give every door, by the names of their files."""
    return tuple(sorted(_read(), key=lambda door: door.name))


def door_for(platform: str) -> Door | None:
    """Give the door of a context's platform, or None where nobody else holds the picture."""
    return next((door for door in catalogue() if platform in door.serves), None)


def named(name: str) -> Door:
    """Give the door of that name; KeyError where there is none."""
    return {door.name: door for door in catalogue()}[name]


def of_kind(kind: DoorKind) -> tuple[Door, ...]:
    """Give all doors of a kind, in the order of their names."""
    return tuple(door for door in catalogue() if door.kind is kind)


def _read() -> Iterator[Door]:
    for file in files("selfcheck.removal").joinpath("doors").iterdir():
        yield read_door(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8"))
