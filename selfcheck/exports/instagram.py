"""Instagram's "Download your information" of every layout from 2018 to 2026, JSON and HTML.

Owns which of its files list pictures and what they mean. Threads comes inside it. No file tells
a post's own address, and none but the profile who can see one (looked for, 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from selfcheck.exports import instagram_html, threads
from selfcheck.exports.contract import system_file
from selfcheck.exports.dates import in_year
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.facts import place_of, tagged_in, time_of
from selfcheck.exports.instagram_profile import THREADS, Accounts, accounts
from selfcheck.exports.meta import Download, Listing, Medium, listed, row_of
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import at, caption
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    PictureKind,
    Rule,
)

_DOCUMENT = re.compile(r"\.(json|html?)$")
_MARKS = re.compile(
    r"(^|/)your_instagram_activity/"
    r"|(^|/)(content|media)/(posts_\d+|archived_posts|profile_photos)\.(json|html)$"
    r"|(^|/)(personal_information|account_information)/personal_information\.(json|html)$"
    r"|(^|/)threads/threads_and_replies\.(json|html)$"
    r"|(^|/)connections/followers_and_following/"
)
# A web site's backup may have such names as well, but no folders of months.
_LIST = re.compile(r"(^|/)(content|media)/(posts|stories|reels)\.(json|html)$")
_FOLDER = re.compile(r"(^|/)media/[a-z_]+/\d{6}/")
# Large accounts had `media-1.json`, `media-2.json` in 2020.
_OLD_LIST = re.compile(r"(^|/)media([-_]\d+)?\.json$")
_OLD_FOLDER = re.compile(r"(^|/)(photos|videos|stories|profile|direct)/\d{6}/[^/]+$")


def _row(
    pattern: str,
    kind: PictureKind,
    author: Author = Author.OWNER,
    audience: Audience = Audience.UNKNOWN,
    *,
    sure: bool = True,
) -> Listing:
    found = re.compile(rf"(^|/){pattern}(_\d+)?\.(json|html?)$")
    return Listing(pattern=found, kind=kind, author=author, audience=audience, sure=sure)


def _hidden(pattern: str) -> Listing:
    return _row(pattern, PictureKind.ARCHIVE, Author.OWNER, Audience.PRIVATE)


# First match wins. What is archived or deleted is seen by nobody but the owner.
_ROWS: tuple[Listing, ...] = (
    _row(r"(content|media)/(posts|reels|igtv_videos)", PictureKind.POST),
    _row(r"(content|media)/stories", PictureKind.STORY),
    _hidden(r"(content|media)/(archived_posts|recently_deleted_content)"),
    _row(r"(content|media)/profile_photos", PictureKind.PROFILE),
    _row(r"(content|media)/[^/]*", PictureKind.FILE),
    _row(r"threads/threads_and_replies", PictureKind.POST),
    _row(r"(personal_information|profile_changes|profile)", PictureKind.PROFILE),
    _row(r"media(-\d+)?", PictureKind.POST),
    _row(r"[^/]*", PictureKind.FILE, Author.UNKNOWN, sure=False),
)
# Copies of own posts as thumbnails, and what other people posted.
_NOT_READ = re.compile(
    r"(^|/)(past_instagram_insights/|threads/(threads_viewed|saved_threads|liked_threads)"
    r"|(content|media)/reposts|saved/|your_topics/)"
)
# Other lists hold former profile pictures too.
_CURRENT = re.compile(r"(^|/)(profile_photos|personal_information)\.")
_DELETED = re.compile(r"(^|/)recently_deleted_content\.")

_OLD_KINDS = {
    "stories": PictureKind.STORY,
    "profile": PictureKind.PROFILE,
    "direct": PictureKind.MESSAGE,
}
_FOLDERS: tuple[tuple[re.Pattern[str], PictureKind], ...] = (
    (re.compile(r"(^|/)(messages|direct)/"), PictureKind.MESSAGE),
    (re.compile(r"(^|/)stories/"), PictureKind.STORY),
    (re.compile(r"(^|/)(profile|profile_photos)/"), PictureKind.PROFILE),
    (re.compile(r"(^|/)archived_posts/"), PictureKind.ARCHIVE),
    (
        # A copy of everything lies in `public-media/` too (2025).
        re.compile(r"(^|[/-])media/(posts|reels|igtv)/|(^|/)(photos|videos)/(19|20)\d{4}/"),
        PictureKind.POST,
    ),
)
_MONTH = re.compile(r"/((?:19|20)\d\d)(?:0[1-9]|1[0-2])/[^/]+$")
_VOICE = re.compile(r"(^|/)messages/[^/]+/[^/]+/audio/[^/]+$")


class Instagram:
    """Instagram's own download, JSON or HTML."""

    name = "instagram"
    title = "Instagram"
    how = (
        "Accounts Centre, Your information and permissions, Export your information: choose "
        "JSON as the format, high media quality and all time. Name all the parts in one scan."
    )
    reads = (
        "Posts, stories, reels, archived and deleted posts, profile pictures, messages and Threads "
        "with their captions, times, places, tags and senders (JSON or HTML; HTML tells no zone)."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with one of Instagram's own folders or files, under any root."""
        pairs = ((_LIST, _FOLDER), (_OLD_LIST, _OLD_FOLDER))
        return tree.has(_MARKS) or any(tree.has(one) and tree.has(other) for one, other in pairs)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield every picture that any document lists, those of JSON first."""
        found = [m for m in tree.matching(_DOCUMENT) if _is_read(m.path)]
        lists = [m for m in found if fold(m.path).endswith(".json")]
        names = {fold(m.path).rpartition(".")[0] for m in lists}
        pages = [m for m in found if not fold(m.path).endswith(".json")]
        twins = [m for m in pages if fold(m.path).rpartition(".")[0] in names]
        reading = _reading(tree, twins)
        for member in lists:
            yield from _list(reading, member)
        alone = [m for m in pages if fold(m.path).rpartition(".")[0] not in names]
        for member in alone:
            yield from _page(reading, member)
        yield from instagram_html.conversations(reading.download, alone)

    def unlisted(self, path: str) -> Context:
        """Give what the folder tells: the kind of post and its year."""
        kind = next((k for p, k in _FOLDERS if p.search(fold(path))), PictureKind.FILE)
        year = _MONTH.search(fold(path))
        return Context(
            platform=self.title,
            kind=kind,
            time=in_year(int(year[1])) if year else None,
            audience=Audience.PRIVATE if kind is PictureKind.ARCHIVE else Audience.UNKNOWN,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave stickers, voice messages and files of operating systems alone."""
        folded = fold(path)
        if _VOICE.search(folded):
            return Rule.SOUND
        return Rule.STICKER if "/stickers_used/" in folded else system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One download while it is read: what its profile and, beside JSON, its pages tell."""

    download: Download
    accounts: Accounts
    tags: Mapping[str, int] = field(default_factory=dict)


def _is_read(path: str) -> bool:
    return not (_NOT_READ.search(fold(path)) or system_file(path))


def _reading(tree: Documents, twins: list[Member]) -> _Reading:
    """Read the profile first; of pages that say the same as JSON only who is tagged."""
    who = accounts(tree)
    download = Download(tree=tree, uris=Uris(tree), owner=who.owner, platform=Instagram.title)
    posts = [m for m in twins if not instagram_html.CONVERSATION.search(fold(m.path))]
    return _Reading(
        download=download, accounts=who, tags=instagram_html.tags(tree, posts, who.owner)
    )


def _list(reading: _Reading, member: Member) -> Iterator[Listed]:
    """Read one JSON document."""
    tree, row = reading.download.tree, row_of(_ROWS, member)
    shape = tree.shape(member)
    if threads.is_thread(shape):
        yield from threads.read(reading.download, member, shape)
    elif row:
        for medium in listed(tree, member, shape):
            context = _context(reading, medium, row)
            yield from reading.download.located(medium, context, sure=row.sure)


def _page(reading: _Reading, member: Member) -> Iterator[Listed]:
    """Read one HTML document that is no conversation."""
    row = row_of(_ROWS, member)
    if row and not instagram_html.CONVERSATION.search(fold(member.path)):
        base = _base(reading, member, row, row.kind)
        if THREADS.search(fold(member.path)):
            # Whether it is a reply, the page does not tell.
            base = replace(base, audience=Audience.UNKNOWN)
        yield from instagram_html.pictures(reading.download, member, base, sure=row.sure)


def _context(reading: _Reading, medium: Medium, row: Listing) -> Context:
    old = "taken_at" in medium.told
    kind = _OLD_KINDS.get(medium.key, row.kind) if old else row.kind
    if at(medium.told, "text_app_post", "is_reply") is True:
        # Who sees a reply depends on the post it answers, which Threads does not name.
        kind = PictureKind.COMMENT
    # One picture: its own title is the caption. Several: the post's. Both may be there.
    titles = [told.get("caption" if old else "title") for told in medium.inside_out]
    tags = reading.tags.get(fold(medium.uri), 0)
    return replace(
        _base(reading, medium.listed_in, row, kind),
        caption=None if kind is PictureKind.PROFILE else caption(*titles),
        time=time_of(medium),
        place=place_of(medium),
        tagged=tagged_in(medium, reading.download.owner) or tags,
    )


def _base(reading: _Reading, member: Member, row: Listing, kind: PictureKind) -> Context:
    """Give what holds for everything of a kind that a document lists."""
    account = reading.accounts.of(member)
    path = fold(member.path)
    lasting = kind is PictureKind.POST or (kind is PictureKind.PROFILE and _CURRENT.search(path))
    # The account's own page is the nearest address there is: no file tells a post's.
    page = account.page if lasting and row.author is Author.OWNER else None
    # The account's setting holds for posts; a story may be for close friends alone.
    return Context(
        platform=Instagram.title,
        kind=kind,
        permalink=page,
        permalink_derived=page is not None,
        author=Author.UNKNOWN if kind is PictureKind.MESSAGE else row.author,
        album=_album(path),
        audience=account.audience if kind is PictureKind.POST else row.audience,
        listed_in=member.path,
    )


def _album(path: str) -> str | None:
    if THREADS.search(path):
        return "Threads"
    return "Recently deleted" if _DELETED.search(path) else None
