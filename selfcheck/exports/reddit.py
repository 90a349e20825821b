"""Reddit's data request: the addresses of the pictures in posts.

Owns which of its tables is read; it holds no picture, and chats are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selfcheck.exports.addresses import cleaned, of_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.values import iso, joined, text
from selfcheck.model import Address, Audience, Author, Context, Listed, Member, PictureKind, Rule

# A film, and a page that shows several pictures: neither ends in a picture's name.
_HOSTED = re.compile(r"^https?://(v\.redd\.it/\w+|(www\.)?reddit\.com/gallery/\w+)")


class Reddit:
    """Reddit's own download."""

    name = "reddit"
    title = "Reddit"
    how = "Ask at reddit.com/settings/data-request; a message brings the link."
    reads = (
        "It holds no picture: the web addresses of the pictures, films and galleries of your posts "
        "are counted and not fetched."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with the tables of posts, comments and votes."""
        return all(tree.find(f"{name}.csv") for name in ("posts", "comments", "post_votes"))

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the address of each post that is a picture, a film or a gallery."""
        for member in tree.find("posts.csv"):
            for row in tree.rows(member):
                url = row.get("url", "")
                found = of_picture(url) or (cleaned(url) if _HOSTED.search(url) else None)
                if found:
                    yield Address(address=found, context=_context(row, member))

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- a request's answer holds none
        """Tell nothing of a picture that somebody put there."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _context(row: Mapping[str, str], member: Member) -> Context:
    subreddit = text(row.get("subreddit"))
    # Whether a subreddit is private is not told; a profile, `u_` and a name, is public.
    own = (subreddit or "").startswith("u_")
    words = (text(row.get("title")), text(row.get("body")))
    return Context(
        platform=Reddit.title,
        kind=PictureKind.POST,
        permalink=cleaned(row.get("permalink")),
        caption=joined(*words),
        time=iso(row.get("date")),
        author=Author.OWNER,
        album=subreddit,
        audience=Audience.PUBLIC if own else Audience.UNKNOWN,
        listed_in=member.path,
    )
