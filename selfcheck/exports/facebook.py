"""Facebook's "Download your information" as JSON, of every layout from 2018 to 2026.

Owns which of its files list pictures and what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selfcheck.exports import threads
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.facts import place_of, tagged_in, time_of
from selfcheck.exports.meta import JSON, Download, Listing, Medium, Owner, listed, row_of
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import Fields, at, caption, fields, items, mended
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Member,
    Missing,
    Picture,
    PictureKind,
    Rule,
)

_MARKS = re.compile(
    r"(^|/)(your_facebook_activity|your_activity_across_facebook|this_profile_s_activity_across_facebook)/"
    r"|(^|/)(posts|photos_and_videos)/album/\d+\.json$"
    r"|(^|/)posts/(your_posts[^/]*|your_uncategorized_photos)\.json$"
    r"|(^|/)profile_information/profile_information\.json$"
    r"|(^|/)photos_and_videos/[^/]+_[a-z0-9_-]{6,}/"
)


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


# First match wins. No file of Facebook's tells who could see a post (looked for, 2026-11).
_ROWS: tuple[Listing, ...] = (
    _row(r"(posts|photos_and_videos)/album/\d+\.json$", PictureKind.ALBUM),
    _row(r"posts/your_posts[^/]*\.json$", PictureKind.POST),
    _row(r"(posts|photos_and_videos)/your_(uncategorized_)?photos\.json$", PictureKind.POST),
    _row(r"(posts|photos_and_videos)/your_videos\.json$", PictureKind.POST),
    _row(r"posts/check-ins\.json$", PictureKind.POST),
    _row(r"posts/[^/]*\.json$", PictureKind.POST, Author.UNKNOWN),
    _row(r"stories/[^/]*\.json$", PictureKind.STORY),
    _row(r"comments(_and_reactions)?/[^/]*\.json$", PictureKind.COMMENT),
    _row(r"groups/[^/]*\.json$", PictureKind.GROUP, Author.OWNER, Audience.GROUP),
    _row(r"[^/]*\.json$", PictureKind.FILE, Author.UNKNOWN, sure=False),
)

# Albums that Facebook makes itself are known only by their translated names.
_PROFILE = re.compile(
    r"^(profile ?pictures|profilbilder|photos de profil|fotos del perfil|immagini del profilo"
    r"|fotos do perfil|profielfoto_s)$"
)
_COVER = re.compile(
    r"^(cover ?photos|titelbilder|photos de couverture|fotos de portada|immagini di copertina"
    r"|fotos da capa|omslagfoto_s)$"
)
# `111_222_333_n_444.jpg`: the number appended last is the photo's own in albums and posts.
_PHOTO = re.compile(r"^\d+_\d+_\d+_[a-z]_(\d+)\.(?:jpe?g|png|webp|heic|gif)$")
_HAS_PAGE = (PictureKind.ALBUM, PictureKind.POST, PictureKind.PROFILE, PictureKind.COVER)
_FOLDERS: tuple[tuple[re.Pattern[str], PictureKind], ...] = (
    (re.compile(r"(^|/)messages/"), PictureKind.MESSAGE),
    (re.compile(r"(^|/)stories/"), PictureKind.STORY),
    (re.compile(r"(^|/)comments_and_reactions/"), PictureKind.COMMENT),
    (re.compile(r"(^|/)groups/"), PictureKind.GROUP),
    (re.compile(r"(^|/)(posts|photos_and_videos)/"), PictureKind.POST),
)
_ALBUM_FOLDER = re.compile(
    r"(^|/)(?:posts/media|photos_and_videos)/([^/]+)_[A-Za-z0-9_-]{6,}/[^/]+$"
)
_STICKERS = re.compile(r"(^|/)messages/stickers_used/")


class Facebook:
    """Facebook's own download, JSON form."""

    name = "facebook"
    title = "Facebook"
    how = (
        "Accounts Centre, Your information and permissions, Export your information: choose "
        "JSON as the format, high media quality and all time. Name all the parts in one scan."
    )
    reads = (
        "Posts, albums, stories, comments, group posts and messages with their pictures, "
        "captions, times, places and senders (JSON; of an HTML download the pictures alone)."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with one of Facebook's own folders or files, under any root."""
        return tree.has(_MARKS)

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield every picture that any JSON document lists, document by document."""
        download = Download(tree=tree, uris=Uris(tree), owner=_owner(tree), platform=self.title)
        for member in tree.matching(JSON):
            row = row_of(_ROWS, member)
            if row:
                yield from _document(download, member, row)

    def unlisted(self, path: str) -> Context:
        """Give what the folder tells: the kind of post, and an album's name."""
        folded = fold(path)
        kind = next((k for pattern, k in _FOLDERS if pattern.search(folded)), PictureKind.FILE)
        album = _ALBUM_FOLDER.search(path)
        named = album[2] if album and fold(album[2]) != "your_posts" else None
        return Context(
            platform=self.title,
            kind=_album_kind(named) if named and kind is PictureKind.POST else kind,
            album=named,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave stickers and files of operating systems alone."""
        return Rule.STICKER if _STICKERS.search(fold(path)) else system_file(path)


def _document(download: Download, member: Member, row: Listing) -> Iterator[Picture | Missing]:
    shape = download.tree.shape(member)
    if threads.is_thread(shape):
        yield from threads.read(download, member, shape)
        return
    name = mended(shape.values.get("name"))
    for medium in _without_cover(listed(download.tree, member, shape)):
        context = _context(medium, row, download.owner, name)
        yield from download.located(medium, context, sure=row.sure)


def _without_cover(found: Iterable[Medium]) -> Iterator[Medium]:
    """Leave an album's cover out: it is one of its pictures, listed again."""
    return (medium for medium in found if medium.key != "cover_photo")


def _context(medium: Medium, row: Listing, owner: Owner, name: str | None) -> Context:
    post = medium.above[0] if medium.above else {}
    kind = _album_kind(name) if name and row.kind is PictureKind.ALBUM else row.kind
    page = _page(medium.uri) if kind in _HAS_PAGE else None
    grouped = kind is PictureKind.GROUP or "group" in _comment(post)
    return Context(
        platform=Facebook.title,
        kind=kind,
        permalink=page,
        permalink_derived=page is not None,
        caption=caption(medium.told.get("description")) or caption(_words(post)),
        time=time_of(medium),
        author=row.author,
        album=_album(medium, post, kind, name),
        audience=Audience.GROUP if grouped else row.audience,
        place=place_of(medium),
        tagged=tagged_in(medium, owner),
        listed_in=medium.listed_in.path,
    )


def _album(medium: Medium, post: Fields, kind: PictureKind, name: str | None) -> str | None:
    group = mended(_comment(post).get("group"))
    if group or kind is PictureKind.GROUP:
        # Only the sentence over a group's post names the group, in the account's language.
        return group or mended(post.get("title"))
    return name or mended(medium.told.get("title"))


def _album_kind(name: str) -> PictureKind:
    folded = fold(name)
    if _PROFILE.search(folded):
        return PictureKind.PROFILE
    return PictureKind.COVER if _COVER.search(folded) else PictureKind.ALBUM


def _words(post: Fields) -> object:
    """Give a post's or comment's own text, which stands in one of its `data` objects."""
    texts = (mended(at(entry, "post")) for entry in items(post.get("data")))
    return next((t for t in texts if t), None) or _comment(post).get("comment")


def _comment(post: Fields) -> Fields:
    found = (fields(at(entry, "comment")) for entry in items(post.get("data")))
    return next((c for c in found if c), {})


def _page(uri: str) -> str | None:
    """Derive a photo's page from its file name; older names have the number, newer may not."""
    found = _PHOTO.search(fold(uri.rpartition("/")[2]))
    return f"https://www.facebook.com/photo/?fbid={found[1]}" if found else None


def _owner(tree: Documents) -> Owner:
    """Read the owner's names, former ones too, from whichever part holds the profile."""
    names: set[str] = set()
    for member in tree.find("profile_information/profile_information.json"):
        profile = tree.value(member)
        for told in (fields(at(profile, "profile_v2")), fields(at(profile, "profile"))):
            others = [*items(told.get("previous_names")), *items(told.get("other_names"))]
            written = [
                told.get("name"),
                at(told, "name", "full_name"),
                *(at(o, "name") for o in others),
            ]
            names.update(name.casefold() for name in map(mended, written) if name)
    return Owner(names=frozenset(names))
