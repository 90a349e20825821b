"""What a film's own metadata gives away: place, time, device, names, captions.

Owns the names under which phones write it, as FFmpeg passes them on. Names of people are
counted and not quoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from selfcheck.model import Finding, Leak
from selfcheck.pictures.container import created
from selfcheck.pictures.exif import place

if TYPE_CHECKING:
    from av.container import InputContainer

_LONGEST = 300  # characters of one value
_APPLE = "com.apple.quicktime."
_PLACES = (_APPLE + "location.iso6709", "location", "location-eng")
_MAKERS = (_APPLE + "make", "com.android.manufacturer", "make")
_MODELS = (_APPLE + "model", "com.android.model", "model")
_SOFTWARE = (_APPLE + "software", "software")
_PEOPLE = (_APPLE + "author", "artist", "author", "copyright")
_CAPTIONS = (_APPLE + "description", "title", "description", "comment", "synopsis")
# ISO 6709 in degrees: +48.1371+011.5754+520.000CRSWGS_84/
_POSITION = re.compile(
    r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?(?:CRS[^/]*)?/?"
)


def findings(container: InputContainer) -> tuple[Finding, ...]:
    """Tell what an opened film gives away, in the order of `Leak`; values are untrusted text."""
    texts = {key.lower(): " ".join(text.split()) for key, text in container.metadata.items()}
    maker, model = _first(texts, _MAKERS), _first(texts, _MODELS)
    made = created(container)
    names = {texts[key].casefold(): key for key in reversed(_PEOPLE) if texts.get(key)}
    count = "1 name" if len(names) == 1 else f"{len(names)} names"
    found = {
        Leak.GPS: _position(_first(texts, _PLACES)),
        Leak.TIME: made.isoformat(" ") if made is not None else "",
        Leak.CAMERA: (model if model.startswith(maker) else f"{maker} {model}").strip(),
        Leak.SOFTWARE: _software(_first(texts, _SOFTWARE)),
        Leak.PERSON: f"{count} ({', '.join(_short(key) for key in names.values())})"
        if names
        else "",
        Leak.CAPTION: _first(texts, _CAPTIONS),
    }
    return tuple(
        Finding(leak=leak, value=found[leak][:_LONGEST]) for leak in Leak if found.get(leak)
    )


def _first(texts: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((texts[key] for key in keys if texts.get(key)), "")


def _software(text: str) -> str:
    """Leave out FFmpeg's own name, which half of all programs write and which tells nothing."""
    return "" if text.startswith("Lavf") else text


def _short(key: str) -> str:
    return key.removeprefix(_APPLE)


def _position(text: str) -> str:
    """Word a position; what is written in another way is told as it is, for it may be one."""
    match = _POSITION.fullmatch(text)
    return (place(float(match[1]), float(match[2])) or "") if match else text
