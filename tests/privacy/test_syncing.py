"""A report that lies in a folder which a program uploads is told of before it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from selfcheck.privacy.syncing import synced_by


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("Dropbox/a", "Dropbox"),
        ("Dropbox (Personal)", "Dropbox"),
        ("OneDrive - Example Ltd/Documents", "OneDrive"),
        ("Library/CloudStorage/OneDrive-Personal", "OneDrive"),
        ("Library/CloudStorage/GoogleDrive-a@example.org/My Drive", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud Drive"),
        ("iCloudDrive", "iCloud Drive"),
        ("nextcloud/x", "Nextcloud"),
        ("Proton Drive", "Proton Drive"),
    ],
)
def test_folders_of_sync_programs_are_known_by_name(
    tmp_path: Path, folder: str, program: str
) -> None:
    assert synced_by(tmp_path / folder / "report.html") == program


@pytest.mark.parametrize(
    ("mark", "program"),
    [(".stfolder", "Syncthing"), (".dropbox.cache", "Dropbox"), (".sync", "Resilio Sync")],
)
def test_renamed_folders_are_known_by_the_marks_in_them(
    tmp_path: Path, mark: str, program: str
) -> None:
    (tmp_path / "mine" / mark).mkdir(parents=True)
    assert synced_by(tmp_path / "mine" / "deep" / "report.html") == program


@pytest.mark.parametrize("folder", ["", "my dropbox list", "boxes", "megabytes", "Documents"])
def test_other_folders_are_not(tmp_path: Path, folder: str) -> None:
    assert synced_by(tmp_path / folder / "report.html") is None
