"""The direct messages of an X archive and their pictures."""

from __future__ import annotations

from collections.abc import Iterator

from selfcheck.exports.documents import Documents
from selfcheck.exports.values import Fields, at, fields, iso, items, text
from selfcheck.exports.x_account import Account
from selfcheck.exports.x_media import Media, name_in
from selfcheck.exports.x_tweets import number_of
from selfcheck.model import Audience, Context, Member, Missing, Picture, PictureKind


def read(
    media: Media, member: Member, account: Account, *, platform: str, group: bool
) -> Iterator[Picture | Missing]:
    """Yield the pictures of a file of conversations, of two people or of groups."""
    names = _names(media.tree, member) if group else {}
    folder = "direct_messages_group_media" if group else "direct_messages_media"
    for around, entry in media.tree.within(member, "messages"):
        message = fields(at(entry, "messageCreate"))
        addresses = _addresses(message)
        sent = number_of(message)
        if not addresses or not sent:
            continue
        context = Context(
            platform=platform,
            kind=PictureKind.MESSAGE,
            caption=_words(message),
            time=iso(message.get("createdAt")),
            author=account.wrote(text(message.get("senderId"))),
            album=names.get(text(around.get("conversationId")) or "", ("", None))[1],
            audience=Audience.GROUP if group else Audience.DIRECT,
            listed_in=member.path,
        )
        for address, found in zip(addresses, media.of(sent, [[a] for a in addresses]), strict=True):
            yield from (Picture(member=one, context=context) for one in found)
            if not found:
                path = f"{folder}/{sent}-{name_in(address)}"
                yield Missing(path=path, listed_in=member.path)


def _addresses(message: Fields) -> list[str]:
    found = message.get("mediaUrls")
    listed = found if isinstance(found, list) else [found]
    return [address for one in listed if (address := text(one)) and name_in(address)]


def _words(message: Fields) -> str | None:
    words = text(message.get("text")) or ""
    for link in items(message.get("urls")):
        short, whole = text(at(link, "url")), text(at(link, "expanded"))
        words = words.replace(short, whole) if short and whole else words
    return words or None


def _names(tree: Documents, member: Member) -> dict[str, tuple[str, str | None]]:
    """Give each group's last name and when it was given; a first pass, for it may come late."""
    names: dict[str, tuple[str, str | None]] = {}
    for around, entry in tree.within(member, "messages"):
        update = fields(at(entry, "conversationNameUpdate"))
        group, name = text(around.get("conversationId")), text(update.get("name"))
        if group and name:
            given = (text(update.get("createdAt")) or "", name)
            names[group] = max(names.get(group, given), given, key=lambda one: one[0])
    return names
