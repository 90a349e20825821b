"""Take the README's pictures of the report and of the review: of the demo's people, who are drawn.

    uv run python scripts/screenshots.py

Needs Debian's Chromium.
"""

from __future__ import annotations

import base64
import io
import shutil
import tempfile
from pathlib import Path
from threading import Thread

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from selfcheck.demo import tour
from selfcheck.flows.asking import Fact, Question, Tally
from selfcheck.web import ReviewPage, listener

IMAGES = Path(__file__).parent.parent / "docs" / "images"
ARGUMENTS = ("--no-sandbox", "--disable-gpu")
WIDE, PHONE = (1280, 1000), (390, 844)  # CSS pixels
FACTS = (
    Fact(name="Where", text="Facebook, a group's post, by Mara Lindqvist"),
    Fact(name="When", text="14 July 2019"),
    Fact(name="Caption", text="Three days without a phone. We should do this every year."),
)


def main() -> None:
    """Write every picture anew."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(ARGUMENTS)
        )
        page = tour.run(Path(folder), say=print).page.as_uri()
        crop = _report(browser, page, "report", WIDE, ("h1", "#urgent"))
        _report(browser, page, "report-phone", PHONE, ("#exposures .card",), dark=True)
        _review(browser, crop)
        browser.close()


def _report(
    browser: Browser,
    address: str,
    name: str,
    size: tuple[int, int],
    places: tuple[str, ...],
    *,
    dark: bool = False,
) -> bytes:
    """Take the report where these places are in sight, side by side; give the first crop in it."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    page.goto(address)
    shots = []
    for place in places:
        page.eval_on_selector(
            place, "e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 40)"
        )
        shots.append(page.screenshot())
    source = page.get_attribute(".card img", "src") or ""
    page.close()
    _save(name, shots)
    return base64.b64decode(source.partition(",")[2])


def _review(browser: Browser, crop: bytes) -> None:
    with ReviewPage(listener()) as served:
        question = Question(
            picture=crop, facts=FACTS, place=6, total=23, tally=Tally(me=4, not_me=2, left=17)
        )
        asking = Thread(target=served.ask, args=(question,))
        asking.start()
        page = browser.new_page(viewport={"width": WIDE[0], "height": 800})
        page.goto(served.address)
        page.wait_for_selector('section[data-view="picture"]:visible')
        shot = page.screenshot()
        page.keyboard.press("q")
        asking.join()
        page.close()
    _save("review", [shot])


def _save(name: str, shots: list[bytes]) -> None:
    pictures = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    gap = 24
    width = sum(each.width for each in pictures) + gap * (len(pictures) - 1)
    whole = Image.new("RGB", (width, pictures[0].height), "white")
    left = 0
    for each in pictures:
        whole.paste(each, (left, 0))
        left += each.width + gap
    path = IMAGES / f"{name}.jpg"
    whole.save(path, quality=82, optimize=True, progressive=True)
    path.chmod(0o644)  # as every file of the repository


if __name__ == "__main__":
    main()
