"""Facebook's "Download your information", JSON or HTML, of every layout from 2018 to 2026.

Owns how it is recognised, in which order it is read, and what its folders tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports import facebook_html, facebook_json
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.facebook_listings import NOT_READ, ROWS, STICKERS, album_kind
from selfcheck.exports.meta import JSON, Download, Owner, row_of
from selfcheck.exports.uris import Uris
from selfcheck.model import Audience, Context, Listed, Member, PictureKind, Rule

# Boxes of messages that Instagram's download, alike in all else, does not have.
_MARKS = re.compile(
    r"(^|/)(your_facebook_activity|your_activity_across_facebook|this_profile_s_activity_across_facebook)/"
    r"|(^|/)(posts|photos_and_videos)/album/\d+\.(json|html)$"
    r"|(^|/)posts/(your_posts[^/]*|your_uncategorized_photos)\.(json|html)$"
    r"|(^|/)profile_information/profile_information\.(json|html)$"
    r"|(^|/)photos_and_videos/your_[a-z_]+\.(json|html)$"
    r"|(^|/)messages/(archived_threads|filtered_threads|e2ee_cutover)/"
)
# An album's folder ends in letters drawn by lot; `summer_holiday2019` may be anybody's.
_ALBUM = re.compile(r"(^|/)photos_and_videos/[^/]+_[a-z0-9_-]{6,}/")
_DRAWN = re.compile(
    r"(^|/)(?i:photos_and_videos)/[^/]+_(?=[^/]+[A-Z])(?=[^/]*\d)[A-Za-z0-9_-]{6,}/"
)
# The HTML of 2010 to 2017, of which only the folders are known well enough to be read.
_OLD_PAGE = re.compile(r"(^|/)html/(photos|timeline|messages)\.html?$")
_OLD_ALBUM = re.compile(r"(^|/)photos/\d{5,}/index\.html?$")
_HTML = re.compile(r"\.html$")
_FOLDERS: tuple[tuple[re.Pattern[str], PictureKind], ...] = (
    (re.compile(r"(^|/)messages/"), PictureKind.MESSAGE),
    (re.compile(r"(^|/)stories/"), PictureKind.STORY),
    (re.compile(r"(^|/)comments(_and_reactions)?/"), PictureKind.COMMENT),
    (re.compile(r"(^|/)groups/"), PictureKind.GROUP),
    (re.compile(r"(^|/)(posts|photos_and_videos)/"), PictureKind.POST),
    (re.compile(r"(^|/)photos/\d{5,}/"), PictureKind.ALBUM),
)
_ALBUM_FOLDER = re.compile(
    r"(^|/)(?:posts/media|photos_and_videos)/([^/]+)_[A-Za-z0-9_-]{6,}/[^/]+$"
)


class Facebook:
    """Facebook's own download."""

    name = "facebook"
    title = "Facebook"
    how = (
        "Accounts Centre, Your information and permissions, Export your information: choose "
        "JSON as the format, high media quality and all time. Name all the parts in one scan."
    )
    reads = (
        "Posts, albums, profile and cover pictures, stories, comments, group posts, archive, "
        "trash and messages with captions, times, places, tags and senders (JSON, which tells "
        "more, or HTML in any language; who could see a post, Facebook does not tell)."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with one of Facebook's own folders or files, under any root."""
        if tree.has(_MARKS) or (tree.has(_OLD_PAGE) and tree.has(_OLD_ALBUM)):
            return True
        return tree.has(_ALBUM) and any(_DRAWN.search(path) for path in tree.members.paths())

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield every picture that any document lists, JSON first, document by document."""
        download = Download(tree=tree, uris=Uris(tree), owner=_owner(tree), platform=self.title)
        known = set()
        for member in tree.matching(JSON):
            row = None if NOT_READ.search(fold(member.path)) else row_of(ROWS, member)
            known.add(_stem(member))
            if row:
                yield from facebook_json.read(download, member, row)
        for member in tree.matching(_HTML):
            row = None if NOT_READ.search(fold(member.path)) else row_of(ROWS, member)
            # A person may have asked for both formats: JSON tells the same, and more.
            if row and _stem(member) not in known:
                yield from facebook_html.read(download, member, row)

    def unlisted(self, path: str) -> Context:
        """Give what the folder tells: the kind of post, and an album's name."""
        folded = fold(path)
        kind = next((k for pattern, k in _FOLDERS if pattern.search(folded)), PictureKind.FILE)
        album = _ALBUM_FOLDER.search(path)
        named = album[2] if album and fold(album[2]) != "your_posts" else None
        return Context(
            platform=self.title,
            kind=album_kind(named) if named and kind is PictureKind.POST else kind,
            album=named,
            audience=Audience.GROUP if kind is PictureKind.GROUP else Audience.UNKNOWN,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave stickers and files of operating systems alone."""
        return Rule.STICKER if STICKERS.search(fold(path)) else system_file(path)


def _owner(tree: Documents) -> Owner:
    names = frozenset(facebook_json.names_of_owner(tree))
    return Owner(names=names or frozenset(facebook_html.names_of_owner(tree)))


def _stem(member: Member) -> str:
    """Give what a document in two formats has in common; another root is another download."""
    return fold(member.path).rpartition(".")[0]
