"""Facebook's documents in JSON, of every layout from 2018 to 2026.

Owns what their fields mean; which file lists what is `facebook_listings`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from selfcheck.exports import threads
from selfcheck.exports.addresses import cleaned
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.facebook_listings import (
    EVENTS,
    GROUP_POSTS,
    STICKERS,
    album_kind,
    photo_page,
    post_page,
    without_tokens,
)
from selfcheck.exports.facts import place_of, tagged_in, time_of
from selfcheck.exports.meta import Download, Listing, Medium, listed
from selfcheck.exports.values import Fields, at, caption, deep, fields, items, mended, text
from selfcheck.model import (
    Address,
    Audience,
    Context,
    Listed,
    Member,
    Missing,
    PictureKind,
)


def read(download: Download, member: Member, row: Listing) -> Iterator[Listed]:
    """Yield every picture that a document lists."""
    shape = download.tree.shape(member)
    if threads.is_thread(shape):
        yield from threads.read(download, member, shape)
        return
    name = mended(shape.values.get("name"))
    for medium in _own(listed(download.tree, member, shape)):
        context = _context(download, medium, row, name)
        yield from placed(download, medium, context, sure=row.sure)


def placed(
    download: Download, medium: Medium, context: Context, *, sure: bool = True
) -> Iterator[Listed]:
    """Yield what `located` finds, but an address for what stands only in the web.

    Without its query, which holds the signature that opens it until it expires.
    """
    address = cleaned(medium.uri)
    for found in download.located(medium, context, sure=sure):
        if address and isinstance(found, Missing):
            yield Address(address=address, context=context)
        else:
            yield found


def names_of_owner(tree: Documents) -> Iterator[str]:
    """Yield the owner's names, former ones too, from whichever part holds the profile."""
    for member in tree.find("profile_information/profile_information.json"):
        profile = tree.value(member)
        for told in (fields(at(profile, "profile_v2")), fields(at(profile, "profile"))):
            others = [*items(told.get("previous_names")), *items(told.get("other_names"))]
            written = [
                told.get("name"),
                at(told, "name", "full_name"),
                *(at(o, "name") for o in others),
            ]
            yield from (name.casefold() for name in map(mended, written) if name)


def _own(found: Iterable[Medium]) -> Iterator[Medium]:
    """Leave out an album's cover, which is one of its pictures listed again, and stickers."""
    return (m for m in found if m.key != "cover_photo" and not STICKERS.search(fold(m.uri)))


def _context(download: Download, medium: Medium, row: Listing, name: str | None) -> Context:
    post = medium.above[0] if medium.above else {}
    kind = album_kind(name) if name and row.kind is PictureKind.ALBUM else row.kind
    page, derived = _page(post), photo_page(medium.uri, kind)
    grouped = kind is PictureKind.GROUP or "group" in _comment(post)
    words = caption(medium.told.get("description")) or caption(_words(post))
    return Context(
        platform=download.platform,
        kind=kind,
        permalink=page or derived,
        permalink_derived=not page and derived is not None,
        caption=without_tokens(words),
        time=time_of(medium),
        author=row.author,
        album=_album(medium, post, kind, name),
        audience=Audience.GROUP if grouped else row.audience,
        place=place_of(medium),
        tagged=tagged_in(medium, download.owner),
        listed_in=medium.listed_in.path,
    )


def _album(medium: Medium, post: Fields, kind: PictureKind, name: str | None) -> str | None:
    comment = _comment(post)
    group = mended(comment.get("group"))
    if group or kind is PictureKind.GROUP:
        # Only the sentence over a group's post names the group, in the account's language; the
        # one over a comment names whoever was answered.
        posted = not comment and GROUP_POSTS.search(fold(medium.listed_in.path))
        return group or (mended(post.get("title")) if posted else None)
    if EVENTS.search(fold(medium.listed_in.path)):
        return mended(post.get("name"))
    return name or mended(medium.told.get("title"))


def _words(post: Fields) -> object:
    """Give a post's or comment's own text, which stands in one of its `data` objects.

    Archive and trash have it under a label, in English `Message` (seen 2026).
    """
    texts = (mended(at(entry, "post")) for entry in items(post.get("data")))
    labelled = (
        at(entry, "value")
        for entry in items(post.get("label_values"))
        if at(entry, "label") == "Message"
    )
    return (
        next((t for t in texts if t), None) or _comment(post).get("comment") or next(labelled, None)
    )


def _comment(post: Fields) -> Fields:
    found = (fields(at(entry, "comment")) for entry in items(post.get("data")))
    return next((c for c in found if c), {})


def _page(post: Fields) -> str | None:
    """Give the post's page where one stands among its labelled values (check-ins, 2026)."""
    found = (
        post_page(address)
        for key in ("href", "value")
        for address in map(text, deep(post.get("label_values"), key, 3))
        if address
    )
    return next((p for p in found if p), None)
