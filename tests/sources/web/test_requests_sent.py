"""What leaves this computer: exactly these requests, with exactly these headers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sources.web.hosts import PAGE, PICTURE, Asked, address, gives, leads, visit, wanted

from selfcheck.sources.web import Kind, Known, Outcome, Told, Want, Wanted
from selfcheck.sources.web.headers import ALLOWED, user_agent

AT = "http://club.example/members?page=2"
PLAIN = ("Host", "User-Agent", "Accept", "Accept-Encoding")
MODIFIED = "Wed, 21 Oct 2015 07:28:00 GMT"


def sent(asked: list[Asked]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(one.host, one.method, one.path, one.names) for one in asked]


def test_a_page_and_its_picture_send_these_requests_and_no_others() -> None:
    page = address(AT)
    picture = Wanted(address=address("http://club.example/me.jpg"), want=Want.PICTURE, page=page)
    seen = visit([wanted(AT), picture], {"/members?page=2": gives(PAGE), "/me.jpg": gives(PICTURE)})
    assert sent(seen.asked) == [
        ("club.example", "GET", "/members?page=2", PLAIN),
        ("club.example", "GET", "/me.jpg", (*PLAIN, "Referer")),
    ]
    assert [one.header("Accept-Encoding") for one in seen.asked] == ["gzip", "identity"]
    assert seen.asked[1].header("Referer") == "http://club.example/members"


def test_every_request_names_this_program() -> None:
    seen = visit(AT, {"/members?page=2": leads("http://other.example/"), "/": gives(PAGE)})
    assert len(seen.asked) == 2
    assert {one.header("User-Agent") for one in seen.asked} == {user_agent()}
    assert user_agent().startswith("selfcheck/")
    assert user_agent().endswith(" (user-initiated)")


def test_cookies_are_neither_kept_nor_sent() -> None:
    jar = gives(b"", 302, location="/b", set_cookie="id=1; Path=/")
    seen = visit("http://club.example/a", {"/a": jar, "/b": gives(PAGE, set_cookie="id=2")})
    assert sent(seen.asked) == [
        ("club.example", "GET", "/a", PLAIN),
        ("club.example", "GET", "/b", PLAIN),
    ]


def test_a_page_is_named_to_its_own_host_only() -> None:
    page = address("https://club.example/secret?token=1")
    for text in ("http://club.example/a", "http://pictures.example/a", "http://club.example:81/a"):
        ask = Wanted(address=address(text), want=Want.PICTURE, page=page)
        seen = visit(ask, gives(PICTURE), ports=(80, 81))
        assert seen.asked[0].names == PLAIN


def test_a_redirect_to_another_host_names_no_page() -> None:
    page = address("http://club.example/")
    ask = Wanted(address=address("http://club.example/a"), want=Want.PICTURE, page=page)
    routes = {"club.example/a": leads("http://pictures.example/a"), "/a": gives(PICTURE)}
    seen = visit(ask, routes)
    assert [one.names for one in seen.asked] == [(*PLAIN, "Referer"), PLAIN]


KNOWN = Known(etag='W/"x1"', last_modified=MODIFIED)


def test_what_is_known_is_asked_for_with_its_conditions() -> None:
    seen = visit(replace(wanted(AT), known=KNOWN), gives(b"", 304))
    assert seen.asked[0].names == (*PLAIN, "If-None-Match", "If-Modified-Since")
    assert set(seen.asked[0].names) <= set(ALLOWED)
    assert seen.asked[0].header("If-None-Match") == 'W/"x1"'
    assert (seen.fetched.outcome, seen.fetched.status) == (Outcome.NOT_MODIFIED, 304)


def test_conditions_do_not_go_to_another_host() -> None:
    routes = {"club.example/members?page=2": leads("http://other.example/"), "/": gives(PAGE)}
    seen = visit(replace(wanted(AT), known=KNOWN), routes)
    assert [len(one.names) for one in seen.asked] == [6, 4]


@pytest.mark.parametrize(
    "known",
    [
        Known(etag="x1", last_modified="yesterday"),
        Known(etag='"a"\r\nCookie: b', last_modified=MODIFIED + "\r\nX: y"),
        Known(etag='"\u00e4"'),
        Known(etag='"' + "a" * 300 + '"'),
        Known(),
    ],
)
def test_conditions_that_no_host_would_have_written_are_left_out(known: Known) -> None:
    seen = visit(replace(wanted(AT), known=known), gives(PAGE))
    assert seen.asked[0].names == PLAIN


def test_not_modified_without_being_asked_is_an_error() -> None:
    assert visit(AT, gives(b"", 304)).fetched.outcome is Outcome.HTTP_ERROR


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    seen = visit(AT, gives(PAGE))
    assert (seen.fetched.outcome, seen.names.asked) == (Outcome.OK, ["club.example"])


def test_the_log_tells_every_request_with_its_bytes() -> None:
    seen = visit(AT, {"/members?page=2": leads("/a"), "/a": gives(PAGE)}).fetched
    assert [(one.host, one.method, one.address, one.outcome) for one in seen.requests] == [
        ("club.example", "GET", AT, Outcome.REDIRECTED),
        ("club.example", "GET", "http://club.example/a", Outcome.OK),
    ]
    assert all(100 < one.sent < 300 for one in seen.requests)
    assert seen.requests[1].received == len(PAGE) + len("HTTP/1.1 200 Whatever\r\n") + len(
        f"Content-Length: {len(PAGE)}\r\n\r\n"
    )


def test_what_an_answer_told_of_itself_is_kept() -> None:
    page = gives(PAGE, etag='"x"', last_modified=MODIFIED, date=MODIFIED, content_type="text/html")
    seen = visit(AT, page).fetched
    assert seen.told == Told(
        content_type="text/html", etag='"x"', last_modified=MODIFIED, date=MODIFIED
    )
    assert (seen.kind, seen.status, seen.body) == (Kind.PAGE, 200, PAGE)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (403, Outcome.HTTP_ERROR),
        (500, Outcome.HTTP_ERROR),
        (202, Outcome.HTTP_ERROR),
        (206, Outcome.HTTP_ERROR),
        (401, Outcome.LOGIN_WALL),
        (999, Outcome.BOT_CHECK),
    ],
)
def test_an_error_is_told_by_its_status_and_brings_no_bytes(status: int, outcome: Outcome) -> None:
    seen = visit(AT, gives(PAGE, status)).fetched
    assert (seen.outcome, seen.status, seen.body) == (outcome, status, b"")
    assert len(seen.requests) == 1


def test_a_page_where_a_picture_should_be_is_not_an_image() -> None:
    seen = visit(wanted(AT, Want.PICTURE), gives(PAGE, content_type="image/jpeg")).fetched
    assert (seen.outcome, seen.kind) == (Outcome.NOT_AN_IMAGE, Kind.PAGE)


def test_a_picture_is_one_whatever_its_header_says() -> None:
    for want in (Want.PICTURE, Want.ADDRESS, Want.PAGE):
        seen = visit(wanted(AT, want), gives(PICTURE, content_type="text/html")).fetched
        assert (seen.outcome, seen.kind, seen.body) == (Outcome.OK, Kind.PICTURE, PICTURE)
