"""Which images a web page names, and in which words.

Owns the reading of HTML that somebody else wrote. Fetches nothing, opens nothing, and never
raises for what a page holds.
"""

from __future__ import annotations

from selfcheck.pages.reader import read
from selfcheck.pages.values import Cut, LeftOut, Page, PageImage, Where

__all__ = ["Cut", "LeftOut", "Page", "PageImage", "Where", "read"]
