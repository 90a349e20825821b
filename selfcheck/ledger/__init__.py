"""The ledger: which files there are, what became of each, and what was found. Owns SQLite."""

from selfcheck.ledger.ledger import Ledger
from selfcheck.ledger.values import Item, RunRow, WrittenFile

__all__ = ["Item", "Ledger", "RunRow", "WrittenFile"]
