"""How a verification came about. Values only."""

from __future__ import annotations

from enum import StrEnum


class Assurance(StrEnum):
    """How sure a verification is. The value is shown to people."""

    FILMED = "filmed"
    CAMERA = "camera"
    CAMERA_NO_LIGHT = "camera without light test"
