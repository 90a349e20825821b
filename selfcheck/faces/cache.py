"""Keep built graphs in a cache folder, so that they are built once. Builds none itself.

A file is the SHA-256 of a graph followed by the graph. That finds damage, not malice: the
folder is the user's own, and whoever may write there could change the program as well.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

from selfcheck.errors import SelfcheckError
from selfcheck.privacy.files import write_atomically

_DIGEST = hashlib.sha256().digest_size


def cached(folder: Path, name: str, build: Callable[[], bytes]) -> bytes:
    """Give the graph kept in `folder` under `name`, or build it and keep it there.

    A missing or damaged file is built anew. A folder that cannot be written to costs only
    the time of building again in the next process. Raises what `build` raises.
    """
    path = folder / f"{name}.graph"
    graph = _load(path)
    if graph is None:
        graph = build()
        _keep(path, graph)
    return graph


def _load(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, graph = data[:_DIGEST], data[_DIGEST:]
    return graph if hashlib.sha256(graph).digest() == digest else None


def _keep(path: Path, graph: bytes) -> None:
    with contextlib.suppress(OSError, SelfcheckError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, hashlib.sha256(graph).digest() + graph)
