"""Pictures come in, cues go out, and nobody waits for anybody."""

from __future__ import annotations

import time

import pytest
from web.visitor import JPEG, LEFT_OUT, Taker, Visitor, soon

from selfcheck.errors import VerificationFailed
from selfcheck.identity.challenge import Step
from selfcheck.identity.cue import Cue, Phase, Trouble
from selfcheck.web import CameraPage, listener
from selfcheck.web.troubles import CameraTrouble


def test_what_does_not_begin_as_a_jpeg_is_not_passed_on(page: CameraPage, guest: Visitor) -> None:
    taker = Taker(page).start()
    for data in (b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<html>", b"\xff", b" " + JPEG):
        answer = guest.send(data)
        assert (answer.status, answer.json) == (415, {"reason": "not a JPEG"})
    guest.send(JPEG + b"sound")
    assert soon(lambda: bool(taker.shots))
    assert [shot.data for shot in taker.shots] == [JPEG + b"sound"]


@pytest.mark.parametrize("number", ["", "-1", "1.5", "x", "9" * 10, "٣".encode().decode("latin-1")])
@pytest.mark.parametrize("name", ["x_selfcheck_cue", "x_selfcheck_frame"])
def test_picture_that_does_not_say_which_it_is_isrefused(
    lasting: Visitor, name: str, number: str
) -> None:
    answer = lasting.send(JPEG, **{name.replace("_", "-").title(): number or LEFT_OUT})
    assert (answer.status, answer.json) == (400, {"reason": "which picture is it?"})


def test_pictures_come_as_they_are_with_the_time_since_the_first(
    page: CameraPage, guest: Visitor
) -> None:
    taker = Taker(page).start()
    for number in range(3):
        guest.send(JPEG + bytes([number]))
        assert soon(lambda: len(taker.shots) == number + 1)  # noqa: B023 -- called at once
        time.sleep(0.05)
    assert [shot.data for shot in taker.shots] == [JPEG + bytes([n]) for n in range(3)]
    first, second, third = (shot.seconds for shot in taker.shots)
    assert first == 0
    assert 0.04 < second < third


def test_answer_to_a_picture_is_what_is_shown_now(page: CameraPage, guest: Visitor) -> None:
    assert guest.send().json["phase"] == "place"
    cue = Cue(phase=Phase.STEP, number=4, step=Step.TURN_LEFT, done=2, trouble=Trouble.TWO_PEOPLE)
    page.show(cue)
    assert soon(lambda: guest.send().json["number"] == 4)
    found = guest.send().json
    assert (found["phase"], found["step"], found["done"]) == ("step", "turn-left", 2)
    assert found["title"] == "Turn your head left"
    assert found["trouble"] == Trouble.TWO_PEOPLE.value


def test_page_is_answered_at_once_while_nobody_takes_pictures_in(
    page: CameraPage, guest: Visitor
) -> None:
    large = JPEG + bytes(2**20 - len(JPEG))
    began = time.monotonic()
    for _ in range(20):
        assert guest.send(large).status == 200
    assert time.monotonic() - began < 5


def test_only_the_newest_picture_waits_when_they_come_too_fast(
    page: CameraPage, guest: Visitor
) -> None:
    for number in range(30):
        guest.send(JPEG + bytes([number]))
    pictures = page.frames()
    # Two were on their way; of those that came after, only the last is left.
    assert [next(pictures).data[-1] for _ in range(3)] == [0, 1, 29]
    guest.send(JPEG + bytes([30]))
    assert next(pictures).data[-1] == 30


def test_picture_that_was_overtaken_is_left_out(page: CameraPage, guest: Visitor) -> None:
    taker = Taker(page).start()
    guest.send(JPEG + b"later", x_selfcheck_frame="8")
    guest.send(JPEG + b"earlier", x_selfcheck_frame="7")
    guest.send(JPEG + b"again", x_selfcheck_frame="8")
    guest.send(JPEG + b"latest", x_selfcheck_frame="9")
    assert soon(lambda: len(taker.shots) == 2)
    assert [shot.data for shot in taker.shots] == [JPEG + b"later", JPEG + b"latest"]


def test_picture_cannot_show_a_cue_that_the_page_was_not_told_of_nor_an_older_one(
    page: CameraPage, guest: Visitor
) -> None:
    taker = Taker(page).start()

    def sent(cue: int) -> int:
        """Send a picture, and give the number of the cue that came back."""
        before = len(taker.shots)
        number = guest.send(cue=cue).json["number"]
        assert soon(lambda: len(taker.shots) > before)
        return int(number)

    assert sent(999) == 0
    page.show(Cue(phase=Phase.REST, number=5))
    assert soon(lambda: sent(999) == 5)
    assert {shot.cue for shot in taker.shots} == {0}
    for cue in (5, 999, 2):
        sent(cue)
    assert [shot.cue for shot in taker.shots][-3:] == [5, 5, 5]


@pytest.mark.parametrize("kind", [b"", b"Refused", b"on fire", b"refused ", b"\xff"])
def test_trouble_that_is_not_on_the_list_isrefused(lasting: Visitor, kind: bytes) -> None:
    answer = lasting.post("/trouble", kind)
    assert (answer.status, answer.json) == (400, {"reason": "no such trouble"})


@pytest.mark.parametrize("trouble", CameraTrouble)
def test_trouble_with_the_camera_is_answered_with_words(
    lasting: Visitor, trouble: CameraTrouble
) -> None:
    answer = lasting.post("/trouble", trouble.value.encode())
    assert answer.json == {"title": trouble.sentence, "detail": trouble.mend}


def test_last_trouble_is_named_when_the_page_is_closed(page: CameraPage, guest: Visitor) -> None:
    taker = Taker(page).start()
    guest.post("/trouble", b"missing")
    guest.post("/trouble", b"refused")
    guest.post("/closed")
    taker.wait()
    trouble = CameraTrouble.REFUSED
    assert isinstance(taker.error, VerificationFailed)
    assert (taker.error.sentence, taker.error.hint) == (trouble.sentence, trouble.hint)


def test_last_trouble_is_named_when_the_page_is_not_used_any_more() -> None:
    with CameraPage(listener(), idle=0.6) as page:
        guest = Visitor.at(page)
        guest.enter()
        guest.post("/trouble", b"lost")
        with pytest.raises(VerificationFailed, match="stopped in the middle"):
            list(page.frames())


def test_trouble_that_was_mended_is_not_named(page: CameraPage, guest: Visitor) -> None:
    taker = Taker(page).start()
    guest.post("/trouble", b"busy")
    guest.send()
    guest.post("/closed")
    taker.wait()
    assert taker.error is not None
    assert taker.error.sentence == "The page was closed before the check was done."
