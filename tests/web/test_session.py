"""The token, the cookie and the seat."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from selfcheck.web.session import LEFT, Session

TOKEN = "a token"


@dataclass
class Clock:
    """A clock that the test sets."""

    time: float = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(clock: Clock) -> Session:
    return Session(TOKEN, port=4242, now=clock)


def _entered(session: Session) -> tuple[str, str]:
    found = session.enter(token=TOKEN, cookie="")
    assert found is not None
    return found


@pytest.mark.parametrize("token", ["", "a toke", "a token ", "another", "ein Zöken"])
def test_wrong_token_gives_nothing_and_spends_nothing(session: Session, token: str) -> None:
    assert session.enter(token=token, cookie="") is None
    assert session.enter(token=TOKEN, cookie="") is not None


def test_nobody_is_known_before_anybody_entered(session: Session) -> None:
    assert not session.known("")
    assert not session.seated("")
    assert session.enter(token="", cookie="") is None


def test_token_works_once(session: Session) -> None:
    cookie, seat = _entered(session)
    assert session.enter(token=TOKEN, cookie="") is None
    assert session.enter(token=TOKEN, cookie=cookie) is None
    assert session.known(cookie)
    assert session.seated(seat)


def test_cookie_and_seat_are_secrets_of_256_bits_and_named_by_the_port(session: Session) -> None:
    cookie, seat = _entered(session)
    assert cookie != seat
    assert min(len(cookie), len(seat)) >= 43
    assert session.cookie_name == "selfcheck-4242"


def test_page_that_is_loaded_again_takes_the_seat_it_left(session: Session, clock: Clock) -> None:
    cookie, seat = _entered(session)
    session.leave()
    assert not session.seated(seat)
    clock.time += LEFT - 0.1
    again = session.enter(token="", cookie=cookie)
    assert again is not None
    assert not session.seated(seat)
    assert session.seated(again[1])
    clock.time += 2 * LEFT
    assert not session.gone


def test_second_window_with_the_cookie_finds_the_seat_taken(session: Session) -> None:
    cookie, seat = _entered(session)
    assert session.enter(token="", cookie=cookie) is None
    assert session.seated(seat)


def test_page_is_not_loaded_again_once_pictures_came(session: Session, clock: Clock) -> None:
    cookie, _ = _entered(session)
    session.settle()
    session.leave()
    assert session.enter(token="", cookie=cookie) is None
    clock.time += LEFT + 0.1
    assert session.gone


def test_page_that_is_left_is_gone_after_a_moment(session: Session, clock: Clock) -> None:
    _entered(session)
    assert not session.gone
    session.leave()
    assert not session.gone
    clock.time += LEFT + 0.1
    assert session.gone


def test_use_starts_the_idle_time_anew(session: Session, clock: Clock) -> None:
    clock.time += 299
    assert not session.unused(300)
    session.use()
    clock.time += 299
    assert not session.unused(300)
    clock.time += 2
    assert session.unused(300)
