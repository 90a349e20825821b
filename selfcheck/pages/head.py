"""What a page says of itself: its base, its preview pictures, its icons, where it leads on to."""

from __future__ import annotations

import re

from selfcheck.pages import elements
from selfcheck.pages.addresses import absolute
from selfcheck.pages.elements import Attributes
from selfcheck.pages.gathering import Gatherer, Named, Sighting
from selfcheck.pages.values import LeftOut, Where

LOW = 1 << 41  # where icons of the site stand: behind the page's own images
PROPERTIES = frozenset(("image", "thumbnailurl", "photo", "contenturl"))
_LONGEST_BASE = 1000  # each relative address becomes as long as it and itself together
_TOUCH_ICONS = frozenset(("apple-touch-icon", "apple-touch-icon-precomposed"))
_ICONS = frozenset(("icon", "mask-icon", "fluid-icon"))
_OG = frozenset(("og:image", "og:image:url", "og:image:secure_url"))
_TWITTER = frozenset(("twitter:image", "twitter:image:src"))
_THUMBNAILS = frozenset(("thumbnail", "thumbnailurl", "image"))
_REFRESH = re.compile(r"[\s\d.]*+[;,]?\s*+(?:url\s*+=\s*+)?+[\"']?([^\"']{1,4000}+)", re.IGNORECASE)


class Head:
    """Takes `base`, `meta` and `link` elements, wherever they stand."""

    def __init__(self, gatherer: Gatherer) -> None:
        self.refresh: str | None = None
        self.amp: str | None = None
        self._gatherer = gatherer
        self._based = False
        self._open: dict[Where, Sighting] = {}  # previews, of which more may be said

    def base(self, attributes: Attributes) -> None:
        """Take a `base`; the first that has an address counts."""
        if not self._based and "href" in attributes:
            self._based = True
            base = absolute(attributes["href"], self._gatherer.base)
            if base and len(base) <= _LONGEST_BASE:
                self._gatherer.base = base

    def meta(self, attributes: Attributes, position: int) -> None:
        """Take a `meta`."""
        content = attributes.get("content", "").strip()
        names = {attributes.get(by, "").strip().lower() for by in ("property", "name", "itemprop")}
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            if self.refresh is None and (found := _REFRESH.match(content)):
                self.refresh = absolute(found[1], self._gatherer.base)
        elif not content:
            return
        elif names & _OG:
            self._preview(Where.OG, content, position, fresh="og:image" in names)
        elif names & _TWITTER:
            self._preview(Where.TWITTER, content, position, fresh="twitter:image" in names)
        elif names & _THUMBNAILS:
            self._gatherer.add(Sighting(position, [Named(content, Where.META)]))
        elif "msapplication-tileimage" in names:
            self._gatherer.add(Sighting(LOW + position, [Named(content, Where.META)]))
        else:
            self._detail(names, content)

    def link(self, attributes: Attributes, position: int) -> None:
        """Take a `link`."""
        relations = set(attributes.get("rel", "").lower().split())
        address = attributes.get("href", "").strip()
        if relations & _ICONS:
            if address:
                self._gatherer.leave_out(LeftOut.ICON, address)
        elif relations & _TOUCH_ICONS and address:
            self._gatherer.add(Sighting(LOW + position, [Named(address, Where.LINK)]))
        elif "amphtml" in relations:
            self.amp = self.amp or absolute(address, self._gatherer.base)
        elif _is_image(relations, attributes):
            named = list(elements.of_set(attributes.get("imagesrcset", ""), Where.LINK))
            if address:
                named.append(Named(address, Where.LINK, fallback=bool(named)))
            if named:
                self._gatherer.add(Sighting(position, named))

    def close(self) -> None:
        """Take the previews as complete."""
        for sighting in self._open.values():
            self._gatherer.add(sighting)
        self._open.clear()

    def _preview(self, where: Where, address: str, position: int, *, fresh: bool) -> None:
        """Take `og:image` and what belongs to it: the same image under another address."""
        sighting = self._open.get(where)
        if sighting is None or (fresh and sighting.named):
            if sighting is not None:
                self._gatherer.add(sighting)
            sighting = self._open[where] = Sighting(position)
        sighting.named.append(Named(address, where))

    def _detail(self, names: set[str], content: str) -> None:
        for where, start in ((Where.OG, "og:image:"), (Where.TWITTER, "twitter:image:")):
            if (sighting := self._open.get(where)) is None:
                continue
            if f"{start}alt" in names:
                sighting.alt = content
            elif f"{start}width" in names and content[:6].isdecimal():
                sighting.width = int(content[:6])
            elif f"{start}height" in names and content[:6].isdecimal():
                sighting.height = int(content[:6])


def _is_image(relations: set[str], attributes: Attributes) -> bool:
    return (
        "image_src" in relations
        or ("preload" in relations and attributes.get("as", "").strip().lower() == "image")
        or attributes.get("itemprop", "").strip().lower() in PROPERTIES
    )
