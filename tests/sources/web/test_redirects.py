"""Redirects are followed by hand, each address checked like the first."""

from __future__ import annotations

import pytest
from sources.web.hosts import PAGE, gives, in_turn, leads, says, visit

from selfcheck.sources.web import Outcome

AT = "http://club.example/"


@pytest.mark.parametrize(
    ("to", "outcome"),
    [
        ("/", Outcome.REDIRECT_LOOP),
        ("", Outcome.REDIRECT_LOOP),
        ("#top", Outcome.REDIRECT_LOOP),
        ("http://CLUB.example:80", Outcome.REDIRECT_LOOP),
        ("ftp://club.example/", Outcome.BLOCKED_SCHEME),
        ("file:///etc/passwd", Outcome.BLOCKED_SCHEME),
        ("javascript:alert(1)", Outcome.BLOCKED_SCHEME),
        ("http://me@club.example/a", Outcome.BAD_ADDRESS),
        ("http://club.example:22/", Outcome.BAD_ADDRESS),
        ("http://a.example\\@b.example/", Outcome.BAD_ADDRESS),
        ("http://[::1", Outcome.BAD_ADDRESS),
        ("http://[fe80::1%25eth0]/", Outcome.BLOCKED_ADDRESS),
        ("/" + "a" * 9000, Outcome.BAD_ADDRESS),
    ],
)
def test_a_redirect_that_leads_nowhere_good_is_an_outcome(to: str, outcome: Outcome) -> None:
    seen = visit(AT, {"/": leads(to)})
    assert seen.fetched.outcome is outcome
    assert len(seen.asked) == 1


def test_a_circle_of_redirects_is_a_loop() -> None:
    seen = visit(AT, {"/": leads("/a"), "/a": leads("/b"), "/b": leads("/a")})
    assert seen.fetched.outcome is Outcome.REDIRECT_LOOP
    assert [one.path for one in seen.asked] == ["/", "/a", "/b"]


def test_the_sixth_redirect_is_one_too_many() -> None:
    routes = {f"/{n}": leads(f"/{n + 1}") for n in range(6)}
    seen = visit(AT + "0", routes)
    assert seen.fetched.outcome is Outcome.TOO_MANY_REDIRECTS
    assert len(seen.asked) == 6


def test_five_redirects_are_followed_and_told() -> None:
    routes = {f"/{n}": leads(f"/{n + 1}", 300 + n) for n in (1, 2, 3)}
    routes |= {"/4": leads("/5", 307), "/5": leads("/6", 308), "/6": gives(PAGE)}
    seen = visit(AT + "1", routes).fetched
    assert (seen.outcome, seen.body) == (Outcome.OK, PAGE)
    assert seen.chain == tuple(f"{AT}{n}" for n in range(2, 7))
    assert (str(seen.address), str(seen.final)) == (AT + "1", AT + "6")
    assert [one.status for one in seen.requests] == [301, 302, 303, 307, 308, 200]


def test_a_redirect_without_an_address_is_an_error_of_the_host() -> None:
    assert visit(AT, gives(b"", 302)).fetched.outcome is Outcome.HTTP_ERROR


def test_a_choice_is_no_redirect() -> None:
    assert visit(AT, {"/": leads("/a", 300)}).fetched.outcome is Outcome.HTTP_ERROR


def test_the_body_of_a_redirect_is_not_read() -> None:
    body = b"m" * 10_000_000
    start = b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 10000000\r\n\r\n"
    seen = visit(AT, {"/": says(start, body), "/a": gives(PAGE)})
    assert seen.fetched.outcome is Outcome.OK
    assert seen.fetched.requests[0].received <= 64 * 1024


def test_a_redirect_to_the_port_that_was_typed_is_followed() -> None:
    routes = {"/": leads("/a"), "/a": gives(PAGE)}
    seen = visit("http://club.example:8080/", routes, ports=(8080,))
    assert seen.fetched.outcome is Outcome.OK


def test_a_redirect_to_itself_is_a_loop_even_where_it_would_end() -> None:
    routes = {"/": in_turn(leads("/"), gives(PAGE))}
    assert visit(AT, routes).fetched.outcome is Outcome.REDIRECT_LOOP
