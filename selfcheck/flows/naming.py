"""What a page says of its pictures: kept sealed until a picture is known, a context if it matched.

Owns what is asked for of what a page shows, the form at rest, and the context in the web.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from selfcheck import identity
from selfcheck.model import Answered, Audience, Context, PictureKind, Reason, Skipped
from selfcheck.pages import Page, PageImage
from selfcheck.sources import web
from selfcheck.sources.web import Address, NoAddress

PLATFORM = "Web"
_LONGEST = 2000  # characters of a text that a page writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What is said of a picture where it stands.

    addresses: to try, largest first; none where the page itself holds the picture.
    """

    page: str
    addresses: tuple[str, ...] = ()
    title: str = ""
    alt: str = ""
    caption: str = ""

    def sealed(self, key: bytes) -> bytes:
        """Lock it up under the profile's key."""
        told = [self.page, self.addresses, *(t[:_LONGEST] for t in self._texts)]
        return identity.seal(key, json.dumps(told).encode(), _PURPOSE)

    @property
    def _texts(self) -> tuple[str, str, str]:
        return self.title, self.alt, self.caption

    def context(self, answered: Answered | None) -> Context:
        """Say where and among which words a picture stands.

        It was asked for without a log-in, so anybody can see it.
        """
        return Context(
            platform=PLATFORM,
            kind=PictureKind.PAGE,
            permalink=self.page,
            caption=self.caption or self.alt or None,
            album=self.title or None,
            audience=Audience.PUBLIC,
            listed_in=self.page,
            answered=None if answered is None else answered.at,
            modified=None if answered is None else _time(answered.last_modified),
        )


_PURPOSE = "named"


def opened(key: bytes, sealed: bytes) -> Named:
    """Open what `Named.sealed` locked up."""
    page, addresses, title, alt, caption = json.loads(identity.unseal(key, sealed, _PURPOSE))
    return Named(page=page, addresses=tuple(addresses), title=title, alt=alt, caption=caption)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One picture that a page shows: the path it goes by, and where its bytes are to be had.

    refused: why it is not asked for. data: its bytes, where the page itself holds them.
    """

    path: str
    named: Named
    addresses: tuple[Address, ...] = ()
    data: bytes = field(default=b"", repr=False)
    refused: Skipped | None = None


def shown(page: Page, *, by: Address, given: str) -> Iterator[Shown]:
    """Say of each picture of a page what is to be done; `by` is where the page was in the end."""
    for image in page.images:
        found = [web.named(one, by=by) for one in image.addresses]
        addresses = tuple(one for one in found if isinstance(one, Address))
        named = Named(
            page=given,
            addresses=tuple(map(str, addresses)),
            title=page.title,
            alt=image.alt,
            caption=image.caption,
        )
        if addresses:
            yield Shown(path=str(addresses[0]), named=named, addresses=addresses)
        elif image.data:
            yield Shown(path=_inline(given, image), named=named, data=image.data)
        else:
            no = next((one for one in found if isinstance(one, NoAddress)), None)
            text = image.addresses[0][:_LONGEST] if image.addresses else given
            yield Shown(path=text, named=named, refused=refused(text, no))


def refused(text: str, no: NoAddress | None) -> Skipped:
    """Say why an address is not asked for."""
    detail = no.fault.value if no is not None else ""
    return Skipped(item=text, reason=Reason.NO_WEB_ADDRESS, detail=detail)


def _inline(given: str, image: PageImage) -> str:
    return f"{given}#picture-{hashlib.sha256(image.data).hexdigest()[:16]}"


def _time(written: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
