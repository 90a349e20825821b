"""TikTok's download: one JSON document that names the owner's posts by web address.

Owns the names of its sections, old and new; what others posted (watched, liked) is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.values import fields, text
from selfcheck.model import Address, Context, Listed, Member, PictureKind, Rule

_FILE = re.compile(r"(^|/)user_data(_tiktok)?\.json$")
# The sections before and after they were renamed; `Link` and `link` are both written.
_POSTS = frozenset(
    {
        ("post", "posts", "videolist"),
        ("video", "videos", "videolist"),
        ("post", "recently deleted posts", "postlist"),
    }
)
_LIVE = ("tiktok live", "go live history", "golivelist")
_PROFILES = frozenset({("profile", "profile info"), ("profile", "profile information")})
_OWN = frozenset({"profilephoto", "profilevideo"})


class TikTok:
    """TikTok's own download, JSON form."""

    name = "tiktok"
    title = "TikTok"
    how = (
        "Settings and privacy, Account, Download your data: choose JSON as the format and all data."
    )
    reads = (
        "It holds no picture: the web addresses of your posts, live films, profile picture and "
        "profile film are counted and not fetched."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees whose user data has TikTok's sections."""
        return any(self._has_sections(tree, member) for member in tree.matching(_FILE))

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the address of every post, live film and profile picture."""
        for member in tree.matching(_FILE):
            for keys, value in tree.entries(member):
                for address in _addresses(tuple(k.casefold() for k in keys), value):
                    yield Address(address=address, listed_in=member.path)

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- no layout with pictures is known
        """Tell nothing of a picture: no download with pictures was seen yet."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)

    def _has_sections(self, tree: Documents, member: Member) -> bool:
        paths = (tuple(k.casefold() for k in keys) for keys, _ in tree.entries(member))
        return any(keys in _POSTS or keys[:2] in _PROFILES for keys in paths)


def _addresses(keys: tuple[str, ...], value: object) -> Iterator[str]:
    told = {key.casefold(): inner for key, inner in fields(value).items()}
    written: object = None
    if keys in _POSTS:
        written = told.get("link")
    elif keys == _LIVE:
        written = told.get("replayurl")
    elif keys[:2] in _PROFILES and keys[-1] in _OWN:
        written = value
    found = (cleaned(address) for address in (text(written) or "").split())
    yield from (address for address in found if address)
