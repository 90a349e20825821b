"""TikTok's download: one JSON document that names the owner's posts by web address.

Owns the names of its sections, old and new; what others posted (watched, liked) is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.values import Fields, fields, place, text, utc
from selfcheck.model import Address, Audience, Author, Context, Listed, Member, PictureKind, Rule

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
# In the language of the account; what is written in another one stays unknown.
_AUDIENCES = {
    "everyone": Audience.PUBLIC,
    "followers": Audience.FOLLOWERS,
    "friends": Audience.FRIENDS,
    "only me": Audience.PRIVATE,
    "only you": Audience.PRIVATE,
}
_PAGE = re.compile(r"/(?:video|photo)/\d+/?$")  # of a post; any other address is that of a file
_EMPTY = "N/A"
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
                yield from _addresses(tuple(k.casefold() for k in keys), value, member)

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- no layout with pictures is known
        """Tell nothing of a picture: no download with pictures was seen yet."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)

    def _has_sections(self, tree: Documents, member: Member) -> bool:
        paths = (tuple(k.casefold() for k in keys) for keys, _ in tree.entries(member))
        return any(keys in _POSTS or keys[:2] in _PROFILES for keys in paths)


def _addresses(keys: tuple[str, ...], value: object, member: Member) -> Iterator[Listed]:
    told = {key.casefold(): inner for key, inner in fields(value).items()}
    written: object = None
    kind = PictureKind.POST
    if keys in _POSTS:
        written = told.get("link")
    elif keys == _LIVE:
        written = told.get("replayurl")
    elif keys[:2] in _PROFILES and keys[-1] in _OWN:
        written, kind = value, PictureKind.PROFILE
    for address in map(cleaned, (text(written) or "").split()):
        if address:
            yield Address(address=address, context=_context(told, kind, address, member))


def _context(told: Fields, kind: PictureKind, address: str, member: Member) -> Context:
    """Give what a post tells; a live film tells its time at most, a profile's picture nothing."""
    audience = (text(told.get("whocanview")) or "").casefold()
    return Context(
        platform=TikTok.title,
        kind=kind,
        permalink=address if _PAGE.search(address) else None,
        caption=_said(told, "title"),
        time=utc(told.get("date")),
        # What others posted stands in sections that are not read.
        author=Author.OWNER,
        audience=_AUDIENCES.get(audience, Audience.UNKNOWN),
        place=place(None, None, _said(told, "location")),
        listed_in=member.path,
    )


def _said(told: Fields, key: str) -> str | None:
    found = text(told.get(key))
    return None if found == _EMPTY else found
