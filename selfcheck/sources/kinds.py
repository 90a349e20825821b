"""What a path is: a folder, a zip, a tar, one file; decided by content, not by name.

Owns the fingerprint too, by which an archive is known again under another name.
"""

from __future__ import annotations

import hashlib
import re
import stat
import tarfile
import zipfile
from itertools import islice
from pathlib import Path

from selfcheck.errors import SourceError
from selfcheck.model import PartInfo, Unreadable
from selfcheck.sources import names
from selfcheck.sources.inflate import gunzip
from selfcheck.sources.reading import MIB, Limits, blocks, open_file, take, told
from selfcheck.sources.tars import BLOCK_SIZE, GZIP_MAGIC
from selfcheck.sources.zip_directory import NoDirectory, start_of_directory

FOLDER, ZIP, TAR = "folder", "zip", "tar"
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_NAME = re.compile(r"\.(tar|tgz|tar\.gz)$", re.IGNORECASE)
_ZIP_NAME = re.compile(r"\.zip$", re.IGNORECASE)
# Volumes of one archive that was cut into pieces: none of them can be read alone.
_VOLUME = re.compile(r"\.(z\d\d|zip\.\d{3}|part\d+\.rar)$", re.IGNORECASE)


def part_of(path: Path) -> PartInfo:
    """Say what a path is; raise SourceError for what cannot be opened at all."""
    try:
        place = path.resolve()
        kind = FOLDER if is_folder(place) else _kind_of_file(place)
        fingerprint = _of_name(place) if kind == FOLDER else _of_archive(place, kind)
    except (Unreadable, OSError, RuntimeError) as trouble:  # RuntimeError: a loop of links
        raise unopened(path, trouble) from trouble
    return PartInfo(path=str(place), kind=kind, fingerprint=fingerprint, name=_name(place))


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder; raise Unreadable if nobody can say."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        raise told(error) from error


def unopened(path: Path, trouble: Exception) -> SourceError:
    """Put into words that a path named by the user cannot be opened."""
    why = trouble.detail if isinstance(trouble, Unreadable) else str(trouble)
    return SourceError(
        f"{path} cannot be opened: {why}", hint="check that it is there and that you may read it"
    )


def part_by_name(path: Path) -> PartInfo:
    """Take an archive in a folder of archives: one that is none is found out when it is listed."""
    try:
        return part_of(path)
    except SourceError:
        place = path.resolve()
        kind = TAR if _TAR_NAME.search(path.name) else ZIP
        return PartInfo(path=str(place), kind=kind, fingerprint=_of_name(place), name=_name(place))


def _kind_of_file(path: Path) -> str:
    if not path.is_file():
        raise SourceError(f"{path} is neither a file nor a folder", hint="give a file or a folder")
    if names.is_unfinished(path.name):
        raise SourceError(
            f"{path} is a download that is not finished",
            hint="wait for its end, or download it again",
        )
    with open_file(path) as file:
        start = take(file, BLOCK_SIZE)
    # A program in front of a zip makes it unpack itself: the zip is found from its end.
    named = _ZIP_NAME.search(path.name) is not None
    if start.startswith(_ZIP_STARTS) or (named and zipfile.is_zipfile(path)):
        return ZIP
    if _is_tar(path, start):
        return TAR
    if names.is_archive(path.name) or _VOLUME.search(path.name):
        raise _no_archive(path, start)
    return FOLDER


def _no_archive(path: Path, start: bytes) -> SourceError:
    if not start:
        return SourceError(f"{path} is empty", hint="download it again")
    if not _ZIP_NAME.search(path.name) and not _TAR_NAME.search(path.name):
        return SourceError(
            f"{path} is of a kind that is not read", hint="unpack it and give the folder"
        )
    return SourceError(
        f"{path} is named like an archive, but its content is something else",
        hint="download it again; if it opens in another program, unpack it and give the folder",
    )


def _is_tar(path: Path, start: bytes) -> bool:
    named = _TAR_NAME.search(path.name) is not None
    if start.startswith(GZIP_MAGIC):
        try:
            start = _unpacked_start(path)
        except Unreadable:
            return named  # too short to tell, so the name decides
    if len(start) < BLOCK_SIZE or not any(start[:BLOCK_SIZE]):
        return named and b"\0" in start  # cut in its first header, or empty
    try:
        tarfile.TarInfo.frombuf(start[:BLOCK_SIZE], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def _unpacked_start(path: Path) -> bytes:
    with open_file(path) as file:
        return b"".join(islice(gunzip(blocks(file, None), Limits()), 1))


def _of_archive(path: Path, kind: str) -> str:
    """Hash size, first and last MiB and, of a zip, the directory: quick, whatever the size."""
    size = path.stat().st_size
    digest = hashlib.sha256(f"{kind} {size} ".encode())
    with open_file(path) as file:
        for start in (0, max(0, size - MIB), _directory(path, size) if kind == ZIP else size):
            file.seek(start)
            for block in blocks(file, size - start if start else min(MIB, size)):
                digest.update(block)
    return digest.hexdigest()


def _directory(path: Path, size: int) -> int:
    try:
        return start_of_directory(path)
    except NoDirectory:
        return size


def _of_name(path: Path) -> str:
    return hashlib.sha256(f"{FOLDER} {names.store(str(path))}".encode()).hexdigest()


def _name(path: Path) -> str:
    return names.of_file(path.name or str(path))
