"""What every export offers, and the rules for files that no platform means as pictures.

A new export is one module that offers an `Export`, a fixture folder and a row in `EXPORTS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from selfcheck.exports.documents import Documents
from selfcheck.model import Context, Listed, Rule

_SYSTEM = re.compile(
    r"(^|/)(__macosx/|@eadir/|\._[^/]*$|\.ds_store$|thumbs\.db$|desktop\.ini$|icon\r$)"
)


class Export(Protocol):
    """One platform's export: how it is recognised, and what it says of its pictures."""

    @property
    def name(self) -> str:
        """The name in lower case, as in fixtures: `facebook`."""

    @property
    def title(self) -> str:
        """The name as people write it, and the `platform` of its contexts: `Facebook`."""

    @property
    def how(self) -> str:
        """How to ask the platform for it, in one to three sentences."""

    @property
    def reads(self) -> str:
        """What is read of it, in one sentence."""

    def claims(self, tree: Documents) -> bool:
        """Say whether the tree is an export of this platform, wherever its root lies."""

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield every listed picture once for each place where it stands, in a stable order.

        A listed picture that no part holds is `Missing`, one that stands only in the web an
        `Address` with the same context. Values of the wrong type and documents that break off
        never raise; `tree.troubles` names such documents.
        """

    def unlisted(self, path: str) -> Context:
        """Give what the path alone tells of a picture that the export does not list."""

    def ignores(self, path: str) -> Rule | None:
        """Name the rule by which a file is known not to be one of the person's pictures."""


@lru_cache(maxsize=4)  # every export asks for one path after the other
def system_file(path: str) -> Rule | None:
    """Name the rule for files that operating systems leave in folders and archives."""
    return Rule.SYSTEM if _SYSTEM.search(path.casefold()) else None
