"""Where bytes come from: folders and archives as one read-only tree, nothing ever extracted."""

from selfcheck.sources.gathering import gather
from selfcheck.sources.reading import Limits
from selfcheck.sources.tree import PartsTree, reopen

__all__ = ["Limits", "PartsTree", "gather", "reopen"]
