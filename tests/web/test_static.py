"""What the page's files must not hold, whatever a browser would do with it."""

from __future__ import annotations

import re
from importlib import resources

FOLDER = resources.files("selfcheck.web").joinpath("static")
HTML = FOLDER.joinpath("camera.html").read_text(encoding="utf-8")
SCRIPT = FOLDER.joinpath("camera.js").read_text(encoding="utf-8")
STYLE = FOLDER.joinpath("camera.css").read_text(encoding="utf-8")


def test_there_is_no_script_or_style_within_the_page() -> None:
    assert re.findall(r"<script[^>]*>(.*?)</script>", HTML) == [""]
    assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", HTML)
    assert "<style" not in HTML


def test_nothing_is_asked_of_anybody_else() -> None:
    addresses = re.findall(r"https?://[^'\" )]*", HTML + SCRIPT + STYLE)
    assert set(addresses) == {"http://www.w3.org/2000/svg"}  # a name, not a place
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert re.findall(r"(?:src|href)=\"([^\"]*?)[\":]", HTML) == [
        "data",
        "/camera.css",
        "/camera.js",
    ]


def test_no_text_becomes_markup_and_nothing_is_kept() -> None:
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "eval(", "Function(", "write("):
        assert word not in SCRIPT
    for word in ("localStorage", "sessionStorage", "indexedDB", "caches", "document.cookie"):
        assert word not in SCRIPT
