"""What the JSON of Facebook and Instagram has in common: media objects, wherever they stand.

Owns the shapes shared by both; which file means what is each platform's own table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.jsonfiles import Shape
from selfcheck.exports.uris import Uris, urlsplit_path
from selfcheck.exports.values import Fields, items, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Member,
    Missing,
    Picture,
    PictureKind,
)

JSON = re.compile(r"\.json$")
_NO_PICTURES = re.compile(r"\.(mp3|m4a|aac|wav|ogg|opus|srt|vtt|pdf|docx?|xlsx?|pptx?|zip|txt)$")

_DEEPEST = 12  # objects, and as many lists around them
# Below these stand remote previews, drawings, and what others posted elsewhere.
_NOT_MEDIA = frozenset(
    (
        *("thumbnail", "sticker", "share", "reactions", "audio_files"),
        *("external_context", "cross_post_source", "media_variants"),
    )
)
# An object with one of these is itself one entry: Meta writes a list of one without the list.
_ONE_ENTRY = frozenset({"uri", "media", "attachments", "label_values"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One row of a platform's table: which file, and what its pictures are.

    `sure` says that what it lists and no part holds is missing; files of unknown
    meaning are read as well, but nothing is concluded from what they lack.
    """

    pattern: re.Pattern[str]
    kind: PictureKind
    author: Author = Author.UNKNOWN
    audience: Audience = Audience.UNKNOWN
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One media object: what it tells, and the objects around it, outermost first."""

    uri: str
    told: Fields
    above: tuple[Fields, ...]
    listed_in: Member
    key: str = ""  # the top-level key of the list it stands in
    # What was found in the objects around it, by their `id`: one post may have thousands of media.
    found: dict[tuple[str, int], Fields | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def inside_out(self) -> Iterator[Fields]:
        """Yield the object itself, then what is around it."""
        yield self.told
        yield from reversed(self.above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The names under which the export's own profile knows its owner.

    `complete` says that the owner has no other name, so that any other is somebody else's.
    """

    names: frozenset[str] = field(default=frozenset(), repr=False)
    complete: bool = True

    def wrote(self, name: str | None) -> Author:
        """Tell whether a sender is the owner; unknown without a profile."""
        if not name or not self.names:
            return Author.UNKNOWN
        if name.casefold() in self.names:
            return Author.OWNER
        return Author.OTHER if self.complete else Author.UNKNOWN


def listed(tree: Documents, member: Member, shape: Shape) -> Iterator[Medium]:
    """Yield every object with a uri, in the document's order, as a stream."""
    for key, entry in _entries(tree, member, shape):
        found: dict[tuple[str, int], Fields | None] = {}
        for uri, told, above in objects(entry):
            yield Medium(uri=uri, told=told, above=above, listed_in=member, key=key, found=found)


def objects(
    value: object, above: tuple[Fields, ...] = (), lists: int = 0
) -> Iterator[tuple[str, Fields, tuple[Fields, ...]]]:
    """Yield every object that has a uri, wherever it stands, with the objects around it."""
    if isinstance(value, dict):
        uri = text(value.get("uri")) or ("taken_at" in value and text(value.get("path")))
        if uri:
            yield uri, value, above
        above = (*above, value)
    below = value.items() if isinstance(value, dict) else (("", v) for v in items(value))
    lists += isinstance(value, list)
    if len(above) < _DEEPEST and lists <= _DEEPEST:
        for key, inner in below:
            if key not in _NOT_MEDIA and isinstance(inner, dict | list):
                yield from objects(inner, above, lists)


def _entries(tree: Documents, member: Member, shape: Shape) -> Iterator[tuple[str, object]]:
    """Yield a document's entries with the key they stand under."""
    if shape.is_list:
        yield from (("", item) for item in tree.items(member))
    elif _ONE_ENTRY & (shape.values.keys() | set(shape.lists)):
        yield "", tree.value(member)
    else:
        if shape.lists:  # all in one pass: there may be ten thousand
            elements = tree.entries(member)
            yield from ((above[0], item) for above, item in elements if len(above) == 1)
        yield from ((k, v) for k, v in shape.values.items() if isinstance(v, dict))


def row_of(rows: Sequence[Listing], member: Member) -> Listing | None:
    """Find the first row of a table that means a document."""
    path = fold(member.path)
    return next((row for row in rows if row.pattern.search(path)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One person's download while it is read: its documents, and whose it is."""

    tree: Documents
    uris: Uris
    owner: Owner
    platform: str

    def located(
        self, medium: Medium, context: Context, *, sure: bool = True
    ) -> Iterator[Picture | Missing]:
        """Yield the picture for each member that a medium is, or that it is missing."""
        members = self.uris.members(medium.uri, medium.listed_in)
        for member in members:
            yield Picture(member=member, context=context)
        if not members and sure and not _NO_PICTURES.search(fold(medium.uri.partition("?")[0])):
            path = urlsplit_path(medium.uri) if "://" in medium.uri else medium.uri
            yield Missing(path=path, listed_in=medium.listed_in.path)
