"""Reads a page: takes its elements as they come, and finds the image that each of them places."""

from __future__ import annotations

from collections.abc import Callable

from selfcheck.pages import effort, elements, scripts, sweep, tags, trees
from selfcheck.pages.addresses import absolute, names_an_image
from selfcheck.pages.elements import Attributes
from selfcheck.pages.encoding import decode
from selfcheck.pages.gathering import Gatherer, Named, Sighting
from selfcheck.pages.head import PROPERTIES, Head
from selfcheck.pages.surroundings import Figures, Link, Words
from selfcheck.pages.values import Cut, Page, Where

LONGEST = 10 << 20
_MOST_FRAMES = 100
_MOST_REPEATED = 1 << 20
# The order of a page's images: what the markup places, what scripts hold, icons, the swept.
_SCRIPTS, _SWEPT = 1 << 40, 1 << 42
_LABELS = {"noscript": Where.NOSCRIPT, "template": Where.TEMPLATE}


def read(data: bytes, *, address: str, charset: str | None = None, saved: bool = False) -> Page:
    """Read a page that was got from an address, with the charset that its HTTP header says.

    Looks at 10 MiB at most and gives 200 images at most; takes time linear in its length, some
    seconds for the worst. Raises nothing for what the page holds. `saved`: its images are at
    hand, so 2000 of them are given, also the small ones and those that no web address names.
    """
    text = decode(data[:LONGEST], charset)
    reader = _Reader(address, saved=saved)
    by_tags = False
    if not (effort.is_modest(text) and trees.walk(text, reader)):
        reader, by_tags = _Reader(address, saved=saved), True
        tags.walk(text, reader)
    reader.finish(text)
    return reader.page(cut=len(data) > LONGEST, by_tags=by_tags)


class _Reader:
    """Takes elements and texts in the document's order."""

    def __init__(self, address: str, *, saved: bool) -> None:
        self._gatherer = Gatherer(absolute(address, "") or "", saved=saved)
        self._head = Head(self._gatherer)
        self._position = 0
        self._title: Words | None = None
        self._in_title = False
        self._within = {"noscript": 0, "template": 0, "svg": 0}
        self._figures = Figures()
        self._link: Link | None = None
        self._picture: Sighting | None = None
        self._raw: list[str] | None = None
        self._kind = ""  # of the script or style sheet whose text is gathered
        self._frames: dict[str, None] = {}
        self._more_frames = False
        self._repeated: set[int] = set()
        self._starts: dict[str, Callable[[Attributes], None]] = {
            "base": self._head.base,
            "meta": lambda attributes: self._head.meta(attributes, self._position),
            "link": lambda attributes: self._head.link(attributes, self._position),
            "title": self._start_title,
            "img": self._img,
            "amp-img": self._img,
            "picture": self._start_picture,
            "source": self._source,
            "video": self._video,
            "amp-video": self._video,
            "input": self._input,
            "object": self._object,
            "embed": self._embed,
            "image": self._drawn,
            "feimage": self._drawn,
            "a": self._start_link,
            "area": self._start_link,
            "iframe": self._frame,
            "frame": self._frame,
            "figure": lambda _: self._figures.start(),
            "figcaption": lambda _: self._figures.caption(starts=True),
            "script": self._start_script,
            "style": self._start_style,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "title": self._end_title,
            "picture": self._end_picture,
            "a": self._end_link,
            "area": self._end_link,
            "figure": self._figures.end,
            "figcaption": lambda: self._figures.caption(starts=False),
            "script": self._end_raw,
            "style": self._end_raw,
        }

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a start tag."""
        self._position += 1
        if tag in self._within:
            self._within[tag] += 1
        if tag == "img" and self._gatherer.is_full:
            self._gatherer.count(attributes.get("src", ""))
            return
        if self._is_repeated(tag, attributes):
            return
        if handler := self._starts.get(tag):
            handler(attributes)
        if not attributes:
            return
        for named in elements.of_any(tag, attributes):
            width, height = elements.size(attributes)
            self._add(Sighting(self._position, named, width=width, height=height), attributes)
        if "itemprop" in attributes and tag not in {"meta", "link", "img"}:
            self._property(attributes)

    def end(self, tag: str) -> None:
        """Take an end tag; one that ends nothing is passed over."""
        if tag in self._within:
            self._within[tag] = max(self._within[tag] - 1, 0)
        if handler := self._ends.get(tag):
            handler()

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._raw is not None:
            self._raw.append(text)
            return
        if self._in_title and self._title is not None:
            self._title.add(text)
        if self._link is not None:
            self._link.words.add(text)
        self._figures.text(text)

    def finish(self, text: str) -> None:
        """End what was left open, and search the text for the rest."""
        for tag in ("script", "a", "picture"):
            self.end(tag)
        while self._figures:
            self._figures.end()
        self._head.close()
        for count, address in enumerate(sweep.addresses(text)):
            if not self._gatherer.knows(address):
                self._gatherer.add(Sighting(_SWEPT + count, [Named(address, Where.SWEPT)]))

    def page(self, *, cut: bool, by_tags: bool) -> Page:
        """Give what was read."""
        images = self._gatherer.images()
        more = self._gatherer.more
        cuts = ((Cut.PAGE, cut), (Cut.IMAGES, more > 0), (Cut.FRAMES, self._more_frames))
        return Page(
            title=str(self._title or ""),
            base=self._gatherer.base,
            images=images,
            frames=tuple(self._frames),
            refresh=self._head.refresh,
            amp=self._head.amp,
            more=more,
            left_out=self._gatherer.left_out(),
            cut=tuple(which for which, is_cut in cuts if is_cut),
            by_tags=by_tags,
        )

    def _img(self, attributes: Attributes) -> None:
        if not self._within["noscript"]:
            self._head.close()
        picture, self._picture = self._picture, None
        sighting = picture or Sighting(self._position)
        sighting.named += elements.of_image(attributes, Where.PICTURE if picture else None)
        sighting.alt = attributes.get("alt", "")
        sighting.width, sighting.height = elements.size(attributes)
        self._add(sighting, attributes)

    def _start_picture(self, _: Attributes) -> None:
        self._end_picture()
        self._picture = Sighting(self._position)

    def _end_picture(self) -> None:
        if (picture := self._picture) is not None:
            self._picture = None
            self._add(picture, {})

    def _source(self, attributes: Attributes) -> None:
        if self._picture is not None:
            self._picture.named += elements.of_image(attributes, Where.PICTURE)

    def _video(self, attributes: Attributes) -> None:
        self._one(attributes, "poster", Where.POSTER)

    def _input(self, attributes: Attributes) -> None:
        if attributes.get("type", "").strip().lower() == "image":
            self._one(attributes, "src", Where.INPUT)

    def _object(self, attributes: Attributes) -> None:
        if _is_image(attributes, "data"):
            self._one(attributes, "data", Where.OBJECT)

    def _embed(self, attributes: Attributes) -> None:
        if _is_image(attributes, "src"):
            self._one(attributes, "src", Where.EMBED)

    def _drawn(self, attributes: Attributes) -> None:
        """Take an `image` of a drawing; elsewhere it is another name of `img`."""
        if "src" in attributes and not self._within["svg"]:
            self._img(attributes)
        else:  # its size is in the drawing's own units
            address = attributes.get("href") or attributes.get("xlink:href", "")
            self._one({"href": address}, "href", Where.SVG)

    def _property(self, attributes: Attributes) -> None:
        if set(attributes["itemprop"].lower().split()) & PROPERTIES:
            for name in ("href", "content", "src", "data"):
                if name in attributes:
                    self._one(attributes, name, Where.META)
                    return

    def _one(self, attributes: Attributes, name: str, where: Where) -> None:
        """Take an element that has its image in one attribute."""
        if address := attributes.get(name, "").strip():
            sighting = Sighting(self._position, [Named(address, where)], attributes.get("alt", ""))
            sighting.width, sighting.height = elements.size(attributes)
            self._add(sighting, attributes)

    def _start_link(self, attributes: Attributes) -> None:
        self._end_link()
        address = attributes.get("href", "").strip()
        if names_an_image(address):
            named = [Named(address, Where.FULL_SIZE, full=True)]
            self._link = Link(Sighting(self._position, named, caption=_caption(attributes)))

    def _end_link(self) -> None:
        if (link := self._link) is not None:
            self._link = None
            if not link.holds_image:
                link.sighting.caption = link.sighting.caption or str(link.words)
                self._add(link.sighting, {})

    def _add(self, sighting: Sighting, attributes: Attributes) -> None:
        """Hand on what an element places, with what stands around it."""
        if not sighting.named:
            return
        for tag, label in _LABELS.items():
            if self._within[tag]:
                for named in sighting.named:
                    named.where = label
        sighting.caption = sighting.caption or _caption(attributes)
        if self._link is not None and not self._link.holds_image:
            self._link.holds_image = True
            sighting.named += self._link.sighting.named
            sighting.caption = sighting.caption or self._link.sighting.caption
        self._gatherer.add(sighting)
        self._figures.image(sighting)

    def _frame(self, attributes: Attributes) -> None:
        written = attributes.get("src") or attributes.get("data-src", "")
        address = absolute(written, self._gatherer.base)
        if address is not None and len(self._frames) < _MOST_FRAMES:
            self._frames[address] = None
        elif address is not None and address not in self._frames:
            self._more_frames = True

    def _start_title(self, _: Attributes) -> None:
        if self._title is None and not self._within["svg"]:
            self._title, self._in_title = Words(), True

    def _end_title(self) -> None:
        self._in_title = False

    def _start_script(self, attributes: Attributes) -> None:
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        self._kind, self._raw = kind or "script", []

    def _start_style(self, _: Attributes) -> None:
        self._kind, self._raw = "style", []

    def _end_raw(self) -> None:
        if self._raw is None:
            return
        text, self._raw = "".join(self._raw), None
        if self._kind == "style":
            for named in elements.of_css(text):
                self._add(Sighting(self._position, named), {})
        elif self._kind == "application/ld+json":
            self._say(scripts.linked_data(text), text, Where.JSON_LD, self._position)
        else:
            self._say(scripts.state(text), text, Where.STATE, _SCRIPTS + self._position)

    def _say(self, said: list[scripts.Said] | None, text: str, where: Where, position: int) -> None:
        if said is None:  # what is no JSON holds addresses all the same
            said = [scripts.Said(address) for address in sweep.addresses(text)]
        for one in said:
            named = [Named(one.address, where)]
            self._gatherer.add(Sighting(position, named, caption=one.caption))

    def _is_repeated(self, tag: str, attributes: Attributes) -> bool:
        """Say whether the same element stood in the page before, and tells nothing new here."""
        if tag not in _REPEATABLE or self._link or self._figures or self._picture:
            return False
        key = hash((tag, self._within["noscript"] > 0, *attributes.items()))
        if key in self._repeated:
            return True
        if len(self._repeated) < _MOST_REPEATED:
            self._repeated.add(key)
        return False


def _is_image(attributes: Attributes, name: str) -> bool:
    kind = attributes.get("type", "").strip().lower()
    return kind.startswith("image/") or (not kind and names_an_image(attributes.get(name, "")))


def _caption(attributes: Attributes) -> str:
    return attributes.get("title", "") or attributes.get("aria-label", "")


_REPEATABLE = frozenset(("img", "amp-img", "div", "span", "li", "p", "td", "section"))
