"""The page in a real browser: what a person sees, and what reaches the command."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Literal

import pytest
from accessible import obstacles
from PIL import Image
from playwright.sync_api import Browser
from web.visitor import soon
from web.window import CHROMIUM, Window

from selfcheck.identity.challenge import Step
from selfcheck.identity.colour import PALETTE
from selfcheck.identity.cue import Cue, Phase, Trouble
from selfcheck.web import CameraPage, listener

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


# --- before the check


def test_start_screen_explains_before_the_camera_is_asked_for(window: Window) -> None:
    window.open()
    said = window.text("main")
    for words in ("on this computer", "not stored", "five things", "colour", "--no-light"):
        assert words in said
    assert window.tab.evaluate("camera.asked.length") == 0
    assert window.focused() == "Start the camera"
    assert window.tab.title() == "Show that it is you – selfcheck"
    assert window.clean
    assert not window.taker.shots


def test_without_colours_nobody_is_warned_of_them(browser: Browser) -> None:
    with CameraPage(listener(), colours=False) as page:
        tab = browser.new_page()
        tab.goto(page.address)
        tab.wait_for_selector('section[data-view="start"]:visible')
        said = tab.inner_text("main")
        assert "colour" not in said
        assert "--no-light" not in said
        assert tab.get_attribute("#start", "aria-describedby") == "lead"
        tab.close()


def test_token_does_not_stay_in_the_address(window: Window) -> None:
    window.open()
    assert window.tab.url == window.page.address.partition("#")[0]


def test_keyboard_alone_starts_the_check(window: Window) -> None:
    window.open()
    # It has the focus already, and the only button is found again from everywhere.
    window.tab.keyboard.press("Tab")
    window.tab.keyboard.press("Shift+Tab")
    assert window.focused() == "Start the camera"
    window.tab.keyboard.press("Enter")
    window.phase(Phase.PLACE)
    assert window.focused() == "Put your face into the oval"


def test_camera_is_asked_for_without_sound(window: Window) -> None:
    window.start()
    assert window.tab.evaluate("camera.asked") == [
        {
            "audio": False,
            "video": {
                "width": {"ideal": 640},
                "height": {"ideal": 480},
                "frameRate": {"ideal": 30},
                "facingMode": "user",
            },
        }
    ]


# --- pictures


def test_at_least_eight_pictures_a_second_arrive_as_the_camera_sees_them(window: Window) -> None:
    window.start()
    window.tab.wait_for_timeout(2500)
    seconds = [shot.seconds for shot in window.taker.shots]
    assert seconds == sorted(seconds)
    assert (len(seconds) - 1) / seconds[-1] >= 8
    assert (len(seconds) - 1) / seconds[-1] <= 14
    with Image.open(io.BytesIO(window.taker.shots[-1].data)) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (640, 480)
        left, right = (picture.getpixel((x, 200)) for x in (100, 540))
    # Red is on the left, as the camera sees it; the page shows it as a mirror does.
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 2 * left[2]
    assert right[2] > 2 * right[0]
    mirrored = "getComputedStyle(document.querySelector('video')).transform"
    assert window.tab.evaluate(mirrored) == "matrix(-1, 0, 0, 1, 0, 0)"
    assert window.clean


def test_pictures_say_which_cue_was_on_the_screen(window: Window) -> None:
    window.start()
    for number in (3, 4, 9):
        window.show(Cue(phase=Phase.REST, number=number))
        assert soon(lambda: window.taker.shots[-1].cue == number)  # noqa: B023 -- called at once
    told = [shot.cue for shot in window.taker.shots]
    assert told == sorted(told)
    assert set(told) <= {0, 3, 4, 9}


def test_hidden_tab_sends_nothing_and_calls_the_person_back(window: Window) -> None:
    window.start()
    assert soon(lambda: len(window.taker.shots) > 2)
    hide = """hidden => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    window.tab.evaluate(hide, True)  # noqa: FBT003 -- a value of JavaScript
    assert window.tab.title() == "Come back to this page – selfcheck"
    window.tab.wait_for_timeout(300)
    before = len(window.taker.shots)
    window.tab.wait_for_timeout(700)
    assert len(window.taker.shots) == before
    window.tab.evaluate(hide, False)  # noqa: FBT003 -- a value of JavaScript
    assert window.tab.title() == "Put your face into the oval – selfcheck"
    assert soon(lambda: len(window.taker.shots) > before)


# --- what is shown


def _signs(window: Window) -> list[str]:
    names = "signs => signs.filter(s => s.checkVisibility()).map(s => s.dataset.sign)"
    found = window.tab.eval_on_selector_all("[data-sign]", names)
    assert isinstance(found, list)
    return found


def test_every_step_has_one_sign_and_its_words(window: Window) -> None:
    window.start()
    for number, step in enumerate(Step, start=1):
        window.show(Cue(phase=Phase.STEP, number=number, step=step, done=1))
        assert _signs(window) == [step.name.lower().replace("_", "-")]
        assert window.tab.get_attribute("body", "data-step") == _signs(window)[0]
        assert window.text("#progress") == "Step 2 of 5"
        assert window.tab.title() == f"{window.text('#title')} – selfcheck"
    assert window.clean


def test_arrow_points_to_the_side_on_which_a_mirror_shows_the_person(window: Window) -> None:
    window.start()
    window.show(Cue(phase=Phase.STEP, number=1, step=Step.TURN_LEFT))
    # The head of the arrow is the line of three points; its middle one is the tip.
    tip = """() => {
      const path = document.querySelector('[data-sign="turn-left"] path');
      return path.getBBox().x < 20 && /M42 18 12 48l30 30/.test(path.getAttribute("d"));
    }"""
    assert window.tab.evaluate(tip)
    assert window.text("#title") == "Turn your head left"


@pytest.mark.parametrize(
    ("phase", "sign", "progress"),
    [
        (Phase.PLACE, "place", "2 of 5 steps done"),
        (Phase.REST, "rest", "2 of 5 steps done"),
        (Phase.JUDGING, "judging", "2 of 5 steps done"),
    ],
)
def test_every_phase_has_one_sign_and_says_how_far_it_is(
    window: Window, phase: Phase, sign: str, progress: str
) -> None:
    window.start()
    window.show(Cue(phase=phase, number=1, done=2, trouble=Trouble.TOO_DARK))
    assert _signs(window) == [sign]
    assert window.text("#progress") == progress
    assert window.text("#trouble") == Trouble.TOO_DARK.value
    classes = "dots => dots.map(dot => dot.className)"
    assert window.tab.eval_on_selector_all("#dots li", classes) == ["done", "done", "", "", ""]
    window.show(Cue(phase=phase, number=2, done=2))
    assert window.text("#trouble") == ""
    spoken = "document.querySelector('#title').closest('[aria-live=assertive]').role"
    assert window.tab.evaluate(spoken) == "status"


def test_colours_fill_the_screen_and_the_words_stay_readable(window: Window) -> None:
    window.start()
    for number, colour in enumerate(PALETTE, start=1):
        window.show(Cue(phase=Phase.LIGHT, number=number, done=5, colour=colour))
        shown = f"rgb({colour.red}, {colour.green}, {colour.blue})"
        ground = "getComputedStyle(document.body).backgroundColor"
        assert window.tab.evaluate(ground) == shown
        ink = window.tab.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert ink in {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}
        mirror = window.tab.locator(".mirror").bounding_box()
        assert mirror is not None
        assert mirror["width"] < 220
    window.show(Cue(phase=Phase.JUDGING, number=9, done=5))
    assert window.tab.evaluate("document.body.dataset.colour") == ""
    assert window.clean


def test_colours_change_at_most_twice_a_second_however_fast_they_are_asked_for(
    window: Window,
) -> None:
    window.start()
    window.tab.evaluate("""() => {
      window.changes = [];
      let last = "";
      new MutationObserver(() => {
        const { colour } = document.body.dataset;
        if (colour !== last) window.changes.push(performance.now());
        last = colour;
      }).observe(document.body, { attributeFilter: ["data-colour"] });
    }""")
    for number in range(1, 31):
        colour = PALETTE[number % len(PALETTE)]
        window.page.show(Cue(phase=Phase.LIGHT, number=number, done=5, colour=colour))
        window.tab.wait_for_timeout(60)
    window.show(Cue(phase=Phase.LIGHT, number=31, done=5, colour=PALETTE[0]))
    changes = window.tab.evaluate("window.changes")
    assert len(changes) >= 3
    assert min(after - before for before, after in pairwise(changes)) > 480


@pytest.mark.parametrize("phase", [Phase.PASSED, Phase.REFUSED])
def test_end_turns_the_camera_off_and_says_why(window: Window, phase: Phase) -> None:
    window.start()
    cue = Cue(phase=phase, number=2, done=5, reason="<i>no face</i> is seen", hint="more light")
    window.show(cue)
    window.view("over")
    said = window.text("main")
    assert "You can close this window." in said
    assert window.tab.evaluate("camera.tracks.every(track => track.readyState === 'ended')")
    marks = "marks => marks.filter(m => m.checkVisibility()).map(m => m.classList[1])"
    assert window.tab.eval_on_selector_all(".over .mark[class~=mark]", marks) == [
        phase.name.lower()
    ]
    if phase is Phase.REFUSED:
        assert window.focused() == "The check was not passed"
        assert "<i>no face</i> is seen." in said
        assert "Try: More light." in said
    else:
        assert window.focused() == "You passed the check"
        assert "Try:" not in said
    window.tab.goto("about:blank")
    window.taker.wait()
    assert window.taker.error is None


SIZES = ((360, 740), (1280, 800), (1366, 650), (2560, 1300))
CUES = (
    Cue(phase=Phase.PLACE, number=1, trouble=Trouble.TWO_PEOPLE),
    Cue(phase=Phase.STEP, number=2, step=Step.COME_CLOSER, done=4, trouble=Trouble.TOO_SLOW),
    Cue(phase=Phase.LIGHT, number=3, done=5, colour=PALETTE[0]),
)


def _fits(window: Window, width: int, height: int, *places: str) -> bool:
    window.tab.set_viewport_size({"width": width, "height": height})
    boxes = [window.tab.locator(place).bounding_box() for place in places]
    return window.tab.evaluate("document.documentElement.scrollWidth") <= width and all(
        box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height for box in boxes
    )


def test_page_fits_its_window(window: Window) -> None:
    window.open()
    for width, height in SIZES:
        # A narrow window is scrolled to the button; any other shows it at once.
        assert _fits(window, width, height, *(["#start"] if width > 1000 else []))
    window.tab.click("#start")
    for cue in CUES:
        window.show(cue)
        for width, height in SIZES:
            assert _fits(window, width, height, "#title", ".mirror", "#progress"), (cue, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_shuts_anybody_out(window: Window, scheme: Literal["light", "dark"]) -> None:
    window.tab.emulate_media(color_scheme=scheme)
    window.open()
    assert obstacles(window.tab) == []
    window.tab.click("#start")
    window.phase(Phase.PLACE)
    assert obstacles(window.tab) == []
    for cue in (
        Cue(phase=Phase.STEP, number=1, done=0, step=Step.TURN_LEFT),
        Cue(phase=Phase.LIGHT, number=2, done=5, colour=PALETTE[1]),
        Cue(phase=Phase.REFUSED, number=3, done=5, reason="Too dark.", hint="more light"),
    ):
        window.show(cue)
        assert obstacles(window.tab) == []


def test_page_is_dark_for_whoever_wants_it_dark(window: Window) -> None:
    window.open()
    grounds = []
    for dark in (False, True):
        window.tab.emulate_media(color_scheme="dark" if dark else "light")
        grounds.append(window.tab.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(245, 244, 240)", "rgb(20, 25, 28)"]


def test_nothing_moves_for_whoever_wants_less_motion(window: Window) -> None:
    window.tab.emulate_media(reduced_motion="reduce")
    window.open()
    moving = """() => [...document.querySelectorAll("*")].filter(element => {
      const style = getComputedStyle(element);
      return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).length"""
    assert window.tab.evaluate(moving) == 0
