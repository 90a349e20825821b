"""What the platforms' exports look like, one module each; the fallback comes last."""

from __future__ import annotations

from selfcheck.exports.contract import Export, system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.facebook import Facebook
from selfcheck.exports.folder import Folder
from selfcheck.exports.google_takeout import GoogleTakeout
from selfcheck.exports.instagram import Instagram

__all__ = ["EXPORTS", "Documents", "Export", "recognise", "system_file"]

EXPORTS: tuple[Export, ...] = (Facebook(), Instagram(), GoogleTakeout(), Folder())


def recognise(documents: Documents) -> Export:
    """Find the first export that claims the tree; the fallback always does."""
    return next(export for export in EXPORTS if export.claims(documents))
