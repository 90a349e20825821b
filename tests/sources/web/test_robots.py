"""robots.txt is fetched like anything else, and its answer is told for one address."""

from __future__ import annotations

import pytest
from sources.web.hosts import PAGE, Handler, address, gives, hangs, visit

from selfcheck.sources.web import Outcome, Robots, answer_for, robots_of

ME = address("https://club.example/members/me.html?x=1")
RULES = b"\xef\xbb\xbfUser-agent: *\nDisallow: /members/\nAllow: /\n"


def answer(handler: Handler, text: str = str(ME).replace("https", "http")) -> Robots:
    at = address(text)
    seen = visit(robots_of(at), handler)
    assert {one.path for one in seen.asked} == {"/robots.txt"}
    return answer_for(at, seen.fetched)


@pytest.mark.parametrize(
    "handler",
    [gives(b"", 500), gives(b"", 429), gives(b"x" * 600_000), gives(RULES, content_encoding="br")],
)
def test_rules_that_cannot_be_read_are_unknown(handler: Handler) -> None:
    assert answer(handler) is Robots.UNKNOWN


@pytest.mark.parametrize(
    "handler",
    [
        gives(b"", 404),
        gives(b"", 403),
        gives(b"", 401),
        gives(b""),
        gives(PAGE),
        gives(b"\0\xff\n"),
    ],
)
def test_no_rules_disallow_nothing(handler: Handler) -> None:
    assert answer(handler) is Robots.ALLOWED


def test_rules_hold_for_the_addresses_they_name() -> None:
    assert answer(gives(RULES)) is Robots.DISALLOWED
    assert answer(gives(RULES), "http://club.example/news") is Robots.ALLOWED


def test_rules_for_this_program_come_before_those_for_all() -> None:
    own = RULES + b"\nUser-agent: selfcheck\nDisallow: /news\n"
    assert answer(gives(own)) is Robots.ALLOWED
    assert answer(gives(own), "http://club.example/news") is Robots.DISALLOWED


def test_rules_are_those_of_the_same_scheme_and_port() -> None:
    assert str(robots_of(ME).address) == "https://club.example/robots.txt"
    at = address("http://club.example:8080/a")
    assert str(robots_of(at).address) == "http://club.example:8080/robots.txt"


def test_a_host_that_does_not_answer_leaves_the_rules_unknown() -> None:
    from sources.web.hosts import QUICK

    short = type(QUICK)(deadline=0.2)
    seen = visit(robots_of(address("http://club.example/")), hangs, limits=short)
    assert seen.fetched.outcome is Outcome.DEADLINE
    assert answer_for(ME, seen.fetched) is Robots.UNKNOWN
