"""The headers of a request: a fixed list, the same for every user who asks for the first time.

Owns what is sent. No cookies, no languages, no query of the page one comes from. Asked again, a
host gets back what it said of the version it gave, by which it can tell that it was asked before.
"""

from __future__ import annotations

import re
from importlib.metadata import version

from selfcheck.sources.web.addresses import Address
from selfcheck.sources.web.outcomes import Want, Wanted

ALLOWED = (
    "Host",
    "User-Agent",
    "Accept",
    "Accept-Encoding",
    "Referer",
    "If-None-Match",
    "If-Modified-Since",
)
# Hosts choose formats by it: what cameras and networks write comes before what saves bytes.
_PICTURE = "image/jpeg,image/png,image/*;q=0.8,video/*;q=0.5,*/*;q=0.1"
_ACCEPT = {
    Want.ADDRESS: "text/html,image/*;q=0.9,video/*;q=0.8,*/*;q=0.1",
    Want.PAGE: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    Want.PICTURE: _PICTURE,
    Want.ROBOTS: "text/plain,*/*;q=0.1",
}
# A picture that comes packed is rare and a way to attack.
_PACKED = frozenset({Want.ADDRESS, Want.PAGE})
# What a host said earlier goes back to it only in the form in which the standard writes it.
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,256}"')
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")


def user_agent() -> str:
    """Name this program as it is, to whom it asks."""
    return f"selfcheck/{version('selfcheck')} (user-initiated)"


def headers_for(wanted: Wanted, at: Address) -> list[tuple[str, str]]:
    """Give the headers of the request for `at`, where `wanted` or its redirects led."""
    sent = [
        ("Host", at.netloc),
        ("User-Agent", user_agent()),
        ("Accept", _ACCEPT[wanted.want]),
        ("Accept-Encoding", "gzip" if wanted.want in _PACKED else "identity"),
    ]
    if wanted.page is not None and wanted.page.origin == at.origin:
        sent.append(("Referer", wanted.page.bare))
    if wanted.known is not None and wanted.address.origin == at.origin:
        if _ETAG.fullmatch(wanted.known.etag):
            sent.append(("If-None-Match", wanted.known.etag))
        if _DATE.fullmatch(wanted.known.last_modified):
            sent.append(("If-Modified-Since", wanted.known.last_modified))
    return sent
