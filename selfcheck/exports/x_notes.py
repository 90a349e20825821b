"""The whole texts of X's long posts, which stand in a file of their own without a post's number."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from selfcheck.exports.documents import Documents
from selfcheck.exports.values import at, iso, text
from selfcheck.model import Moment

_START = 40  # characters by which a note is looked up
_MOST = 32 << 20  # characters kept
_NEAR = 60  # seconds
_CUT = re.compile(r"…\s*(https://t\.co/\w+\s*)*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The long texts of an archive by their first characters."""

    _texts: dict[str, list[tuple[float, str]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, tree: Documents) -> Notes:
        """Read the long texts; of more than 32 million characters the first ones."""
        notes, kept = cls(), 0
        for member in tree.find("note-tweet.js"):
            for entry in tree.items(member):
                whole = html.unescape(text(at(entry, "noteTweet", "core", "text")) or "")
                when = iso(at(entry, "noteTweet", "createdAt"))
                kept += len(whole)
                if when and len(whole) > _START and kept <= _MOST:
                    found = notes._texts.setdefault(whole[:_START], [])
                    found.append((when.when.timestamp(), whole))
        return notes

    def whole(self, words: str, when: Moment | None) -> str:
        """Give the whole text of a post that starts like it and is of the same time."""
        cut = _CUT.sub("", words)
        if cut == words or when is None:
            return words
        for seconds, note in self._texts.get(words[:_START], ()):
            if note.startswith(cut) and abs(when.when.timestamp() - seconds) <= _NEAR:
                return note
        return words
