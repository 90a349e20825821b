"""A search of a page's whole text for what its markup did not tell: the last resort."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.pages.addresses import EXTENSIONS

# Not more than this of one text: each is a few steps of Python.
_MOST = 20_000
# A token is read once: where it is no address, the search goes on behind it.
_TOKEN = re.compile(
    r"(?:https?:)?//(?=[\w\[])[^\s\"'<>\\`^{}]{4,2000}+|(?<=[\"'])/(?=\w)[^\s\"'<>\\`^{}]{3,2000}+"
    r"|data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]{2732,}+",
    re.IGNORECASE,
)
_IMAGE = re.compile(
    rf"\.(?:{EXTENSIONS})(?:(?=\Z|[#,;)\]|!&])|:\w{{1,12}}(?=\Z|[,;)\]])|(\?[^,;)\]|]*+))",
    re.IGNORECASE,
)
_ESCAPES = (
    (r"\/", "/"),
    ("\\u002F", "/"),
    ("\\u002f", "/"),
    ("\\u0026", "&"),
    ("\\u003d", "="),
    ("\\u003D", "="),
    ("\\u0022", '"'),
    ("\\x2F", "/"),
    ("\\x2f", "/"),
    ('\\"', '"'),
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&#x2F;", "/"),
    ("&#x2f;", "/"),
    ("&#47;", "/"),
    ("&amp;", "&"),
    ("&#38;", "&"),
)


def addresses(text: str) -> Iterator[str]:
    """Give whatever looks like an image's address, from the site's root at the shortest."""
    for written, meant in _ESCAPES:
        text = text.replace(written, meant)
    for count, found in enumerate(_TOKEN.finditer(text)):
        token = found[0]
        if count >= _MOST:
            return
        if token[:5].lower() == "data:":
            yield token
            continue
        path = token.find("/", token.find("//") + 2)  # a host may end in `.jpg` as well
        if path >= 0 and (image := _IMAGE.search(token, path)):
            yield token[: image.end()]
