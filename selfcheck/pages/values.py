"""What is read from a page: the page itself, its images, and what was left out of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Where(StrEnum):
    """How a page places an image. The value is shown to people."""

    OG = "og:image"
    TWITTER = "twitter:image"
    META = "meta"
    LINK = "link"
    JSON_LD = "JSON-LD"
    IMG = "img"
    SRCSET = "srcset"
    LAZY = "lazy attribute"
    PICTURE = "picture"
    POSTER = "poster"
    FULL_SIZE = "link to full size"
    CSS = "css background"
    BACKGROUND = "background attribute"
    NOSCRIPT = "noscript"
    TEMPLATE = "template"
    STATE = "embedded state"
    INLINE = "inline data"
    INPUT = "input"
    OBJECT = "object"
    EMBED = "embed"
    SVG = "svg"
    SWEPT = "swept from text"


class LeftOut(StrEnum):
    """Why something that a page names as an image is not in the list. Shown to people."""

    TINY = "declared no larger than 48 px on both sides"
    TRACKER = "a tracker's pixel"
    ICON = "an icon, sprite or spacer"
    DRAWING = "a drawing (SVG)"
    SMALL_DATA = "written into the page in less than 2 KiB"
    LARGE_DATA = "written into the page in more than 10 MiB"
    BROKEN_DATA = "written into the page and damaged"
    NO_WEB_ADDRESS = "not an address that can be asked for"


class Cut(StrEnum):
    """What a limit cut off. The value is shown to people."""

    PAGE = "the page is longer than 10 MiB"
    IMAGES = "the page names more than 200 images"
    FRAMES = "the page holds more than 100 frames"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """One image of a page: the addresses to try, largest first, and what is said of it.

    `data` are its bytes where the page itself holds them; it may have addresses besides.
    `width` and `height` are what the page declares, in CSS pixels.
    """

    addresses: tuple[str, ...] = ()
    where: tuple[Where, ...]
    alt: str = ""
    caption: str = ""
    width: int | None = None
    height: int | None = None
    data: bytes = field(default=b"", repr=False)
    kind: str = ""  # of the data: "jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of itself, and the images that it names, in the document's order.

    First what its markup places, then what its scripts hold, then icons of the site that may
    show somebody, then what only a search of the text found.
    """

    title: str
    base: str  # what addresses are relative to
    images: tuple[PageImage, ...]
    frames: tuple[str, ...]  # listed, never followed
    refresh: str | None = None  # where the page sends its visitors on to
    amp: str | None = None  # another form of the page, recorded only
    more: int = 0  # images beyond the limit; past 2000, variants of one may count twice
    left_out: tuple[tuple[LeftOut, int], ...] = ()
    cut: tuple[Cut, ...] = ()
    by_tags: bool = False  # whether it was read tag by tag, because a tree would take too long
