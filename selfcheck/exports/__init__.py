"""What the platforms' exports look like, one module each; the fallback comes last."""

from __future__ import annotations

from itertools import islice

from selfcheck.exports.bluesky import Bluesky
from selfcheck.exports.bookmarks import Bookmarks
from selfcheck.exports.contract import Export
from selfcheck.exports.discord import Discord
from selfcheck.exports.documents import Documents
from selfcheck.exports.facebook import Facebook
from selfcheck.exports.flickr import Flickr
from selfcheck.exports.folder import Folder
from selfcheck.exports.google_takeout import GoogleTakeout
from selfcheck.exports.hinge import Hinge
from selfcheck.exports.icloud import ICloud
from selfcheck.exports.instagram import Instagram
from selfcheck.exports.kakaotalk import KakaoTalk
from selfcheck.exports.linkedin import LinkedIn
from selfcheck.exports.mail import Mail
from selfcheck.exports.mastodon import Mastodon
from selfcheck.exports.medium import Medium
from selfcheck.exports.messenger import Messenger
from selfcheck.exports.page_words import PageReader, ReadImage, ReadPage
from selfcheck.exports.pinterest import Pinterest
from selfcheck.exports.pixelfed import Pixelfed
from selfcheck.exports.reddit import Reddit
from selfcheck.exports.returns import Returns
from selfcheck.exports.saved_pages import SavedPages
from selfcheck.exports.several import side_by_side
from selfcheck.exports.signal import Signal
from selfcheck.exports.skype import Skype
from selfcheck.exports.slack import Slack
from selfcheck.exports.snapchat import Snapchat
from selfcheck.exports.strava import Strava
from selfcheck.exports.telegram import Telegram
from selfcheck.exports.tiktok import TikTok
from selfcheck.exports.tinder import Tinder
from selfcheck.exports.tumblr import Tumblr
from selfcheck.exports.vk import Vk
from selfcheck.exports.whatsapp import WhatsApp
from selfcheck.exports.x import X
from selfcheck.model import Rule

__all__ = [
    "EXPORTS",
    "Documents",
    "Export",
    "PageReader",
    "ReadImage",
    "ReadPage",
    "Returns",
    "ignored",
    "recognise",
]

EXPORTS: tuple[Export, ...] = (
    Facebook(),
    Instagram(),
    Messenger(),
    GoogleTakeout(),
    X(),
    WhatsApp(),
    Telegram(),
    Discord(),
    Slack(),
    Skype(),
    Snapchat(),
    TikTok(),
    LinkedIn(),
    Pinterest(),
    Reddit(),
    Flickr(),
    Vk(),
    Strava(),
    Medium(),
    Tinder(),
    Hinge(),
    Mastodon(),
    Bluesky(),
    Pixelfed(),
    ICloud(),
    Signal(),
    KakaoTalk(),
    Tumblr(),
    Mail(),
    SavedPages(),
    Bookmarks(),
    Folder(),
)


def ignored(path: str) -> Rule | None:
    """Name the rule by which a file is left alone, whichever platform's it is.

    By path alone, so that a stream, whose platform shows at its end, is treated like a zip.
    """
    return next((rule for one in EXPORTS if (rule := one.ignores(path)) is not None), None)


def recognise(documents: Documents) -> Export:
    """Find the export that claims the tree, or those that lie in it side by side.

    An export's own files are claimed by nobody else, so where two claim the tree, both are in it.
    """
    claiming = list(islice((export for export in EXPORTS if export.claims(documents)), 2))
    several = side_by_side(documents, EXPORTS) if claiming[-1] is not EXPORTS[-1] else None
    return several or claiming[0]
