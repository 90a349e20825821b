"""What the name of an archive tells: which export it is a part of, and which part.

Owns the ways in which platforms and browsers name parts; what an archive holds is `bonds`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ENDING = re.compile(r"\.(zip|tgz|tar\.gz|tar)$", re.IGNORECASE)
_COPY = re.compile(r"\s*\((\d{1,3})\)$")
_DATE = re.compile(r"(19|20)\d\d[-_.]?[01]\d([-_.]?[0-3]\d)?$")
_NUMBER = re.compile(r"(?:[-_. ]+(?:part[-_. ]?)?|(?<=part))(?P<number>\d{1,3})$", re.IGNORECASE)
# How platforms number, whatever a browser or a file manager wrote behind it. The stamp tells
# one Takeout from all others; of the middle number (since 2025) nobody knows what it counts.
_TAKEOUT = re.compile(
    r"(?P<export>takeout-\d{8}T\d{6,7}Z)(?:(?:-\d{1,2})?-(?P<number>\d{3})(?!\d))?",
    re.IGNORECASE,
)
_SNAPCHAT = re.compile(r"(?P<export>mydata~\d+)(?:-(?P<number>\d{1,3}))?$", re.IGNORECASE)
_FLICKR = re.compile(
    r"(?P<export>\d{9,}_[0-9a-f]{8,}|data-download|data_\d+_[0-9a-f]{8,})"
    r"(?:[-_](?:part)?(?P<number>\d{1,3}))$",
    re.IGNORECASE,
)
# "iCloud Photos Part 1 of 6", in Swedish "iCloud-bilder Del 1 av 6".
_OF = re.compile(
    r"(?P<export>.*[^\s_])[ _]++(?P<number>\d{1,3})[ _]++of[ _]++(?P<total>\d{1,3})$"
    r"|(?P<export_>icloud.*[^\s_])[ _]++(?P<number_>\d{1,3})[ _]++[^\s_]{1,8}[ _]++"
    r"(?P<total_>\d{1,3})$",
    re.IGNORECASE,
)
# Meta writes account, date and letters of its own for each part.
_META = re.compile(
    r"(?P<family>(?:facebook|instagram)-.+-\d{1,4}[-_.]\d{1,2}[-_.]\d{1,4})-[a-z0-9]{4,}$",
    re.IGNORECASE,
)
# So many numbers a platform may reach; a larger one is something else.
_MOST = 999
_LONGEST = 255  # characters of a file's name; a folder within an archive may have any


@dataclass(frozen=True, slots=True, kw_only=True)
class PartName:
    """One name, taken apart."""

    export: str  # what the names of all parts share
    number: int | None = None
    total: int | None = None  # how many parts there are, where the name says so
    copy: int = 0  # the "(1)" of a browser that had a file of that name already
    told: bool = False  # a platform's own way of naming
    unique: bool = False  # no other export has that name
    first_bare: bool = False  # the first part has no number
    family: str | None = None  # parts with letters of their own share this much
    whole: str = ""  # without ending and copy mark; the number stands from `at` to `end` in it
    ending: str = ""
    at: int = 0
    end: int = 0

    def of(self, number: int) -> str:
        """Give the name of another part of the same export."""
        if number == 1 and self.first_bare:
            return self.export + self.ending
        digits = f"{number:0{self.end - self.at}}"
        # "part 9" and "part 10": only a number that begins with noughts has a fixed width.
        digits = digits if self.whole[self.at] == "0" else str(number)
        return f"{self.whole[: self.at]}{digits}{self.whole[self.end :]}{self.ending}"


def parse(name: str) -> PartName:
    """Take the name of an archive or folder apart."""
    if len(name) > _LONGEST:
        return PartName(export=name, whole=name)
    ending = found[0] if (found := _ENDING.search(name)) else ""
    stem = name.removesuffix(ending)
    mark = _COPY.search(stem)
    whole = (stem[: mark.start()] if mark else stem) or stem
    copy = int(mark[1]) if mark and whole != stem else 0
    for pattern, unique in ((_TAKEOUT, True), (_SNAPCHAT, True), (_FLICKR, True), (_OF, False)):
        if told := pattern.match(whole):
            return _told(told, whole, ending, copy, unique=unique)
    if meta := _META.match(whole):
        return PartName(
            export=whole,
            copy=copy,
            told=True,
            unique=True,
            family=meta["family"],
            whole=whole,
            ending=ending,
        )
    return _untold(whole, ending, copy)


def _told(found: re.Match[str], whole: str, ending: str, copy: int, *, unique: bool) -> PartName:
    groups = {key.rstrip("_"): key for key, value in found.groupdict().items() if value}
    at, end = found.span(groups["number"]) if "number" in groups else (0, 0)
    total = int(found[groups["total"]]) if "total" in groups else None
    number = int(whole[at:end]) if end else None
    if total and number and number > total:
        return _untold(whole, ending, copy)
    export = found[groups["export"]]
    return PartName(
        export=export,
        number=number,
        total=total,
        copy=copy,
        told=True,
        # All downloads of Flickr's pictures are called alike.
        first_bare=export.lower().startswith("mydata~"),
        unique=unique and export.lower() != "data-download",
        whole=whole[: found.end()],
        ending=ending,
        at=at,
        end=end,
    )


def _untold(whole: str, ending: str, copy: int) -> PartName:
    # What stands at the end of a chat's name may be a telephone's number, or a group's own.
    unnumbered = _DATE.search(whole) or "whatsapp" in whole.casefold()
    found = None if unnumbered else _NUMBER.search(whole)
    stem = _COPY.sub("", whole[: found.start()]) if found else ""
    if not found or not stem:
        return PartName(export=whole, copy=copy, whole=whole, ending=ending)
    at, end = found.span("number")
    return PartName(
        export=stem,
        number=int(found["number"]),
        copy=copy,
        whole=whole,
        ending=ending,
        at=at,
        end=end,
    )


def absent(parts: Iterable[PartName]) -> tuple[str, ...]:
    """Name the parts of one export that are not among these, as far as names can tell.

    A number counts as there whatever middle number stands before it. The part without a number
    is the first where the others begin with 2. Of names that no platform gives, a gap counts
    only among several parts most of which are there: "holiday-12.zip" is no part 12.
    """
    given = tuple(parts)
    numbered = [one for one in given if one.number is not None]
    if not numbered:
        return ()
    there = {one.number for one in numbered}
    if len(numbered) < len(given) and 1 not in there:
        there.add(1)
    last = max(max(one.total or 0, one.number or 0) for one in numbered)
    gaps = [number for number in range(1, min(last, _MOST) + 1) if number not in there]
    if not any(one.told for one in numbered) and len(there) < max(2, len(gaps)):
        return ()
    template = max(numbered, key=lambda one: (one.told, one.number or 0))
    return tuple(template.of(number) for number in gaps)
