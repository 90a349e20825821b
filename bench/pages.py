"""Count which images of a page are found: by selfcheck, and by two programs that read any page.

    uv run --with gallery-dl --with trafilatura python -m bench.pages

The page is tests/fixtures/site/index.html, which places images in every way. Of gallery-dl it is
the generic extractor, of trafilatura its reader with images, and the picture among its metadata.
What is not installed is left out. Nothing is fetched. Prints the tables of docs/pages.md.
"""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urldefrag

from selfcheck import pages
from selfcheck.pages import Page

PAGE = Path(__file__).parents[1] / "tests" / "fixtures" / "site" / "index.html"
ADDRESS = "https://site.example/pages/index.html"
TIMES = 20

# What a program finds in a page: addresses, as it writes them.
Peer: TypeAlias = Callable[[str], set[str]]


def gallery_dl(text: str) -> set[str]:
    module: Any = importlib.import_module("gallery_dl.extractor.generic")
    extractor = module.GenericExtractor.from_url(f"generic:{ADDRESS}")
    return {address for address, _ in extractor.images(text)}


def trafilatura(text: str) -> set[str]:
    module: Any = importlib.import_module("trafilatura")
    read = module.extract(text, url=ADDRESS, include_images=True, output_format="xml") or ""
    found = set(re.findall(r'<graphic[^>]*? src="([^"]*)"', read))
    told = module.extract_metadata(text, default_url=ADDRESS)
    return found | ({told.image} if told and told.image else set())


PEERS: dict[str, Peer] = {"gallery-dl": gallery_dl, "trafilatura": trafilatura}


def main() -> None:
    text = PAGE.read_text("utf-8")
    page = pages.read(text.encode(), address=ADDRESS)
    found = {name: _seconds(peer, text) for name, peer in PEERS.items() if _installed(name)}
    titles = ["way", "selfcheck", *(f"{name} {version(name)}" for name in found)]
    print(_row(titles), _row("---" for _ in titles), sep="\n")
    per_way: dict[str, list[list[str]]] = {}
    for image in page.images:
        cells = [_cell(image, addresses) for addresses, _ in found.values()]
        per_way.setdefault(image.where[0].value, []).append(cells)
    for way, images in per_way.items():
        columns = [_sum(column) for column in zip(*images, strict=True)]
        print(_row([way, f"{len(images)} of {len(images)}", *columns]))
    known = {address for image in page.images for address in image.addresses}
    extra = [f"{len(addresses - known)}" for addresses, _ in found.values()]
    print(_row(["named besides, and none of these images", "", *extra]))
    own = _seconds(_selfcheck, text)[1]
    timed = [f"{seconds * 1000:.1f} ms" for _, seconds in found.values()]
    print(_row(["time", f"{own * 1000:.1f} ms", *timed]))
    _hostile()


def _selfcheck(text: str) -> set[str]:
    page: Page = pages.read(text.encode(), address=ADDRESS)
    return {address for image in page.images for address in image.addresses}


def _cell(image: pages.PageImage, addresses: set[str]) -> str:
    if image.addresses and image.addresses[0] in addresses:
        return "found"
    return "smaller" if addresses & set(image.addresses) else ""


def _sum(column: Sequence[str]) -> str:
    found, smaller = column.count("found"), column.count("smaller")
    return f"{found} of {len(column)}" + (f", {smaller} smaller" if smaller else "")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _seconds(peer: Peer, text: str) -> tuple[set[str], float]:
    """Ask several times, and take the shortest: other work on the machine only adds."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        found = {urldefrag(address).url for address in peer(text)}
        took.append(time.perf_counter() - began)
    return found, min(took)


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        print(f"{name} is not installed")
        return False
    return True


def _hostile() -> None:
    """Time pages of 10 MiB that are built to take long."""
    most = 10 << 20
    bombs = {
        "200,000 nested `<div>`": "<div>" * 200_000,
        "620,000 different `<img>`": "".join(f"<img src={number}>" for number in range(620_000)),
        "950,000 times the same `<img>`": "<img src=a>" * 953_250,
        "`<b>`, all the way": "<b>" * (most // 3),
        "`</b>`, all the way": "</b>" * (most // 4),
        "`<p><font a=1>`, `a=2`, ...": "".join(f"<p><font a={one}>" for one in range(550_000)),
        "one tag of a million attributes": "<p " + " ".join(f"a{one}" for one in range(10**6)),
        "`url(a)`, all the way": "<style>" + "url(a)" * (most // 6),
        "different `background` styles": "".join(
            f"<p style=background:url({one}.jpg)>" for one in range(280_000)
        ),
        "`<a `, all the way": "<a " * (most // 3),
        "`<!--`, all the way": "<!--" * (most // 4),
    }
    print("\n| page of up to 10 MiB | processor time | read |\n| --- | ---: | --- |")
    for name, text in bombs.items():
        began = time.process_time()
        page = pages.read(text.encode()[:most], address=ADDRESS)
        took = time.process_time() - began
        print(_row([name, f"{took:.1f} s", "tag by tag" if page.by_tags else "as a tree"]))


if __name__ == "__main__":
    main()
