"""The review's page in a real browser: by key, by button, in a small window, for everybody."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from accessible import obstacles
from playwright.sync_api import Browser, BrowserContext, Page
from web.asker import FACTS, Asker, said
from web.visitor import servers
from web.window import CHROMIUM

from selfcheck.flows.asking import Fact
from selfcheck.web import ReviewPage, listener

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

HOSTILE = '"><img src=x onerror=hurt()><script>hurt()</script> {{7*7}} javascript:hurt()'


@dataclass(slots=True, kw_only=True)
class Window:
    """A window before the review's page, and what it asked for and complained of."""

    tab: Page
    page: ReviewPage
    asker: Asker
    context: BrowserContext
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("console", lambda message: self.complaints.append(message.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.goto(self.page.address)

    def number(self, number: int) -> None:
        """Wait until so many things were shown."""
        self.tab.wait_for_selector(f'body[data-number="{number}"]')

    def view(self, name: str) -> None:
        self.tab.wait_for_selector(f'main > section[data-view="{name}"]:visible')

    def press(self, *keys: str) -> None:
        """Press keys, each once what came before it is shown."""
        for key in keys:
            before = int(self.tab.get_attribute("body", "data-number") or 0)
            self.tab.keyboard.press(key)
            self.number(before + 1)

    @property
    def focused(self) -> str:
        return str(self.tab.evaluate("document.activeElement.innerText"))

    @property
    def clean(self) -> bool:
        """Say whether nothing was complained of, and nothing asked of anybody else."""
        place = self.page.address.partition("#")[0]
        ours = (place, "data:image/svg+xml,", "data:image/jpeg;base64,")
        return not self.complaints and all(url.startswith(ours) for url in self.asked)


Open = Callable[..., Window]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Give what opens a window before so many questions."""
    windows: list[Window] = []

    def window(total: int = 3, facts: tuple[Fact, ...] = FACTS, **look: object) -> Window:
        page = ReviewPage(listener()).__enter__()
        context = browser.new_context(**look)  # type: ignore[arg-type]
        asker = Asker(page, total=total, facts=facts).start()
        windows.append(Window(tab=context.new_page(), page=page, asker=asker, context=context))
        windows[-1].open()
        windows[-1].number(1)
        return windows[-1]

    yield window
    for one in windows:
        one.context.close()
        one.page.__exit__(None, None, None)


def test_keys_answer_undo_and_end_the_review(opened: Open) -> None:
    window = opened()
    assert window.tab.title() == "Is this you? – selfcheck"
    assert window.focused == "Is this you?"
    assert window.tab.inner_text("#progress") == "Picture 1 of 3, 2 left after it"
    window.press("y", "N", "z", "u")
    assert window.tab.inner_text("#progress") == "Picture 3 of 3, none left after it"
    window.press("n")
    window.view("end")
    assert window.focused == "That was the last picture"
    assert "“not me”" in window.tab.inner_text('[data-view="end"] [data-answer="undo"]')
    window.press("z")
    window.view("picture")
    window.press("y", "q")
    window.view("over")
    assert "You can close this window" in window.tab.inner_text("main")
    window.asker.wait()
    assert said(window.asker.answers) == [
        *("me", "not-me", "undo", "unsure", "not-me", "undo", "me", "stop"),
    ]
    assert window.clean


def test_buttons_do_what_the_keys_do(opened: Open) -> None:
    window = opened()
    for number, name in enumerate(("It is me", "Not sure", "Undo", "Not me"), start=2):
        window.tab.get_by_role("button", name=name).click()
        window.number(number)
    window.tab.get_by_role("button", name="Stop here").click()
    window.view("over")
    assert said(window.asker.answers) == ["me", "unsure", "undo", "not-me", "stop"]


def test_keyboard_reaches_every_button_and_keeps_its_place(opened: Open) -> None:
    window = opened()
    window.tab.keyboard.press("Tab")
    assert window.focused.startswith("It is me")
    window.press("Enter")
    assert window.focused.startswith("It is me")
    names = []
    for _ in range(5):
        window.tab.keyboard.press("Tab")
        names.append(window.focused.split("\n")[0])
    assert [name.split()[0] for name in names[:4]] == ["Not", "Not", "Undo", "Stop"]
    assert window.tab.evaluate("document.activeElement.id") == "keys"


def test_single_keys_can_be_switched_off(opened: Open) -> None:
    window = opened()
    window.tab.uncheck("#keys")
    window.tab.keyboard.press("y")
    window.tab.wait_for_timeout(300)
    assert window.asker.answers == []
    window.tab.check("#keys")
    window.press("y")
    assert said(window.asker.answers) == ["me"]


def test_key_that_is_held_down_answers_once_and_with_others_never(opened: Open) -> None:
    window = opened()
    for keys in ("Control+n", "Alt+n", "Meta+n", "x", "Escape"):
        window.tab.keyboard.press(keys)
    window.tab.keyboard.down("n")
    window.number(2)
    for _ in range(5):
        window.tab.keyboard.down("n")  # again without having come up: a repeat
    window.tab.wait_for_timeout(300)
    assert said(window.asker.answers) == ["not-me"]


def test_what_was_said_before_and_what_can_be_undone_is_told(opened: Open) -> None:
    window = opened()
    assert not window.tab.is_visible('[data-view="picture"] [data-answer="undo"]')
    assert not window.tab.is_visible("#before")
    window.press("n")
    assert window.tab.inner_text("#before") == "Before, you said: not sure."
    assert "“not me”" in window.tab.inner_text('[data-view="picture"] [data-answer="undo"]')


def test_hostile_words_are_words(opened: Open) -> None:
    facts = (Fact(name="Caption", text=HOSTILE), Fact(name="File", text=f"{HOSTILE}.jpg"))
    window = opened(facts=facts)
    assert window.tab.inner_text("#facts dd >> nth=0") == HOSTILE
    assert window.tab.evaluate("document.querySelectorAll('main script, main img').length") == 1
    assert window.tab.evaluate("document.querySelectorAll('main a, dd > :not(bdi)').length") == 0
    assert window.clean


def test_picture_is_the_one_that_is_asked_about_and_gone_when_it_is_over(opened: Open) -> None:
    window = opened(1)
    assert window.tab.evaluate("document.querySelector('#picture').naturalWidth") > 100
    assert "number 1" in str(window.tab.get_attribute("#picture", "alt"))
    window.press("y")
    window.view("end")
    assert window.tab.get_attribute("#picture", "src") is None
    assert window.tab.inner_text("main").count("lake") == 0


@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (1280, 800), (2560, 1300)])
def test_page_fits_its_window(opened: Open, width: int, height: int) -> None:
    facts = (*FACTS, Fact(name="File", text="x" * 300))
    window = opened(facts=facts, viewport={"width": width, "height": height})
    assert window.tab.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("It is me", "Not me", "Not sure"):
        box = window.tab.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height, name
        assert min(box["width"], box["height"]) >= 44


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_view_shuts_anybody_out(opened: Open, width: int, scheme: str) -> None:
    window = opened(total=1, viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert obstacles(window.tab) == []
    window.press("y")
    window.view("end")
    assert obstacles(window.tab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark(opened: Open, scheme: str) -> None:
    window = opened(color_scheme=scheme)
    for selector in ("h1#question", "#progress", ".hint", "dt", ".answer", ".quiet >> nth=1"):
        assert _contrast(window.tab, selector) >= 4.5, selector


def test_nothing_moves_for_whoever_wants_less_motion(opened: Open) -> None:
    window = opened(reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter(element => {
      const style = getComputedStyle(element);
      return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).length"""
    assert window.tab.evaluate(moving) == 0


def test_reload_goes_on_and_a_second_window_is_told_no(opened: Open) -> None:
    window = opened()
    window.press("y")
    window.tab.reload()
    window.number(2)
    assert window.tab.inner_text("#progress").startswith("Picture 2 of 3")
    second = window.context.new_page()
    second.goto(window.page.address)
    second.wait_for_selector('section[data-view="elsewhere"]:visible')
    window.press("n")
    assert said(window.asker.answers) == ["me", "not-me"]


def test_page_says_when_the_program_is_gone(opened: Open) -> None:
    window = opened()
    for server in servers():
        os.kill(server, signal.SIGTERM)
    window.tab.keyboard.press("y")
    window.view("ended")
    assert "selfcheck review" in window.tab.inner_text("main")


def test_page_that_is_closed_stops_the_review(opened: Open) -> None:
    window = opened()
    window.press("y")
    window.tab.close(run_before_unload=True)
    window.asker.wait()
    assert said(window.asker.answers) == ["me", "stop"]


def _contrast(tab: Page, selector: str) -> float:
    """Give the contrast of words with what lies behind them, as WCAG 2 has it."""
    colours = tab.locator(selector).first.evaluate(
        """element => {
          let behind = element;
          const clear = "rgba(0, 0, 0, 0)";
          while (getComputedStyle(behind).backgroundColor === clear) behind = behind.parentElement;
          return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
        }"""
    )
    light, dark = sorted((_luminance(colour) for colour in colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
