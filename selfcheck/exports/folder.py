"""The fallback: any folder or archive of pictures that no platform's export claims.

Owns no format of its own: it reads times in names, the sidecars that lie beside pictures
(XMP, and the JSON of a Takeout they were copied out of), and the addresses that texts mention.
"""

from __future__ import annotations

from collections.abc import Iterator

from selfcheck.exports import google_photos, mail, mentions, saved_pages, xmp
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.model import Context, Listed, Member, Picture, PictureKind, Rule


class Folder:
    """Pictures in a folder or an archive."""

    name = "folder"
    title = "Folder"
    how = (
        "Name any folder, zip, tar or tar.gz that holds pictures: a phone's backup, "
        "a camera's card, another service's download."
    )
    reads = (
        "Every picture whatever its name, times that cameras and programs write into file names, "
        "the XMP files and the JSON files of Google Photos beside pictures, and the addresses of "
        "pictures that HTML, CSV and JSON files mention."
    )

    def claims(self, tree: Documents) -> bool:  # noqa: ARG002 - claims any
        """Claim every tree: this is the last of the exports."""
        return True

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield pictures with a sidecar, those in mail and saved pages, the addresses mentioned."""
        known: set[Member] = set()
        sidecars = xmp.has(tree)
        for found in google_photos.read(tree, platform=self.title, library=False):
            if sidecars and isinstance(found, Picture):
                known.add(found.member)
            yield found
        yield from xmp.read(tree, platform=self.title, known=known)
        yield from mail.read(tree, platform=self.title)
        yield from saved_pages.read(tree, platform=self.title)
        # What a saved page's pictures are called in the web is told with the pictures.
        for one in mentions.read(tree, platform=self.title):
            if not mail.TOLD.search(fold(one.context.listed_in or "")):
                yield one

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name; who could see it, a folder does not tell."""
        return Context(platform=self.title, kind=PictureKind.FILE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)
