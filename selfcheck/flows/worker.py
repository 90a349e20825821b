"""What runs in a worker process: pixels and the profile, no network, no writing.

A worker opens a member itself (or is handed the bytes of a stream), decodes, finds, encodes,
compares, and answers with values. Other people's encodings end with the function that made them.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from selfcheck import pictures, sources
from selfcheck.errors import EngineError, ProfileError
from selfcheck.flows import looking, turns
from selfcheck.flows.crew import Setup
from selfcheck.model import (
    Box,
    Copied,
    Examined,
    Finding,
    Ignored,
    Match,
    Member,
    PartInfo,
    Reason,
    Rule,
    Skipped,
    Unreadable,
    Verdict,
)
from selfcheck.privacy import cage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from selfcheck.exports import ReadPage
    from selfcheck.faces import Engine
    from selfcheck.identity import Matcher
    from selfcheck.pages import Page

# A still is held whole, and so is whatever comes out of a stream; a film is not.
MEMBER_LIMIT = 200 * 2**20
AT_ONCE = 2**20  # bytes that are read at once
_LARGE_FILE = 32 * 2**20
_MOST_SAID = 8 * 2**20  # characters of what a saved page says of its pictures
SOUND = Ignored(rule=Rule.SOUND)
_ZIP = b"PK\x03\x04"
# Snapchat's links hand out a Memory with a drawing on it so, under any name (2025).
_TAKE_OUT = "take it out and name it in a scan of its own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose face is looked for: the profile, and its key, which is never written or shown."""

    profile: Path
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One member to examine; `data` holds its bytes where they come from a stream."""

    owner: Owner
    parts: tuple[PartInfo, ...]
    member: Member
    known: frozenset[str]  # contents of the same size that are settled already
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a worker is and goes by: its cage, its networks, how many references it has."""

    layers: tuple[str, ...]
    engine: str
    finder: str  # what faces are found with
    films: str  # how films are watched
    fingerprint: str  # how fingerprints are made
    quality: str  # how a face's quality is measured
    references: int


_setup: Setup | None = None
_layers: tuple[str, ...] = ()


def enter(setup: Setup) -> None:
    """Shut this process in. Runs once, before any task."""
    global _setup, _layers  # noqa: PLW0603 -- a worker process is its own world
    # The parent decides what Ctrl-C means; the terminal sends it to everybody.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _setup = setup
    if setup.engine is None:
        _layers = cage.enter_worker(may_write=())
        return
    # Only the graphs of the networks may be written, the first time they are built.
    _layers = cage.enter_worker(may_write=(setup.cache,))
    # Loaded while the parent is still at the gate. What goes wrong now goes wrong again at the
    # first task, and is told there.
    with contextlib.suppress(Exception):
        engine()


def facts(owner: Owner | None) -> Facts:
    """Load everything and tell what this worker is."""
    from selfcheck.faces import MEASURES

    references = _matcher(owner).references if owner is not None else 0
    return Facts(
        layers=_layers,
        engine=engine().signature,
        finder=engine().finder,
        films=pictures.FILM_RULES,
        fingerprint=pictures.FINGERPRINT,
        quality=MEASURES,
        references=references,
    )


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


def read_page(data: bytes, address: str, charset: str | None) -> Page:
    """Read a web page that somebody else wrote: here, because here it can do no harm."""
    from selfcheck import pages

    return pages.read(data, address=address, charset=charset)


def fingerprint_of(data: bytes) -> bytes:
    """Give the fingerprint of a picture, of nobody's face; none for what cannot be decoded."""
    from selfcheck.faces import LEVELS

    still = pictures.decode(
        data, long_side=looking.LONG_SIDE, at_most=2 * looking.LONG_SIDE, turn=_turn()
    )
    if isinstance(still, pictures.Unreadable):
        return b""
    return pictures.fingerprint(pictures.smaller(still.rgb, LEVELS)[0])


def read_saved_page(data: bytes, address: str, charset: str | None) -> ReadPage | None:
    """Read a page that was saved, for the words at its pictures; None where that goes wrong."""
    from selfcheck import pages
    from selfcheck.exports import ReadImage, ReadPage

    try:
        page = pages.read(data, address=address, charset=charset, saved=True)
    except Exception:  # noqa: BLE001 -- the outermost frame of a worker
        return None
    images, size = list[ReadImage](), 0
    for one in page.images:
        size += sum(map(len, one.addresses)) + len(one.alt) + len(one.caption)
        if one.addresses and size <= _MOST_SAID:
            images.append(ReadImage(addresses=one.addresses, alt=one.alt, caption=one.caption))
    return ReadPage(title=page.title, images=tuple(images))


def _known_setup() -> Setup:
    assert _setup is not None, "enter() comes first"
    return _setup


@cache
def engine() -> Engine:
    """Give this worker's networks, loaded once."""
    from selfcheck.faces import open_engine

    setup = _known_setup()
    assert setup.engine is not None, "a worker that looks at no face is asked for none"
    opened = open_engine(setup.engine, cache=setup.cache)
    turns.give_back()
    return opened


def _turn() -> Callable[[], AbstractContextManager[None]]:
    """Give the turn that a heavy picture waits for."""
    return turns.turns(_known_setup().cache)


@cache
def _matcher(owner: Owner) -> Matcher:
    from selfcheck.identity import Matcher, load

    return Matcher(load(owner.profile, owner.key))


@cache
def _tree(parts: tuple[PartInfo, ...]) -> sources.PartsTree:
    return sources.reopen(parts)


def _skip(task: Task, reason: Reason, detail: str) -> Skipped:
    return Skipped(item=task.member.shown, reason=reason, detail=detail)


def _opened(task: Task) -> BinaryIO:
    return io.BytesIO(task.data) if task.data is not None else _tree(task.parts).open(task.member)


def _seekable(task: Task) -> BinaryIO:
    if task.data is not None:
        return io.BytesIO(task.data)
    return _tree(task.parts).open_seekable(task.member)


def _examine(task: Task) -> Verdict:
    with _opened(task) as stream:
        head = stream.read(pictures.HEAD)
        if not head:
            return Ignored(rule=Rule.EMPTY)
        found = pictures.sniff(head)
        if found is None:
            return _no_picture(task, head)
        if found.is_film:
            return _examine_film(task, head, stream)
        return _examine_picture(task, head, stream) if found.is_picture else SOUND


def _examine_picture(task: Task, head: bytes, stream: BinaryIO) -> Verdict:
    # The bytes of a large file count like a heavy picture: they are held until its end.
    with _turn()() if task.member.size > _LARGE_FILE else nullcontext():
        return _examine_bytes(task, task.data or _whole(head, stream))


def _examine_bytes(task: Task, data: bytes) -> Verdict:
    if len(data) > MEMBER_LIMIT:
        return _skip(task, Reason.TOO_LARGE, "more than 200 MiB")
    digest = hashlib.sha256(data).hexdigest()
    if digest in task.known:
        return Copied(sha256=digest)
    still = pictures.decode(
        data, long_side=looking.LONG_SIDE, at_most=2 * looking.LONG_SIDE, turn=_turn()
    )
    if isinstance(still, pictures.Unreadable):
        return _skip(task, still.reason, still.detail)
    return _examine_still(task, still, data, digest)


def _whole(head: bytes, stream: BinaryIO) -> bytes:
    """Read a member on from its beginning, one byte past the limit at most.

    In pieces: putting two parts together would hold a large file twice.
    """
    whole = io.BytesIO()
    piece = head
    while piece:
        whole.write(piece)
        piece = stream.read(min(AT_ONCE, MEMBER_LIMIT + 1 - whole.tell()))
    return whole.getvalue()


def _examine_film(task: Task, head: bytes, stream: BinaryIO) -> Verdict:
    """Examine a film, which is read and never held as a whole."""
    if task.data is not None and len(task.data) > MEMBER_LIMIT:
        detail = "a film of more than 200 MiB in a tar archive: unpack it and scan the folder"
        return _skip(task, Reason.TOO_LARGE, detail)
    digest = _digest(head, stream)
    if digest in task.known:
        return Copied(sha256=digest)
    with _seekable(task) as raw:
        film = pictures.key_frames(raw)
        if not isinstance(film, pictures.Unreadable):
            return _watch(task, film, digest)
    # Sound in a film's wrapping: nothing is there that could show anybody.
    silent = film.reason is Reason.NOT_A_PICTURE
    return SOUND if silent else _skip(task, film.reason, film.detail)


def _watch(task: Task, film: pictures.KeyFrames, digest: str) -> Verdict:
    """Look at a film's frames one by one; where the owner is nearest decides."""
    strangers, nearest, distance = 0, None, float("inf")
    fault: Unreadable | None = None
    try:
        for frame in film.frames(long_side=looking.LONG_SIDE, budget=pictures.Budget()):
            look = looking.look(engine(), _matcher(task.owner), frame.rgb)
            strangers += len(look.boxes) - (look.best is not None)
            if look.best is not None and look.best.distance < distance:
                nearest, distance = (frame, look), look.best.distance
    except Unreadable as trouble:
        fault = trouble
    if nearest is not None:
        frame, look = nearest
        match = _match(frame, look, task.owner, digest, findings=film.findings)
        # The owner counts once, however many frames show them.
        return Examined(sha256=digest, faces=strangers + 1, match=match)
    left_out = fault or film.left_out  # which is known once the frames have been gone through
    if left_out is not None:
        # Where a part was not seen, "you are not in it" would be too much to say.
        return _skip(task, left_out.reason, left_out.detail)
    return Examined(sha256=digest, faces=strangers)


def _digest(head: bytes, stream: BinaryIO) -> str:
    """Hash a member to its end, which is also where its archive says that it is sound."""
    digest = hashlib.sha256(head)
    while block := stream.read(AT_ONCE):
        digest.update(block)
    return digest.hexdigest()


def _no_picture(task: Task, head: bytes) -> Ignored | Skipped:
    unread = pictures.unread(head)
    if unread is not None:
        return _skip(task, Reason.UNSUPPORTED, unread)
    path = task.member.path
    if pictures.looks_like_picture(path) or pictures.looks_like_film(path):
        what = pictures.describe(head)
        zipped = head.startswith(_ZIP)
        return _skip(task, Reason.NOT_A_PICTURE, f"{what}: {_TAKE_OUT}" if zipped else what)
    return Ignored(rule=Rule.DOCUMENT)


def _examine_still(task: Task, still: pictures.Still, data: bytes, digest: str) -> Examined:
    look = looking.look(engine(), _matcher(task.owner), still.rgb, _closer(still, data))
    faces = len(look.boxes)
    if look.best is None:
        return Examined(sha256=digest, faces=faces)
    findings = pictures.metadata(data) + pictures.thumbnail_shows(data, still.rgb)
    match = _match(still, look, task.owner, digest, findings=findings)
    return Examined(sha256=digest, faces=faces, match=match)


def _closer(still: pictures.Still, data: bytes) -> Callable[[], NDArray[np.uint8]] | None:
    """Give a way to decode a picture larger, if its file holds that much."""
    if not looking.may_be_closer(still):
        return None
    wanted = round(max(still.rgb.shape) * looking.MORE)

    def decoded() -> NDArray[np.uint8]:
        larger = pictures.decode(data, long_side=wanted, at_most=2 * wanted, turn=_turn())
        # Too large to be held that way, say: then what was seen has to do.
        return still.rgb if isinstance(larger, pictures.Unreadable) else larger.rgb

    return decoded


def _match(
    seen: pictures.Still | pictures.Frame,
    look: looking.Look,
    owner: Owner,
    digest: str,
    *,
    findings: tuple[Finding, ...],
) -> Match:
    """Say where the owner is on a still, or on a film's frame."""
    from selfcheck.identity import seal

    assert look.best is not None, "somebody was near enough"
    assert look.quality is not None, "and was measured"
    scale = seen.width / seen.rgb.shape[1]
    second = seen.second if isinstance(seen, pictures.Frame) else None
    return Match(
        band=look.best.band,
        distance=look.best.distance,
        box=look.boxes[look.best.index].scaled(scale),
        picture_width=seen.width,
        picture_height=seen.height,
        faces=len(look.boxes),
        findings=findings,
        crop=seal(owner.key, _crop(seen.rgb, look.boxes, look.best.index), crop_purpose(digest)),
        second=second,
        # Films that share a frame are no copies of each other: they are not grouped by one.
        fingerprint=pictures.fingerprint(look.small) if second is None else b"",
        quality=replace(look.quality, width=round(look.quality.width * scale)),
    )


def _crop(rgb: NDArray[np.uint8], boxes: Sequence[Box], owner: int) -> bytes:
    others = [box for index, box in enumerate(boxes) if index != owner]
    return pictures.owner_crop(rgb, boxes[owner], others=others)


def crop_purpose(digest: str) -> str:
    """Name what a sealed crop is, so that it opens only as the crop of its own picture."""
    return f"crop:{digest}"
