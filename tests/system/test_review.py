"""A review in a real browser, from the command line on: many pictures, and a death midway."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from review_stage import CONTEXT, sha, uncertain
from stage import Owner
from web.visitor import refused
from web.window import ARGUMENTS, CHROMIUM

from selfcheck.ledger import Ledger
from selfcheck.model import Decision

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

HOSTILE = '"><img src=x onerror=hurt()><script>hurt()</script>{{7*7}}[red]\u202egpj'
KEYS = {"y": Decision.ME, "n": Decision.NOT_ME, "u": Decision.UNSURE}


@dataclass(slots=True)
class Command:
    """A running `selfcheck review` whose page is to be opened."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, owner: Owner, *words: str) -> Command:
        return cls(
            subprocess.Popen(
                [sys.executable, "-m", "selfcheck", "review", "--browser", "none", *words],
                env={**os.environ, **owner.environment()},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )

    @property
    def address(self) -> str:
        """Wait for the page's address."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        assert ready
        line = self.process.stdout.readline().strip()
        assert line.startswith("http://127.0.0.1:"), line + self.ended()
        return line

    def ended(self) -> str:
        """Wait for its end and give what it said."""
        _, said = self.process.communicate(timeout=30)
        return " ".join(said.split())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


def press(tab: Page, key: str) -> None:
    """Press a key and wait for what comes next."""
    number = int(tab.get_attribute("body", "data-number") or 0)
    tab.keyboard.press(key)
    tab.wait_for_selector(f'body[data-number="{number + 1}"]')


def opened(browser: Browser, address: str) -> Page:
    tab = browser.new_page()
    tab.goto(address)
    tab.wait_for_selector('body[data-number="1"]')
    return tab


def kept(owner: Owner) -> tuple[dict[str, Decision], set[str]]:
    """Give the decisions and the pictures of which anything is kept."""
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        return ledger.decisions(), {each.sha256 for each in ledger.exposures()}


def test_two_hundred_pictures_by_keyboard_take_minutes(owner: Owner, browser: Browser) -> None:
    uncertain(owner, 200)
    command = Command.start(owner)
    tab = opened(browser, command.address)
    began = time.monotonic()
    answers = list(islice(cycle("ynuy"), 200))
    for key in answers:
        press(tab, key)
    tab.wait_for_selector('section[data-view="end"]:visible')
    seconds = time.monotonic() - began
    tab.keyboard.press("q")
    said = command.ended()
    assert command.process.returncode == 0, said
    assert "Answered: 100 me, 50 not me, 50 not sure. Left: 0 pictures." in said
    decisions, left = kept(owner)
    assert Counter(decisions.values()) == Counter(KEYS[key] for key in answers)
    assert left == {name for name, said in decisions.items() if said is not Decision.NOT_ME}
    print(f"200 pictures in {seconds:.1f} s")  # noqa: T201 -- pytest -s shows it
    assert seconds < 300
    tab.close()


def test_killed_midway_no_decision_is_lost_and_no_rejected_picture_kept(
    owner: Owner, browser: Browser
) -> None:
    uncertain(owner, 6)
    command = Command.start(owner)
    address = command.address
    tab = opened(browser, address)
    for key in "yunn":
        press(tab, key)
    command.process.kill()
    command.ended()
    tab.keyboard.press("y")
    tab.wait_for_selector('section[data-view="ended"]:visible')
    tab.close()
    assert refused(int(address.partition("/#")[0].rpartition(":")[2]))
    decisions, left = kept(owner)
    assert [decisions.get(sha(number)) for number in range(1, 7)] == [
        Decision.ME,
        Decision.UNSURE,
        Decision.NOT_ME,
        Decision.NOT_ME,
        None,
        None,
    ]
    assert left == {sha(1), sha(2), sha(5), sha(6)}
    again = Command.start(owner)
    tab = opened(browser, again.address)
    assert tab.inner_text("#progress") == "Picture 1 of 2, 1 left after it"
    tab.close()
    assert "Left: 2 pictures." in again.ended()


def test_hostile_captions_and_names_of_an_export_appear_as_text(
    owner: Owner, browser: Browser
) -> None:
    context = replace(CONTEXT, caption=HOSTILE, album=HOSTILE, author_name=HOSTILE)
    uncertain(owner, 1, context=context, name=HOSTILE.replace("/", "_") + "{}.jpg")
    command = Command.start(owner)
    complaints: list[str] = []
    tab = browser.new_page()
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(command.address)
    tab.wait_for_selector('body[data-number="1"]')
    said = tab.inner_text("#facts")
    assert said.count(HOSTILE.replace("\u202e", "")) == 3
    assert "\u202e" not in said
    assert tab.evaluate("document.querySelectorAll('main script, main img').length") == 1
    assert complaints == []
    tab.close()
    assert "Left: 1 picture." in command.ended()
