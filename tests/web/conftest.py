"""A page that is really served, on a free port of this computer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from web.visitor import Taker, Visitor
from web.window import ARGUMENTS, CAMERA, CHROMIUM, Window

from selfcheck.web import CameraPage, listener


@pytest.fixture
def page() -> Iterator[CameraPage]:
    """Serve a page nobody has opened."""
    with CameraPage(listener()) as served:
        yield served


@pytest.fixture
def visitor(page: CameraPage) -> Visitor:
    """Stand before the page with its token."""
    return Visitor.at(page)


@pytest.fixture
def guest(visitor: Visitor) -> Visitor:
    """Have entered with the token."""
    assert visitor.enter().status == 200
    return visitor


@pytest.fixture(scope="module")
def lasting() -> Iterator[Visitor]:
    """Have entered a page that the tests of a module share, because they change nothing there."""
    with CameraPage(listener()) as served:
        found = Visitor.at(served)
        assert found.enter().status == 200
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser, page: CameraPage) -> Iterator[Window]:
    """Stand before a page with a drawn camera; nothing is opened yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(CAMERA)
    taker = Taker(page).start()
    opened = Window(page=page, taker=taker, context=context, tab=context.new_page())
    opened.listen()
    yield opened
    context.close()
