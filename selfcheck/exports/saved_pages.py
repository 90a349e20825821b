"""Pages that somebody saved: MHTML and web archives (WARC).

Owns how they are recognised; what their headers tell is read as that of mail is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports import mail
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.names import time_in
from selfcheck.model import Context, Listed, PictureKind, Rule

# A WACZ is a zip with lists beside its web archives (WACZ 1.2.0).
_IN_PAGES = re.compile(
    r"(?:^|/)[^/]+\.(?:mht(?:ml)?|warc(?:\.gz)?)/"
    r"|(?:^|/)(?:datapackage(?:-digest)?\.json|pages/\w+\.jsonl|indexes/[^/]+)$"
)


class SavedPages:
    """Web pages saved as one file, and web archives."""

    name = "saved_pages"
    title = "Saved page"
    how = (
        "In Chrome or Edge, save a page as a single file (mhtml), or record it as a web archive "
        "(warc, wacz). Name the files, or the folder that holds them."
    )
    reads = "Every picture that was saved with the page, with the page's address and title."

    def claims(self, tree: Documents) -> bool:
        """Claim trees that hold saved pages and nothing else."""
        return mail.only(tree, _IN_PAGES)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the pictures of every page."""
        return mail.read(tree, platform=self.title)

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name; the page is not known."""
        return Context(platform=self.title, kind=PictureKind.PAGE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)
