"""Which file of Facebook's download lists what, in JSON and HTML alike, and what names tell.

Owns the tables; how a document is read is `facebook_json`'s and `facebook_html`'s.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from selfcheck.exports.documents import fold
from selfcheck.exports.meta import Listing
from selfcheck.model import Audience, Author, PictureKind


def _row(
    pattern: str,
    kind: PictureKind,
    author: Author = Author.OWNER,
    audience: Audience = Audience.UNKNOWN,
    *,
    sure: bool = True,
) -> Listing:
    found = re.compile(rf"(^|/){pattern}\.(json|html)$")
    return Listing(pattern=found, kind=kind, author=author, audience=audience, sure=sure)


# First match wins. No file of Facebook's tells who could see a post (looked for, 2026-11); what
# lies in archive and trash is seen by nobody but the owner.
ROWS: tuple[Listing, ...] = (
    _row(r"messages/([^/]+/)+message(_\d+)?", PictureKind.MESSAGE, Author.UNKNOWN),
    _row(r"(posts|photos_and_videos)/album/\d+", PictureKind.ALBUM),
    _row(r"posts/(archive|trash)", PictureKind.ARCHIVE, Author.OWNER, Audience.PRIVATE),
    _row(r"posts/(your|profile)_posts[^/]*", PictureKind.POST),  # `profile_`: of a Page
    _row(r"(posts|photos_and_videos)/your_(uncategorized_)?photos", PictureKind.POST),
    _row(r"(posts|photos_and_videos)/(your_)?videos", PictureKind.POST),
    _row(r"posts/check-ins", PictureKind.POST),
    _row(r"posts/[^/]*", PictureKind.POST, Author.UNKNOWN),
    _row(r"(reels|short_videos)/[^/]*", PictureKind.POST),
    _row(r"(notes/[^/]*|notes)", PictureKind.POST),
    _row(r"events/(your_events[^/]*|events|events_you_hosted)", PictureKind.POST, sure=False),
    _row(r"stories/[^/]*", PictureKind.STORY),
    _row(r"comments(_and_reactions)?/[^/]*", PictureKind.COMMENT),
    _row(r"groups/[^/]*", PictureKind.GROUP, Author.OWNER, Audience.GROUP),
    _row(r"[^/]*", PictureKind.FILE, Author.UNKNOWN, sure=False),
)
EVENTS = re.compile(r"(^|/)events/[^/]*$")
GROUP_POSTS = re.compile(r"(^|/)groups/group_posts[^/]*$")
# Drawn faces, and what Facebook showed the person of others.
NOT_READ = re.compile(
    r"(^|/)(your_avatar|meta_avatars[^/]*)\.(json|html)$|(^|/)(ads_information|logged_information)/"
)
STICKERS = re.compile(r"(^|/)stickers_used/")  # under messages and, since 2023, under posts/media

# Albums that Facebook makes itself are known only by their translated names.
_PROFILE = """
profile pictures|profilbilder|photos de profil|fotos del perfil|fotos de perfil|fotos do perfil
immagini del profilo|profielfoto's|profilbilleder|zdjęcia profilowe|profilové fotky|profilképek
fotografii de profil|profil fotoğrafları|фото профиля|foto profil|ảnh đại diện|プロフィール写真
프로필 사진|头像|大頭貼照
"""
_COVER = """
cover photos|titelbilder|photos de couverture|fotos de portada|fotos da capa|fotos de capa
immagini di copertina|omslagfoto's|omslagsfoton|coverbilleder|forsidebilder|zdjęcia w tle
úvodní fotky|borítóképek|fotografii de copertă|kapak fotoğrafları|фото обложки|foto sampul|ảnh bìa
カバー写真|커버 사진|封面照片|封面相片
"""
# `111_222_333_n_444.jpg`: the number appended last is the photo's own in albums and posts.
_PHOTO = re.compile(r"^\d+_\d+_\d+_[a-z]_(\d+)\.(?:jpe?g|png|webp|heic|gif)$")
_POST = re.compile(r"/(posts|permalink|photos?|videos|reel)(/|\.php|$)|^/(permalink|story)\.php$")
_FACEBOOK = re.compile(r"^(?:[a-z-]+\.)?facebook\.com$")
_MENTION = re.compile(r"@\[\d+:\d*:([^\]\[]{1,200})\]")  # `@[100:2048:Bo Example]`, seen 2025


def album_kind(name: str) -> PictureKind:
    """Tell the albums of profile and cover pictures by their name."""
    squeezed = _squeezed(name)
    if squeezed in _PROFILE_NAMES:
        return PictureKind.PROFILE
    return PictureKind.COVER if squeezed in _COVER_NAMES else PictureKind.ALBUM


def photo_page(uri: str, kind: PictureKind) -> str | None:
    """Derive a photo's page from its file name; older names have the number, newer may not."""
    found = _PHOTO.search(fold(uri.rpartition("/")[2])) if kind in _WITH_PAGES else None
    return f"https://www.facebook.com/photo/?fbid={found[1]}" if found else None


def post_page(address: str) -> str | None:
    """Give an address if it is the page of one post, photo or film."""
    found = page(address)
    return found if found and _POST.search(urlsplit(found).path) else None


def page(address: str) -> str | None:
    """Give an address if it is a page of Facebook's own, taken out of the export's redirects.

    Since about 2021 links lead through `/dyi/l/?l=`, mostly with a sealed target (seen 2026).
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _FACEBOOK.search(host):
        return None
    if not parts.path.startswith("/dyi/"):
        return address
    target = parse_qs(parts.query).get("l", [""])[0]
    return page(target) if "/dyi/" not in target else None


def without_tokens(text: str | None) -> str | None:
    """Write mentions of people and Pages as Facebook shows them, without their numbers."""
    return _MENTION.sub(r"\1", text).strip() or None if text else None


def _squeezed(name: str) -> str:
    return "".join(fold(name).split())


_WITH_PAGES = (PictureKind.ALBUM, PictureKind.POST, PictureKind.PROFILE, PictureKind.COVER)
_PROFILE_NAMES = frozenset(map(_squeezed, _PROFILE.strip().replace("\n", "|").split("|")))
_COVER_NAMES = frozenset(map(_squeezed, _COVER.strip().replace("\n", "|").split("|")))
