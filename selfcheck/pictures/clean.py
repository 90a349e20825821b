"""A copy of a picture without metadata, and the proof that it shows the same and holds nothing.

JPEG, PNG, WebP and GIF are copied block by block; of every other format the picture is saved
anew. What a file is called, and where it lies, is not its matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from selfcheck.model import Reason
from selfcheck.pictures.colour_profile import colour_space, nameless
from selfcheck.pictures.decode import Limits, decode, no_picture, orientation_of
from selfcheck.pictures.exif import exif_blocks
from selfcheck.pictures.formats import HEAD, Format, sniff
from selfcheck.pictures.metadata import metadata
from selfcheck.pictures.opening import Unreadable, explain, open_still, silence, troubles
from selfcheck.pictures.orientation import UPRIGHT
from selfcheck.pictures.reducing import rows_of
from selfcheck.pictures.resaving import resave
from selfcheck.pictures.rewrite_gif import rewrite_gif
from selfcheck.pictures.rewrite_jpeg import rewrite_jpeg
from selfcheck.pictures.rewrite_png import rewrite_png
from selfcheck.pictures.rewrite_webp import rewrite_webp
from selfcheck.pictures.rewriting import Notes, Removed, Rewritten, Unfit

if TYPE_CHECKING:
    from PIL.Image import Image

NO_FILMS = "films are not cleaned yet"
_REWRITERS: dict[Format, Callable[[bytes, int], Rewritten]] = {
    Format.JPEG: rewrite_jpeg,
    Format.PNG: rewrite_png,
    Format.WEBP: rewrite_webp,
    Format.GIF: rewrite_gif,
}
# A GIF has no orientation: what XMP says of one heeds nobody.
_TURNED = frozenset(_REWRITERS) - {Format.GIF}
_LONG_SIDE = 4000  # a JPEG of more than twice as much is compared at a smaller size
_BAND = 256  # rows
_MOST_FRAMES = 5000
_MOST_PIXELS = 500_000_000  # of all frames of an animation that are compared
_ALIKE = 6.0  # of 255, on average: what saving anew changes at most
_SMALL = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """A copy without metadata: its bytes, what it is, what was left out.

    note: what else differs from the picture, in words; empty where nothing does.
    """

    data: bytes = field(repr=False)
    format: Format
    removed: tuple[Removed, ...]
    note: str = ""


def clean(data: bytes, limits: Limits | None = None) -> Clean | Unreadable:
    """Make a copy of a picture that is meant to hold nothing else; `copy_fault` says if it does.

    Values of what was removed are untrusted text. What cannot be read is an `Unreadable` value,
    as in `decode`; films are among it.
    """
    form = sniff(data[:HEAD])
    if form is not None and form.is_film:
        return Unreadable(reason=Reason.UNSUPPORTED, detail=NO_FILMS)
    if form is None or not form.is_picture:
        return no_picture(data[:HEAD])
    with silence():
        try:
            return _clean(data, form, limits)
        except Unfit as error:
            return error.why
        except troubles() as error:
            return explain(error, data, form)


def _clean(data: bytes, form: Format, limits: Limits | None) -> Clean | Unreadable:
    rewriter = _REWRITERS.get(form)
    if rewriter is not None:
        rewriter(data, UPRIGHT)  # its outline is looked at before a decoder sees it
    # Said by who knows the limits: what cannot be shown cannot be posted either.
    seen = decode(data, long_side=_SMALL, limits=limits)
    if isinstance(seen, Unreadable):
        return seen
    told = tuple(
        Removed(what=one.leak.value, value=one.value) for one in metadata(data, quoted=True)
    )
    with open_still(data, form) as image:
        inside = _inside(image, form)
        if rewriter is None:
            saved = resave(image, data, form)
            return Clean(
                data=saved.data, format=saved.format, removed=(*told, *inside), note=saved.note
            )
        orientation = orientation_of(image, form) if form in _TURNED else UPRIGHT
    copy = rewriter(data, orientation)
    return Clean(data=copy.data, format=form, removed=(*told, *inside, *copy.removed))


def _inside(image: Image, form: Format) -> tuple[Removed, ...]:
    """Tell which blocks lie within others, and of a picture saved anew also those around them."""
    notes = Notes()
    if form not in _REWRITERS:
        for key, kind in (("exif", "EXIF"), ("xmp", "XMP"), ("photoshop", "Photoshop's block")):
            held = image.info.get(key)
            notes.block(kind, len(held) if isinstance(held, bytes) else 0)
        further = len(image.info.get("thumbnails") or ()) + getattr(image, "n_frames", 1) - 1
        if further > 0:
            notes.text("further pictures", f"{further:,}")
    try:
        for kind, size in exif_blocks(image):
            notes.block(kind, size)
    except troubles():  # damaged: what it is in goes as a whole
        pass
    return notes.removed()


def copy_fault(original: bytes, copy: bytes) -> str:
    """Say what is wrong with a copy of a picture; nothing where it may be posted.

    It shows the same, by its pixels; its own metadata gives nothing away; and cleaning it again
    finds nothing to leave out.
    """
    again = clean(copy)
    if isinstance(again, Unreadable):
        return f"it cannot be read: {again.detail}"
    left = ", ".join(one.what for one in again.removed)
    if left or again.data != copy:
        return f"it still holds {left or 'more than the picture'}"
    del again  # a whole file, and two more are decoded now
    same = _same(original, copy)
    return "" if same else "it does not show the same"


def _same(original: bytes, copy: bytes) -> bool:
    form = sniff(original[:HEAD])
    if form is None or form not in _REWRITERS:
        return _alike(original, copy)
    unshowable: tuple[type[Exception], ...] = (Unfit, *troubles())
    with silence():
        try:
            return _shown(original, form) == _shown(copy, form)
        except unshowable:
            return False


def _alike(original: bytes, copy: bytes) -> bool:
    """Say whether a picture that was saved anew shows about the same, and as large."""
    one, other = decode(original, long_side=_SMALL), decode(copy, long_side=_SMALL)
    if isinstance(one, Unreadable) or isinstance(other, Unreadable):
        return False
    if (one.width, one.height) != (other.width, other.height) or one.rgb.shape != other.rgb.shape:
        return False
    return float(np.abs(one.rgb.astype(np.int16) - other.rgb).mean()) <= _ALIKE


def _shown(data: bytes, form: Format) -> str:
    """Sum up what a file shows: every pixel, each frame's time, colours, which way is up."""
    digest = hashlib.sha256()
    with open_still(data, form) as image:
        profile = nameless(image.info.get("icc_profile") or b"")
        turned = orientation_of(image, form) if form in _TURNED else UPRIGHT
        digest.update(repr((turned, image.size, colour_space(profile), profile)).encode())
        for piece in _of_a_jpeg(data) if form is Format.JPEG else _of_frames(image):
            digest.update(piece)
    return digest.hexdigest()


def _of_a_jpeg(data: bytes) -> Iterator[bytes]:
    """Give the pixels of a JPEG, scaled while they are decoded where there are very many."""
    still = decode(data, long_side=_LONG_SIDE, at_most=2 * _LONG_SIDE)
    if isinstance(still, Unreadable):
        raise Unfit(still.reason, still.detail)
    for top in range(0, len(still.rgb), _BAND):
        yield still.rgb[top : top + _BAND].tobytes()


def _of_frames(image: Image) -> Iterator[bytes]:
    """Give the pixels of each frame as it is shown, and what is said of it."""
    pixels = 0
    for number in range(min(getattr(image, "n_frames", 1), _MOST_FRAMES)):
        image.seek(number)
        image.load()
        said = [image.info.get(key) for key in ("duration", "loop", "transparency", "gamma")]
        yield repr((number, image.mode, image.size, said)).encode()
        rows = rows_of(image)
        for top in range(0, image.height, _BAND):
            yield rows(top, min(top + _BAND, image.height)).tobytes()
        pixels += image.width * image.height
        if pixels > _MOST_PIXELS:
            return
