"""The fallback: any folder or archive of pictures that no platform's export claims.

Owns no format of its own: it reads times in names, and the sidecars that Google Photos
leaves beside pictures that were copied out of a Takeout.
"""

from __future__ import annotations

from collections.abc import Iterator

from selfcheck.exports import google_photos, mail
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.names import time_in
from selfcheck.model import Context, Missing, Picture, PictureKind, Rule


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
        "and the JSON files that Google Photos leaves beside pictures."
    )

    def claims(self, tree: Documents) -> bool:  # noqa: ARG002 - claims any
        """Claim every tree: this is the last of the exports."""
        return True

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield the pictures that have a sidecar beside them, and those in mail."""
        yield from google_photos.read(tree, platform=self.title, library=False)
        yield from mail.read(tree, platform=self.title)

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name; who could see it, a folder does not tell."""
        return Context(platform=self.title, kind=PictureKind.FILE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)
