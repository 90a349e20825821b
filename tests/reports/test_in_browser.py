"""The page in a real browser: nothing asked for, nothing refused, filters that filter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Protocol

import pytest
from accessible import obstacles
from playwright.sync_api import Browser, Page, sync_playwright

from selfcheck.model import Band, Report
from selfcheck.reports import row, write
from selfcheck.reports.html_report import render_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A page, what the browser asked for to show it, and what it complained about."""

    page: Page
    asked: list[str]
    said: list[str]


class Open(Protocol):
    """What the fixture `opened` gives: a report shown in a window of some width."""

    def __call__(self, report: Report, width: int = 1280) -> Opened: ...


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


class Show(Protocol):
    """What the fixture `shown` gives: a file shown in a window of some width."""

    def __call__(self, path: Path, width: int = 1280, *, dark: bool = False) -> Opened: ...


@pytest.fixture
def shown(browser: Browser) -> Iterator[Show]:
    pages = []

    def show(path: Path, width: int = 1280, *, dark: bool = False) -> Opened:
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        pages.append(page)
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        return Opened(page=page, asked=asked, said=said)

    yield show
    for page in pages:
        page.close()


@pytest.fixture
def opened(shown: Show, tmp_path: Path) -> Open:
    def open_report(report: Report, width: int = 1280) -> Opened:
        path = tmp_path / "report.html"
        path.write_bytes(render_html(report))
        return shown(path, width)

    return open_report


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory, full: Report) -> dict[int, tuple[Path, ...]]:
    """Write reports of 0, 1, 300 and 10,000 exposures; give the pages of each, the first last."""
    folder = tmp_path_factory.mktemp("sizes")
    return {
        amount: write(_of_size(full, amount), folder / f"{amount}.html", row("html"))
        for amount in (0, 1, 300, 10_000)
    }


def _of_size(report: Report, amount: int) -> Report:
    """Repeat what a report found until it has so many exposures, no two of the same name."""
    exposures = tuple(
        replace(each, sha256=f"{n:064x}")
        for n, each in enumerate(islice(cycle(report.exposures), amount))
    )
    urgent = tuple(one.sha256 for one in exposures if one.match.band is Band.YOU)
    return replace(report, exposures=exposures, urgent=urgent)


@dataclass(frozen=True, slots=True)
class Look:
    """Which page of a report of which size, in what window."""

    amount: int
    page: int = -1  # among those written: the first page is the last of them
    width: int = 1280
    dark: bool = False


LOOKS = (
    *(Look(amount) for amount in (0, 1, 300, 10_000)),
    *(Look(amount, width=390, dark=True) for amount in (0, 1, 300)),
    Look(10_000, page=-2, width=390, dark=True),
)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_no_page_of_any_size_shuts_anybody_out(
    sizes: dict[int, tuple[Path, ...]], shown: Show, look: Look
) -> None:
    path = sizes[look.amount][look.page]
    seen = shown(path, look.width, dark=look.dark)
    assert obstacles(seen.page) == []
    assert seen.said == []
    assert [url for url in seen.asked if not url.startswith("data:")] == [path.as_uri()]
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= look.width


def test_from_page_to_page_of_a_large_report(
    sizes: dict[int, tuple[Path, ...]], shown: Show
) -> None:
    page = shown(sizes[10_000][-1]).page
    page.click("nav.pages a >> nth=1")
    page.wait_for_url("**/10000.page-2.html#exposures")
    assert "page 2 of 20" in page.title()
    assert page.locator(".pages >> nth=0").locator("[aria-current]").inner_text() == "2"
    page.click("text=Back to the beginning of the report")
    page.wait_for_url("**/10000.html")
    page.click(".urgent a >> nth=0")
    assert page.evaluate("document.querySelector(':target') !== null")


@pytest.mark.parametrize("name", ["hostile", "only_pending", "nothing_found", "full", "visited"])
def test_the_page_asks_for_nothing_and_breaks_no_rule(
    name: str, opened: Open, request: pytest.FixtureRequest
) -> None:
    seen = opened(request.getfixturevalue(name))
    outside = [url for url in seen.asked if not url.startswith("data:image/jpeg;base64,")]
    assert outside == [seen.page.url]
    assert seen.said == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_fits_its_window(opened: Open, hostile: Report, full: Report, width: int) -> None:
    for report in (hostile, full):
        page = opened(report, width).page
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_picture_can_be_decoded(opened: Open, full: Report) -> None:
    page = opened(full).page
    sizes = page.evaluate("Array.from(document.images, image => image.naturalWidth)")
    assert len(sizes) == 2 * 6  # in the gallery, and beside what to deal with first
    assert all(size > 0 for size in sizes)


def test_filters_work_from_the_keyboard(opened: Open, full: Report) -> None:
    page = opened(full).page
    assert page.locator("article:visible").count() == 8
    page.focus("#show-all")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("#show-p1")
    assert page.locator("article:visible").count() == 4
    page.focus("#show-both")
    page.keyboard.press("ArrowRight")
    assert page.locator("article:visible").count() == 3
    assert page.locator("article.maybe:visible").count() == 0


def test_a_choice_without_pictures_says_so(opened: Open, full: Report) -> None:
    page = opened(full).page
    assert not page.is_visible(".none")
    page.check("#show-p4")
    page.check("#show-you")
    assert page.locator("article:visible").count() == 0
    assert page.is_visible(".none")
    assert page.locator("details.group:visible").count() == 0


def test_the_style_is_applied_under_the_policy(opened: Open, full: Report) -> None:
    page = opened(full).page
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
