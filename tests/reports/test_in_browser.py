"""The page in a real browser: nothing asked for, nothing refused, filters that filter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from selfcheck.model import Report
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


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    pages = []

    def open_report(report: Report, width: int = 1280) -> Opened:
        path = tmp_path / "report.html"
        path.write_bytes(render_html(report))
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        return Opened(page=page, asked=asked, said=said)

    yield open_report
    for page in pages:
        page.close()


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
