"""Pinterest's data: the addresses of the pictures in the owner's own pins.

Owns the one page that lists them; pins of other people's pictures (repins) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.model import Address, Context, Listed, Member, PictureKind, Rule

_HTML = re.compile(r"\.html?$")
_PIN = re.compile(r"^https://www\.pinterest\.com/pin/\d+/?$")
_IMAGE = re.compile(r"^Image: ([0-9a-f]{32}),?$", re.MULTILINE)
_MARK, _START = b"https://www.pinterest.com/pin/", 256 << 10
_MOST_PAGES = 20  # the download is one page; a site that somebody saved is none


class Pinterest:
    """Pinterest's own download."""

    name = "pinterest"
    title = "Pinterest"
    how = "Settings, Privacy and data, Request your data; a mail brings the link."
    reads = (
        "It holds no picture: the web addresses of the pictures of your own pins that are still "
        "there are counted and not fetched; repins are left out."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a page that lists pins under their heading."""
        if not tree.has(_HTML):
            return False
        pages = islice(tree.matching(_HTML), _MOST_PAGES)
        likely = (page for page in pages if _MARK in tree.start(page, _START))
        return any(next(_pins(tree, page), None) is not None for page in likely)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the address of the picture of every own pin."""
        for page in islice(tree.matching(_HTML), _MOST_PAGES):
            for pin in _pins(tree, page):
                image = _IMAGE.search(pin)
                if image and "Is a repin: False" in pin and "Alive: True" in pin:
                    name = image[1]
                    folders = f"{name[:2]}/{name[2:4]}/{name[4:6]}"
                    address = f"https://i.pinimg.com/736x/{folders}/{name}.jpg"
                    yield Address(address=address, listed_in=page.path)

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- the download holds none
        """Tell nothing of a picture that somebody put there."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _pins(tree: Documents, page: Member) -> Iterator[str]:
    """Yield the lines of each pin: pins follow one another, no element holds one."""
    inside, before, lines = False, "", list[str]()
    for found in tree.flow(page):
        if isinstance(found, str):
            if before == "h1" and found.strip():
                inside = found.strip() == "Pins"
            if inside and lines:
                lines.append(found.strip())
            continue
        before = found.tag
        starts = inside and _PIN.search(found.attributes.get("href", ""))
        if lines and (before == "h1" or (starts and lines[-1] != "Canonical Link:")):
            yield "\n".join(lines)
            lines = []
        if starts and not lines:
            lines = ["Pin"]
    if lines:
        yield "\n".join(lines)
