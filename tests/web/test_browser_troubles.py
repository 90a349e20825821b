"""The page in a real browser: what goes wrong, and how a person learns of it."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import Browser
from web.visitor import Taker, servers, soon
from web.window import CHROMIUM, Window

from selfcheck.errors import VerificationFailed
from selfcheck.identity.cue import Cue, Phase
from selfcheck.web import CameraPage
from selfcheck.web.troubles import CameraTrouble

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


ERRORS = {
    "NotAllowedError": CameraTrouble.REFUSED,
    "SecurityError": CameraTrouble.REFUSED,
    "NotFoundError": CameraTrouble.MISSING,
    "NotReadableError": CameraTrouble.BUSY,
    "AbortError": CameraTrouble.BUSY,
    "OverconstrainedError": CameraTrouble.UNSUITABLE,
    "SomethingNewError": CameraTrouble.BUSY,
}


def test_camera_that_cannot_be_used_is_explained_and_tried_again(window: Window) -> None:
    window.open()
    for tried, (error, trouble) in enumerate(ERRORS.items(), start=1):
        window.tab.evaluate(f"camera.error = '{error}'")
        window.tab.keyboard.press("Enter")
        window.tab.wait_for_function(f"camera.asked.length === {tried}")
        window.view("trouble")
        assert window.text("#trouble-title") == trouble.sentence
        assert window.text("#trouble-detail") == trouble.mend
        assert window.focused() == "Try again"
    window.tab.evaluate("camera.error = ''")
    window.tab.keyboard.press("Enter")
    window.phase(Phase.PLACE)
    assert soon(lambda: bool(window.taker.shots))
    assert window.clean


def test_browser_without_a_camera_interface_says_so(window: Window) -> None:
    window.open()
    window.tab.evaluate("navigator.mediaDevices = undefined")
    window.tab.click("#start")
    window.view("trouble")
    assert window.text("#trouble-title") == CameraTrouble.UNSUPPORTED.sentence


@pytest.mark.parametrize("event", ["ended", "mute"])
def test_camera_that_stops_midway_is_explained_and_can_go_on(window: Window, event: str) -> None:
    window.start()
    window.show(Cue(phase=Phase.REST, number=1, done=2))
    window.tab.evaluate(f"""() => {{
      const track = camera.tracks[0];
      Object.defineProperty(track, "muted", {{ value: true }});
      track.dispatchEvent(new Event("{event}"));
    }}""")
    window.view("trouble")
    assert window.text("#trouble-title") == CameraTrouble.LOST.sentence
    assert window.tab.evaluate("camera.tracks[0].readyState") == "ended"
    before = len(window.taker.shots)
    window.tab.keyboard.press("Enter")
    window.view("check")
    assert soon(lambda: len(window.taker.shots) > before + 1)
    assert window.text("#progress") == "2 of 5 steps done"


def test_camera_that_gives_no_picture_is_explained(window: Window) -> None:
    window.open()
    never = "() => { HTMLVideoElement.prototype.play = () => new Promise(() => {}); }"
    window.tab.evaluate(never)
    window.tab.click("#start")
    window.view("trouble")  # after ten seconds
    assert window.text("#trouble-title") == CameraTrouble.LOST.sentence
    assert window.tab.evaluate("camera.tracks[0].readyState") == "ended"


@pytest.mark.parametrize("status", [503, 400])
def test_page_that_is_turned_away_again_and_again_says_so(window: Window, status: int) -> None:
    window.start()
    window.tab.route("**/frame", lambda route: route.fulfill(status=status))
    window.view("ended")
    assert window.tab.evaluate("camera.tracks[0].readyState") == "ended"


def test_page_that_is_closed_with_a_trouble_names_it_in_the_terminal(window: Window) -> None:
    window.open()
    window.tab.evaluate("camera.error = 'NotAllowedError'")
    window.tab.click("#start")
    window.view("trouble")
    window.tab.close()
    window.taker.wait()
    assert isinstance(window.taker.error, VerificationFailed)
    assert window.taker.error.sentence == CameraTrouble.REFUSED.sentence


def test_second_window_says_that_the_check_is_open_elsewhere(window: Window) -> None:
    window.start()
    second = window.context.new_page()
    second.goto(window.page.address)
    second.wait_for_selector('section[data-view="elsewhere"]:visible')
    assert "run the command again" in second.inner_text("main")
    third = window.context.new_page()
    third.goto(window.page.address.partition("#")[0])
    third.wait_for_selector('section[data-view="elsewhere"]:visible')
    before = len(window.taker.shots)
    window.tab.bring_to_front()
    assert soon(lambda: len(window.taker.shots) > before + 3)


def test_reload_before_the_first_picture_goes_on(window: Window) -> None:
    window.open()
    window.tab.evaluate("camera.error = 'NotAllowedError'")
    window.tab.click("#start")
    window.view("trouble")
    window.tab.reload()
    window.view("start")
    window.tab.click("#start")
    window.phase(Phase.PLACE)
    assert soon(lambda: bool(window.taker.shots))


def test_reload_in_the_middle_ends_the_check_and_says_so(window: Window) -> None:
    window.start()
    assert soon(lambda: bool(window.taker.shots))
    window.tab.reload()
    window.view("elsewhere")
    window.taker.wait()
    assert isinstance(window.taker.error, VerificationFailed)


@pytest.mark.parametrize("leave", ["close", "go elsewhere"])
def test_page_that_is_left_ends_the_check(window: Window, leave: str) -> None:
    window.start()
    assert soon(lambda: bool(window.taker.shots))
    if leave == "close":
        window.tab.close(run_before_unload=True)
    else:
        window.tab.goto("about:blank")
    window.taker.wait(6)
    assert window.taker.error is not None
    assert window.taker.error.sentence == "The page was closed before the check was done."


def test_page_says_when_the_program_is_gone(window: Window) -> None:
    window.start()
    for server in servers():
        os.kill(server, signal.SIGTERM)
    window.view("ended")
    assert "The terminal says" in window.text("main")
    assert window.tab.evaluate("camera.tracks[0].readyState") == "ended"


# --- a camera of the browser's own


@pytest.mark.parametrize("allowed", [True, False])
def test_browsers_own_camera_is_used_when_it_is_allowed(
    browser: Browser,
    page: CameraPage,
    allowed: bool,  # noqa: FBT001
) -> None:
    context = browser.new_context(permissions=["camera"] if allowed else [])
    taker = Taker(page).start()
    window = Window(page=page, taker=taker, context=context, tab=context.new_page())
    window.listen()
    window.open()
    window.tab.click("#start")
    if allowed:
        window.phase(Phase.PLACE)
        assert soon(lambda: len(taker.shots) > 5)
        assert taker.shots[-1].data.startswith(b"\xff\xd8")
    else:
        window.view("trouble")
        assert window.text("#trouble-title") == CameraTrouble.REFUSED.sentence
    assert window.clean
    context.close()
