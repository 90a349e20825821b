"""Pinterest's data: the addresses of the pictures in the owner's own pins.

Owns the one page that lists them; pins of other people's pictures (repins) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.values import iso, joined, text
from selfcheck.model import Address, Audience, Author, Context, Listed, Member, PictureKind, Rule

_HTML = re.compile(r"\.html?$")
_PIN = re.compile(r"^https://www\.pinterest\.com/pin/\d+/?$")
_IMAGE = re.compile(r"^[0-9a-f]{32}$")
_AUDIENCES = {"True": Audience.PRIVATE, "False": Audience.PUBLIC}  # by `Private`
_URL, _EMPTY = "url", "No data"
_MARK, _START = b"https://www.pinterest.com/pin/", 256 << 10
_MOST_LINES = 1000  # of one pin; real ones have some twenty
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
        pages = islice(tree.such(_HTML), _MOST_PAGES)
        likely = (page for page in pages if _MARK in tree.start(page, _START))
        return any(next(_pins(tree, page), None) is not None for page in likely)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the address of the picture of every own pin."""
        for page in islice(tree.matching(_HTML), _MOST_PAGES):
            for pin in _pins(tree, page):
                name = pin.get("Image", "")
                own = pin.get("Is a repin") == "False" and pin.get("Alive") == "True"
                if own and _IMAGE.search(name):
                    folders = f"{name[:2]}/{name[2:4]}/{name[4:6]}"
                    address = f"https://i.pinimg.com/736x/{folders}/{name}.jpg"
                    yield Address(address=address, context=_context(pin, page))

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- the download holds none
        """Tell nothing of a picture that somebody put there."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _context(pin: Mapping[str, str], page: Member) -> Context:
    words = (text(pin.get("Title")), text(pin.get("Details")))
    return Context(
        platform=Pinterest.title,
        kind=PictureKind.POST,
        permalink=pin.get(_URL),
        caption=joined(*words),
        time=iso(pin.get("Created at", "").replace("/", "-")),
        author=Author.OWNER,
        album=text(pin.get("Board Name")),
        audience=_AUDIENCES.get(pin.get("Private", ""), Audience.UNKNOWN),
        listed_in=page.path,
    )


def _pins(tree: Documents, page: Member) -> Iterator[Mapping[str, str]]:
    """Yield what each pin tells: pins follow one another, no element holds one."""
    inside, before, line, pin = False, "", "", dict[str, str]()
    for found in tree.flow(page):
        if isinstance(found, str):
            line = found.strip()
            if before == "h1" and line:
                inside = line == "Pins"
            key, told, value = line.partition(": ")
            if 0 < len(pin) < _MOST_LINES and told and value.removesuffix(",") != _EMPTY:
                pin.setdefault(key, value.removesuffix(","))
            continue
        before = found.tag
        address = found.attributes.get("href", "")
        starts = inside and _PIN.search(address)
        if pin and (before == "h1" or (starts and line != "Canonical Link:")):
            yield pin
            pin = {}
        if starts and not pin:
            pin = {_URL: address}
    if pin:
        yield pin
