"""What a saved page says of its pictures: asked of a reader that the flow hands in.

Owns which of a page's images a file is. HTML is read elsewhere, in a process of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, unquote, urljoin

from selfcheck.exports.values import joined, text
from selfcheck.model import Context, Member, PictureKind

# Addresses that stand for what has none in the web; nothing is ever asked of them (RFC 6761).
_FOLDER = "https://folder.invalid/"
_DISK = "https://disk.invalid/"
_LONGEST = 500  # characters of what a page says
_MOST_OF_NAME = 100  # images of a page whose files have one name


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadImage:
    """An image of a page: the addresses under which it is named, and the words at it."""

    addresses: tuple[str, ...]
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page: its title and its images."""

    title: str = ""
    images: tuple[ReadImage, ...] = ()


class PageReader(Protocol):
    """Reads the HTML of saved pages, for the pictures that matter."""

    def matters(self, member: Member) -> bool:
        """Say whether what is said of this picture is wanted at all."""

    def read(self, data: bytes, *, address: str, charset: str | None) -> ReadPage | None:
        """Read one page; None where nothing can be learned of it. Never raises for its content."""


class NoPages:
    """A reader for whom no picture matters."""

    def matters(self, member: Member) -> bool:  # noqa: ARG002 - none does
        """Say no."""
        return False

    def read(self, data: bytes, *, address: str, charset: str | None) -> ReadPage | None:  # noqa: ARG002
        """Learn nothing."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One page that was read, and its images by their addresses and by their file names."""

    title: str | None = None
    address: str = ""  # the page's own, as it was saved
    _base: str = ""
    _images: dict[str, ReadImage] = field(default_factory=dict, repr=False)
    _names: dict[str, list[tuple[str, ReadImage]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, reader: PageReader, data: bytes, *, address: str = "", charset: str | None = None
    ) -> Words:
        """Read a page; where it cannot be read it says nothing."""
        base = _on_disk(address)
        if not base.startswith(("http://", "https://")):
            base = _FOLDER
        page = reader.read(data, address=base, charset=charset) if data else None
        words = cls(title=text(page.title) if page else None, address=address, _base=base)
        for image in page.images if page else ():
            for one in image.addresses:
                key = _key(one)
                words._images.setdefault(key, image)
                path = _plain(f"/{_key(one.partition('?')[0])}")
                named = words._names.setdefault(path.rpartition("/")[2], [])
                if len(named) < _MOST_OF_NAME:
                    named.append((path, image))
        return words

    @property
    def size(self) -> int:
        """Give about how many characters it holds."""
        return sum(map(len, self._images))

    def said(self, addresses: Iterable[str]) -> str | None:
        """Give what it says of the image with one of these addresses, relative ones included.

        None where it has no such image; an empty text where it has and says nothing.
        """
        for one in addresses:
            image = self._images.get(_key(one)) or self._images.get(_key(self._absolute(one)))
            if image is not None:
                return _said(image)
        return None

    def _absolute(self, address: str) -> str:
        try:
            return urljoin(self._base, address)
        except ValueError:  # a bracket that is none of a host
            return address

    def said_of_file(self, path: str) -> str | None:
        """Give the same for the image whose address ends in a path beside the page."""
        wanted = _plain(f"/{path}")
        for known, image in self._names.get(wanted.rpartition("/")[2], ()):
            if known.endswith(wanted):
                return _said(image)
        return None


def of_page(
    *,
    platform: str,
    address: str | None,
    title: str | None,
    said: str | None = None,
    listed_in: str,
) -> Context:
    """Give what is known of a picture on a saved page; its own words come before the page's."""
    # When a page was saved is not when its pictures were posted.
    return Context(
        platform=platform,
        kind=PictureKind.PAGE,
        permalink=address if address and address.startswith(("http://", "https://")) else None,
        caption=said or title,
        album=title if said else None,
        listed_in=listed_in,
    )


def _plain(path: str) -> str:
    """Give the form in which paths are compared: file systems change case and accents."""
    return unicodedata.normalize("NFC", path).casefold()


def _said(image: ReadImage) -> str:
    """Put the words near a picture together with those in its place, each once."""
    alt, caption = image.alt[:_LONGEST].strip(), image.caption[:_LONGEST].strip()
    return joined(caption, None if alt in caption else alt) or ""


def _on_disk(address: str) -> str:
    """Give an address in whose place others can stand relative to it."""
    scheme, mark, rest = address.partition("://")
    return _DISK + quote(rest.lstrip("/")) if mark and scheme.lower() == "file" else address


def _key(address: str) -> str:
    """Give the form in which addresses are compared: no scheme, no fragment, nothing escaped."""
    plain = _on_disk(address).partition("#")[0]
    return unquote(plain.partition("://")[2] or plain)
