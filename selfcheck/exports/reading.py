"""How one document of an export is read, whatever it is written in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from selfcheck.model import Reason, Unreadable


class BeyondLimits(ValueError):
    """A document that no platform writes: reading on would eat memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read one document: as a stream, whole, and whom to tell of trouble."""

    open: Callable[[], BinaryIO]
    whole: Callable[[], bytes]
    trouble: Callable[[Reason, str], None]

    def tell(self, error: Exception) -> None:
        """Tell of what stopped the reading of a stream."""
        match error:
            case Unreadable():
                self.trouble(error.reason, error.detail)
            case BeyondLimits():
                self.trouble(Reason.HOSTILE, str(error))
            case _:
                self.trouble(Reason.DAMAGED, type(error).__name__)
