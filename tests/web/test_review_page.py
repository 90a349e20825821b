"""The review's page over HTTP: one picture goes out, each answer comes in once, and no more."""

from __future__ import annotations

import base64
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from review_stage import crop
from web.asker import Asker, question, said
from web.visitor import Answer, Visitor, refused, servers, soon

from selfcheck.errors import Refused, SelfcheckError
from selfcheck.flows.asking import Answer as Said
from selfcheck.web import ReviewPage, listener
from selfcheck.web.line import Kind, Message
from selfcheck.web.review_relay import ANSWERS


@pytest.fixture
def page() -> Iterator[ReviewPage]:
    with ReviewPage(listener()) as served:
        yield served


@pytest.fixture
def guest(page: ReviewPage) -> Visitor:
    visitor = Visitor.at(page)
    assert visitor.enter().status == 200
    return visitor


def shown(guest: Visitor, after: int = 0) -> Answer:
    return guest.post("/shown", x_selfcheck_number=str(after))


def answer(guest: Visitor, word: str, number: int) -> Answer:
    return guest.post("/answer", word.encode(), x_selfcheck_number=str(number))


def test_what_the_page_may_answer_is_what_the_review_knows() -> None:
    assert {word.value for word in Said} == ANSWERS


@pytest.mark.parametrize("number", ["", "-1", "x", "9" * 10])
@pytest.mark.parametrize("path", ["/shown", "/answer"])
def test_request_that_does_not_say_what_it_is_about_is_refused(
    guest: Visitor, path: str, number: str
) -> None:
    found = guest.post(path, b"me", x_selfcheck_number=number)
    assert (found.status, found.json) == (400, {"reason": "what is it about?"})


@pytest.mark.parametrize("word", [b"", b"ME", b"delete", b"\xff\xfe", b"me\n"])
def test_what_is_no_answer_is_refused(page: ReviewPage, guest: Visitor, word: bytes) -> None:
    asker = Asker(page).start()
    number = shown(guest).json["number"]
    assert guest.post("/answer", word, x_selfcheck_number=str(number)).status == 400
    answer(guest, "stop", number)
    asker.wait()
    assert said(asker.answers) == ["stop"]


def test_answer_longer_than_any_is_not_read(guest: Visitor) -> None:
    assert guest.post("/answer", b"m" * 5000, x_selfcheck_number="1").status == 413


@pytest.mark.parametrize("path", ["/camera.js", "/frame", "/picture.jpg", "/review.html", "/../x"])
def test_there_is_nothing_else_to_read(guest: Visitor, path: str) -> None:
    assert guest.get(path).status == 404


@pytest.mark.parametrize("path", ["/shown", "/answer"])
def test_nobody_without_a_seat_is_shown_anything(page: ReviewPage, path: str) -> None:
    asker = Asker(page).start()
    visitor = Visitor.at(page)
    for headers in ({}, {"x_selfcheck": "guessed"}, {"origin": "http://evil.example"}):
        found = visitor.post(path, b"me", x_selfcheck_number="0", **headers)
        assert found.status == 403
        assert b"picture" not in found.body
    assert visitor.get("/shown").status == 405
    assert asker.answers == []
    assert visitor.enter().status == 200
    assert "picture" in shown(visitor).json


def test_page_may_use_no_camera_and_load_nothing_from_elsewhere(guest: Visitor) -> None:
    headers = guest.get("/").headers
    assert headers["permissions-policy"].startswith("camera=()")
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["cache-control"] == "no-store"


def test_page_gets_the_one_picture_and_what_is_said_of_it(page: ReviewPage, guest: Visitor) -> None:
    Asker(page).start()
    found = shown(guest).json
    assert base64.b64decode(found["picture"]) == crop(1)
    assert found["facts"][1] == ["Caption", "At the lake"]
    assert (found["view"], found["place"], found["total"]) == ("picture", 0, 3)
    following = answer(guest, "me", found["number"]).json
    assert base64.b64decode(following["picture"]) == crop(2)
    assert (following["undo"], following["before"]) == ("me", "not sure")


def test_each_answer_counts_once_and_for_its_own_picture(page: ReviewPage, guest: Visitor) -> None:
    asker = Asker(page).start()
    first = shown(guest).json["number"]
    second = answer(guest, "not-me", first).json["number"]
    # What was lost on its way back is sent again, and a second key comes too late.
    assert answer(guest, "not-me", first).json["number"] == second
    assert answer(guest, "me", first).json["number"] == second
    assert answer(guest, "unsure", second + 5).status in {200, 503}
    assert said(asker.answers) == ["not-me"]
    answer(guest, "stop", second)
    asker.wait()
    assert said(asker.answers) == ["not-me", "stop"]


def test_server_passes_on_the_first_answer_to_what_is_shown_and_no_other(
    page: ReviewPage, guest: Visitor
) -> None:
    page._show({"view": "picture"})
    assert shown(guest).json["number"] == 1
    page._show({"view": "picture"})
    assert shown(guest, 1).json["number"] == 2
    answer(guest, "me", 1)
    for _ in range(2):
        answer(guest, "unsure", 2)
    passed = [page._server.receive(0.5) for _ in range(2)]
    assert passed == [Message(kind=Kind.ANSWER, number=2, body=b"unsure"), None]


def test_command_believes_no_answer_to_another_picture(
    page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [(0, b"not-me"), (2, b"not-me"), (1, b"delete"), (1, b"\xff"), (1, b"unsure")]
    come = [Message(kind=Kind.ANSWER, number=number, body=word) for number, word in told]
    monkeypatch.setattr(page._server, "receive", lambda: come.pop(0))
    assert page.ask(question()) is Said.UNSURE
    assert come == []


def test_page_that_is_loaded_again_goes_on(page: ReviewPage, guest: Visitor) -> None:
    asker = Asker(page).start()
    number = answer(guest, "me", shown(guest).json["number"]).json["number"]
    assert guest.post("/closed").status == 204
    guest.token = ""
    assert guest.enter().status == 200
    assert shown(guest).json["number"] == number
    answer(guest, "stop", number)
    asker.wait()
    assert said(asker.answers) == ["me", "stop"]


def test_page_is_told_the_end(page: ReviewPage, guest: Visitor) -> None:
    asker = Asker(page, total=1).start()
    last = answer(guest, "me", shown(guest).json["number"]).json
    assert (last["view"], last["picture"], last["facts"]) == ("end", "", [])
    over = answer(guest, "stop", last["number"]).json
    assert (over["view"], over["tally"]) == (
        "over",
        {"me": 2, "not_me": 1, "unsure": 0, "left": 3},
    )
    asker.wait(1)


def test_page_that_is_closed_stops_the_review(page: ReviewPage, guest: Visitor) -> None:
    asker = Asker(page).start()
    answer(guest, "me", shown(guest).json["number"])
    guest.post("/closed")
    asker.wait()
    assert (said(asker.answers), asker.error) == (["me", "stop"], None)


@pytest.mark.parametrize("opened", [False, True])
def test_page_that_is_not_used_stops_the_review(opened: bool) -> None:  # noqa: FBT001
    with ReviewPage(listener(), idle=0.5) as page:
        if opened:
            assert Visitor.at(page).enter().status == 200
        assert page.ask(question()) is Said.STOP
        assert page.ask(question(1)) is Said.STOP


def test_server_that_ends_by_itself_is_an_error_and_not_a_refusal(page: ReviewPage) -> None:
    asker = Asker(page).start()
    for server in servers():
        os.kill(server, signal.SIGTERM)
    asker.wait()
    assert isinstance(asker.error, SelfcheckError)
    assert not isinstance(asker.error, Refused)


def test_server_cannot_open_a_profile_a_ledger_or_a_picture(guest: Visitor) -> None:
    if sys.platform != "linux":
        return
    for server in servers():
        mapped = Path(f"/proc/{server}/maps").read_text()
        status = Path(f"/proc/{server}/status").read_text()
        assert "Seccomp:\t2" in status
        for library in ("numpy", "cryptography", "onnxruntime", "sqlite", "PIL"):
            assert library not in mapped


def test_nothing_is_left_after_the_end() -> None:
    before = set(servers())
    with ReviewPage(listener()) as page:
        visitor = Visitor.at(page)
        assert visitor.get("/").status == 200
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert soon(lambda: set(servers()) == before)
    assert refused(visitor.port)
