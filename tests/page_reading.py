"""A reader of saved pages that reads them in this process, for every picture."""

from __future__ import annotations

from selfcheck.exports import ReadPage
from selfcheck.flows import worker
from selfcheck.model import Member


class ReadsHere:
    """Stands for the workers; keeps what it was asked to read."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, str, str | None]] = []

    def matters(self, member: Member) -> bool:
        return True

    def read(self, data: bytes, *, address: str, charset: str | None) -> ReadPage | None:
        self.asked.append((data, address, charset))
        return worker.read_saved_page(data, address, charset)
