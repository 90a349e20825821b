"""What runs in a worker process: pixels and the profile, no network, no writing.

A worker opens a member itself (or is handed the bytes of a stream), decodes, finds, encodes,
compares, and answers with values. Other people's encodings end with the function that made them.
"""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from selfcheck import pictures, sources
from selfcheck.errors import EngineError, ProfileError
from selfcheck.model import (
    Box,
    Copied,
    Examined,
    Ignored,
    Match,
    Member,
    PartInfo,
    Reason,
    Rule,
    Skipped,
    Tree,
    Unreadable,
    Verdict,
)
from selfcheck.privacy import cage

if TYPE_CHECKING:
    from selfcheck.faces import Engine
    from selfcheck.identity import Matcher

# A picture is looked at this large: the width at which the peer looks, and dense mmod with it.
LONG_SIDE = 1600
MEMBER_LIMIT = 200 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a worker needs to know once. The key is never written and never shown."""

    engine: str
    cache: Path
    profile: Path | None
    key: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One member to examine; `data` holds its bytes where they come from a stream."""

    parts: tuple[PartInfo, ...]
    member: Member
    known: frozenset[str]  # contents of the same size that are settled already
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a worker is: the layers of its cage, its networks, and how many references it has."""

    layers: tuple[str, ...]
    engine: str
    references: int


_setup: Setup | None = None
_layers: tuple[str, ...] = ()


def enter(setup: Setup) -> None:
    """Shut this process in. Runs once, before any task."""
    global _setup, _layers  # noqa: PLW0603 -- a worker process is its own world
    # The parent decides what Ctrl-C means; the terminal sends it to everybody.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _setup = setup
    # Only the graphs of the networks may be written, the first time they are built.
    _layers = cage.enter_worker(may_write=(setup.cache,))


def facts() -> Facts:
    """Load everything and tell what this worker is."""
    references = _matcher().references if _known_setup().profile else 0
    return Facts(layers=_layers, engine=engine().signature, references=references)


def examine(task: Task) -> Verdict:
    """Examine one member: the verdict is a value whatever the bytes are."""
    try:
        return _examine(task)
    except Unreadable as trouble:
        return _skip(task, trouble.reason, trouble.detail)
    except MemoryError:
        return _skip(task, Reason.TOO_LARGE, "not enough memory to decode it")
    except (ProfileError, EngineError):
        # Nothing is wrong with the picture: the run ends, and the picture stays pending.
        raise
    except Exception as error:  # noqa: BLE001 -- the outermost frame of a worker
        return _skip(task, Reason.CRASHED, type(error).__name__)


def _known_setup() -> Setup:
    assert _setup is not None, "enter() comes first"
    return _setup


@cache
def engine() -> Engine:
    """Give this worker's networks, loaded once."""
    from selfcheck.faces import open_engine

    setup = _known_setup()
    return open_engine(setup.engine, cache=setup.cache)


@cache
def _matcher() -> Matcher:
    from selfcheck.identity import Matcher, load

    setup = _known_setup()
    assert setup.profile is not None, "only a scan compares"
    return Matcher(load(setup.profile, setup.key))


@cache
def _tree(parts: tuple[PartInfo, ...]) -> Tree:
    return sources.reopen(parts)


def _skip(task: Task, reason: Reason, detail: str) -> Skipped:
    return Skipped(item=task.member.shown, reason=reason, detail=detail)


def _bytes(task: Task) -> bytes:
    if task.data is not None:
        return task.data
    with _tree(task.parts).open(task.member) as stream:
        return stream.read(MEMBER_LIMIT + 1)


def _examine(task: Task) -> Verdict:
    data = _bytes(task)
    if not data:
        return Ignored(rule=Rule.EMPTY)
    # First what it is: a long video is left alone by rule, however large.
    other = _not_a_still(task, data)
    if other is not None:
        return other
    if len(data) > MEMBER_LIMIT:
        return _skip(task, Reason.TOO_LARGE, "more than 200 MiB")
    digest = hashlib.sha256(data).hexdigest()
    if digest in task.known:
        return Copied(sha256=digest)
    still = pictures.decode(data, long_side=LONG_SIDE)
    if isinstance(still, pictures.Unreadable):
        return _skip(task, still.reason, still.detail)
    return _look(still, data, digest)


def _not_a_still(task: Task, data: bytes) -> Ignored | Skipped | None:
    head = data[: pictures.HEAD]
    found = pictures.sniff(head)
    if found is None:
        return _no_picture(task, head)
    if found.is_film:
        return Ignored(rule=Rule.VIDEO)
    return None if found.is_picture else Ignored(rule=Rule.SOUND)


def _no_picture(task: Task, head: bytes) -> Ignored | Skipped:
    unread = pictures.unread(head)
    if unread is not None:
        return _skip(task, Reason.UNSUPPORTED, unread)
    if pictures.looks_like_picture(task.member.path):
        return _skip(task, Reason.NOT_A_PICTURE, pictures.describe(head))
    return Ignored(rule=Rule.DOCUMENT)


def _look(still: pictures.Still, data: bytes, digest: str) -> Examined:
    eyes = engine()
    faces = eyes.find(still.rgb)
    if not faces:
        return Examined(sha256=digest)
    best = _matcher().best(eyes.encode(still.rgb, faces))
    if best is None:
        return Examined(sha256=digest, faces=len(faces))
    box = faces[best.index].box
    match = Match(
        band=best.band,
        distance=best.distance,
        box=_scaled(box, still),
        picture_width=still.width,
        picture_height=still.height,
        faces=len(faces),
        findings=pictures.metadata(data),
        crop=_sealed_crop(still, [face.box for face in faces], best.index, digest),
    )
    return Examined(sha256=digest, faces=len(faces), match=match)


def _scaled(box: Box, still: pictures.Still) -> Box:
    """Give the box in pixels of the full upright picture."""
    scale = still.width / still.rgb.shape[1]
    left, top, right, bottom = (
        round(side * scale) for side in (box.left, box.top, box.right, box.bottom)
    )
    return Box(left=left, top=top, right=right, bottom=bottom)


def _sealed_crop(still: pictures.Still, boxes: Sequence[Box], owner: int, digest: str) -> bytes:
    from selfcheck.identity import seal

    others = [box for index, box in enumerate(boxes) if index != owner]
    crop = pictures.owner_crop(still.rgb, boxes[owner], others=others)
    return seal(_known_setup().key, crop, crop_purpose(digest))


def crop_purpose(digest: str) -> str:
    """Name what a sealed crop is, so that it opens only as the crop of its own picture."""
    return f"crop:{digest}"
