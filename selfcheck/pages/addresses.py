"""Web addresses of a page: made absolute, and the key under which variants of one image meet.

The key serves grouping only. An address is asked for as the page writes it, or not at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

LONGEST = 4096
EXTENSIONS = "jpe?g|jpe|jfif|pjpeg|png|webp|gif|avif|hei[cf]|bmp|tiff?|jxl"
_ENDS = re.compile(rf"\.(?:{EXTENSIONS}|svgz?|ico)(?=\Z|[?#]|[:!][\w-]{{1,20}}\Z)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}:")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_LONGEST_HOST = 253  # of DNS
_IN_NO_HOST = frozenset('%<>"\\^`{|}')
_MOST_DIGITS = 5  # of a size in an address
_BLANKS = {ord(blank): None for blank in "\t\n\r"}
_KEPT = "/%:@!$&'()*+,;=~-._?[]|"

# Sizes that sites write into addresses (reference: WordPress, Cloudinary, Blogger, Pixabay).
_BY = re.compile(r"[-_](\d{2,4})x(\d{2,4})(?=(?:\.\w{2,5}){0,2}\Z)")
_STEP = re.compile(r"(?<=[\w-])_(\d{3,4})(?=\.\w{2,5}\Z)")
# No year is among them, and no small number: `/s2024/` is a folder, `/s1600/` a size.
_STEPS = frozenset(
    (*(100, 150, 180, 200, 220, 240, 300, 320, 340, 342, 400, 480, 500, 512, 600, 640),
     *(780, 800, 960, 1024, 1200, 1280, 1440, 1600, 1920, 2048, 2560))
)  # fmt: skip
_TIMES = re.compile(r"@(\d)(?:\.\d)?x(?=\.\w{2,5}\Z)")
_TAIL = re.compile(r"=[swh](\d{1,4})(?:-[a-z]{1,4}\d{0,4}){0,9}\Z")
_SEGMENT = re.compile(r"(?:[sp]\d{2,4}x\d{2,4}|[swh]\d{2,4}(?:-[a-z]{1,2}\d{0,4}){1,6})\Z")
_BARE_SEGMENT = re.compile(r"[swh](\d{2,4})\Z")
_OPTION = re.compile(r"[a-z]{1,4}_[\w.:-]{1,40}\Z")
_OPTION_SIZE = re.compile(r"[wh]_\d{1,5}\Z")
_NUMBER = re.compile(r"\d{2,5}")
_PARAMETERS = frozenset({"w", "h", "width", "height", "q", "quality", "dpr"})
_OPTIONS = frozenset({"resize", "fit", "auto", "format", "fm", "crop", "ssl"})
_LONGEST_NAME = 8  # of a stem with digits in it, behind which `_640` is surely a size


@dataclass(frozen=True, slots=True)
class Variant:
    """An address, the key that variants of its image share, and the size that it tells."""

    address: str
    key: str
    sized: bool  # whether it tells a size at all
    width: int | None


def names_an_image(text: str) -> bool:
    """Say whether an address's path ends as those of images do."""
    return len(text) <= LONGEST and _ENDS.search(text) is not None


def absolute(text: str, base: str) -> str | None:
    """Make an address absolute, without its fragment; None unless it is one of the web."""
    text = text.strip("\t\n\f\r ").translate(_BLANKS)
    if not text or len(text) > LONGEST or text.startswith("#"):
        return None
    start, mark, query = text.partition("?")
    text = start.replace("\\", "/") + mark + query
    if _SCHEME.match(text) and not _WEB.match(text):
        return None
    try:
        parts = urlsplit(text if _WEB.match(text) else urljoin(base, text))
        told = quote(parts.path or "/", safe=_KEPT) + (
            "?" + quote(parts.query, safe=_KEPT) if parts.query else ""
        )
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # a port, a bracket or half a character that is none
        return None
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not _is_host(host) or "@" in parts.netloc:
        return None
    address = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{told}"
    return address if len(address) <= LONGEST else None


def _is_host(host: str) -> bool:
    wrong = any(sign <= " " or sign in _IN_NO_HOST for sign in host)
    return 0 < len(host) <= _LONGEST_HOST and not wrong


def variant(address: str) -> Variant:
    """Give an absolute address with its key."""
    _, _, rest = address.partition("://")
    rest, _, query = rest.partition("?")
    host, _, path = rest.partition("/")
    sizes: list[int] = []
    *folders, name = path.split("/")
    kept = [folder for folder in folders if not _is_size(folder, sizes)]
    name = _without_sizes(name, sizes)
    parameters = [one for one in query.split("&") if one and not _is_parameter(one, sizes)]
    key = "/".join((host, *kept, name)) + ("?" + "&".join(parameters) if parameters else "")
    sized = bool(sizes) or key != address.partition("://")[2]
    return Variant(address, key, sized, max(sizes, default=0) or None)


def _is_size(folder: str, sizes: list[int]) -> bool:
    options = folder.split(",")
    bare = _BARE_SEGMENT.match(folder)
    if (
        (bare and int(bare[1]) in _STEPS)
        or _SEGMENT.match(folder)
        or (all(map(_OPTION.match, options)) and any(map(_OPTION_SIZE.match, options)))
    ):
        sizes += map(int, _NUMBER.findall(folder))
        return True
    return False


def _without_sizes(name: str, sizes: list[int]) -> str:
    if found := _BY.search(name):
        sizes += (int(found[1]), int(found[2]))
    elif (found := _STEP.search(name)) and _is_step(name[: found.start()], found[1]):
        sizes.append(int(found[1]))
    elif found := _TIMES.search(name):
        sizes.append(0)
    elif found := _TAIL.search(name):
        sizes.append(int(found[1]))
    return name[: found.start()] + name[found.end() :] if sizes and found else name


def _is_step(stem: str, number: str) -> bool:
    """Tell `sunset-4879_640` from `IMG_1280`, which is another photo than `IMG_1920`."""
    return int(number) in _STEPS and len(stem) > _LONGEST_NAME and any(map(str.isdigit, stem))


def _is_parameter(parameter: str, sizes: list[int]) -> bool:
    name, _, value = parameter.partition("=")
    if name in _PARAMETERS and value.replace(".", "", 1).isdecimal() and len(value) <= _MOST_DIGITS:
        if name in {"w", "h", "width", "height"}:
            sizes.append(int(float(value)))
        return True
    return name in _OPTIONS
