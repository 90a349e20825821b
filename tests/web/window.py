"""A browser window before a served page, with a drawn camera in place of a real one."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page
from web.visitor import Taker

from selfcheck.identity.cue import Cue, Phase
from selfcheck.web import CameraPage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream")
SEEN = re.compile(r"http://127\.0\.0\.1:\d+/(camera\.(js|css)|session|frame|trouble|closed)?")

# A picture that is red on the left and blue on the right, and what a test can do to it.
CAMERA = """
(() => {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 480;
  const brush = canvas.getContext("2d");
  let drawn = 0;
  const draw = () => {
    brush.fillStyle = "#d01010"; brush.fillRect(0, 0, 320, 480);
    brush.fillStyle = "#1010d0"; brush.fillRect(320, 0, 320, 480);
    brush.fillStyle = "#ffffff"; brush.fillRect((drawn++ * 8) % 640, 440, 8, 40);
  };
  draw();
  setInterval(draw, 33);
  const camera = { error: "", asked: [], tracks: [] };
  window.camera = camera;
  const getUserMedia = async (wanted) => {
    camera.asked.push(wanted);
    if (camera.error) throw new DOMException("no", camera.error);
    const stream = canvas.captureStream(30);
    camera.tracks.push(...stream.getTracks());
    return stream;
  };
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia }, writable: true });
})();
"""


@dataclass(slots=True, kw_only=True)
class Window:
    """A window, what it asked for, what it complained about, and the command at the other end."""

    page: CameraPage
    taker: Taker
    context: BrowserContext
    tab: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    number: int = 0

    def listen(self) -> None:
        """Keep what the tab asks for and what it says."""
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self) -> None:
        """Open the page and wait for the start screen."""
        self.tab.goto(self.page.address)
        self.view("start")

    def start(self) -> None:
        """Open the page, press the button, and wait until the check is shown."""
        self.open()
        self.tab.click("#start")
        self.phase(Phase.PLACE)

    def show(self, cue: Cue) -> None:
        """Show a cue and wait until it is on the screen."""
        self.page.show(cue)
        self.number = cue.number
        self.tab.wait_for_selector(f'body[data-number="{cue.number}"]')

    def view(self, name: str) -> None:
        """Wait for a view."""
        self.tab.wait_for_selector(f'main > section[data-view="{name}"]:visible')

    def phase(self, phase: Phase) -> None:
        """Wait for a phase."""
        self.tab.wait_for_selector(f'body[data-phase="{phase.name.lower()}"]')

    def text(self, selector: str) -> str:
        """Give the words in one place."""
        return self.tab.inner_text(selector)

    def focused(self) -> str:
        """Give the words that have the focus."""
        return str(self.tab.evaluate("document.activeElement.innerText"))

    @property
    def clean(self) -> bool:
        """Say whether nothing was complained of, and nothing asked of anybody else."""
        return not self.said and all(
            SEEN.fullmatch(url) or url.startswith(("data:image/svg+xml,", f"{self.page.address}"))
            for url in self.asked
        )
