"""Whether a file would lie in a folder that some program copies to other computers.

Knows the names that such programs give their folders, and the marks that they leave in them; a
folder that was renamed and holds no mark is not recognised.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

# As the programs name them by default (2026); OneDrive and Google Drive add an account.
_NAMES: Final = {
    "Dropbox": r"dropbox( \(.*\))?",
    "OneDrive": r"onedrive( - .*|-.*)?|skydrive",
    "Google Drive": r"google ?drive(-.*)?|drivefs",
    "iCloud Drive": r"icloud ?drive|com~apple~clouddocs|mobile documents",
    "Nextcloud": r"nextcloud",
    "ownCloud": r"owncloud",
    "pCloud": r"pcloud ?drive",
    "MEGA": r"mega( uploads)?|megasync",
    "Box": r"box( sync)?|box-box",
    "Proton Drive": r"proton ?drive(-.*)?",
    "Seafile": r"seafile",
    "kDrive": r"kdrive",
}
_MARKS: Final = {
    "Dropbox": (".dropbox", ".dropbox.cache"),
    "Syncthing": (".stfolder",),
    "Resilio Sync": (".sync",),
    "Nextcloud": (".nextcloudsync.log", ".sync_nextcloud.db"),
    "ownCloud": (".owncloudsync.log",),
}


def synced_by(path: Path) -> str | None:
    """Name the program that would copy a file from here to other computers; None if none shows."""
    for folder in path.expanduser().absolute().parents:
        for program, pattern in _NAMES.items():
            if re.fullmatch(pattern, folder.name, re.IGNORECASE):
                return program
        for program, marks in _MARKS.items():
            if any((folder / mark).exists() for mark in marks):
                return program
    return None
