"""How Google Photos names the JSON sidecar of a picture: one ordered table of named rules.

Owns names only; what a sidecar holds is `google_photos`'s. Rules go from the picture's name
to the sidecar's, the only direction that is unambiguous (format notes of 2024 to 2026).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from unicodedata import normalize

from selfcheck.exports.documents import Documents, fold

_BUDGET = 46  # UTF-16 units of a sidecar's name before the counter and `.json`
_SUPPLEMENT = ".supplemental-metadata"  # since October 2024; may be cut anywhere
_CUTS = tuple(_SUPPLEMENT[:n] for n in range(len(_SUPPLEMENT), -1, -1))
_COUNTER = re.compile(r"\(\d{1,6}\)$")
_LONGEST_EXTENSION = 5

# What Google's editor appends, in the language of the account; the last ones in any language.
_EDITED = (
    *("-edited", "-edytowane", "-bearbeitet", "-bewerkt", "-編集済み", "-编辑", "-modificato"),
    *("-modifié", "-ha editado", "-editado", "-editat", "-отредактировано", "-편집됨"),
    *("-muokattu", "-відредаговано", "-redigeret", "-upravené"),
    *("-effects", "-smile", "-mix", "-collage", "-animation", "-motion"),
)
_SHORTEST_CUT = 3  # `-ha` of `-ha editado`; shorter ends are ordinary names
_LONGEST_NAME = (
    51  # UTF-16 units of a picture's name; the suffix of one that long may be cut to `-`
)
_STILLS = (".heic", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".dng")
_MOTION = re.compile(r"(\.(mp4|mov|mp|mv)(~\d+)?)?")  # some have no extension (seen 2025)
_COPY = re.compile(r"~\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A picture's file name in its pieces: `IMG_1(2).JPG` is `IMG_1`, `.JPG`, `(2)`."""

    stem: str
    extension: str
    counter: str

    @property
    def whole(self) -> str:
        """Give the name without its counter."""
        return self.stem + self.extension


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """One rule: from a picture's name to the names its sidecar may have, likeliest first."""

    name: str
    candidates: Callable[[Name], Iterator[str]]


def split(name: str) -> Name:
    """Take a file name apart."""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _LONGEST_EXTENSION:
        stem, dot, extension = name, "", ""
    counter = _COUNTER.search(stem)
    plain = stem[: counter.start()] if counter else stem
    return Name(stem=plain, extension=dot + extension, counter=counter[0] if counter else "")


def clip(name: str, units: int = _BUDGET) -> str:
    """Cut a name to a length in UTF-16 units; a character is kept whole or dropped."""
    data = name.encode("utf-16-le", errors="surrogatepass")[: 2 * units]
    return data.decode("utf-16-le", errors="ignore")


def sidecar_of(tree: Documents, position: int) -> tuple[int, str] | None:
    """Find where a picture's sidecar stands in `tree.members`, and the rule that found it."""
    folder, _, name = tree.members.path(position).rpartition("/")
    pieces, tried = split(name), set[str]()
    for naming in NAMINGS:
        for candidate in naming.candidates(pieces):
            if candidate in tried:
                continue
            tried.add(candidate)
            found = tree.place_beside(folder, f"{candidate}.json")
            if found is not None:
                return found, naming.name
    return None


def _whole(name: Name) -> Iterator[str]:
    for end in (_SUPPLEMENT, ""):
        yield f"{name.stem}{name.counter}{name.extension}{end}"


def _counter_last(name: Name) -> Iterator[str]:
    if name.counter:
        yield f"{name.whole}{_SUPPLEMENT}{name.counter}"
        yield f"{name.whole}{name.counter}"
        yield f"{name.stem}{name.counter}{_SUPPLEMENT}"


def _cut_to_budget(name: Name) -> Iterator[str]:
    for end in (_SUPPLEMENT, ""):
        yield clip(name.whole + end) + name.counter


def _cut_anywhere(name: Name) -> Iterator[str]:
    # Seen 2025: `…_DSCN0091.JP.supplemental-meta.json`, longer than the budget and yet cut.
    wholes = [name.whole[: len(name.whole) - n] for n in range(len(name.extension))]
    for whole, end in product(wholes, _CUTS):
        yield whole + end + name.counter


def _without_extension(name: Name) -> Iterator[str]:
    # Uploaded without an extension: Google adds one to the picture, not to the sidecar.
    for end in _CUTS:
        yield clip(name.stem + end) + name.counter


def _edited(name: Name) -> Iterator[str]:
    for stem in _unedited(name):
        for extension in dict.fromkeys((name.extension, *_STILLS)):
            yield from _ordinary(Name(stem=stem, extension=extension, counter=name.counter))
        yield from _without_extension(Name(stem=stem, extension="", counter=name.counter))


def _motion(name: Name) -> Iterator[str]:
    # A film has no sidecar of its own; `PXL_1.MP~2.jpg` has its own or that of `PXL_1.MP.jpg`.
    if _COPY.search(name.stem):
        stem = _COPY.sub("", name.stem)
        yield from _ordinary(Name(stem=stem, extension=name.extension, counter=name.counter))
    if _MOTION.fullmatch(name.extension.casefold()):
        bases = dict.fromkeys((name.stem, name.whole, _COPY.sub("", name.whole)))
        for base, extension in product(bases, _STILLS):
            yield from _ordinary(Name(stem=base, extension=extension, counter=name.counter))


def _shared_by_copies(name: Name) -> Iterator[str]:
    # `original_<uuid>_P.jpg` and `original_<uuid>_P(1).jpg` have one sidecar between them.
    if name.counter and clip(name.whole) != name.whole:
        yield clip(name.whole)


def _ordinary(name: Name) -> Iterator[str]:
    yield from _whole(name)
    yield from _counter_last(name)
    yield from _cut_to_budget(name)


def _unedited(name: Name) -> Iterator[str]:
    stem = normalize("NFC", name.stem)
    cut = _units(name.whole) >= _LONGEST_NAME
    for suffix in _EDITED:
        for length in range(len(suffix), 0 if cut else _SHORTEST_CUT - 1, -1):
            if len(stem) > length and fold(stem[-length:]) == fold(suffix[:length]):
                yield stem[:-length]


def _units(name: str) -> int:
    return len(name.encode("utf-16-le", errors="surrogatepass")) // 2


NAMINGS: tuple[Naming, ...] = (
    Naming(name="whole name", candidates=_whole),
    Naming(name="counter after the extension", candidates=_counter_last),
    Naming(name="cut to the budget", candidates=_cut_to_budget),
    Naming(name="cut anywhere", candidates=_cut_anywhere),
    Naming(name="uploaded without extension", candidates=_without_extension),
    Naming(name="edited copy", candidates=_edited),
    Naming(name="motion picture", candidates=_motion),
    Naming(name="copies with one sidecar", candidates=_shared_by_copies),
)
