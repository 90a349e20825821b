"""Every rule of the guard, over HTTP, at the server that is really used."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest
from web.visitor import JPEG, LEFT_OUT, Answer, Visitor

from selfcheck.web.connections import CONNECTIONS

MIB = 2**20


def _carries_the_headers(answer: Answer) -> bool:
    expected = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "x-frame-options": "DENY",
    }
    policy = answer.headers["content-security-policy"]
    return (
        expected.items() <= answer.headers.items()
        and policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        and "frame-ancestors 'none'" in policy
        and "unsafe" not in policy
        and answer.headers["permissions-policy"].startswith("camera=(self), accelerometer=(), ")
    )


def _tells_nothing_of_the_server(answer: Answer) -> bool:
    shared = [name for name in answer.headers if name.startswith("access-control")]
    return not shared and not {"server", "date"} & answer.headers.keys()


def _raw(port: int, sent: bytes) -> Answer:
    """Send bytes as they are, and read until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Answer(status=int(first.split()[1]), headers=headers, body=body)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost:{port}",
        "[::1]:{port}",
        "127.0.0.1:{port}.evil.example",
        "0.0.0.0:{port}",
    ],
)
@pytest.mark.parametrize("path", ["/", "/camera.js", "/nowhere"])
def test_another_host_gets_nothing(lasting: Visitor, host: str, path: str) -> None:
    answer = lasting.get(path, host=host.format(port=lasting.port))
    assert (answer.status, answer.json) == (403, {"reason": "another host"})
    assert _carries_the_headers(answer)


def test_another_host_is_refused_before_anything_else_is_looked_at(lasting: Visitor) -> None:
    answer = lasting.ask("DELETE", "/session", b"x" * 9, {"Host": "evil.example"})
    assert (answer.status, answer.json) == (403, {"reason": "another host"})


@pytest.mark.parametrize(
    "request_line", [b"GET / HTTP/1.0\r\n\r\n", b"GET http://evil.example/ HTTP/1.0\r\n\r\n"]
)
def test_request_without_a_host_gets_nothing(lasting: Visitor, request_line: bytes) -> None:
    answer = _raw(lasting.port, request_line)
    assert answer.status == 403
    assert _carries_the_headers(answer)


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 40000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_http_is_turned_away_with_the_headers_of_every_answer(
    lasting: Visitor, sent: bytes
) -> None:
    answer = _raw(lasting.port, sent)
    assert (answer.status, answer.body) == (400, b"")
    assert _carries_the_headers(answer)
    assert _tells_nothing_of_the_server(answer)


@pytest.mark.parametrize("path", ["/session", "/frame", "/trouble", "/closed"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("origin", LEFT_OUT),
        ("origin", "null"),
        ("origin", "http://evil.example"),
        ("origin", "http://127.0.0.1"),
        ("origin", "http://127.0.0.1:1"),
        ("origin", "https://{host}"),
        ("origin", "http://{host}.evil.example"),
        ("sec_fetch_site", "cross-site"),
        ("sec_fetch_site", "same-site"),
        ("x_selfcheck", LEFT_OUT),
    ],
)
def test_post_that_the_page_did_not_send_is_refused(
    lasting: Visitor, path: str, name: str, value: str
) -> None:
    answer = lasting.post(path, JPEG, **{name: value.format(host=lasting.host)})
    assert answer.status == 403
    assert "set-cookie" not in answer.headers
    assert _carries_the_headers(answer)
    assert _tells_nothing_of_the_server(answer)


@pytest.mark.parametrize("twice", ["Origin: {origin}", "X-Selfcheck: {seat}"])
def test_header_that_comes_twice_counts_for_nothing(lasting: Visitor, twice: str) -> None:
    lines = ["POST /trouble HTTP/1.1", "Host: {host}", "Origin: {origin}", "X-Selfcheck: {seat}"]
    more = ["Cookie: {cookie}", "Content-Length: 4", "Connection: close", "", "busy"]
    values = {
        "host": lasting.host,
        "origin": f"http://{lasting.host}",
        "seat": lasting.seat,
        "cookie": lasting.cookie,
    }
    once = "\r\n".join([*lines, *more]).format(**values)
    assert _raw(lasting.port, once.encode()).status == 200
    again = "\r\n".join([*lines, twice, *more]).format(**values)
    assert _raw(lasting.port, again.encode()).status == 403


@pytest.mark.parametrize("path", ["/frame", "/trouble", "/closed"])
@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("cookie", LEFT_OUT, "no session"),
        ("cookie", "selfcheck-{port}=", "no session"),
        ("cookie", "selfcheck-{port}=guessed", "no session"),
        ("cookie", "selfcheck-1={secret}", "no session"),
        ("x_selfcheck", "new", "open elsewhere"),
        ("x_selfcheck", "guessed", "open elsewhere"),
    ],
)
def test_post_without_the_session_or_the_seat_is_refused(
    lasting: Visitor, path: str, name: str, value: str, reason: str
) -> None:
    secret = lasting.cookie.partition("=")[2]
    answer = lasting.post(path, JPEG, **{name: value.format(port=lasting.port, secret=secret)})
    assert (answer.status, answer.json) == (403, {"reason": reason})
    assert _carries_the_headers(answer)


def test_browser_that_does_not_name_the_site_is_let_through(lasting: Visitor) -> None:
    assert lasting.post("/trouble", b"busy", sec_fetch_site=LEFT_OUT).status == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("HEAD", "/", "GET"),
        ("OPTIONS", "/frame", "POST"),
        ("PUT", "/frame", "POST"),
        ("DELETE", "/session", "POST"),
        ("PATCH", "/", "GET"),
        ("GET", "/session", "POST"),
        ("GET", "/closed", "POST"),
        ("GET", "/frame", "POST"),
        ("POST", "/", "GET"),
        ("POST", "/camera.js", "GET"),
    ],
)
def test_other_methods_are_not_allowed(
    lasting: Visitor, method: str, path: str, allowed: str
) -> None:
    answer = lasting.ask(method, path)
    assert answer.status == 405
    assert answer.headers["allow"] == allowed
    assert _carries_the_headers(answer)
    assert _tells_nothing_of_the_server(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/static/camera.html",
        "/camera.html",
        "/../camera.js",
        "/%2e%2e/camera.py",
        "/camera.js/",
        "//",
        "/favicon.ico",
        "/docs",
        "/CAMERA.JS",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_there_are_no_other_pages(lasting: Visitor, method: str, path: str) -> None:
    answer = lasting.ask(method, path)
    assert (answer.status, answer.json) == (404, {"reason": "no such page"})
    assert _carries_the_headers(answer)
    assert _tells_nothing_of_the_server(answer)


@pytest.mark.parametrize(
    ("path", "media"),
    [("/", "text/html"), ("/camera.js", "text/javascript"), ("/camera.css", "text/css")],
)
def test_page_script_and_style_are_there_for_whoever_asks_on_this_computer(
    lasting: Visitor, path: str, media: str
) -> None:
    answer = lasting.get(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert len(answer.body) > 1000
    assert "set-cookie" not in answer.headers
    assert _carries_the_headers(answer)
    assert _tells_nothing_of_the_server(answer)


@pytest.mark.parametrize(
    ("path", "length"),
    [
        ("/frame", MIB + 1),
        ("/frame", 100 * MIB),
        ("/session", 4097),
        ("/trouble", 4097),
        ("/closed", 4097),
    ],
)
def test_body_that_is_announced_too_large_is_refused_unread(
    lasting: Visitor, path: str, length: int
) -> None:
    answer = lasting.post(path, content_length=str(length))
    assert (answer.status, answer.json) == (413, {"reason": "too large"})
    assert answer.headers["connection"] == "close"
    assert _carries_the_headers(answer)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/frame"])
def test_get_brings_no_body(lasting: Visitor, path: str) -> None:
    answer = lasting.ask("GET", path, b"x", {"Content-Length": "1"})
    assert answer.status in {413, 404, 405}
    assert answer.headers["connection"] == "close"


def test_a_hundred_mebibytes_in_pieces_are_cut_off_at_the_first_too_many(lasting: Visitor) -> None:
    head = (
        f"POST /frame HTTP/1.1\r\nHost: {lasting.host}\r\nOrigin: http://{lasting.host}\r\n"
        f"X-Selfcheck: {lasting.seat}\r\nCookie: {lasting.cookie}\r\n"
        "X-Selfcheck-Frame: 1\r\nX-Selfcheck-Cue: 0\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    piece = b"10000\r\n" + b"\xff\xd8" * 2**15 + b"\r\n"
    sent = 0
    answered = b""
    with socket.create_connection(("127.0.0.1", lasting.port), timeout=10) as connection:
        connection.sendall(head.encode())
        # The server hangs up; what it had not read by then makes that a reset.
        with contextlib.suppress(ConnectionError):
            for _ in range(1600):
                connection.sendall(piece)
                sent += len(piece)
        with contextlib.suppress(ConnectionError):
            answered = connection.recv(100)
    assert sent < 16 * MIB  # what the system buffers on the way is no more than that
    assert answered.startswith(b"HTTP/1.1 413 ") or not answered


def test_body_of_exactly_the_bound_is_taken(guest: Visitor) -> None:
    assert guest.send(b"\xff\xd8" + bytes(MIB - 2)).status == 200
    assert guest.post("/trouble", b"x" * 4096).status == 400  # taken, and no such trouble


def test_length_that_nobody_can_count_is_too_large(lasting: Visitor) -> None:
    assert lasting.post("/trouble", content_length="1" * 5000).status in {400, 413}


def test_connection_that_sends_nothing_holds_up_nobody(lasting: Visitor) -> None:
    with contextlib.ExitStack() as stack:
        for sent in (b"", b"POST /fr", b"GET / HTTP/1.1\r\nHost: ", b"\r\n") * 3:
            silent = socket.create_connection(("127.0.0.1", lasting.port), timeout=5)
            stack.enter_context(silent).sendall(sent)
        began = time.monotonic()
        assert lasting.get("/").status == 200
        assert lasting.post("/trouble", b"busy").status == 200
        assert time.monotonic() - began < 2


def test_more_connections_than_a_browser_makes_are_turned_away(visitor: Visitor) -> None:
    assert visitor.get("/").status == 200
    with contextlib.ExitStack() as stack:
        for _ in range(CONNECTIONS):
            silent = socket.create_connection(("127.0.0.1", visitor.port), timeout=5)
            stack.enter_context(silent)
        answer = visitor.get("/")
        assert answer.status == 503
        assert _carries_the_headers(answer)
        assert _tells_nothing_of_the_server(answer)
    assert visitor.get("/").status == 200


def test_web_sockets_are_not_spoken(lasting: Visitor) -> None:
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    answer = lasting.ask("GET", "/", headers=headers)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
