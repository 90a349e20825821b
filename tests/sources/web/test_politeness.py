"""Hosts are asked gently, and left alone when they ask for it."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace

import pytest
from sources.web.hosts import (
    PAGE,
    QUICK,
    Guest,
    Handler,
    Time,
    gives,
    head,
    in_turn,
    leads,
    visit,
    wanted,
)

from selfcheck.sources.web import Outcome, Pace
from selfcheck.sources.web.politeness import Turns, pause, retry_after

AT = "http://club.example/"
NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


def lingering(seconds: float) -> Handler:
    async def handler(guest: Guest) -> None:
        await asyncio.sleep(seconds)
        await guest.say(head(200, [("Content-Length", str(len(PAGE)))]), PAGE)

    return handler


def starts_of(hosts: list[str], pace: Pace) -> dict[str, list[float]]:
    """Take turns for these hosts, all at once, and tell when each began."""
    clock = Time()
    began: dict[str, list[float]] = {host: [] for host in hosts}

    async def take(turns: Turns, host: str) -> None:
        async with turns.turn(host):
            began[host].append(clock() - 1000)
            await asyncio.sleep(0)

    async def main() -> None:
        turns = Turns(pace, clock=clock, sleep=clock.sleep, patience=600)
        await asyncio.gather(*(take(turns, host) for host in hosts))

    asyncio.run(main())
    return began


def test_a_host_is_asked_at_most_four_times_a_second() -> None:
    assert starts_of(["a"] * 9, Pace())["a"] == [n / 4 for n in range(9)]


def test_a_turn_that_waited_for_its_place_does_not_start_together_with_the_next() -> None:
    began = starts_of(["a", "b"] * 5, Pace(connections=1))
    for host in "ab":
        gaps = [later - one for one, later in itertools.pairwise(began[host])]
        assert min(gaps) >= 0.25


def test_the_pace_holds_for_redirects() -> None:
    seen = visit(AT, {"/": leads("/a"), "/a": leads("/b"), "/b": gives(PAGE)})
    assert seen.time.slept == [0.25, 0.25]


def test_the_pace_is_the_hosts_whatever_the_port() -> None:
    routes = {"/": leads("http://club.example/a"), "/a": gives(PAGE)}
    assert visit("http://club.example:81/", routes, ports=(80, 81)).time.slept == [0.25]


def test_a_host_has_at_most_two_connections_at_once() -> None:
    seen = visit([f"{AT}{n}" for n in range(6)], lingering(0.03))
    assert seen.at_once == 2


def test_all_hosts_together_have_at_most_eight_connections() -> None:
    seen = visit([f"http://club{n}.example/" for n in range(12)], lingering(0.05))
    assert seen.at_once == 8


def test_a_host_that_is_asked_slowly_keeps_no_others_waiting() -> None:
    pace = Pace(connections=2, per_host=2, apart=100)
    several = [f"{AT}{n}" for n in range(3)] + ["http://other.example/"]
    seen = visit(several, gives(PAGE), pace=pace)
    first_of_other = next(
        at for at, one in zip(seen.starts, seen.asked, strict=True) if one.host == "other.example"
    )
    assert first_of_other == seen.starts[0]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_host_is_asked_three_times_with_growing_pauses(status: int) -> None:
    seen = visit(AT, gives(b"", status))
    assert len(seen.asked) == 3
    assert [one for one in seen.time.slept if one != 0.25][:2] == [0.5, 1.0]
    expected = Outcome.DEFERRED if status == 429 else Outcome.HTTP_ERROR
    assert (seen.fetched.outcome, seen.fetched.status) == (expected, status)


@pytest.mark.parametrize("status", [400, 403, 404, 500, 501])
def test_other_errors_are_not_asked_again(status: int) -> None:
    assert len(visit(AT, gives(b"", status)).asked) == 1


def test_an_answer_at_the_second_try_is_taken() -> None:
    seen = visit(AT, in_turn(gives(b"", 503), gives(PAGE)))
    assert seen.fetched.outcome is Outcome.OK
    assert [one.status for one in seen.fetched.requests] == [503, 200]


def test_a_host_that_says_how_long_to_wait_is_obeyed_by_everyone() -> None:
    busy = in_turn(gives(b"", 429, retry_after="30"), gives(PAGE))
    seen = visit([AT + "a", AT + "b"], busy)
    assert [one.outcome for one in seen.all] == [Outcome.OK, Outcome.OK]
    waited = [at - seen.starts[0] for at in seen.starts]
    assert all(at >= 30 for at in waited[2:])
    assert len(seen.asked) == 3


def test_a_host_that_asks_for_more_than_ten_minutes_is_deferred_and_left_alone() -> None:
    time = Time()
    pace = Pace(per_host=1)
    busy = gives(b"", 503, retry_after="601")
    seen = visit([AT + "a", AT + "b"], busy, time=time, pace=pace)
    assert [one.outcome for one in seen.all] == [Outcome.DEFERRED, Outcome.DEFERRED]
    assert (seen.all[0].again_in, seen.all[0].status) == (601, 503)
    assert (len(seen.asked), len(seen.all[1].requests)) == (1, 0)
    assert sum(time.slept) < 1


def test_a_host_that_still_asks_to_wait_at_the_third_try_is_deferred() -> None:
    seen = visit(AT, gives(b"", 503, retry_after="5"))
    assert (seen.fetched.outcome, seen.fetched.again_in) == (Outcome.DEFERRED, 5)
    assert len(seen.asked) == 3


def test_a_bot_check_that_says_busy_is_not_asked_again() -> None:
    seen = visit(AT, gives(b"", 429, cf_mitigated="challenge"))
    assert seen.fetched.outcome is Outcome.BOT_CHECK
    assert len(seen.asked) == 1


def test_waiting_does_not_count_towards_the_deadline() -> None:
    busy = in_turn(gives(b"", 503, retry_after="500"), gives(PAGE))
    seen = visit(wanted(AT), busy, limits=replace(QUICK, deadline=2))
    assert seen.fetched.outcome is Outcome.OK


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 40, None),
        ("Tue, 99 Nov 2023 22:13:20 GMT", None),
        ("Tue, 14 Nov 2023 22:12:20 GMT", 0.0),
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60.0),
        (" 120 ", 120.0),
        ("0", 0.0),
    ],
)
def test_when_to_come_again_is_read_as_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(text, now=NOW) == seconds


def test_pauses_double_and_stop_at_a_minute() -> None:
    assert [pause(n, 1.0) for n in (0, 1, 2, 9)] == [1, 2, 4, 60]
    assert pause(3, 0.0) == 0
