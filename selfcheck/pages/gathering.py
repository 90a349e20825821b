"""From sightings to images: what is left out, what belongs together, which address comes first."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field

from selfcheck.pages import inline_data
from selfcheck.pages.addresses import LONGEST, Variant, absolute, variant
from selfcheck.pages.inline_data import Inline
from selfcheck.pages.values import LeftOut, PageImage, Where

MOST = 200
_MOST_GROUPS = 2000
_MOST_ADDRESSES = 20
_TINY = 48
_LONGEST_WORDS = 500

_ICON = re.compile(
    r"\.ico(?:\Z|\?)|/emoji/|/(?:favicon|sprites?|spacer|blank|transparent|clear|shim|dot)\b[^/]*\Z"
    r"|/[^/]{0,100}[-_.]sprites?\b[^/]*\Z",
    re.IGNORECASE,
)
_TRACKER = re.compile(
    r"/(?:pixel|track|tracking|beacon|1x1)\.(?:gif|png)\b|\A//(?:www\.)?facebook\.com/tr\b"
    r"|\A//(?:[\w-]{1,40}\.)?(?:google-analytics\.com|doubleclick\.net|scorecardresearch\.com)/"
    r"|\A//(?:pixel|stats)\.wp\.com/|\A//bat\.bing\.com/|\A//(?:mc|top-fwz1)\.(?:yandex|mail)\.ru/"
    r"|\A//px\.ads\.linkedin\.com/|\A//counter\.yadro\.ru/",
    re.IGNORECASE,
)
_DRAWING = re.compile(r"\.svgz?(?:\Z|\?)", re.IGNORECASE)
_AT_HAND = re.compile(r"(?:cid|file):", re.IGNORECASE)


@dataclass(slots=True)
class Named:
    """An address as a page writes it, and what is known of its size."""

    text: str
    where: Where
    width: int | None = None
    density: float | None = None
    full: bool = False  # said to be the full size
    fallback: bool = False  # an address beside others that are said to be better


@dataclass(slots=True)
class Sighting:
    """One element, or one value, that places an image; filled while the page is read."""

    position: int
    named: list[Named] = field(default_factory=list)
    alt: str = ""
    caption: str = ""
    width: int | None = None
    height: int | None = None
    group: Group | None = None


@dataclass(slots=True)
class _Choice:
    named: Named
    variant: Variant


@dataclass(slots=True)
class Group:
    """All sightings of one image."""

    position: int
    choices: dict[str, _Choice] = field(default_factory=dict)  # by absolute address
    where: list[Where] = field(default_factory=list)
    alt: str = ""
    caption: str = ""
    width: int | None = None
    height: int | None = None
    inline: Inline | None = None

    def say(self, *, alt: str = "", caption: str = "") -> None:
        """Keep what is said of it first."""
        self.alt = self.alt or _words(alt)
        self.caption = self.caption or _words(caption)

    def image(self) -> PageImage:
        """Give the image, its addresses in the order in which to try them."""
        return PageImage(
            addresses=tuple(one.variant.address for one in self._ranked())[:_MOST_ADDRESSES],
            where=tuple(self.where),
            alt=self.alt,
            caption=self.caption,
            width=self.width,
            height=self.height,
            data=self.inline.data if self.inline else b"",
            kind=self.inline.kind if self.inline else "",
        )

    def first(self) -> Variant | None:
        """Give the address to try first."""
        return next((one.variant for one in self._ranked()), None)

    def _ranked(self) -> list[_Choice]:
        sized = {one.variant.key for one in self.choices.values() if one.variant.sized}
        return sorted(self.choices.values(), key=lambda one: _rank(one, sized, self.width))


def _rank(one: _Choice, sized: set[str], declared: int | None) -> tuple[int, float]:
    """Order: said to be full, the original of sized ones, by width, by density, the rest."""
    named = one.named
    width: float | None = named.width or one.variant.width
    if named.full:
        return 0, 0
    if (
        width is None
        and named.density is None
        and not one.variant.sized
        and one.variant.key in sized
    ):
        return 1, 0
    if width is None and named.density is not None and declared:
        width = named.density * declared
    if width is not None:
        return 2, -width
    if named.fallback:
        return 4, 0
    return 3, -(named.density or 1)


class Gatherer:
    """Takes sightings, in any order, and gives images in the document's."""

    def __init__(self, base: str, *, saved: bool = False) -> None:
        self.base = base
        self._saved = saved  # then nothing is asked for, and nothing needs leaving out
        self.more = 0
        self._groups: list[Group] = []
        self._by_key: dict[str, Group] = {}  # who has an address of the key
        self._by_first: dict[str, Group] = {}  # whose first address has it
        self._resolved: dict[str, Variant | LeftOut] = {}
        self._inline: dict[bytes, Group] = {}
        self._seen: set[int] = set()
        self._left_out: dict[LeftOut, set[int]] = {}

    def knows(self, text: str) -> bool:
        """Say whether an address was met before, as it is written."""
        return hash(text) in self._seen

    def leave_out(self, rule: LeftOut, text: str) -> None:
        """Count what is left out by a rule, each address once."""
        self._seen.add(hash(text))
        self._left_out.setdefault(rule, set()).add(hash(text))

    @property
    def is_full(self) -> bool:
        """Say whether images are counted only from here on, as they are written."""
        return len(self._groups) >= _MOST_GROUPS

    def count(self, text: str) -> None:
        """Count an image for which there is no room."""
        if not self.knows(text):
            self._seen.add(hash(text))
            self.more += 1

    def add(self, sighting: Sighting) -> None:
        """Take a sighting; it is told its image, if there is one."""
        if self.is_full:
            self.count(sighting.named[0].text)
            return
        choices, inline, rule = self._choices(sighting)
        if not choices and inline is None:
            if rule is not None:
                self.leave_out(rule, sighting.named[0].text)
            return
        if not self._saved and _is_tiny(sighting, choices):
            one = sighting.named[0]
            size = max(sighting.width or 0, sighting.height or 0)
            self.leave_out(LeftOut.TRACKER if size <= 1 else LeftOut.TINY, one.text)
            return
        self._join(sighting, choices, inline)

    def images(self) -> tuple[PageImage, ...]:
        """Give the images found, the first 200 of them; of a saved page all."""
        self._groups.sort(key=lambda group: group.position)
        most = _MOST_GROUPS if self._saved else MOST
        self.more += max(len(self._groups) - most, 0)
        return tuple(group.image() for group in self._groups[:most])

    def left_out(self) -> tuple[tuple[LeftOut, int], ...]:
        """Say how many were left out by which rule."""
        counts = Counter({rule: len(texts) for rule, texts in self._left_out.items()})
        return tuple((rule, counts[rule]) for rule in LeftOut if counts[rule])

    def _choices(
        self, sighting: Sighting
    ) -> tuple[dict[str, _Choice], Inline | None, LeftOut | None]:
        choices: dict[str, _Choice] = {}
        inline: Inline | None = None
        rule: LeftOut | None = None
        for named in sighting.named:
            self._seen.add(hash(named.text))
            read = self._read(named.text)
            if isinstance(read, Variant):
                choices.setdefault(read.address, _Choice(named, read))
            elif isinstance(read, Inline):
                inline = inline or read
            else:
                rule = rule or read
        return choices, inline, rule

    def _read(self, text: str) -> Variant | Inline | LeftOut:
        if inline_data.is_data(text):
            return inline_data.decode(text)
        if (known := self._resolved.get(text)) is not None:
            return known
        read = _kept(text, self.base) if self._saved else _variant(text, self.base)
        if len(self._resolved) < _MOST_GROUPS * 10:
            self._resolved[text] = read
        return read

    def _join(self, sighting: Sighting, choices: dict[str, _Choice], inline: Inline | None) -> None:
        new = Group(sighting.position, choices, [], width=sighting.width, height=sighting.height)
        digest = hashlib.blake2b(inline.data, digest_size=16).digest() if inline else b""
        group = self._known(new) or self._inline.get(digest)
        if group is None:
            group = new
            self._groups.append(new)
        else:
            self._merge(group, new)
        if inline:
            group.inline = group.inline or inline
            self._inline.setdefault(digest, group)
        found = [one.named.where for one in choices.values()] + [Where.INLINE] * bool(inline)
        group.where += (where for where in dict.fromkeys(found) if where not in group.where)
        group.say(alt=sighting.alt, caption=sighting.caption)
        sighting.group = group
        if first := group.first():
            self._by_first[first.key] = group
        for one in choices.values():
            self._by_key.setdefault(one.variant.key, group)

    def _known(self, new: Group) -> Group | None:
        """Find the image that a sighting shows: by its first address, or by the image's first.

        A placeholder that many share is the first of none of them, and joins nobody.
        """
        first = new.first()
        if first is None:
            return None
        if group := self._by_key.get(first.key):
            return group
        keys = (one.variant.key for one in new.choices.values())
        return next((self._by_first[key] for key in keys if key in self._by_first), None)

    def _merge(self, group: Group, new: Group) -> None:
        if old := group.first():
            self._by_first.pop(old.key, None)
        for address, one in new.choices.items():
            known = group.choices.get(address)
            if known is None:
                if len(group.choices) < _MOST_ADDRESSES * 5:
                    group.choices[address] = one
            else:
                known.named.full |= one.named.full
                known.named.fallback |= one.named.fallback
                known.named.width = max(known.named.width or 0, one.named.width or 0) or None
        group.position = min(group.position, new.position)
        group.width = group.width or new.width
        group.height = group.height or new.height


def _kept(text: str, base: str) -> Variant | LeftOut:
    """Give any address of a saved page, also one within its own file (`cid:`, RFC 2557)."""
    address = absolute(text, base)
    if address is not None:
        return variant(address)
    address = text.strip()
    if _AT_HAND.match(address) and len(address) <= LONGEST:
        return Variant(address, address, sized=False, width=None)
    return LeftOut.NO_WEB_ADDRESS


def _variant(text: str, base: str) -> Variant | LeftOut:
    address = absolute(text, base)
    if address is None:
        return LeftOut.NO_WEB_ADDRESS
    told = address.partition(":")[2]
    if _TRACKER.search(told):
        return LeftOut.TRACKER
    if _ICON.search(told):
        return LeftOut.ICON
    return LeftOut.DRAWING if _DRAWING.search(told) else variant(address)


def _is_tiny(sighting: Sighting, choices: dict[str, _Choice]) -> bool:
    """Say whether it is shown tiny, and nothing says that there is a larger one."""
    if sighting.width is None or sighting.height is None:
        return False
    larger = any(
        one.named.full or (one.named.width or one.variant.width or 0) > _TINY
        for one in choices.values()
    )
    return max(sighting.width, sighting.height) <= _TINY and not larger


def _words(text: str) -> str:
    words = " ".join(text[: _LONGEST_WORDS * 4].split())[:_LONGEST_WORDS]
    return words.encode("utf-8", "replace").decode()  # JSON may hold half a character
