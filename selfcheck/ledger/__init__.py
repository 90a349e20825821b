"""The ledger: which files there are, what became of each, and what was found. Owns SQLite."""

from selfcheck.ledger.ledger import Ledger
from selfcheck.ledger.values import Item, RemovalRow, RunRow, WebItem, WrittenFile

__all__ = ["Item", "Ledger", "RemovalRow", "RunRow", "WebItem", "WrittenFile"]
