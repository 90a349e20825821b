"""Read dlib's numbers, names and tensors from a serialisation. Knows no layer.

Read from dlib's public sources: numbers and strings from dlib/serialize.h, tensors and
their aliases from dlib/cuda/tensor.h. Whatever does not fit is an EngineError.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from selfcheck.errors import EngineError

REINSTALL = "install the package face-recognition-models again"

# What lies beyond these is damage: the two nets have names of 23 letters and tensors of
# 590,080 values; dlib writes infinity and "not a number" as exponents of 32,000.
_LARGEST_NUMBER, _LARGEST_EXPONENT = 8, 900  # bytes; a power of two that a double holds
_LARGEST_DIMENSION, _LONGEST_NAME = 1 << 20, 100


class DlibStream:
    """A cursor over a serialisation that refuses whatever does not fit."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def refuse(self, what: str) -> NoReturn:
        """Say what does not fit, and where."""
        message = f"the face network cannot be read: {what} (at byte {self._at})"
        raise EngineError(message, hint=REINSTALL)

    def at_end(self) -> bool:
        """Say whether everything was read."""
        return self._at == len(self._data)

    def take(self, count: int) -> bytes:
        """Give the next bytes as they are."""
        if count < 0 or count > len(self._data) - self._at:
            self.refuse("the file ends too early")
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def number(self) -> int:
        """Read a whole number: a byte with its size and its sign, then little-endian bytes."""
        control = self.take(1)[0]
        size = control & 0x0F
        if control & 0x70 or not 1 <= size <= _LARGEST_NUMBER:
            self.refuse("a number is malformed")
        value = int.from_bytes(self.take(size), "little")
        return -value if control & 0x80 else value

    def real(self) -> float:
        """Read a real number: a mantissa and an exponent of two."""
        mantissa, exponent = self.number(), self.number()
        if abs(exponent) > _LARGEST_EXPONENT:
            self.refuse("a number is infinite or none")
        return float(mantissa) * 2.0**exponent

    def reals(self, count: int) -> list[float]:
        """Read several real numbers."""
        return [self.real() for _ in range(count)]

    def dimensions(self, count: int) -> list[int]:
        """Read several sizes."""
        values = [self.number() for _ in range(count)]
        if not all(0 <= value <= _LARGEST_DIMENSION for value in values):
            self.refuse("a size is out of range")
        return values

    def string(self) -> str:
        """Read a name."""
        size = self.number()
        if not 0 <= size <= _LONGEST_NAME:
            self.refuse("a name is out of range")
        return self.take(size).decode("latin-1")

    def tensor(self) -> NDArray[np.float32]:
        """Read a tensor of four dimensions."""
        self.expect_number(2, "version of a tensor")
        shape = self.dimensions(4)
        count = shape[0] * shape[1] * shape[2] * shape[3]
        values = np.frombuffer(self.take(4 * count), "<f4")
        if not np.isfinite(values).all():
            self.refuse("a weight is not a finite number")
        return values.astype(np.float32).reshape(shape)

    def alias(self) -> tuple[int, ...]:
        """Read the shape under which a layer sees part of its tensor of parameters."""
        self.expect_number(1, "version of an alias")
        return tuple(self.dimensions(4))

    def expect_number(self, expected: int, what: str) -> None:
        """Refuse any other number than this one."""
        found = self.number()
        if found != expected:
            self.refuse(f"{what} is {found} and not {expected}")

    def expect_string(self, expected: str) -> None:
        """Refuse any other name than this one."""
        if self.string() != expected:
            self.refuse(f"it is not {expected!r}")
