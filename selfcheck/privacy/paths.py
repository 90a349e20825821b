"""Where the tool keeps its data, and the checks that it is the owner's alone.

Owns names and permissions; the content of each file belongs to its own package.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from selfcheck.errors import ProfileError

VARIABLE = "SELFCHECK_HOME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The folder that holds everything the tool knows about its owner."""

    root: Path

    @property
    def profile(self) -> Path:
        """The encrypted profile."""
        return self.root / "profile"

    @property
    def key(self) -> Path:
        """The profile's key, where a passphrase protects it."""
        return self.root / "key"

    @property
    def verification(self) -> Path:
        """The last verification."""
        return self.root / "verification"

    @property
    def attempts(self) -> Path:
        """The record of every check that was tried."""
        return self.root / "attempts"

    @property
    def history(self) -> Path:
        """The lines of the history."""
        return self.root / "history"

    @property
    def history_head(self) -> Path:
        """The history's head, sealed, which names its last line."""
        return self.root / "history.head"

    @property
    def history_lock(self) -> Path:
        """The file that keeps two processes from writing one line."""
        return self.root / "history.lock"

    @property
    def ledger(self) -> Path:
        """The ledger's database."""
        return self.root / "ledger.sqlite3"

    @property
    def lock(self) -> Path:
        """The file that keeps two runs from using one ledger."""
        return self.root / "ledger.lock"

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> Home:
        """Find the home: SELFCHECK_HOME, otherwise the platform's user-data folder."""
        if chosen := environ.get(VARIABLE):
            return cls(root=_absolute(chosen))
        import platformdirs

        return cls(root=Path(platformdirs.user_data_dir("selfcheck", appauthor=False)))

    def prepare(self) -> None:
        """Create the home if need be and refuse one that others could read or redirect.

        From here on everything the process creates is the owner's alone (umask 077).
        Raises ProfileError for a home or a file in it that is a symbolic link, belongs to
        somebody else, or is open to the group or the world.
        """
        os.umask(0o077)
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ProfileError(
                f"the folder {self.root} cannot be used: {error.strerror or error}",
                hint=f"set {VARIABLE} to a folder of your own",
            ) from error
        _check(self.root, stat.S_IFDIR)
        for path in (
            self.profile,
            self.key,
            self.verification,
            self.attempts,
            self.history,
            self.history_head,
            self.history_lock,
            self.ledger,
            self.lock,
        ):
            _check(path, stat.S_IFREG)


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Find the folder for what can be computed again: beside SELFCHECK_HOME's data if set."""
    if chosen := environ.get(VARIABLE):
        return _absolute(chosen) / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir("selfcheck", appauthor=False))


def _absolute(chosen: str) -> Path:
    return Path(chosen).expanduser().absolute()


def _check(path: Path, kind: int) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode):
        raise ProfileError(
            f"{path} is a symbolic link, so somebody could redirect what is stored there",
            hint="put the real thing in its place",
        )
    if stat.S_IFMT(found.st_mode) != kind:
        raise ProfileError(f"{path} is not what belongs there", hint="move it away")
    # Windows keeps access lists instead; a user's data folder there is theirs by default.
    if os.name == "posix":
        _check_access(path, found)


def _check_access(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise ProfileError(
            f"{path} belongs to somebody else",
            hint=f"set {VARIABLE} to a folder of your own",
        )
    if found.st_mode & 0o077:
        wanted = "700" if stat.S_ISDIR(found.st_mode) else "600"
        raise ProfileError(
            f"{path} can be reached by other accounts on this computer",
            hint=f"chmod {wanted} '{path}'",
        )
