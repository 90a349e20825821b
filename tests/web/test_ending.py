"""Every end of a page has its words, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import time
from threading import Thread

import pytest
from web.visitor import JPEG, Taker, Visitor, refused, servers, soon

from selfcheck.errors import Refused, SelfcheckError, VerificationFailed
from selfcheck.identity.cue import Cue, Phase
from selfcheck.web import CameraPage, listener


def test_page_that_is_closed_ends_the_pictures(page: CameraPage, guest: Visitor) -> None:
    taker = Taker(page).start()
    guest.send()
    began = time.monotonic()
    assert guest.post("/closed").status == 204
    taker.wait()
    assert time.monotonic() - began < 4
    assert isinstance(taker.error, Refused)
    assert taker.error.sentence == "The page was closed before the check was done."
    assert taker.error.hint.startswith("run the command again")


def test_page_loaded_again_in_the_middle_is_told_no_and_ends_the_check(
    page: CameraPage, guest: Visitor
) -> None:
    taker = Taker(page).start()
    guest.send()
    guest.post("/closed")
    guest.token = ""
    assert guest.get("/").status == 200
    assert guest.enter().status == 403
    taker.wait()
    assert isinstance(taker.error, VerificationFailed)


@pytest.mark.parametrize("opened", [False, True])
def test_page_that_is_not_used_is_given_up(opened: bool) -> None:  # noqa: FBT001
    with CameraPage(listener(), idle=0.6) as page:
        if opened:
            assert Visitor.at(page).enter().status == 200
        with pytest.raises(VerificationFailed, match="not used for five minutes"):
            list(page.frames())


def test_use_keeps_the_page_and_strangers_do_not() -> None:
    with CameraPage(listener(), idle=1.0) as page:
        guest = Visitor.at(page)
        guest.enter()
        taker = Taker(page).start()
        for _ in range(6):
            time.sleep(0.25)
            assert guest.send().status == 200
        assert not taker.ended
        for _ in range(6):
            time.sleep(0.25)
            guest.get("/")
            guest.post("/frame", JPEG, x_selfcheck="guessed")
        taker.wait(0.5)


def test_pictures_end_quietly_when_the_page_leaves_after_the_last_cue(
    page: CameraPage, guest: Visitor
) -> None:
    taker = Taker(page).start()
    page.show(Cue(phase=Phase.PASSED, number=9, done=5))
    assert soon(lambda: guest.send().json["phase"] == "passed")
    guest.post("/closed")
    taker.wait()
    assert taker.error is None


def test_server_that_ends_by_itself_is_an_error_and_not_a_refusal() -> None:
    with CameraPage(listener()) as page:
        taker = Taker(page).start()
        for server in servers():
            os.kill(server, signal.SIGTERM)
        taker.wait()
        page.show(Cue(phase=Phase.REST, number=1))
    assert isinstance(taker.error, SelfcheckError)
    assert not isinstance(taker.error, Refused)


def test_nothing_is_left_after_the_end() -> None:
    before = set(servers())
    with CameraPage(listener()) as page:
        visitor = Visitor.at(page)
        assert visitor.get("/").status == 200
        assert set(servers()) - before
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert set(servers()) == before
    assert refused(visitor.port)


@pytest.mark.parametrize("error", [VerificationFailed("no"), KeyboardInterrupt(), ValueError()])
def test_nothing_is_left_after_an_error(error: BaseException) -> None:
    before = set(servers())

    def interrupted() -> int:
        with CameraPage(listener()) as page:
            visitor = Visitor.at(page)
            visitor.enter()
            visitor.send()
            ports.append(visitor.port)
            raise error

    ports: list[int] = []
    began = time.monotonic()
    with pytest.raises(type(error)):
        interrupted()
    assert time.monotonic() - began < 4
    assert set(servers()) == before
    assert refused(ports[0])


def test_server_that_hangs_is_ended() -> None:
    if os.name != "posix":
        return
    before = set(servers())
    with CameraPage(listener()) as page:
        assert Visitor.at(page).get("/").status == 200
        for server in set(servers()) - before:
            os.kill(server, signal.SIGSTOP)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert set(servers()) == before


def test_silent_connections_and_pictures_under_way_do_not_delay_the_end(page: CameraPage) -> None:
    visitor = Visitor.at(page)
    visitor.enter()
    for _ in range(10):
        visitor.send(JPEG + bytes(2**19))
    with socket.create_connection(("127.0.0.1", visitor.port)) as silent:
        silent.sendall(b"POST /frame HTTP/1.1\r\nHost: ")
        began = time.monotonic()
        page.__exit__(None, None, None)
        assert time.monotonic() - began < 2
    assert refused(visitor.port)


def test_command_waits_for_the_page_to_fetch_the_last_cue() -> None:
    with CameraPage(listener()) as page:
        visitor = Visitor.at(page)
        visitor.enter()
        visitor.send()
        answers: list[str] = []

        def fetch_late() -> None:
            time.sleep(0.7)
            answers.append(visitor.send().json["phase"])

        page.show(Cue(phase=Phase.PASSED, number=2, done=5))
        thread = Thread(target=fetch_late)
        thread.start()
        began = time.monotonic()
    taken = time.monotonic() - began
    thread.join()
    assert answers == ["passed"]
    assert taken > 0.6


def test_command_does_not_wait_for_a_page_that_never_comes() -> None:
    with CameraPage(listener()) as page:
        page.show(Cue(phase=Phase.PASSED, number=2, done=5))
        began = time.monotonic()
    assert time.monotonic() - began < 2
