"""The live check in a real browser, from the command line on: the living pass, attacks are refused.

Whoever stands before the camera answers what the page asks as it asks it, attacks too. Times are
real here, so these tests run where nothing else does (marker `alone`).
"""

from __future__ import annotations

import base64
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, Response, sync_playwright
from reel import Player, Reel
from stage import Owner

from selfcheck.demo.impostors import (
    Accompanied,
    Held,
    Living,
    OnScreen,
    Photo,
    Subject,
    mixture,
)
from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.identity import PASSED, Refusal, Step, history
from selfcheck.privacy.paths import Home

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PER_SECOND = 12
LONGEST = 120.0
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

pytestmark = [
    pytest.mark.system,
    pytest.mark.alone,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

CAMERA = """
(() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 480;
  const brush = canvas.getContext("2d");
  window.paint = async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    brush.drawImage(await createImageBitmap(new Blob([bytes], { type: "image/jpeg" })), 0, 0);
  };
  const getUserMedia = async () => canvas.captureStream(24);
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia }, writable: true });
})();
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended and what it said.

    For the record, not for any test: seconds from the start of the camera to the command's end;
    frames that were answered; seconds from the last of them until the page told the verdict.
    """

    code: int
    said: str
    seconds: float
    frames: int = 0
    verdict: float = 0.0

    @property
    def words(self) -> str:
        """What it said, in one line."""
        return " ".join(self.said.split())

    def __str__(self) -> str:
        return (
            f"{self.seconds:.1f} s, {self.frames} frames answered"
            f" ({self.frames / self.seconds:.1f} a second), verdict {self.verdict:.2f} s after"
        )


@dataclass(slots=True)
class Command:
    """A running command whose page is to be opened."""

    process: subprocess.Popen[str]
    log: Path

    @classmethod
    def start(cls, *arguments: str, home: Path, owner: Owner, answers: str = "") -> Command:
        """Start it; its answers are typed at once."""
        log = home / "said"
        environment = {**os.environ, **owner.environment(), "SELFCHECK_HOME": str(home / "home")}
        with log.open("w") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "selfcheck", *arguments, "--browser", "none"],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                start_new_session=True,
            )
        assert process.stdin is not None
        process.stdin.write(answers)
        process.stdin.flush()
        return cls(process, log)

    @property
    def address(self) -> str:
        """Wait for the page's address."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], LONGEST)
        assert ready, self.log.read_text()
        line = self.process.stdout.readline().strip()
        assert line.startswith("http://127.0.0.1:"), line + self.log.read_text()
        return line

    def ended(self, began: float) -> Ended:
        """Wait for its end; nothing it started may be left."""
        code = self.process.wait(timeout=30)
        seconds = time.monotonic() - began
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        assert not self._left()
        return Ended(code=code, said=self.log.read_text(), seconds=seconds)

    def _left(self) -> list[str]:
        """Name what it started and did not end: helpers of Python's own need a moment for it."""
        for _ in range(50):
            listed = subprocess.run(
                ["ps", "-o", "pid,args", "--sid", str(self.process.pid)],
                capture_output=True,
                text=True,
                check=False,
            ).stdout.splitlines()[1:]
            # What has ended and waits for its parent, which is gone too, runs no more.
            left = [line for line in listed if not line.endswith("<defunct>")]
            if not left:
                break
            time.sleep(0.1)
        return left


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def home(owner: Owner, tmp_path: Path) -> Path:
    """Give a copy of the enrolled owner's home: each test has its own record of checks."""
    shutil.copytree(owner.home.root, tmp_path / "home", ignore=shutil.ignore_patterns("cache"))
    (tmp_path / "home").chmod(0o700)
    (tmp_path / "home" / "attempts").unlink(missing_ok=True)
    (tmp_path / "home" / "verification").unlink(missing_ok=True)
    return tmp_path


def sit(command: Command, browser: Browser, *players: Player, swap_after: int = 99) -> Ended:
    """Open the page and show it a player, a second one from so many steps on, once all is calm."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(CAMERA)
    tab = context.new_page()
    tab.goto(command.address)
    tab.click("#start")
    answered: list[float] = []
    tab.on("response", lambda one: answered.append(time.monotonic()) if _frame(one) else None)
    on = list(players)
    began, shown, told = time.monotonic(), 0, 0.0
    try:
        while command.process.poll() is None and time.monotonic() - began < LONGEST:
            shown += 1
            phase = show(tab, on, swap_after)
            told = told or (time.monotonic() if phase in {"passed", "refused"} else 0.0)
            time.sleep(max(0.0, began + shown / PER_SECOND - time.monotonic()))
    except Error:  # the page is gone with its server
        pass
    ended = command.ended(began)
    context.close()
    verdict = told - answered[-1] if told and answered else 0.0
    ended = replace(ended, frames=len(answered), verdict=verdict)
    print(ended)  # noqa: T201 -- pytest -s shows it
    return ended


# What says nothing of a subject: this machine was busy with something else for half a second, so no
# frame shows what happened or how the head got to where it is. And what says nothing of the test
# that is to refuse an attack: a bent sheet could not close its drawn eyes in time. Then there is
# another challenge, as people would take one.
LULL = frozenset({Refusal.TOO_FEW_FRAMES, Refusal.JUMP})
NOT_SEEN_THROUGH = LULL | {Refusal.LIFELESS, Refusal.CUT_SHORT}
TRIES = 3  # after which there is a pause


def tried(
    command: Callable[[], Command],
    browser: Browser,
    *reels: Reel,
    again: frozenset[Refusal] = LULL,
    swap_after: int = 99,
) -> Ended:
    """Sit through a command's check; again, where it was refused for one of these reasons.

    No try of an attack may be accepted.
    """
    for _ in range(TRIES):
        ended = sit(command(), browser, *(reel.player() for reel in reels), swap_after=swap_after)
        if ended.code == 0 or not any(reason.value in ended.words for reason in again):
            break
    return ended


def _frame(response: Response) -> bool:
    return response.url.endswith("/frame")


def show(tab: Page, on: list[Player], swap_after: int = 99) -> str:
    """Show the next frame of what the page asks for; give the phase that it is in.

    Another player takes over while the first is calm: a cut from one pose to another would be
    seen for that alone.
    """
    state = tab.evaluate("() => ({...document.body.dataset})")
    step = state.get("step", "")
    value = Step[step.upper().replace("-", "_")].value if step else ""
    if len(on) > 1 and on[0].calm and int(state.get("done") or 0) >= swap_after:
        on.pop(0)
    data = on[0].frame(value, state.get("colour", ""))
    tab.evaluate("data => paint(data)", base64.b64encode(data).decode())
    return str(state.get("phase", ""))


@pytest.fixture(scope="module")
def living() -> Reel:
    return Reel(Living(OWNER, seed=4))


def outcome(home: Path) -> str:
    """Give the last try's."""
    *_, last = history(Home(root=home / "home").attempts)
    return last.outcome


def verified(home: Path) -> bool:
    return (home / "home" / "verification").exists()


# --- the living ------------------------------------------------------------------------


def test_somebody_living_enrols_and_verifies(
    owner: Owner, browser: Browser, living: Reel, tmp_path: Path
) -> None:
    photos = [str(path) for path in owner.photos]
    start = partial(Command.start, home=tmp_path, owner=owner)
    enrolled = tried(partial(start, "enroll", *photos, answers="y\ny\n"), browser, living)
    assert enrolled.code == 0, enrolled.said
    assert "verified (camera) until" in enrolled.words
    again = tried(partial(start, "verify"), browser, living)
    assert again.code == 0, again.said
    first, second = (
        one for one in history(Home(root=tmp_path / "home").attempts) if one.outcome == PASSED
    )
    assert (first.command, second.command) == ("enroll", "verify")
    assert first.how == "camera"


def test_a_kind_of_step_can_be_left_out(
    owner: Owner, browser: Browser, living: Reel, home: Path
) -> None:
    start = partial(Command.start, "verify", "--without", "turn", "--no-light")
    ended = tried(partial(start, home=home, owner=owner), browser, living)
    assert ended.code == 0, ended.said
    assert "camera without light test, without turn" in ended.words


# --- attacks, each doing the right steps -----------------------------------------------

# Somebody else whom the landmarks follow through every step: refused for being somebody else.
FOLLOWED = OTHERS[5]
FLAT = {Refusal.FLAT, Refusal.NOT_DEEP}  # both are the depth's
ATTACKS: dict[str, tuple[Callable[[], Subject], set[Refusal]]] = {
    "photos of every pose": (lambda: Held(OWNER, 3), {Refusal.JUMP}),
    "a photo, tilted": (lambda: Photo(OWNER, 3), FLAT),
    "a photo, waved": (lambda: Photo(OWNER, 3, waved=True), FLAT),
    "a photo, bent to 75 mm": (lambda: Photo(OWNER, 3, bend=75), FLAT),
    "a photo with eyes and mouth cut out": (lambda: Photo(OWNER, 3, cut=True), FLAT),
    "a film on a screen": (
        lambda: OnScreen(Living(OWNER, 3)),
        {Refusal.LIGHT_SCREEN, Refusal.LIGHT_OTHERWISE},
    ),
    "somebody else": (lambda: Living(FOLLOWED, 3), {Refusal.OTHER_PERSON}),
    "a mixture of two": (
        lambda: Living(mixture(OWNER, OTHERS[3]), 3),
        {Refusal.OTHER_PERSON, Refusal.OTHER_REFERENCE},
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_by_the_test_named_for_it(
    name: str, owner: Owner, browser: Browser, home: Path
) -> None:
    made, wanted = ATTACKS[name]
    start = partial(Command.start, "verify", home=home, owner=owner)
    ended = tried(start, browser, Reel(made()), again=NOT_SEEN_THROUGH - wanted)
    assert ended.code == 4, ended.said
    assert not verified(home)
    assert outcome(home).startswith(tuple(wanted))


def test_a_swap_of_person_midway_is_refused(
    owner: Owner, browser: Browser, living: Reel, home: Path
) -> None:
    other = Reel(Living(OTHERS[1], seed=4))
    start = partial(Command.start, "verify", home=home, owner=owner)
    ended = tried(start, browser, living, other, swap_after=2)
    assert ended.code == 4, ended.said
    assert outcome(home).startswith(Refusal.CHANGED.value)
    assert not verified(home)


def test_a_second_person_who_joins_is_refused(
    owner: Owner, browser: Browser, living: Reel, home: Path
) -> None:
    both = Reel(Accompanied(OWNER, OTHERS[2], 4))
    start = partial(Command.start, "verify", home=home, owner=owner)
    ended = tried(start, browser, living, both, swap_after=1)
    assert ended.code == 4, ended.said
    assert outcome(home).startswith(Refusal.TWO_PEOPLE.value)
    assert not verified(home)


def test_an_earlier_film_in_chromiums_own_fake_camera_is_refused(
    owner: Owner, playwright: Playwright, living: Reel, home: Path
) -> None:
    frames = [*living.calm]
    for step in ("turn right", "look up", "open the mouth", "turn left", "look down"):
        clip = living.steps[step]
        frames += [*clip.there, *clip.back, *living.calm[:6]]
    film = home / "film.mjpeg"
    film.write_bytes(b"".join(frames))
    arguments = [
        *ARGUMENTS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    command = Command.start("verify", home=home, owner=owner)
    tab = browser.new_page()
    tab.goto(command.address)
    tab.click("#start")
    began = time.monotonic()
    command.process.wait(timeout=LONGEST)
    result = command.ended(began)
    browser.close()
    assert result.code == 4, result.said
    assert not verified(home)


# --- broken off ------------------------------------------------------------------------


def test_a_tab_that_is_closed_midway_ends_the_command(
    owner: Owner, browser: Browser, living: Reel, home: Path
) -> None:
    command = Command.start("verify", home=home, owner=owner)
    tab = browser.new_page()
    tab.add_init_script(CAMERA)
    tab.goto(command.address)
    tab.click("#start")
    player, began = living.player(), time.monotonic()
    while time.monotonic() - began < 6:
        show(tab, [player])
        time.sleep(1 / PER_SECOND)
    tab.close()
    ended = command.ended(began)
    assert ended.code == 4
    assert "closed before the check was done" in ended.words
    assert not verified(home)


def test_stopped_with_ctrl_c_it_ends_and_leaves_nothing_running(owner: Owner, home: Path) -> None:
    command = Command.start("verify", home=home, owner=owner)
    assert command.address
    began = time.monotonic()
    os.killpg(command.process.pid, signal.SIGINT)
    ended = command.ended(began)
    assert ended.code == 130
    assert not verified(home)
    assert history(Home(root=home / "home").attempts) == ()


def test_after_three_failures_there_is_a_pause(
    owner: Owner, browser: Browser, living: Reel, home: Path
) -> None:
    place = Home(root=home / "home").attempts
    for _ in range(3):
        command = Command.start("verify", home=home, owner=owner)
        tab = browser.new_page()
        tab.add_init_script(CAMERA)
        tab.goto(command.address)
        tab.click("#start")
        player, began = living.player(), time.monotonic()
        while time.monotonic() - began < 4:
            show(tab, [player])
            time.sleep(1 / PER_SECOND)
        tab.close()
        assert command.ended(began).code == 4
    assert len(history(place)) == 3
    refused = Command.start("verify", home=home, owner=owner).ended(time.monotonic())
    assert refused.code == 4
    assert "there is a pause" in refused.words
