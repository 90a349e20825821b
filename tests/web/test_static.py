"""What the pages' files must not hold, whatever a browser would do with it."""

from __future__ import annotations

import re
from importlib import resources

import pytest

FOLDER = resources.files("selfcheck.web").joinpath("static")


@pytest.fixture(params=["camera", "review"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read(name: str, kind: str) -> str:
    return FOLDER.joinpath(f"{name}.{kind}").read_text(encoding="utf-8")


def test_there_is_no_script_or_style_within_the_page(name: str) -> None:
    html = read(name, "html")
    assert re.findall(r"<script[^>]*>(.*?)</script>", html) == [""]
    assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", html)
    assert "<style" not in html


def test_nothing_is_asked_of_anybody_else(name: str) -> None:
    html, script, style = (read(name, kind) for kind in ("html", "js", "css"))
    addresses = re.findall(r"https?://[^'\" )]*", html + script + style)
    assert set(addresses) == {"http://www.w3.org/2000/svg"}  # a name, not a place
    assert "url(" not in style
    assert "@import" not in style
    assert re.findall(r"(?:src|href)=\"([^\"]*?)[\":]", html) == [
        "data",
        f"/{name}.css",
        f"/{name}.js",
    ]


def test_no_text_becomes_markup_and_nothing_is_kept(name: str) -> None:
    script = read(name, "js")
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "eval(", "Function(", "write("):
        assert word not in script
    for word in ("localStorage", "sessionStorage", "indexedDB", "caches", "document.cookie"):
        assert word not in script
