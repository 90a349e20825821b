"""Looks at what works on this machine, and names one command that mends what does not."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from selfcheck import identity, pictures
from selfcheck.errors import SelfcheckError
from selfcheck.privacy import network
from selfcheck.privacy.paths import Home, cache_folder

REINSTALL = "uv tool install --reinstall --overrides overrides.txt ."


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing a machine needs: whether it works, what was seen, and what mends it."""

    name: str
    works: bool
    seen: str
    mend: str = ""


def examine(home: Home) -> Iterator[Check]:
    """Yield one check after the other; none of them raises."""
    checks: tuple[tuple[str, Callable[[], str], str], ...] = (
        ("Python", platform.python_version, ""),
        ("data folder", lambda: _home(home), f"choose another with {home_variable()}"),
        ("face networks", _networks, REINSTALL),
        ("landmarks", _landmarks, REINSTALL),
        ("HEIC and AVIF", _codecs, REINSTALL),
        ("key store", _keys, ""),
        ("network ban", lambda: ", ".join(network.forbid()), ""),
    )
    for name, look, mend in checks:
        try:
            yield Check(name=name, works=True, seen=look())
        except (SelfcheckError, ImportError, OSError) as error:
            yield Check(name=name, works=False, seen=str(error), mend=mend)


def home_variable() -> str:
    """Name the environment variable that moves the data folder."""
    from selfcheck.privacy.paths import VARIABLE

    return VARIABLE


def _home(home: Home) -> str:
    home.prepare()
    return str(home.root)


def _networks() -> str:
    from selfcheck.faces import open_engine

    return open_engine("onnx", cache=cache_folder()).signature


def _landmarks() -> str:
    import numpy as np

    from selfcheck.faces import landmarks68
    from selfcheck.model import Box

    grey = np.full((80, 80, 3), 128, np.uint8)
    return f"{len(landmarks68(grey, Box(left=10, top=10, right=70, bottom=70)))} points"


def _codecs() -> str:
    import numpy as np

    grey = np.full((64, 64, 3), 128, np.uint8)
    for kind in (pictures.Format.HEIC, pictures.Format.AVIF):
        still = pictures.decode(pictures.save(grey, kind))
        if isinstance(still, pictures.Unreadable):
            raise SelfcheckError(f"{kind}: {still.detail}")
    return "read"


def _keys() -> str:
    backend = identity.trusted_backend()
    if backend is None:
        return "none that encrypts: a passphrase takes its place"
    return type(backend).__module__
