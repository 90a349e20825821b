"""VK's archive: linked HTML pages without a single picture, so all it names are addresses.

Owns which pages and which links in them mean pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selfcheck.exports.addresses import cleaned, of_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.names import time_in
from selfcheck.model import Address, Context, PictureKind, Rule

_MESSAGES = re.compile(r"(^|/)messages/-?\d+/messages\d*\.html$")
_FIRST_MESSAGES = re.compile(r"(^|/)messages/-?\d+/messages0\.html$")
_ALBUMS = re.compile(r"(^|/)photos/photo-albums/[^/]+\.html$")
# A picture's own page, which an attachment may lead to instead of a file.
_PAGE = re.compile(r"^https?://(m\.)?vk\.(com|ru)/(photo|video|clip)-?\d+_\d+$")
_STICKER = re.compile(r"стикер|sticker", re.IGNORECASE)


class Vk:
    """VK's own download."""

    name = "vk"
    title = "VK"
    how = (
        "Open vk.com/data_protection, choose a copy of your data, messages and photos included, "
        "and download the zip when VK tells you that it is there."
    )
    reads = (
        "The addresses of pictures in messages and albums; VK's archive holds no picture files, "
        "only links."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a conversation's first page, or with the pages of photo albums."""
        return tree.has(_FIRST_MESSAGES) or tree.has(_ALBUMS)

    def read(self, tree: Documents) -> Iterator[Address]:
        """Yield the address of every attached picture, then those of the albums."""
        for pages, wanted in ((_MESSAGES, _is_attachment), (_ALBUMS, _is_image)):
            for member in tree.matching(pages):
                for block in tree.blocks(member, wanted):
                    for address in _addresses(block):
                        yield Address(address=address, listed_in=member.path)

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name."""
        return Context(platform=self.title, kind=PictureKind.FILE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _is_attachment(tag: str, attributes: Mapping[str, str]) -> bool:
    return tag == "div" and "attachment" in attributes.get("class", "").split()


def _is_image(tag: str, attributes: Mapping[str, str]) -> bool:
    return tag == "img" and bool(attributes.get("src"))


def _addresses(block: Element) -> Iterator[str]:
    """Yield the picture addresses of an attachment, or that of an image."""
    described = block.first(class_="attachment__description")
    if described and _STICKER.search(fold(described.text)):
        return
    for link in block.walk():
        written = link.attributes.get("src" if link.tag == "img" else "href", "")
        address = cleaned(f"https:{written}" if written.startswith("//") else written)
        if address and (of_picture(address) or _PAGE.search(address)):
            yield address
