"""Instagram's "Download your information" as JSON, of every layout from 2018 to 2026.

Owns which of its files list pictures and what they mean. Threads comes inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from selfcheck.exports import threads
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.facts import place_of, tagged_in, time_of
from selfcheck.exports.meta import JSON, Download, Listing, Medium, Owner, listed, row_of
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import at, caption, deep, fields, items, mended
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Member,
    Missing,
    Moment,
    Picture,
    PictureKind,
    Precision,
    Rule,
)

_MARKS = re.compile(
    r"(^|/)your_instagram_activity/"
    r"|(^|/)(content|media)/(posts(_\d+)?|stories|reels|archived_posts|profile_photos)\.json$"
    r"|(^|/)(personal_information|account_information)/personal_information\.json$"
    r"|(^|/)connections/followers_and_following/"
)
_OLD_LIST = "media.json"
_OLD_FOLDER = re.compile(r"(^|/)(photos|videos|stories|profile|direct)/(19|20)\d{4}/[^/]+$")
_PROFILE = "personal_information.json"


def _row(
    pattern: str,
    kind: PictureKind,
    author: Author = Author.OWNER,
    audience: Audience = Audience.UNKNOWN,
    *,
    sure: bool = True,
) -> Listing:
    found = re.compile(rf"(^|/){pattern}")
    return Listing(pattern=found, kind=kind, author=author, audience=audience, sure=sure)


# First match wins. Archived posts are seen by nobody but the owner.
_ROWS: tuple[Listing, ...] = (
    _row(r"(content|media)/posts(_\d+)?\.json$", PictureKind.POST),
    _row(r"(content|media)/(reels|igtv_videos)(_\d+)?\.json$", PictureKind.POST),
    _row(r"(content|media)/stories(_\d+)?\.json$", PictureKind.STORY),
    _row(
        r"(content|media)/archived_posts(_\d+)?\.json$",
        PictureKind.ARCHIVE,
        Author.OWNER,
        Audience.PRIVATE,
    ),
    _row(r"(content|media)/profile_photos(_\d+)?\.json$", PictureKind.PROFILE),
    _row(r"(content|media)/[^/]*\.json$", PictureKind.FILE),
    _row(r"threads/threads_and_replies\.json$", PictureKind.POST),
    _row(r"(personal_information|profile_changes|profile)\.json$", PictureKind.PROFILE),
    _row(r"media\.json$", PictureKind.POST),
    _row(r"[^/]*\.json$", PictureKind.FILE, Author.UNKNOWN, sure=False),
)
# Copies of own posts as thumbnails, and what other people posted.
_NOT_READ = re.compile(
    r"(^|/)(past_instagram_insights/|threads/threads_viewed|saved/|your_topics/)"
)

_OLD_KINDS = {
    "stories": PictureKind.STORY,
    "profile": PictureKind.PROFILE,
    "direct": PictureKind.MESSAGE,
}
# The account's setting holds for these; a story is gone after a day, an avatar is always seen.
_AS_ACCOUNT = (PictureKind.POST,)
_FOLDERS: tuple[tuple[re.Pattern[str], PictureKind], ...] = (
    (re.compile(r"(^|/)(messages|direct)/"), PictureKind.MESSAGE),
    (re.compile(r"(^|/)stories/"), PictureKind.STORY),
    (re.compile(r"(^|/)(profile|profile_photos)/"), PictureKind.PROFILE),
    (re.compile(r"(^|/)archived_posts/"), PictureKind.ARCHIVE),
    (
        re.compile(r"(^|/)media/(posts|reels|igtv)/|(^|/)(photos|videos)/(19|20)\d{4}/"),
        PictureKind.POST,
    ),
)
_MONTH = re.compile(r"/((?:19|20)\d\d)(?:0[1-9]|1[0-2])/[^/]+$")


class Instagram:
    """Instagram's own download, JSON form."""

    name = "instagram"
    title = "Instagram"
    how = (
        "Accounts Centre, Your information and permissions, Export your information: choose "
        "JSON as the format, high media quality and all time. Name all the parts in one scan."
    )
    reads = (
        "Posts, stories, reels, archived posts, profile pictures, messages and Threads with their "
        "captions, times, places and senders (JSON; of an HTML download the pictures alone)."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with one of Instagram's own folders or files, under any root."""
        return tree.has(_MARKS) or bool(tree.find(_OLD_LIST) and tree.has(_OLD_FOLDER))

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield every picture that any JSON document lists, document by document."""
        download = Download(tree=tree, uris=Uris(tree), owner=_owner(tree), platform=self.title)
        account = _account(tree)
        for member in tree.matching(JSON):
            row = None if _NOT_READ.search(fold(member.path)) else row_of(_ROWS, member)
            if row:
                yield from _document(download, member, row, account)

    def unlisted(self, path: str) -> Context:
        """Give what the folder tells: the kind of post and its year."""
        kind = next((k for p, k in _FOLDERS if p.search(fold(path))), PictureKind.FILE)
        year = _MONTH.search(fold(path))
        return Context(
            platform=self.title,
            kind=kind,
            time=_in_year(int(year[1])) if year else None,
            audience=Audience.PRIVATE if kind is PictureKind.ARCHIVE else Audience.UNKNOWN,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave stickers and files of operating systems alone."""
        sticker = "/stickers_used/" in fold(path)
        return Rule.STICKER if sticker else system_file(path)


def _document(
    download: Download, member: Member, row: Listing, account: Audience
) -> Iterator[Picture | Missing]:
    shape = download.tree.shape(member)
    if threads.is_thread(shape):
        yield from threads.read(download, member, shape)
        return
    for medium in listed(download.tree, member, shape):
        context = _context(medium, row, download.owner, account)
        yield from download.located(medium, context, sure=row.sure)


def _context(medium: Medium, row: Listing, owner: Owner, account: Audience) -> Context:
    old = "taken_at" in medium.told
    kind = _OLD_KINDS.get(medium.key, row.kind) if old else row.kind
    # One picture: its own title is the caption. Several: the post's. Both may be there.
    titles = [told.get("caption" if old else "title") for told in medium.inside_out]
    in_threads = "threads_and_replies" in fold(medium.listed_in.path)
    as_account = kind in _AS_ACCOUNT and not in_threads
    return Context(
        platform=Instagram.title,
        kind=kind,
        caption=None if kind is PictureKind.PROFILE else caption(*titles),
        time=time_of(medium),
        author=Author.UNKNOWN if kind is PictureKind.MESSAGE else row.author,
        album="Threads" if in_threads else None,
        audience=account if as_account else row.audience,
        place=place_of(medium),
        tagged=tagged_in(medium, owner),
        listed_in=medium.listed_in.path,
    )


def _owner(tree: Documents) -> Owner:
    """Read every value of the profile: its labels are translated, so a name is known by shape."""
    names: set[str] = set()
    for value in _profile(tree):
        for told in deep(value, "string_map_data", 4):
            written = (mended(at(entry, "value")) for entry in fields(told).values())
            names.update(name.casefold() for name in written if name)
    return Owner(names=frozenset(names))


def _account(tree: Documents) -> Audience:
    """Tell whether the account is private, as recorded when the export was made."""
    for value in _profile(tree):
        for told in deep(value, "string_map_data", 4):
            match str(at(told, "Private Account", "value")).casefold():
                case "true":
                    return Audience.FOLLOWERS
                case "false":
                    return Audience.PUBLIC
                case _:
                    continue
    return Audience.UNKNOWN


def _profile(tree: Documents) -> Iterator[object]:
    for member in tree.find(_PROFILE):
        yield from items(at(tree.value(member), "profile_user"))


def _in_year(year: int) -> Moment:
    return Moment(when=datetime(year, 1, 1, tzinfo=UTC), precision=Precision.YEAR)
