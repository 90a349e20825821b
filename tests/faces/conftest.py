"""One engine and one picture for all tests of the faces; nobody in them exists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.people import PEOPLE, View, portrait
from selfcheck.faces import Engine, open_engine


@pytest.fixture(scope="session")
def graph_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


@pytest.fixture(scope="session")
def engine(graph_cache: Path) -> Engine:
    return open_engine(cache=graph_cache)


@pytest.fixture(scope="session")
def ada() -> NDArray[np.uint8]:
    """Give a frontal portrait of 320x320 px with a face of about 140 px."""
    return portrait(PEOPLE[0], View(), width=320, height=320, seed=1)
