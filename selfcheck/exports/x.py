"""X's "Download an archive of your data", of every layout with media: 2018 to 2026.

Owns which of its files list pictures and what they mean. Before August 2018 an archive held
no media.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from selfcheck.exports import x_messages
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.values import Fields, at, items, text
from selfcheck.exports.x_account import Account, account
from selfcheck.exports.x_media import Media, name_in
from selfcheck.exports.x_notes import Notes
from selfcheck.exports.x_tweets import Tweet, numbers, tweets
from selfcheck.model import Audience, Author, Context, Member, Missing, Picture, PictureKind, Rule

_SCRIPT = re.compile(
    r"(^|/)(manifest|account|profile|tweets?|like|deleted-tweets|direct-messages(-group)?)"
    r"(-part\d+)?\.js$"
)
_START = re.compile(rb"(\xef\xbb\xbf)?\s*window\.(YTD\.|__THAR_CONFIG\b)")
_ENOUGH = 200  # scripts to look into before a tree counts as something else
_OTHERS = re.compile(r"(^|/)assets/")  # the pages that show the archive


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """A file of posts: the folder of its pictures, and who could see them if not as usual."""

    pattern: re.Pattern[str]
    folder: str
    audience: Audience | None = None


# A post in Circle stands in `tweets.js` as well. A deleted post is seen by nobody any more.
_CIRCLE = re.compile(r"(^|/)twitter-circle-tweet(-part\d+)?\.js$")
_ROWS: tuple[_Listing, ...] = (
    _Listing(pattern=re.compile(r"(^|/)tweets?(-part\d+)?\.js$"), folder="tweets_media"),
    _Listing(pattern=_CIRCLE, folder="twitter_circle_tweet_media", audience=Audience.GROUP),
    _Listing(
        pattern=re.compile(r"(^|/)community-tweet(-part\d+)?\.js$"),
        folder="community_tweet_media",
        audience=Audience.GROUP,
    ),
    _Listing(
        pattern=re.compile(r"(^|/)deleted-tweets?(-part\d+)?\.js$"),
        folder="deleted_tweets_media",
        audience=Audience.PRIVATE,
    ),
)
_MESSAGES = re.compile(r"(^|/)direct-messages?(-group)?(-part\d+)?\.js$")

_FOLDERS: tuple[tuple[re.Pattern[str], PictureKind, Audience], ...] = (
    (re.compile(r"(^|/)tweets?_media/"), PictureKind.POST, Audience.UNKNOWN),
    (re.compile(r"(^|/)(twitter_circle|community)_tweet_media/"), PictureKind.POST, Audience.GROUP),
    (re.compile(r"(^|/)deleted_tweets?_media/"), PictureKind.POST, Audience.PRIVATE),
    (re.compile(r"(^|/)direct_messages?_media/"), PictureKind.MESSAGE, Audience.DIRECT),
    (re.compile(r"(^|/)direct_messages?_group_media/"), PictureKind.MESSAGE, Audience.GROUP),
    (re.compile(r"(^|/)profile_media/"), PictureKind.PROFILE, Audience.UNKNOWN),
)
_POSTED = re.compile(r"(^|/)(tweets?|twitter_circle_tweet|community_tweet)_media/(\d{1,25})-[^/]+$")


class X:
    """X's own archive, of the years as Twitter too."""

    name = "x"
    title = "X"
    how = (
        "On x.com: More, Settings and privacy, Your account, Download an archive of your data. "
        "Name the zip file, or all of them, in one scan."
    )
    reads = (
        "Posts, deleted posts, Circle, communities, direct messages and the profile with their "
        "pictures, texts, times and authors; who could see a post by the account's setting."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a script that X's archive begins with a name of its own."""
        likely = tree.such(_SCRIPT)
        return any(_START.match(tree.start(m, 256)) for m in islice(likely, _ENOUGH))

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield the pictures of posts, of messages, and of the profile."""
        archive = _Archive.of(tree)
        yield from archive.posts()
        for member in _scripts(tree, _MESSAGES):
            yield from x_messages.read(
                archive.media,
                member,
                archive.account,
                platform=self.title,
                group="-group" in fold(member.path).rpartition("/")[2],
            )
        for member in tree.find("profile.js"):
            if not _OTHERS.search(fold(member.path)):
                yield from archive.profile(member)

    def unlisted(self, path: str) -> Context:
        """Give what the folder tells, and the address of the post whose number the name has."""
        folded = fold(path)
        found = ((k, a) for pattern, k, a in _FOLDERS if pattern.search(folded))
        kind, audience = next(found, (PictureKind.FILE, Audience.UNKNOWN))
        posted = _POSTED.search(folded)
        return Context(
            platform=self.title,
            kind=kind,
            permalink=f"https://x.com/i/web/status/{posted[3]}" if posted else None,
            permalink_derived=posted is not None,
            audience=audience,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    """One person's archive while it is read."""

    tree: Documents
    media: Media
    account: Account
    notes: Notes
    circle: frozenset[str]  # the posts in Circle
    seen: set[str] = field(default_factory=set)  # those of them that `tweets.js` has

    @classmethod
    def of(cls, tree: Documents) -> _Archive:
        """Read what holds for every post."""
        scripts = _scripts(tree, _CIRCLE)
        return cls(
            tree=tree,
            media=Media.in_tree(tree),
            account=account(tree),
            notes=Notes.of(tree),
            circle=frozenset(one for member in scripts for one in numbers(tree.items(member))),
        )

    def posts(self) -> Iterator[Picture | Missing]:
        """Yield the pictures of every file of posts; a post in Circle stands in two."""
        for row in _ROWS:
            for member in _scripts(self.tree, row.pattern):
                for tweet in tweets(self.tree.items(member)):
                    if row.pattern is _CIRCLE and tweet.number in self.seen:
                        continue
                    self.seen.update(self.circle & {tweet.number})
                    yield from self._post(tweet, row, member)

    def _post(self, tweet: Tweet, row: _Listing, member: Member) -> Iterator[Picture | Missing]:
        found = self.media.of(tweet.number, tweet.addresses)
        for medium, addresses, members in zip(tweet.media, tweet.addresses, found, strict=True):
            context = self._context(tweet, medium, row, member)
            yield from (Picture(member=one, context=context) for one in members)
            # What others posted is not always part of the archive.
            if not members and addresses and context.author is not Author.OTHER:
                path = f"{row.folder}/{tweet.number}-{name_in(addresses[0])}"
                yield Missing(path=path, listed_in=member.path)

    def _context(self, tweet: Tweet, medium: Fields, row: _Listing, member: Member) -> Context:
        author, name = tweet.author(medium, self.account)
        in_circle = tweet.number in self.circle and row.audience is not Audience.PRIVATE
        audience = Audience.GROUP if in_circle else row.audience or self.account.audience
        alive = audience is not Audience.PRIVATE
        return Context(
            platform=X.title,
            kind=PictureKind.POST,
            permalink=self.account.permalink(tweet.number) if alive else None,
            permalink_derived=alive,
            caption=tweet.caption(medium, self.notes),
            time=tweet.time,
            author=author,
            author_name=name,
            album="Circle" if in_circle else None,
            audience=audience,
            place=tweet.place,
            listed_in=member.path,
        )

    def profile(self, member: Member) -> Iterator[Picture | Missing]:
        """Yield the profile's picture and banner, whose address has no extension."""
        for entry in items(self.tree.value(member)):
            avatar = text(at(entry, "profile", "avatarMediaUrl"))
            header = text(at(entry, "profile", "headerMediaUrl"))
            for number in sorted(self.account.numbers):
                found = self.media.named(number, [avatar]) if avatar else ()
                yield from self._own(found, PictureKind.PROFILE, member)
                if header and name_in(header):
                    found = self.media.without_extension(number, header)
                    found = found or self.media.named(number, [header])
                    yield from self._own(found, PictureKind.COVER, member)

    def _own(
        self, found: tuple[Member, ...], kind: PictureKind, member: Member
    ) -> Iterator[Picture]:
        context = Context(platform=X.title, kind=kind, author=Author.OWNER, listed_in=member.path)
        yield from (Picture(member=one, context=context) for one in found)


def _scripts(tree: Documents, pattern: re.Pattern[str]) -> list[Member]:
    found = tree.matching(pattern)
    return [member for member in found if not _OTHERS.search(fold(member.path))]
