"""What platforms hand to authorities about somebody, told by the names of its files.

selfcheck looks for its user in what the user downloaded. A return is what an investigator
holds about somebody else, so a scan refuses it. Sources, seen 2026-11: the readers of RLEAPP
(`fbig*`, `snapMemN`, iCloud returns), which name these files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from selfcheck.exports.documents import fold

# All marks of a platform must be met: each alone may lie in anybody's folder.
_MARKS: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    "Meta": (re.compile(r"(^|/)records\.html$"), re.compile(r"(^|/)linked_media/[^/]+$")),
    "Snapchat": (re.compile(r"(^|/)memories\.csv$"), re.compile(r"(^|/)conversations\.csv$")),
    "Apple": (re.compile(r"(^|/)cloudphotolibrary/metadata\.txt$"),),
}


class Returns:
    """Watches a tree's paths go by."""

    def __init__(self) -> None:
        self._waiting = {name: list(marks) for name, marks in _MARKS.items()}

    def sees(self, path: str) -> str | None:
        """Take one more path; name the platform once the tree is a return of it."""
        folded = fold(path)
        for platform, marks in self._waiting.items():
            marks[:] = [mark for mark in marks if not mark.search(folded)]
            if not marks:
                return platform
        return None
