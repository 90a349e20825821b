"""The images that scripts of a page hold as data: JSON-LD, and the state of its own program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfcheck.pages import inline_data
from selfcheck.pages.addresses import names_an_image

_LONGEST = 2 << 20  # a document of small values takes some thirty times its length
_KEYS = frozenset(("image", "thumbnailurl", "contenturl", "logo", "photo", "thumbnail"))
_SAYS_IMAGE = re.compile(
    r"(?:image|img|photo|picture|avatar|thumbnail|thumb|poster|profile_?pic|display)"
    r"s?(?:_?(?:src|url|uri|hd))?\Z",
    re.IGNORECASE,
)
_FROM_ROOT = re.compile(r"https?://|//?[^/\s]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """An address in a script, and the caption that stands beside it."""

    address: str
    caption: str = ""


def linked_data(text: str) -> list[Said] | None:
    """Give the images of a JSON-LD script; None where it cannot be read."""
    read = _parsed(text)
    return None if read is None else list(_linked(read[0]))


def state(text: str) -> list[Said] | None:
    """Give the images of a script that is pure JSON; None where it is none."""
    read = _parsed(text)
    return None if read is None else [Said(address) for address in _of_state(read[0])]


def _parsed(text: str) -> tuple[object] | None:
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    if len(text) > _LONGEST or text[:1] not in {"{", "["}:
        return None
    try:
        return (json.loads(text, parse_int=str, parse_float=str),)
    except (ValueError, RecursionError):
        return None


def _linked(value: object) -> Iterator[Said]:
    """Walk values in their order, without recursion; `image` may be text, object or list."""
    todo: list[tuple[object, bool]] = [(value, False)]
    while todo:
        value, wanted = todo.pop()
        if isinstance(value, str):
            if wanted:
                yield Said(value)
        elif isinstance(value, list):
            todo += ((one, wanted) for one in reversed(value))
        elif isinstance(value, dict):
            todo += ((one, _is_wanted(key, one)) for key, one in reversed(value.items()))
            if wanted or "ImageObject" in str(value.get("@type", ""))[:200]:
                yield from _object(value)


def _object(value: dict[str, object]) -> Iterator[Said]:
    caption = value.get("caption") or value.get("name")
    for key in ("contentUrl", "url", "@id"):
        address = value.get(key)
        if isinstance(address, str) and (key != "@id" or names_an_image(address)):
            yield Said(address, caption if isinstance(caption, str) else "")
            return


def _is_wanted(key: str, value: object) -> bool:
    """Say whether a value is an image by its key; `contentUrl` is that of films, too."""
    if key == "contentUrl":
        return isinstance(value, str) and names_an_image(value)
    return key.lower() in _KEYS


def _of_state(value: object) -> Iterator[str]:
    todo: list[tuple[object, str]] = [(value, "")]
    while todo:
        value, key = todo.pop()
        if isinstance(value, str):
            if inline_data.is_image(value) or (
                _FROM_ROOT.match(value)
                and (names_an_image(value) or (_SAYS_IMAGE.match(key) and value[:1] != "/"))
            ):
                yield value
        elif isinstance(value, list):
            todo += ((one, key) for one in reversed(value))
        elif isinstance(value, dict):
            todo += ((one, key) for key, one in reversed(value.items()))
