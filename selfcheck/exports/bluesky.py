"""A Bluesky repository, `repo.car`, and the pictures saved beside it.

Owns which records hold pictures. The repository has the records only; pictures are blobs,
which the server gives one by one. Nothing is verified: the hashes and the signature of the
repository are not what tells whose picture it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selfcheck.exports.bluesky_blobs import Blobs, blob
from selfcheck.exports.contract import system_file
from selfcheck.exports.dagcbor import Link, NotDagCbor, decode
from selfcheck.exports.documents import Documents
from selfcheck.exports.values import Fields, at, fields, iso, items, joined, number, text
from selfcheck.model import Audience, Author, Context, Member, Missing, Picture, PictureKind, Rule

# Browsers save the server's answer as `….getRepo` or without an extension (indigo#627).
_NAMED = re.compile(r"\.(car|getrepo)$")
_BARE = re.compile(r"(^|/)[^./]+$")
_HEADER = re.compile(rb".{1,2}\xa2(eroots|gversion)", re.DOTALL)
_START = 1 << 20
_ENOUGH = 200  # files to look into before a tree counts as something else
_POST, _PROFILE = "app.bsky.feed.post", "app.bsky.actor.profile"
# What blocks hold as bytes, so that only those of interest are decoded.
_HAS_BLOB = b"hmimeType"
_IS_NODE = b"\xa2ae"
_IS_COMMIT = b"cdid"
_LONGEST_KEY = 1024


class Bluesky:
    """Bluesky's own export of an account."""

    name = "bluesky"
    title = "Bluesky"
    how = (
        "In the app: Settings, Account, Export my data, Download CAR file. It holds no pictures: "
        "put it into a folder with those that you saved or fetched as blobs, and name the folder "
        "in a scan."
    )
    reads = (
        "Posts and the profile with texts, descriptions, times and addresses, for pictures beside "
        "the file that are named by their CID or unchanged; all of them are public."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a CAR file that holds records of Bluesky's."""
        return bool(_repositories(tree))

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield the pictures of every record, in the order of the repository's blocks."""
        blobs = Blobs(tree=tree)
        for member in _repositories(tree):
            repository = _Repository.of(tree, member)
            for block in tree.sections(member):
                if block.cid in repository.keys:
                    key = repository.keys[block.cid]
                    for told, context in _pictures(_decoded(block.data), repository, key):
                        yield from _located(blobs, told, context)

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 - a path tells nothing
        """Give nothing: the files beside the repository were put there by the person."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repository:
    """What is known of a repository before its records are read: whose, and their keys."""

    member: Member
    did: str | None
    keys: dict[bytes, str]  # the CID of each record with a picture -> its key, or nothing

    @classmethod
    def of(cls, tree: Documents, member: Member) -> _Repository:
        """Go through the blocks twice: for records with pictures, then for their keys."""
        keys: dict[bytes, str] = {}
        did: str | None = None
        for block in tree.sections(member):
            if _HAS_BLOB in block.data and _type(_decoded(block.data)) in {_POST, _PROFILE}:
                keys[block.cid] = ""
            elif did is None and _IS_COMMIT in block.data:
                did = _did(_decoded(block.data))
        for block in tree.sections(member) if keys else ():
            if block.data.startswith(_IS_NODE):
                for cid, key in _entries(_decoded(block.data)):
                    if cid in keys:
                        keys[cid] = key
        return cls(member=member, did=did, keys=keys)

    def permalink(self, key: str) -> str | None:
        """Derive the address of a post or, without a post's key, of the profile."""
        collection, _, name = key.partition("/")
        profile = f"https://bsky.app/profile/{self.did}" if self.did and name else None
        return f"{profile}/post/{name}" if profile and collection == _POST else profile


def _repositories(tree: Documents) -> list[Member]:
    named = tree.matching(_NAMED)
    bare = tree.such(_BARE)
    likely = [*named[:_ENOUGH], *islice(bare, _ENOUGH)]
    return [member for member in likely if _is_repository(tree, member)]


def _is_repository(tree: Documents, member: Member) -> bool:
    is_car = _HEADER.match(tree.start(member, 16)) is not None
    return is_car and b"app.bsky." in tree.start(member, _START)


def _pictures(
    record: Fields, repository: _Repository, key: str
) -> Iterator[tuple[Fields, Context]]:
    """Yield what a record says of each of its pictures, and the context."""
    if _type(record) == _PROFILE:
        for name, kind in (("avatar", PictureKind.PROFILE), ("banner", PictureKind.COVER)):
            yield fields(record.get(name)), _context(record, None, kind, repository, key)
        return
    for medium, name in _media(fields(record.get("embed"))):
        context = _context(record, medium, PictureKind.POST, repository, key)
        yield fields(medium.get(name)), context


def _media(embed: Fields) -> Iterator[tuple[Fields, str]]:
    """Yield a post's pictures and films, each with the name of its blob.

    A quoted post's stand in that post; the picture of a link's preview is not the person's.
    """
    embed = fields(embed.get("media")) or embed  # `app.bsky.embed.recordWithMedia`
    for listed in (embed.get("images"), embed.get("items")):  # the second: a gallery
        yield from ((fields(medium), "image") for medium in items(listed))
    if "video" in embed:
        yield embed, "video"


def _context(
    record: Fields, medium: Fields | None, kind: PictureKind, repository: _Repository, key: str
) -> Context:
    page = repository.permalink(key)
    lines = (text(record.get("text")), text(medium.get("alt"))) if medium is not None else ()
    return Context(
        platform=Bluesky.title,
        kind=kind,
        permalink=page,
        permalink_derived=page is not None,
        caption=joined(*lines),
        time=iso(record.get("createdAt")),
        author=Author.OWNER,
        audience=Audience.PUBLIC,
        listed_in=repository.member.path,
    )


def _located(blobs: Blobs, told: Fields, context: Context) -> Iterator[Picture | Missing]:
    wanted = blob(told)
    if wanted:
        found = blobs.of(wanted)
        yield from (Picture(member=member, context=context) for member in found)
        if not found:
            yield Missing(path=wanted.cid, listed_in=context.listed_in or "")


def _entries(node: Fields) -> Iterator[tuple[bytes, str]]:
    """Yield a tree node's records and their keys, which are written without what they share."""
    last = b""
    for entry in items(node.get("e")):
        shared, rest = number(at(entry, "p")), at(entry, "k")
        value = at(entry, "v")
        if shared is None or not isinstance(rest, bytes) or not isinstance(value, Link):
            return
        last = (last[: max(int(shared), 0)] + rest)[:_LONGEST_KEY]
        yield value.cid, last.decode("ascii", errors="replace")


def _decoded(block: bytes) -> Fields:
    try:
        return fields(decode(block))
    except NotDagCbor:
        return {}


def _type(record: Fields) -> str | None:
    return text(record.get("$type"))


def _did(commit: Fields) -> str | None:
    did = text(commit.get("did")) or ""
    return did if did.startswith("did:") and "sig" in commit else None
